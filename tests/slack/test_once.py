"""What Slack sends again, or people click twice: it is done and answered once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.playground.journal import Entry
from app.slack.ids import Step
from tests.slack.access import let
from tests.slack.conftest import Opening
from tests.slack.stage import HOME, Stage, readable


@pytest.fixture(params=["socket", "http"])
async def stage(open_stage: Opening, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """The bot with the real scorecard, reached either way."""
    async with open_stage(transport=request.param) as stage:
        yield stage


async def told_again(stage: Stage, entry: Entry) -> None:
    """Slack sends an event again as it does when no answer came: twice, at the same time."""
    assert entry.envelope is not None
    deliveries = stage.slack._deliveries  # there is no fault that sends one again
    again = [entry.envelope.as_retry(number, "timeout") for number in (1, 2)]
    for each in await asyncio.gather(*(deliveries.deliver(each) for each in again)):
        assert each.error is None
    await stage.rests()


async def history(stage: Stage) -> str:
    return readable((await stage.types("/kpi history this week")).text)


async def test_a_mention_that_is_sent_again_is_answered_once(stage: Stage) -> None:
    await stage.ana.mentions_bot("rollbacks", stage.billing)
    await told_again(stage, stage.slack.journal.deliveries("events_api")[-1])
    [said] = [each for each in stage.billing.messages if not each.bot_id]
    assert len(stage.replies(said)) == 1


async def test_a_step_that_is_sent_again_writes_once(stage: Stage) -> None:
    await let(stage, workflows_edit=True)
    await stage.slack.run_step(Step.SHIP, {"channel": HOME, "title": "Bundles"})
    await told_again(stage, stage.slack.journal.deliveries("events_api")[-1])
    assert (await history(stage)).count("Bundles is new") == 1


async def test_two_clicks_on_submit_make_one_milestone_one_update_one_plan(stage: Stage) -> None:
    for line, fill in (
        ("/kpi ship Bundles", {}),
        ("/kpi update rollbacks", {"value:rollbacks": "9"}),
        ("/kpi plan Reversal", {}),
    ):
        form = await stage.opens_form(line)
        stage.ana.fills(form, fill)
        await asyncio.gather(stage.ana.submits(form), stage.ana.submits(form))
        await stage.rests()
    told = await history(stage)
    for change in ("Bundles is new", "Reversal is new", "→ 9"):
        assert told.count(change) == 1, told
    assert len(stage.posts()) == 1

"""What Slack sends again, or people click twice: it is done and answered once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.playground.journal import Entry
from app.slack.ids import Step
from tests.slack.access import let
from tests.slack.conftest import Opening
from tests.slack.stage import HOME, Stage, read, readable
from tests.slack.test_failures import NOTHING_CHANGED, damage, locked


@pytest.fixture(params=["socket", "http"])
async def stage(open_stage: Opening, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """The bot with the real scorecard, reached either way."""
    async with open_stage(transport=request.param) as stage:
        yield stage


@pytest.fixture(params=["socket", "http"])
async def impatient_stage(
    open_stage: Opening, request: pytest.FixtureRequest
) -> AsyncIterator[Stage]:
    """Slack waits for an acknowledgement no longer than the real one."""
    async with open_stage(transport=request.param, answer_seconds=3.0) as stage:
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


def answers(stage: Stage) -> list[str]:
    """What the bot said to the one mention that there is."""
    [said] = [each for each in stage.billing.messages if not each.bot_id]
    return [read(each) for each in stage.replies(said)]


async def told_twice_in_vain(stage: Stage) -> Entry:
    """Slack tells of a mention, and at once again, and hears nothing in time; gives the first."""
    while len(told := stage.slack.journal.deliveries("events_api")) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await stage.rests()
    assert all(entry.error for entry in told)
    return told[0]


async def told_a_minute_later(stage: Stage, entry: Entry) -> None:
    assert entry.envelope is not None
    stage.clock.passes(minutes=1)
    again = await stage.slack._deliveries.deliver(entry.envelope.as_retry(2, "timeout"))
    assert again.error is None
    await stage.rests()


async def test_an_answer_that_could_not_be_noted_as_given_is_the_only_one(
    impatient_stage: Stage,
) -> None:
    stage = impatient_stage
    stage.slack.faults.add("chat.postMessage", "delay", seconds=0.5)
    asking = asyncio.create_task(stage.ana.mentions_bot("rollbacks", stage.billing))
    while not stage.slack.journal.calls("chat.postMessage"):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    with locked(stage):
        await asking
        told = await told_twice_in_vain(stage)
    await told_a_minute_later(stage, told)
    [answer] = answers(stage)
    assert "Rollbacks" in answer


async def test_who_could_not_be_answered_in_time_is_answered_later_and_once(
    impatient_stage: Stage,
) -> None:
    stage = impatient_stage
    with locked(stage):
        await stage.ana.mentions_bot("rollbacks", stage.billing)
        told = await told_twice_in_vain(stage)
    assert answers(stage) == []
    await told_a_minute_later(stage, told)
    [answer] = answers(stage)
    assert "Rollbacks" in answer


async def test_who_cannot_be_answered_is_told_why_at_once(stage: Stage) -> None:
    damage(stage, "begun")
    await stage.ana.mentions_bot("rollbacks", stage.billing)
    await stage.rests()
    [answer] = answers(stage)
    assert NOTHING_CHANGED in answer


async def test_no_failure_is_told_below_an_answer(stage: Stage) -> None:
    await stage.ana.mentions_bot("rollbacks", stage.billing)
    [told] = stage.slack.journal.deliveries("events_api")
    damage(stage, "begun")
    await told_a_minute_later(stage, told)
    [answer] = answers(stage)
    assert NOTHING_CHANGED not in answer


async def test_a_refusal_that_is_sent_again_is_told_once(stage: Stage) -> None:
    lobby = stage.slack.add_channel("lobby", members=[stage.ana])
    said = await stage.ana.mentions_bot("rollbacks", lobby)
    await stage.rests()
    await told_again(stage, stage.slack.journal.deliveries("events_api")[-1])
    assert len([each for each in lobby.messages if each.thread_ts == said.ts and each.bot_id]) == 1


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

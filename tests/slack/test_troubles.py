"""What can't be posted is told to an owner once, and sent again when it is mended."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from app.domain.access import Access
from app.domain.edits import PartKind
from app.playground import Message
from app.services import editing
from app.services.callers import OPERATOR, Caller, Surface
from app.slack.ids import Action
from tests.slack.conftest import Opening
from tests.slack.stage import MANIFEST, Stage, read
from tests.slack.test_delivery import announcements, ships

GOAL = {
    "rollbacks": "0",
    "bad-debt": "0",
    "disagreeing-accounts": "0",
    "invoice-coverage": "100%",
    "dunning-paths": "1",
}


def goals(stage: Stage) -> list[Message]:
    return [post for post in stage.posts() if "the goal is reached" in read(post)]


async def owned(stage: Stage) -> Stage:
    caller = Caller(OPERATOR, Surface.FILE, stage.clock.now)
    fields = {"access": Access(owners=(stage.ana.id,))}
    await editing.edit_scorecard(stage.running.bot.store, caller, fields, key="billing")
    return stage


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot with the real scorecard, which is Ana's."""
    async with open_stage() as stage:
        yield await owned(stage)


def told(stage: Stage) -> list[Message]:
    """What Ana is told directly of messages that were given up."""
    direct = stage.posts(stage.slack.direct_message(stage.ana))
    return [post for post in direct if "*Billing Platform*: The" in read(post)]


def without(scope: str) -> Mapping[str, Any]:
    scopes = [each for each in MANIFEST["oauth_config"]["scopes"]["bot"] if each != scope]
    return {**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}}


async def test_an_owner_is_told_once_of_the_same_trouble_and_how_to_mend_it(stage: Stage) -> None:
    await stage.ana.removes_bot(stage.billing)
    for title in ("Bundles", "Carts"):
        await ships(stage, title)
    await stage.run_due(minutes=5)
    (notice,) = told(stage)
    assert "The announcement of “Bundles” could not be posted" in read(notice)
    assert "Invite it there: /invite @KPI" in read(notice)


async def test_what_was_given_up_is_sent_again_once_mended(stage: Stage) -> None:
    await stage.ana.removes_bot(stage.billing)
    await ships(stage)
    await stage.run_due(minutes=5)
    (notice,) = told(stage)
    await stage.ana.invites_bot(stage.billing)
    await stage.ana.clicks(notice, Action.SEND_AGAIN)
    await stage.rests()
    assert len(announcements(stage)) == 1
    assert "It stands there now." in read(notice)


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ("is_archived", "is archived. Unarchive it or choose another home."),
        ("restricted_action", "is restricted. Ask a workspace admin."),
        ("account_inactive", "The app was removed from the workspace."),
    ],
)
async def test_what_time_does_not_mend_is_not_tried_again(
    stage: Stage, refusal: str, words: str
) -> None:
    stage.slack.faults.add("chat.postMessage", "refuse", error=refusal)
    await ships(stage)
    tried = len(stage.slack.journal.calls("chat.postMessage"))
    await stage.run_due(minutes=10)
    assert announcements(stage) == []
    assert len(stage.slack.journal.calls("chat.postMessage")) <= tried + 1, "but for the notice"
    assert words in read(told(stage)[0])


async def test_a_token_that_was_lost_keeps_nobody_from_hearing_of_it_later(stage: Stage) -> None:
    stage.slack.faults.add("chat.postMessage", "refuse", error="token_revoked", times=3)
    await ships(stage)
    assert told(stage) == []
    for _ in range(3):
        await stage.run_due(minutes=1)
    (notice,) = told(stage)
    assert "The bot's token was revoked." in read(notice)
    await stage.ana.clicks(notice, Action.SEND_AGAIN)
    await stage.rests()
    assert len(announcements(stage)) == 1


async def test_the_menu_has_what_was_given_up_with_the_way_to_send_it_again(stage: Stage) -> None:
    stage.slack.faults.add("chat.postMessage", "refuse", error="is_archived")
    await ships(stage)
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    menu = await stage.ana.sees_view()
    assert "The announcement of “Bundles” could not be posted" in read(menu)
    await stage.ana.clicks(menu, Action.SEND_AGAIN)
    await stage.rests()
    assert len(announcements(stage)) == 1
    assert "Bundles" not in read(await stage.ana.sees_view())


@pytest.mark.parametrize("decision", [Action.IS_THERE, Action.SEND_AGAIN])
async def test_who_looks_decides_what_the_bot_cannot_find_out(
    open_stage: Opening, decision: Action
) -> None:
    async with open_stage(manifest=without("channels:history")) as opened:
        stage = await owned(opened)
        reached = decision is Action.IS_THERE
        stage.slack.faults.add("chat.postMessage", "drop_response" if reached else "drop")
        await ships(stage)
        await stage.run_due(minutes=1)
        await stage.run_due(minutes=1)
        assert len(announcements(stage)) == reached
        (notice,) = told(stage)
        assert "may or may not stand in" in read(notice)
        assert "lacks the scope channels:history" in read(notice)
        await stage.ana.clicks(notice, decision)
        await stage.rests()
        await stage.run_due(minutes=10)
        assert len(announcements(stage)) == 1
        assert "It stands there now." in read(notice)


async def test_the_goal_is_not_announced_when_it_is_open_again_by_then(stage: Stage) -> None:
    stage.slack.faults.add("chat.postMessage", "status", times=1)
    for metric, value in GOAL.items():
        await stage.types(f"/kpi update {metric} {value}")
    await stage.rests()
    await stage.types("/kpi update rollbacks 5")
    await stage.run_due(minutes=1)
    await stage.rests()
    assert goals(stage) == []
    await stage.types("/kpi update rollbacks 0")
    await stage.run_due(minutes=1)
    await stage.rests()
    assert len(goals(stage)) == 1


async def test_retiring_the_last_metric_off_target_reaches_the_goal(stage: Stage) -> None:
    for metric, value in list(GOAL.items())[1:]:
        await stage.types(f"/kpi update {metric} {value}")
    caller = Caller(OPERATOR, Surface.FILE, stage.clock.now)
    store = stage.running.bot.store
    await editing.retire_part(store, caller, PartKind.METRIC, "rollbacks", key="billing")
    await stage.run_due(minutes=1)
    (post,) = goals(stage)
    assert "all 4 metrics are at target" in read(post)

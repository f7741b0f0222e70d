"""/kpi setup: the menu of what a scorecard is, its goal, and its retirement."""

from collections.abc import AsyncIterator

import pytest

from app.domain.outcomes import SetUp, Stuck
from app.playground import Person, View
from app.playground.blockkit import problems_in_message, problems_in_view
from app.playground.users import Standing
from app.services.contents import marks_of
from app.slack.blocks.setup import retired_reply, saved_reply, setup_menu, trial_post
from app.slack.blocks.setup_forms import GOAL_FIELDS, SCHEDULE_FIELDS, goal_form, schedule_form
from app.slack.blocks.troubles import settled_notice, trouble_notice
from tests.slack.conftest import Opening
from tests.slack.scorecards import HOSTILE, PLAIN, SIZES, a_large_scorecard, a_snapshot
from tests.slack.stage import Stage, read


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot with the real scorecard, and Ana, who is an admin of the workspace."""
    async with open_stage() as stage:
        stage.ana.user.standing = Standing(is_admin=True)
        yield stage


async def opens_menu(stage: Stage) -> View:
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    return await stage.ana.sees_view()


async def opens(stage: Stage, menu: View, button: str, who: Person | None = None) -> View:
    """Click a button of the menu; gives the form that opens above it."""
    person = who or stage.ana
    await person.clicks(menu, button)
    await stage.rests()
    form = await person.sees_view()
    assert form is not menu
    return form


async def test_the_menu_tells_what_the_scorecard_is_and_what_it_lacks(stage: Stage) -> None:
    shown = read(await opens_menu(stage))
    for words in (
        "Billing Platform",
        "Money and account state stop contradicting each other",
        "Metrics (5)",
        "Rollbacks / day, Bad debt from upgrades",
        "Work streams (4)",
        "Phases (5)",
        "Monday 09:00 (UTC)",
        "23 Mar 2026",
        "Owned by the admins of this workspace",
        "Without an owner: Rollbacks / day, Bad debt from upgrades",
    ):
        assert words in shown
    assert "The digest can't be posted" not in shown
    assert "Without a work stream" not in shown


async def test_the_menu_tells_who_else_may_record(stage: Stage) -> None:
    menu = await opens_menu(stage)
    assert "may record" not in read(menu)
    form = await opens(stage, menu, "setup_access")
    stage.ana.fills(form, {"owners": [stage.ana], "allowed": ["workflows_edit"]})
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    assert f"Owned by <@{stage.ana.id}>" in read(menu)
    assert "Workflows may record" in read(menu)


async def test_who_may_not_edit_is_told_who_can_help(stage: Stage) -> None:
    bob = stage.slack.add_person("bob")
    await bob.joins(stage.billing)
    for line in ("/kpi setup", "/kpi digest schedule"):
        reaction = await bob.types(line, stage.billing)
        await stage.rests()
        told = reaction.message or await bob.sees_message(stage.billing, "You can't edit")
        assert "You can't edit this scorecard. Ask an admin of this workspace." in read(told)
    with pytest.raises(TimeoutError):
        await bob.sees_view(timeout=0.05)


async def test_the_menu_says_how_to_get_the_bot_into_the_channel(stage: Stage) -> None:
    await stage.ana.removes_bot(stage.billing)
    menu = await stage.opens_form("/kpi setup")
    await stage.ana.sees_view("The digest can't be posted")
    assert "Invite it there: `/invite @KPI`" in read(menu)


async def test_who_closes_the_menu_at_once_hears_of_no_trouble(stage: Stage) -> None:
    await stage.ana.removes_bot(stage.billing)
    stage.slack.faults.add("conversations.info", "delay", seconds=0.2)
    await stage.ana.closes(await stage.opens_form("/kpi setup"))
    await stage.rests()
    assert stage.whispers() == []


async def test_the_menu_says_why_the_last_digest_could_not_be_posted(stage: Stage) -> None:
    stage.slack.faults.add("chat.postMessage", "refuse", error="restricted_action")
    await stage.run_due(days=4)
    await stage.rests()
    shown = read(await opens_menu(stage))
    assert "The digest of week 2026-W13 could not be posted in <#" in shown
    assert "is restricted. Ask a workspace admin." in shown
    await stage.ana.types("/kpi digest now", stage.billing)
    await stage.rests()
    assert "could not be posted" not in read(await opens_menu(stage))


async def test_name_and_goal_are_edited_and_the_menu_below_shows_it(stage: Stage) -> None:
    menu = await opens_menu(stage)
    form = await opens(stage, menu, "setup_edit")
    stage.ana.fills(
        form, {"name": "Money", "goal": "Paid, then booked", "possibilities": "One\n\n Two "}
    )
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    shown = read(menu)
    for words in ("*Money*", "Paid, then booked", "It makes 2 things possible"):
        assert words in shown
    told = await stage.sees_answer("Saved: *Money*")
    for words in ("name: Billing Platform → Money", "possibilities: nothing → One, Two"):
        assert words in read(told)
    await stage.ana.clicks(told, "undo")
    await stage.sees_answer("Undone in *Billing Platform*")
    assert "Money and account state" in read(await opens_menu(stage))


async def test_what_a_form_about_the_goal_cant_hold_is_told_at_its_field(stage: Stage) -> None:
    form = await opens(stage, await opens_menu(stage), "setup_edit")
    stage.ana.fills(form, {"name": "   ", "goal": " \n ", "possibilities": "x" * 2_001})
    errors = (await stage.ana.submits(form)).errors
    assert errors == {
        "name": "The name is missing.",
        "goal": "The goal is missing.",
        "possibilities": "A line has 2001 characters; at most 2000 are possible.",
    }
    assert (await stage.ana.submits(form)).errors == errors, "what was typed stays"


async def test_a_team_says_when_its_metrics_are_on_track(stage: Stage) -> None:
    menu = await opens_menu(stage)
    form = await opens(stage, menu, "setup_edit")
    stage.ana.fills(form, {"on_track_from": "70", "at_risk_from": "70"})
    assert (await stage.ana.submits(form)).errors == {
        "at_risk_from": (
            "At risk begins below where on track does, which is 70% of the expected way, "
            "and at 1% or more; usually at 70%."
        )
    }
    stage.ana.fills(form, {"at_risk_from": "40"})
    assert (await stage.ana.submits(form)).closed
    told = await stage.sees_answer("Saved")
    assert (
        "status: on track from 90%, at risk from 70% → on track from 70%, at risk from 40%"
        in read(told)
    )
    await stage.ana.clicks(told, "undo")
    await stage.sees_answer("Undone in *Billing Platform*")


async def test_saving_what_was_not_touched_changes_nothing(stage: Stage) -> None:
    form = await opens(stage, await opens_menu(stage), "setup_edit")
    assert (await stage.ana.submits(form)).closed
    told = await stage.sees_answer("nothing was changed")
    assert "Undo" not in read(told)


async def test_the_later_of_two_sees_what_was_changed_and_keeps_what_they_typed(
    stage: Stage,
) -> None:
    bob = stage.slack.add_person("bob")
    bob.user.standing = Standing(is_admin=True)
    await bob.joins(stage.billing)
    await bob.types("/kpi setup", stage.billing)
    his = await opens(stage, await bob.sees_view(), "setup_edit", bob)
    hers = await opens(stage, await opens_menu(stage), "setup_edit")
    stage.ana.fills(hers, {"goal": "Hers"})
    assert (await stage.ana.submits(hers)).closed
    bob.fills(his, {"goal": "His"})
    sent = await bob.submits(his)
    assert not sent.closed
    told = read(his)
    assert "Somebody changed this while you were writing" in told
    assert "*Goal*: Hers" in told
    assert "*Name*" not in told
    assert (await bob.submits(his)).closed
    await stage.rests()
    assert "His" in read(await opens_menu(stage))


async def test_a_retired_scorecard_is_shown_nowhere_until_that_is_undone(stage: Stage) -> None:
    menu = await opens_menu(stage)
    (button,) = [
        element
        for block in menu.blocks
        for element in block.get("elements", [])
        if element["action_id"] == "setup_retire"
    ]
    assert "posts no digest" in button["confirm"]["text"]["text"]
    await stage.ana.clicks(menu, "setup_retire")
    await stage.rests()
    told = await stage.sees_answer("*Billing Platform* is retired")
    await stage.ana.types("/kpi", stage.billing)
    await stage.sees_answer("This channel has no scorecard")
    await stage.run_due(days=7)
    assert stage.posts() == []
    await stage.ana.clicks(told, "undo")
    await stage.rests()
    assert "Rollbacks / day" in read(await stage.types("/kpi"))


async def test_it_works_over_http_too(open_stage: Opening) -> None:
    async with open_stage(transport="http") as stage:
        stage.ana.user.standing = Standing(is_admin=True)
        menu = await opens_menu(stage)
        form = await opens(stage, menu, "setup_edit")
        stage.ana.fills(form, {"name": "Money"})
        assert (await stage.ana.submits(form)).closed
        await stage.rests()
        assert "*Money*" in read(menu)


@pytest.mark.parametrize("text", [PLAIN, HOSTILE, "&", "_*~`"])
@pytest.mark.parametrize("count", SIZES)
def test_menu_forms_and_replies_are_ones_that_slack_takes(count: int, text: str) -> None:
    scorecard = a_large_scorecard(count, text)
    snapshot = a_snapshot(scorecard)
    marks = marks_of(scorecard)
    stuck = [Stuck(number, text, "C1", "x" * 400, number % 2 == 0) for number in range(5)]
    for trouble in ("", "x" * 400):
        menu = setup_menu(SetUp(snapshot, trouble or None, stuck), "C1", trouble)
        assert problems_in_view(menu) == []
    for form_of, fields in ((goal_form, GOAL_FIELDS), (schedule_form, SCHEDULE_FIELDS)):
        for theirs in ((), fields):
            form = form_of(scorecard, "C1", {field: marks[field] for field in fields}, theirs)
            assert problems_in_view(form) == []
    for reply in (
        saved_reply(snapshot, (), 1),
        saved_reply(snapshot, (), None),
        retired_reply(snapshot, 1),
        trial_post(scorecard, "U0ANA"),
        trouble_notice(
            scorecard.name, Stuck(1, f"The announcement of {text}", "C1", "x" * 400, True)
        ),
        settled_notice(trouble_notice(scorecard.name, stuck[0]).text, "It stands there now."),
    ):
        assert problems_in_message(reply.as_payload()) == []

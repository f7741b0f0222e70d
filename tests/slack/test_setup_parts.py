"""Metrics, work streams and phases, made and changed from /kpi setup and from their screens."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from app.domain.access import Access
from app.playground import Message, Person, View
from app.playground.users import Standing
from app.services.callers import OPERATOR, Caller, Surface
from app.services.editing import edit_scorecard
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read
from tests.slack.test_ship_form import fields, typed_into

ERRORS = {
    "name": "Errors",
    "unit": "/ day",
    "baseline": "5+",
    "baseline_label": "Q1",
    "baseline_on": "2026-01-01",
    "target": "0",
}


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot with the real scorecard, and Ana, who is an admin of the workspace."""
    async with open_stage() as stage:
        stage.ana.user.standing = Standing(is_admin=True)
        yield stage


async def opens_list(stage: Stage, which: str, who: Person | None = None) -> View:
    """From the menu of /kpi setup: `metrics`, `streams` or `phases`."""
    person = who or stage.ana
    await person.types("/kpi setup", stage.billing)
    await stage.rests()
    await person.clicks(await person.sees_view("Set up"), f"setup_{which}")
    await stage.rests()
    return await person.sees_view("Add a")


async def clicks(
    stage: Stage, shown: View | Message, action: str, value: str = "", who: Person | None = None
) -> None:
    """Click a button, the first or the one that carries a value."""
    buttons = [
        (block["block_id"], each)
        for block in shown.blocks
        for each in [*block.get("elements", []), block.get("accessory", {})]
        if each.get("action_id") == action and each.get("value", "").endswith(value)
    ]
    assert buttons, f"no button {action} {value}"
    await (who or stage.ana).clicks(shown, action, block_id=buttons[0][0])
    await stage.rests()


async def opens_form(stage: Stage, shown: View | Message, value: str) -> View:
    await clicks(stage, shown, "open_part_form", value)
    form = await stage.ana.sees_view()
    assert form is not shown
    return form


async def sends(stage: Stage, form: View, typed: dict[str, Any]) -> None:
    """Ana fills in a form and sends it; it closes."""
    stage.ana.fills(form, typed)
    sent = await stage.ana.submits(form)
    assert sent.closed, sent
    await stage.rests()


async def chooses_drivers(stage: Stage, form: View, *streams: str) -> None:
    await stage.ana.dispatches(form, "drivers", list(streams))
    await stage.rests()
    assert [each for each in fields(form) if each.startswith("focus:")] == [
        f"focus:{key}" for key in streams
    ]


def titles(shown: View) -> list[str]:
    """The names in the order of the list."""
    return [
        above["text"]["text"].split("*")[1]
        for above, row in pairwise(shown.blocks)
        if any(each["action_id"] == "retire_part" for each in row.get("elements", []))
    ]


# --- metrics -------------------------------------------------------------------


async def test_the_list_tells_of_each_metric_what_it_is(stage: Stage) -> None:
    shown = read(await opens_list(stage, "metrics"))
    for words in (
        "*Rollbacks / day*  now ~12 · target 0 · no owner",
        "Driven by PDE",
        "Driven by Recompute engine, Domain events",
    ):
        assert words in shown


async def test_a_metric_is_added_with_its_drivers_and_its_first_reading(stage: Stage) -> None:
    listed = await opens_list(stage, "metrics")
    form = await opens_form(stage, listed, "/metric")
    await chooses_drivers(stage, form, "pde", "domain-events")
    await sends(
        stage,
        form,
        ERRORS
        | {
            "current": "~9",
            "owner": [stage.ana],
            "fresh_days": "7",
            "target_on": "2026-12-31",
            "focus:pde": "the last ones",
        },
    )
    assert await stage.ana.sees_view() is listed
    told = read(listed)
    assert "Added: *Errors*" in told
    assert "now ~9 / day · target 0 / day by Thu 31 Dec 2026" in told
    assert f"owner <@{stage.ana.id}>" in told
    assert "Driven by PDE, Domain events" in told
    await stage.ana.closes(listed)
    assert "Metrics (6)" in read(await stage.ana.sees_view())
    shown = read(await stage.types("/kpi errors"))
    for words in ("*PDE*: the last ones", "5+ / day (Q1)", "~9 / day  by"):
        assert words in shown


async def test_a_form_sent_twice_makes_one_metric(stage: Stage) -> None:
    form = await opens_form(stage, await opens_list(stage, "metrics"), "/metric")
    stage.ana.fills(form, ERRORS)
    sent = await asyncio.gather(stage.ana.submits(form), stage.ana.submits(form))
    assert [each.errors for each in sent] == [{}, {}], "the second is not told of the first"
    await stage.rests()
    listed = await stage.ana.sees_view()
    assert titles(listed).count("Errors") == 1


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"target": "5"}, "target", "the same baseline and target"),
        ({"target": "~0"}, "target", "isn't exact"),
        ({"target": "none"}, "target", "isn't a value"),
        ({"target_on": "2025-12-31"}, "target_on", "before or on the day of"),
        ({"baseline": "many"}, "baseline", "Type a number such as"),
        ({"baseline_on": "2026-03-20"}, "baseline_on", "still to come"),
        ({"name": "rollbacks / DAY"}, "name", "There is a metric “Rollbacks / day” already"),
        ({"name": "Roadmap"}, "name", "is a word of /kpi"),
        ({"name": "  "}, "name", "The name is missing"),
        ({"current": "few"}, "current", "isn't a value"),
    ],
)
async def test_a_metric_that_can_t_be_is_refused_at_its_field(
    stage: Stage, typed: dict[str, str], field: str, told: str
) -> None:
    listed = await opens_list(stage, "metrics")
    form = await opens_form(stage, listed, "/metric")
    stage.ana.fills(form, ERRORS | typed)
    refused = await stage.ana.submits(form)
    assert list(refused.errors) == [field]
    assert told in refused.errors[field]
    assert typed_into(form)["unit"] == "/ day", "what was typed stays"
    await stage.ana.closes(form)
    assert len(titles(listed)) == 5


async def test_all_that_is_wrong_is_told_at_once(stage: Stage) -> None:
    form = await opens_form(stage, await opens_list(stage, "metrics"), "/metric")
    stage.ana.fills(form, ERRORS | {"target": "x", "baseline": "y", "name": " "})
    assert set((await stage.ana.submits(form)).errors) == {"target", "baseline", "name"}


async def test_an_edit_says_thing_by_thing_what_it_changed_and_is_undone_and_redone(
    stage: Stage,
) -> None:
    listed = await opens_list(stage, "metrics")
    form = await opens_form(stage, listed, "metric rollbacks")
    assert "Its readings stay as they were recorded." in form.wording
    assert "focus:pde" in fields(form)
    assert "current" not in fields(form)
    await sends(stage, form, {"target": "1", "owner": [stage.ana], "fresh_days": "7"})
    told = read(listed)
    for words in (
        "Saved: *Rollbacks / day*",
        "• target: 0 → 1",
        f"• owner: nothing → <@{stage.ana.id}>",
        "• fresh days: 14 → 7",
    ):
        assert words in told
    assert "drivers" not in told
    await clicks(stage, listed, "undo_part")
    assert "*Undone*" in read(listed)
    assert "target 0 · no owner" in read(listed)
    await clicks(stage, listed, "undo_part")
    assert "target 1 · owner" in read(listed)


async def test_an_edit_that_changes_nothing_says_so(stage: Stage) -> None:
    listed = await opens_list(stage, "metrics")
    await sends(stage, await opens_form(stage, listed, "metric rollbacks"), {})
    assert "*Rollbacks / day* is as it was: nothing was changed." in read(listed)
    history = read(await stage.types("/kpi history"))
    assert "· form · edited" not in history


async def test_an_owner_and_a_target_date_are_taken_away_again(stage: Stage) -> None:
    listed = await opens_list(stage, "metrics")
    form = await opens_form(stage, listed, "metric rollbacks")
    await sends(stage, form, {"owner": [stage.ana], "target_on": "2026-12-31"})
    form = await opens_form(stage, listed, "metric rollbacks")
    await sends(stage, form, {"owner": None, "target_on": None})
    assert f"• owner: <@{stage.ana.id}> → nothing" in read(listed)
    assert "• target on: 2026-12-31 → nothing" in read(listed)


async def test_the_form_grows_and_shrinks_and_keeps_what_was_typed(stage: Stage) -> None:
    form = await opens_form(stage, await opens_list(stage, "metrics"), "metric rollbacks")
    stage.ana.fills(
        form, {"name": "Rolled back", "owner": [stage.ana], "focus:pde": "nearly nothing"}
    )
    await chooses_drivers(stage, form, "pde", "one-code-path")
    assert typed_into(form)["name"] == "Rolled back"
    assert typed_into(form)["focus:pde"] == "nearly nothing"
    await chooses_drivers(stage, form, "one-code-path")
    await sends(stage, form, {})
    shown = read(await stage.types("/kpi rollbacks"))
    assert "*One Code Path*" in shown
    assert "*PDE*" not in shown
    assert f"<@{stage.ana.id}>" in shown


async def test_a_form_that_could_not_grow_grows_when_it_is_sent(stage: Stage) -> None:
    form = await opens_form(stage, await opens_list(stage, "metrics"), "metric rollbacks")
    stage.slack.faults.add("views.update", "status")
    await stage.ana.dispatches(form, "drivers", ["pde", "domain-events"])
    await stage.rests()
    assert not (await stage.ana.submits(form)).closed
    await sends(stage, form, {"focus:domain-events": "retries"})
    assert "*Domain events*: retries" in read(await stage.types("/kpi rollbacks"))


async def test_a_work_stream_that_is_renamed_or_retired_meanwhile_breaks_no_form(
    stage: Stage,
) -> None:
    bob = stage.slack.add_person("bob", admin=True)
    await bob.joins(stage.billing)
    form = await opens_form(stage, await opens_list(stage, "metrics"), "metric invoice-coverage")
    his = await opens_list(stage, "streams", bob)
    await clicks(stage, his, "open_part_form", "work stream pde", bob)
    renaming = await bob.sees_view("Edit a work stream")
    bob.fills(renaming, {"name": "Payments"})
    assert (await bob.submits(renaming)).closed
    await stage.rests()
    await chooses_drivers(stage, form, "recompute-engine", "pde")
    assert "Payments: what is left to do" in form.wording
    await clicks(stage, his, "retire_part", "work stream pde", bob)
    refused = await stage.ana.submits(form)
    assert "which doesn't exist" in refused.errors["drivers"]
    await chooses_drivers(stage, form, "recompute-engine")
    await sends(stage, form, {})


# --- work streams and phases ---------------------------------------------------


async def test_work_streams_are_added_renamed_and_tell_what_they_drive(stage: Stage) -> None:
    listed = await opens_list(stage, "streams")
    assert "*PDE*\nDrives Rollbacks / day, Bad debt from upgrades" in read(listed)
    await sends(stage, await opens_form(stage, listed, "/work stream"), {"name": "Retries"})
    assert "*Retries*\nIt drives no metric yet." in read(listed)
    await sends(stage, await opens_form(stage, listed, "work stream retries"), {"name": "Retry"})
    assert "• name: Retries → Retry" in read(listed)
    form = await opens_form(stage, listed, "work stream retries")
    stage.ana.fills(form, {"name": "pde"})
    assert "There is a work stream “PDE” already" in (await stage.ana.submits(form)).errors["name"]


async def test_a_phase_is_added_and_waits_for_what_it_needs(stage: Stage) -> None:
    listed = await opens_list(stage, "phases")
    form = await opens_form(stage, listed, "/phase")
    needs = ["phase checkout-v2", "milestone shore-up"]
    await sends(
        stage,
        form,
        {"name": "Cleanup", "window": "q4 2026", "description": "The rest", "needs": needs},
    )
    assert "Needs Checkout V2, Shore Up" in read(listed)
    shown = read(await stage.types("/kpi roadmap"))
    for words in ("*Cleanup*", "The rest", "Blocked by the phase *Checkout V2*"):
        assert words in shown


async def test_a_phase_that_is_done_frees_those_that_wait_and_nothing_is_announced(
    stage: Stage,
) -> None:
    listed = await opens_list(stage, "phases")
    form = await opens_form(stage, listed, "phase pde-steps-3-4")
    stage.ana.fills(form, {"state": "done"})
    refused = await stage.ana.submits(form)
    assert "Choose the day" in refused.errors["done_on"]
    stage.ana.fills(form, {"done_on": "2026-03-25"})
    assert "still to come" in (await stage.ana.submits(form)).errors["done_on"]
    await sends(stage, form, {"done_on": "2026-03-18"})
    assert "• state: planned → done" in read(listed)
    shown = read(await stage.types("/kpi roadmap"))
    assert "✓ done · Wed 18 Mar 2026" in shown
    assert "*Deferred Collection*   Q2 2026 · ○ ready" in shown
    assert stage.posts() == []


async def test_a_circle_is_refused_at_the_needs_with_its_phases(stage: Stage) -> None:
    form = await opens_form(stage, await opens_list(stage, "phases"), "phase pde-steps-3-4")
    options = next(block for block in form.blocks if block["block_id"] == "needs")["element"]
    labels = [each["text"]["text"] for each in options["options"]]
    assert "Phase: Checkout V2" in labels
    assert "Milestone: PDE step 2c" in labels
    assert "Phase: PDE Steps 3–4" not in labels
    stage.ana.fills(form, {"needs": ["phase checkout-v2"], "window": "soon"})
    assert "Write it as Q2 2026" in (await stage.ana.submits(form)).errors["window"]
    stage.ana.fills(form, {"window": "Q2–Q3 2026"})
    told = (await stage.ana.submits(form)).errors["needs"]
    assert "Checkout V2 → Deferred Collection → PDE Steps 3–4" in told


# --- order and retiring ----------------------------------------------------------


async def test_parts_are_moved_and_moved_back(stage: Stage) -> None:
    listed = await opens_list(stage, "metrics")
    first, second = titles(listed)[:2]
    await clicks(stage, listed, "move_part:down", "rollbacks")
    assert titles(listed)[:2] == [second, first]
    assert "Moved: *Rollbacks / day*" in read(listed)
    assert "• order of metrics: rollbacks, bad-debt → bad-debt, rollbacks" in read(listed)
    await clicks(stage, listed, "move_part:up", "rollbacks")
    assert titles(listed)[:2] == [first, second]
    await clicks(stage, listed, "undo_part")
    assert titles(listed)[:2] == [second, first]
    shown = read(await stage.types("/kpi"))
    assert shown.index(second) < shown.index(first)


async def test_neither_end_of_the_list_is_moved_beyond(stage: Stage) -> None:
    listed = await opens_list(stage, "streams")
    with pytest.raises(AssertionError, match="no button"):
        await clicks(stage, listed, "move_part:up", "pde")
    with pytest.raises(AssertionError, match="no button"):
        await clicks(stage, listed, "move_part:down", "one-code-path")


async def test_retiring_asks_first_and_names_what_refers_to_it(stage: Stage) -> None:
    listed = await opens_list(stage, "streams")
    button = next(
        each
        for block in listed.blocks
        for each in block.get("elements", [])
        if each.get("action_id") == "retire_part" and each["value"].endswith("pde")
    )
    asked = button["confirm"]["text"]["text"]
    assert "“PDE”" in asked
    assert "No longer referring to it: Rollbacks / day" in asked
    await clicks(stage, listed, "retire_part", "pde")
    told = read(listed)
    assert "Retired: *PDE*" in told
    assert "• metric rollbacks: drivers: pde: remaining off-session flows → nothing" in told
    assert titles(listed) == ["Recompute engine", "Domain events", "One Code Path"]
    await clicks(stage, listed, "undo_part")
    assert "remaining off-session flows" in read(await stage.types("/kpi rollbacks"))
    await stage.ana.closes(listed)
    assert "Work streams (4)" in read(await stage.ana.sees_view())


async def test_a_retired_metric_is_gone_from_the_menu_and_comes_back_with_its_readings(
    stage: Stage,
) -> None:
    listed = await opens_list(stage, "metrics")
    await clicks(stage, listed, "retire_part", "rollbacks")
    assert "There is no metric" in read(await stage.types("/kpi rollbacks"))
    await stage.ana.closes(listed)
    assert "Metrics (4)" in read(await stage.ana.sees_view())
    await stage.ana.clicks(await stage.types("/kpi history"), "undo")
    assert "• metric rollbacks: metric: Rollbacks / day is new" in read(
        await stage.sees_answer("Undone in")
    )
    assert "~12" in read(await stage.types("/kpi rollbacks"))


async def test_what_can_t_be_undone_any_more_is_said_in_the_list(stage: Stage) -> None:
    listed = await opens_list(stage, "metrics")
    await clicks(stage, listed, "move_part:down", "rollbacks")
    bob = stage.slack.add_person("bob", admin=True)
    await bob.joins(stage.billing)
    his = await opens_list(stage, "metrics", bob)
    await clicks(stage, his, "move_part:down", "bad-debt", bob)
    await clicks(stage, listed, "undo_part")
    assert "The order of metrics has been changed since" in read(listed)
    assert titles(listed) == titles(his), "and the list is as it is now"


# --- two people, rights, and screens ---------------------------------------------


async def test_the_later_of_two_sees_what_changed_and_keeps_what_they_typed(stage: Stage) -> None:
    bob = stage.slack.add_person("bob", admin=True)
    await bob.joins(stage.billing)
    his_list = await opens_list(stage, "metrics", bob)
    await clicks(stage, his_list, "open_part_form", "metric rollbacks", bob)
    his = await bob.sees_view("Baseline")
    form = await opens_form(stage, await opens_list(stage, "metrics"), "metric rollbacks")
    await sends(stage, form, {"target": "1", "owner": [stage.ana]})
    bob.fills(his, {"target": "2", "name": "Rolled back"})
    sent = await bob.submits(his)
    assert not sent.closed
    told = read(his)
    assert "Somebody changed this while you were writing" in told
    assert "*Target*: 1" in told
    assert f"*Owner*: <@{stage.ana.id}>" in told
    assert "*Name*:" not in told
    assert typed_into(his)["target"] == "2"
    assert (await bob.submits(his)).closed
    await stage.rests()
    assert "• target: 1 → 2" in read(his_list)


async def test_what_was_retired_meanwhile_can_t_be_saved(stage: Stage) -> None:
    listed = await opens_list(stage, "phases")
    form = await opens_form(stage, listed, "phase checkout-v2")
    bob = stage.slack.add_person("bob", admin=True)
    await bob.joins(stage.billing)
    await clicks(stage, await opens_list(stage, "phases", bob), "retire_part", "checkout-v2", bob)
    refused = await stage.ana.submits(form)
    assert "There is no phase “checkout-v2”" in refused.errors["name"]


async def owned_by_ana(stage: Stage) -> None:
    operator = Caller(OPERATOR, Surface.TERMINAL, stage.clock.now)
    owned = {"access": Access(owners=(stage.ana.id,))}
    await edit_scorecard(stage.running.bot.store, operator, owned)
    stage.ana.user.standing = Standing()


async def test_a_metric_is_edited_from_its_own_screen(stage: Stage) -> None:
    await owned_by_ana(stage)
    shown = await stage.types("/kpi rollbacks")
    form = await opens_form(stage, shown, "metric rollbacks")
    await sends(stage, form, {"target": "1"})
    told = await stage.sees_answer("Saved: *Rollbacks")
    assert "• target: 0 → 1" in read(told)
    await stage.ana.clicks(told, "undo")
    await stage.sees_answer("Undone in")
    assert "target 0" in read(await stage.types("/kpi rollbacks"))


async def test_a_phase_is_edited_from_the_roadmap(stage: Stage) -> None:
    await owned_by_ana(stage)
    shown = await stage.types("/kpi roadmap")
    form = await opens_form(stage, shown, "phase checkout-v2")
    await sends(stage, form, {"window": "Q4 2026"})
    told = await stage.sees_answer("Saved: *Checkout V2*")
    assert "• window: Q3 2026 → Q4 2026" in read(told)
    await stage.ana.clicks(told, "show_roadmap")
    assert "Q4 2026" in read(await stage.sees_answer("*Checkout V2*   Q4 2026"))


async def test_what_is_edited_from_the_home_tab_leaves_the_screen_below(stage: Stage) -> None:
    await owned_by_ana(stage)
    screen = await opens_screen_from_home(stage)
    form = await opens_form(stage, screen, "metric rollbacks")
    await sends(stage, form, {"target": "1"})
    assert await stage.ana.sees_view() is screen
    assert screen.title == "Scorecard"
    direct = stage.slack.direct_message(stage.ana)
    assert "• target: 0 → 1" in read(await stage.ana.sees_message(direct, "Saved:"))


async def opens_screen_from_home(stage: Stage) -> View:
    """The screen of a metric, above the scorecard's, which the Home tab opened."""
    await stage.ana.opens_home()
    await stage.rests()
    tab = await stage.ana.sees_home("Billing Platform")
    await clicks(stage, tab, "show_page")
    screen = await stage.ana.sees_view()
    await clicks(stage, screen, "show_metric", "rollbacks")
    return await stage.ana.sees_view("Last readings")


async def test_an_admin_finds_the_way_to_edit_behind_a_click(stage: Stage) -> None:
    await stage.ana.clicks(await stage.types("/kpi"), "show_roadmap")
    shown = await stage.sees_answer("Roadmap of")
    assert (await opens_form(stage, shown, "phase checkout-v2")).title == "Edit a phase"


async def test_who_may_not_edit_sees_no_button_and_is_refused(stage: Stage) -> None:
    bob = stage.slack.add_person("bob")
    await bob.joins(stage.billing)
    for line in ("/kpi rollbacks", "/kpi roadmap"):
        message = (await bob.types(line, stage.billing)).message
        assert message is not None
        assert "open_part_form" not in str(message.blocks)
    listed = await opens_list(stage, "metrics")
    stage.ana.user.standing = Standing()
    stage.clock.passes(minutes=2)
    await clicks(stage, listed, "retire_part", "rollbacks")
    assert "Ask an admin" in read(await stage.sees_answer("You can't edit this scorecard"))
    assert "~12" in read(await stage.types("/kpi rollbacks"))

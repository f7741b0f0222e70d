"""Metrics, work streams and phases, made and changed from /kpi setup and from their screens."""

from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from app.domain.access import Access
from app.playground import Message, Person, View
from app.playground.users import Standing
from app.services.callers import OPERATOR, Caller, Surface
from app.services.editing import edit_scorecard
from app.slack.ids import OutOfDate
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read
from tests.slack.test_ship_form import typed_into

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


def titles(shown: View) -> list[str]:
    """The names in the order of the list."""
    return [
        above["text"]["text"].split("*")[1]
        for above, row in pairwise(shown.blocks)
        if any(each["action_id"] == "retire_part" for each in row.get("elements", []))
    ]


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


async def test_a_form_with_a_need_of_another_version_is_out_of_date(stage: Stage) -> None:
    form = await opens_form(stage, await opens_list(stage, "phases"), "phase checkout-v2")
    stage.ana.fills(form, {"window": "soon"})  # refused, so that the form stays open
    await stage.ana.submits(form)
    payload = stage.slack.journal.deliveries("interactive")[-1].original
    needs = payload["view"]["state"]["values"]["needs"]["choose_needs"]["selected_options"]
    needs[0]["value"] = "metric rollbacks"
    payload["view"]["state"]["values"]["window"]["input"]["value"] = "Q3 2026"
    answer = await stage.slack.deliver("interactive", payload)
    assert answer.response["errors"] == {"name": OutOfDate().message}


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
    assert "*Target or limit*: 1" in told
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

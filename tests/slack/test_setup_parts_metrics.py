"""Metrics made and edited from /kpi setup: each field, what drives them, what is refused."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.playground import View
from app.playground.users import Standing
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read
from tests.slack.test_setup_parts import (
    ERRORS,
    clicks,
    opens_form,
    opens_list,
    sends,
    titles,
)
from tests.slack.test_ship_form import fields, typed_into


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot with the real scorecard, and Ana, who is an admin of the workspace."""
    async with open_stage() as stage:
        stage.ana.user.standing = Standing(is_admin=True)
        yield stage


async def chooses_drivers(stage: Stage, form: View, *streams: str) -> None:
    await stage.ana.dispatches(form, "drivers", list(streams))
    await stage.rests()
    assert [each for each in fields(form) if each.startswith("focus:")] == [
        f"focus:{key}" for key in streams
    ]


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

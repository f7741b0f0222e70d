"""Undoing what was done and what was undone; the record keeps every step."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.errors import AlreadyDone, NotAllowed, NotFound
from app.domain.outcomes import Reverted
from app.domain.values import parse_value
from app.services.callers import Standing
from app.services.contents import marks_of
from app.services.lists import history
from app.services.loading import load
from app.services.milestone_edits import MilestoneForm, edit, plan
from app.services.milestones import ShipForm, ship
from app.services.readings import record
from app.services.scorecards import show, show_metric
from app.services.undoing import undo
from app.store.engine import Store
from app.store.tables import WithdrawalRow
from tests.builders import NOW
from tests.services.builders import (
    HOME,
    TINY,
    a_caller,
    a_file,
    all_rows,
    billing_on_sqlite,
    changes,
    on_sqlite,
    owed,
    row_counts,
    take_back,
    the_operator,
)

LATER = NOW + timedelta(hours=2)
ANA = a_caller("U0ANA", now=LATER)
BEN = a_caller("U0BEN", now=LATER)


async def _current(store: Store) -> str:
    current = (await show_metric(store, ANA, "rollbacks")).state.current
    return str(current.value) if current else "none"


async def test_a_reading_taken_back_counts_again(billing: Store) -> None:
    recorded = await record(billing, ANA, "rollbacks", parse_value("~9"))
    taken_back = await take_back(billing, ANA, recorded.change)
    assert (taken_back.counts, str(taken_back.current.value)) == (False, "~12")  # type: ignore[union-attr]
    restored = await take_back(billing, ANA, taken_back.change)
    assert (restored.counts, str(restored.value)) == (True, "~9")
    assert restored.current is not None
    assert restored.current.id == recorded.reading.id
    assert await _current(billing) == "~9"
    assert await all_rows(billing, WithdrawalRow) == []


async def test_each_undo_can_be_undone_in_turn(billing: Store) -> None:
    change = (await record(billing, ANA, "rollbacks", parse_value("9"))).change
    for expected in ("~12", "9", "~12", "9"):
        change = (await take_back(billing, ANA, change)).change
        assert await _current(billing) == expected


async def test_every_step_is_on_record_with_what_the_metric_stood_at(billing: Store) -> None:
    recorded = await record(billing, ANA, "rollbacks", parse_value("~9"), note="queue fixed")
    taken_back = await take_back(billing, ANA, recorded.change)
    restored = await take_back(billing, ANA, taken_back.change)
    first, second, third = (await changes(billing))[-3:]
    assert [second.id, third.id] == [taken_back.change, restored.change]
    assert (second.action, second.undoes_id) == ("reading withdrawn", first.id)
    assert (third.action, third.undoes_id) == ("reading restored", second.id)
    about_12, about_9 = ({"value": v, "qualifier": "about"} for v in ("12", "9"))
    assert (second.before, second.after) == (first.after, about_12)
    assert (third.before, third.after) == (about_12, first.after)
    assert about_9.items() <= (first.after or {}).items()


async def test_a_restored_reading_may_be_older_than_the_current_one(billing: Store) -> None:
    recorded = await record(billing, a_caller(now=NOW), "rollbacks", parse_value("9"))
    taken_back = await take_back(billing, ANA, recorded.change)
    await record(billing, ANA, "rollbacks", parse_value("8"))
    restored = await take_back(billing, ANA, taken_back.change)
    assert str(restored.current.value) == "8"  # type: ignore[union-attr]
    assert await _current(billing) == "8"


async def test_an_undo_is_undone_once_however_often_it_is_clicked(billing: Store) -> None:
    recorded = await record(billing, ANA, "rollbacks", parse_value("9"))
    taken_back = await take_back(billing, ANA, recorded.change)
    outcomes = await asyncio.gather(
        *(undo(billing, ANA, taken_back.change) for _ in range(5)), return_exceptions=True
    )
    assert len([each for each in outcomes if isinstance(each, AlreadyDone)]) == 4
    assert await _current(billing) == "9"
    assert [each.action for each in await changes(billing)].count("reading restored") == 1


@billing_on_sqlite
async def test_what_was_undone_is_not_undone_by_its_first_change_again(billing: Store) -> None:
    recorded = await record(billing, ANA, "rollbacks", parse_value("9"))
    taken_back = await take_back(billing, ANA, recorded.change)
    await undo(billing, ANA, taken_back.change)
    with pytest.raises(AlreadyDone):
        await undo(billing, ANA, recorded.change)
    assert await _current(billing) == "9"


@billing_on_sqlite
async def test_only_who_may_record_brings_back_what_was_taken_back(billing: Store) -> None:
    recorded = await record(billing, ANA, "rollbacks", parse_value("9"))
    taken_back = await take_back(billing, ANA, recorded.change)
    stranger = a_caller("U0EVE", standing=Standing.STRANGER)
    with pytest.raises(NotAllowed, match="Ask an admin"):
        await undo(billing, stranger, taken_back.change)
    with pytest.raises(NotAllowed, match="from here"):
        await undo(billing, a_caller("U0ANA", channel="C0OTHER"), taken_back.change)
    assert await _current(billing) == "~12"


@billing_on_sqlite
async def test_a_change_that_is_not_there_can_t_be_undone(billing: Store) -> None:
    with pytest.raises(NotFound):
        await undo(billing, ANA, 999)


@on_sqlite
async def test_the_goal_is_owed_when_a_reading_that_counts_again_reaches_it(store: Store) -> None:
    two = TINY + TINY.partition("metrics:\n")[2].replace("errors", "delays")
    await load(store, the_operator(), a_file(two), channel=HOME)
    errors = await record(store, ANA, "errors", parse_value("0"))
    taken_back = await take_back(store, ANA, errors.change)
    await record(store, ANA, "delays", parse_value("0"))
    assert await owed(store) == []
    await undo(store, ANA, taken_back.change)
    assert await owed(store) == [("goal", "reached", HOME)]


# --- milestones --------------------------------------------------------------------


async def _shown(store: Store) -> tuple[object, str]:
    """The scorecard as it is defined, and what rollbacks stand at."""
    return (await show(store, ANA)).scorecard, await _current(store)


async def test_undoing_a_shipped_milestone_takes_back_all_that_it_wrote(billing: Store) -> None:
    before = await _shown(billing)
    form = ShipForm(
        "Shore Up", NOW.date(), phase="one-code-path", moved={"rollbacks": parse_value("~9")}
    )
    news = await ship(billing, ANA, form)
    after = await _shown(billing)
    undone = await undo(billing, BEN, news.change or 0)
    assert isinstance(undone, Reverted)
    assert await _shown(billing) == before
    redone = await undo(billing, ANA, undone.change)
    assert isinstance(redone, Reverted)
    assert await _shown(billing) == after
    assert [kind for kind, _, _ in await owed(billing)] == [
        "announcement",
        "announcement edit",
        "announcement edit",
    ]


async def test_undoing_a_plan_leaves_no_milestone_and_nothing_that_needs_it(
    billing: Store,
) -> None:
    before = await _shown(billing)
    planned = await plan(billing, ANA, MilestoneForm("Queue", phase="one-code-path"))
    after = await _shown(billing)
    undone = await undo(billing, ANA, planned.change or 0)
    assert isinstance(undone, Reverted)
    assert await _shown(billing) == before
    again = await plan(billing, ANA, MilestoneForm("Queue"))
    assert again.shipped.milestone.key == "queue-2", "a key is never used again"
    await undo(billing, ANA, again.change or 0)
    await undo(billing, ANA, undone.change)
    assert await _shown(billing) == after


async def test_undoing_an_edit_leaves_what_others_changed_since(billing: Store) -> None:
    known = (await plan(billing, ANA, MilestoneForm("Queue"))).shipped.milestone
    longer = MilestoneForm("Queue", detail="All of it")
    first = await edit(billing, ANA, "queue", longer, seen=marks_of(known))
    renamed = MilestoneForm("The queue", detail="All of it")
    present = first.shipped.milestone
    await edit(billing, BEN, "queue", renamed, seen=marks_of(present))
    await undo(billing, ANA, first.change or 0)
    milestone = (await show(billing, ANA)).scorecard.milestones_by_key["queue"]
    assert (milestone.title, milestone.detail) == ("The queue", "")


@billing_on_sqlite
async def test_what_was_changed_again_since_has_to_be_undone_first(billing: Store) -> None:
    planned = await plan(billing, ANA, MilestoneForm("Queue"))
    known = planned.shipped.milestone
    edited = await edit(
        billing, BEN, "queue", MilestoneForm("Queue", detail="All"), seen=marks_of(known)
    )
    before = await row_counts(billing)
    with pytest.raises(AlreadyDone, match="milestone queue has been changed since"):
        await undo(billing, ANA, planned.change or 0)
    assert await row_counts(billing) == before
    await undo(billing, ANA, edited.change or 0)
    await undo(billing, ANA, planned.change or 0)
    assert "queue" not in (await show(billing, ANA)).scorecard.milestones_by_key


@billing_on_sqlite
async def test_history_marks_a_milestones_change_that_was_undone(billing: Store) -> None:
    change = (await plan(billing, ANA, MilestoneForm("Queue"))).change or 0
    for marks in ([False, True], [False, True, False], [False, True, False, True]):
        undone = await undo(billing, ANA, change)
        change = undone.change
        made = (await history(billing, ANA)).changes[:-1]
        assert [each.is_undone for each in made] == marks
        assert [each.can_undo for each in made] == [True, *[False] * (len(made) - 1)]

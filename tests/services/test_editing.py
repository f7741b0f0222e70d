"""Parts of a scorecard added, edited, moved and retired: what is written, refused and undone."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.access import Access
from app.domain.edits import PartKind
from app.domain.errors import AlreadyDone, BadInput, NotAllowed, NotFound
from app.domain.metrics import Driver
from app.domain.outcomes import Edited, Reverted
from app.domain.revisions import Revision
from app.domain.roadmap import Need, NeedKind, PhaseState
from app.domain.scorecards import Scorecard, WorkStream
from app.domain.values import parse_value
from app.services.callers import Caller, Surface
from app.services.contents import ChangedMeanwhile, marks_of
from app.services.editing import (
    add_part,
    edit_part,
    edit_scorecard,
    move_part,
    retire_part,
)
from app.services.readings import record
from app.services.scorecards import show, show_metric
from app.services.undoing import undo
from app.store.engine import Store
from tests.builders import NOW, a_metric, a_phase, a_reading
from tests.services.builders import (
    a_caller,
    an_admin,
    billing_on_sqlite,
    changes,
    row_counts,
    the_operator,
)

LATER = NOW + timedelta(hours=2)
ANA = an_admin("U0ANA", now=LATER)
BEN = an_admin("U0BEN", now=LATER)
ERRORS = a_metric("", name="Errors", drivers={"pde": "the last ones"})
TRUE_BEFORE = a_reading("~9")._replace(id=0)


async def _scorecard(store: Store) -> Scorecard:
    return (await show(store, ANA)).scorecard


async def _undo(store: Store, change: int | None, caller: Caller = ANA) -> Reverted:
    assert change is not None
    undone = await undo(store, caller, change)
    assert isinstance(undone, Reverted)
    return undone


def _last_key(edited: Edited, kind: PartKind) -> str:
    key: str = getattr(edited.snapshot.scorecard, kind.field)[-1].key
    return key


# --- adding --------------------------------------------------------------------


async def test_a_metric_is_added_with_its_first_reading(billing: Store) -> None:
    added = await add_part(billing, ANA, ERRORS, readings=[TRUE_BEFORE])
    known = await _scorecard(billing)
    assert known == added.snapshot.scorecard
    assert known.metrics[-1] == replace(ERRORS, key="errors")
    assert (added.subject, added.revisions) == (
        "metric errors",
        (Revision("metric errors", "metric", None, "Errors"),),
    )
    [reading] = (await show_metric(billing, ANA, "errors")).readings
    assert (str(reading.value), reading.at) == ("~9", NOW)
    change = (await changes(billing))[-1]
    assert (change.id, change.action, change.subject) == (added.change, "added", "metric errors")


async def test_adding_is_undone_and_redone_with_the_first_reading(billing: Store) -> None:
    before = await _scorecard(billing)
    added = await add_part(billing, ANA, ERRORS, readings=[TRUE_BEFORE])
    undone = await _undo(billing, added.change)
    assert await _scorecard(billing) == before
    await _undo(billing, undone.change)
    assert await _scorecard(billing) == added.snapshot.scorecard
    assert len((await show_metric(billing, ANA, "errors")).readings) == 1


@billing_on_sqlite
async def test_keys_are_never_used_again(billing: Store) -> None:
    first = await add_part(billing, ANA, ERRORS)
    await record(billing, ANA, "errors", parse_value("3"))
    await retire_part(billing, ANA, PartKind.METRIC, "errors")
    second = await add_part(billing, ANA, ERRORS)
    assert [_last_key(each, PartKind.METRIC) for each in (first, second)] == ["errors", "errors-2"]
    assert (await show_metric(billing, ANA, "Errors")).readings == []


@billing_on_sqlite
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("rollbacks / DAY", "There is a metric “Rollbacks / day” already"),
        ("History", "is a word of /kpi"),
    ],
)
async def test_a_name_that_can_t_be_is_refused_at_its_field(
    billing: Store, name: str, told: str
) -> None:
    before = await row_counts(billing)
    known = (await _scorecard(billing)).metrics[1]
    for change in (
        add_part(billing, ANA, replace(ERRORS, name=name)),
        edit_part(billing, ANA, replace(known, name=name), seen=marks_of(known)),
    ):
        with pytest.raises(BadInput, match=told) as refused:
            await change
        assert refused.value.field == "name"
    assert await row_counts(billing) == before


@billing_on_sqlite
@pytest.mark.parametrize(
    ("part", "key"),
    [
        (replace(ERRORS, name="🎉"), "metric"),
        (WorkStream("", "שלום"), "work-stream"),
        (a_phase("", name="…"), "phase"),
    ],
)
async def test_a_name_without_a_letter_of_ours_makes_a_key_all_the_same(
    billing: Store, part: WorkStream, key: str
) -> None:
    added = await add_part(billing, ANA, part)
    assert added.subject.endswith(f" {key}")


@billing_on_sqlite
async def test_two_who_add_the_same_name_make_one(billing: Store) -> None:
    outcomes = await asyncio.gather(
        *(add_part(billing, caller, ERRORS) for caller in (ANA, BEN)), return_exceptions=True
    )
    assert len([each for each in outcomes if isinstance(each, BadInput)]) == 1
    assert [metric.name for metric in (await _scorecard(billing)).metrics].count("Errors") == 1


# --- editing -------------------------------------------------------------------


async def test_an_edit_says_what_it_changed_and_is_undone_and_redone(billing: Store) -> None:
    before = await _scorecard(billing)
    known = before.metrics[0]
    wanted = replace(
        known,
        target=Decimal(1),
        owner="U0BEN",
        drivers=(*known.drivers, Driver("domain-events", "retries")),
    )
    edited = await edit_part(billing, ANA, wanted, seen=marks_of(known))
    assert (await _scorecard(billing)).metrics[0] == wanted
    assert set(edited.revisions) == {
        Revision("metric rollbacks", "target", "0", "1"),
        Revision("metric rollbacks", "owner", "nothing", "U0BEN"),
        Revision(
            "metric rollbacks",
            "drivers",
            "pde: remaining off-session flows",
            "pde: remaining off-session flows, domain-events: retries",
        ),
    }
    undone = await _undo(billing, edited.change)
    assert await _scorecard(billing) == before
    await _undo(billing, undone.change)
    assert (await _scorecard(billing)).metrics[0] == wanted


@billing_on_sqlite
async def test_an_edit_that_changes_nothing_writes_nothing(billing: Store) -> None:
    known = (await _scorecard(billing)).metrics[0]
    before = await row_counts(billing)
    edited = await edit_part(billing, ANA, known, seen=marks_of(known))
    assert (edited.change, edited.revisions) == (None, ())
    assert await row_counts(billing) == before


async def test_of_two_edits_at_once_one_is_shown_the_other(billing: Store) -> None:
    known = (await _scorecard(billing)).phases[0]
    edits = [
        edit_part(billing, caller, replace(known, name=caller.actor.id), seen=marks_of(known))
        for caller in (ANA, BEN)
    ]
    first, second = sorted(
        await asyncio.gather(*edits, return_exceptions=True),
        key=lambda result: isinstance(result, ChangedMeanwhile),
    )
    assert isinstance(first, Edited)
    assert isinstance(second, ChangedMeanwhile)
    assert second.fields == ("name",)
    assert second.present == first.snapshot.scorecard.phases[0]


@billing_on_sqlite
async def test_undoing_keeps_what_others_have_changed_since(billing: Store) -> None:
    known = (await _scorecard(billing)).metrics[0]
    first = await edit_part(billing, ANA, replace(known, target=Decimal(1)), seen=marks_of(known))
    named = replace(known, target=Decimal(1), name="Rollbacks")
    await edit_part(billing, BEN, named, seen={})
    await _undo(billing, first.change)
    assert (await _scorecard(billing)).metrics[0] == replace(known, name="Rollbacks")


@billing_on_sqlite
async def test_undoing_is_refused_where_the_same_was_changed_since(billing: Store) -> None:
    known = (await _scorecard(billing)).metrics[0]
    first = await edit_part(billing, ANA, replace(known, target=Decimal(1)), seen=marks_of(known))
    await edit_part(billing, BEN, replace(known, target=Decimal(2)), seen={})
    with pytest.raises(AlreadyDone, match="metric rollbacks has been changed since"):
        await _undo(billing, first.change)
    assert (await _scorecard(billing)).metrics[0].target == 2


@billing_on_sqlite
async def test_an_edit_of_what_was_retired_is_refused(billing: Store) -> None:
    known = (await _scorecard(billing)).metrics[0]
    await retire_part(billing, BEN, PartKind.METRIC, known.key)
    with pytest.raises(NotFound, match="any more"):
        await edit_part(billing, ANA, known, seen=marks_of(known))


@billing_on_sqlite
async def test_phases_that_would_wait_for_each_other_are_refused_at_their_needs(
    billing: Store,
) -> None:
    known = (await _scorecard(billing)).phases_by_key["pde-steps-3-4"]
    wanted = replace(known, needs=(*known.needs, Need(NeedKind.PHASE, "checkout-v2")))
    with pytest.raises(BadInput, match="Checkout V2 → Deferred Collection") as refused:
        await edit_part(billing, ANA, wanted, seen=marks_of(known))
    assert refused.value.field == "needs"


# --- retiring ------------------------------------------------------------------


async def test_retiring_a_work_stream_is_undone_with_all_that_referred_to_it(
    billing: Store,
) -> None:
    before = await _scorecard(billing)
    retired = await retire_part(billing, ANA, PartKind.WORK_STREAM, "pde")
    assert "pde" not in (await _scorecard(billing)).streams_by_key
    assert (await _scorecard(billing)).metrics_by_key["rollbacks"].drivers == ()
    assert Revision("work stream pde", "work stream", "PDE", None) in retired.revisions
    assert (
        Revision("metric rollbacks", "drivers", "pde: remaining off-session flows", "nothing")
        in retired.revisions
    )
    undone = await _undo(billing, retired.change)
    assert await _scorecard(billing) == before
    await _undo(billing, undone.change)
    assert await _scorecard(billing) == retired.snapshot.scorecard


async def test_retiring_a_phase_and_a_metric_is_undone_with_needs_and_readings(
    billing: Store,
) -> None:
    before = await _scorecard(billing)
    readings = (await show_metric(billing, ANA, "rollbacks")).readings
    phase = await retire_part(billing, ANA, PartKind.PHASE, "deferred-collection")
    assert not any(
        need.key == "deferred-collection"
        for each in phase.snapshot.scorecard.phases
        for need in each.needs
    )
    metric = await retire_part(billing, ANA, PartKind.METRIC, "rollbacks")
    with pytest.raises(NotFound):
        await show_metric(billing, ANA, "rollbacks")
    await _undo(billing, phase.change)
    await _undo(billing, metric.change)
    assert await _scorecard(billing) == before
    assert (await show_metric(billing, ANA, "rollbacks")).readings == readings


@billing_on_sqlite
async def test_retiring_is_not_undone_where_what_it_changed_was_edited_since(
    billing: Store,
) -> None:
    retired = await retire_part(billing, ANA, PartKind.WORK_STREAM, "pde")
    known = (await _scorecard(billing)).metrics_by_key["rollbacks"]
    driven = replace(known, drivers=(Driver("domain-events"),))
    await edit_part(billing, BEN, driven, seen=marks_of(known))
    with pytest.raises(AlreadyDone):
        await _undo(billing, retired.change)


@billing_on_sqlite
async def test_what_still_refers_to_a_part_keeps_its_adding_from_being_undone(
    billing: Store,
) -> None:
    added = await add_part(billing, ANA, WorkStream("", "Retries"))
    known = (await _scorecard(billing)).metrics[0]
    await edit_part(billing, ANA, replace(known, drivers=(Driver("retries"),)), seen={})
    with pytest.raises(BadInput, match="retries"):
        await _undo(billing, added.change)


@billing_on_sqlite
async def test_what_comes_back_stands_where_it_stood_also_when_others_have_moved(
    billing: Store,
) -> None:
    retired = await retire_part(billing, ANA, PartKind.METRIC, "disagreeing-accounts")
    await move_part(billing, BEN, PartKind.METRIC, "dunning-paths", -3)
    added = await add_part(billing, BEN, ERRORS)
    await _undo(billing, retired.change)
    assert [metric.key for metric in (await _scorecard(billing)).metrics] == [
        "dunning-paths",
        "rollbacks",
        "bad-debt",
        "disagreeing-accounts",
        "invoice-coverage",
        _last_key(added, PartKind.METRIC),
    ]


@billing_on_sqlite
async def test_what_comes_back_under_a_name_that_is_taken_by_now_is_refused(
    billing: Store,
) -> None:
    await add_part(billing, ANA, ERRORS)
    retired = await retire_part(billing, ANA, PartKind.METRIC, "errors")
    second = await add_part(billing, BEN, ERRORS)
    with pytest.raises(BadInput, match="There is a metric “Errors” already"):
        await _undo(billing, retired.change)
    await _undo(billing, second.change)
    await _undo(billing, retired.change)
    assert (await _scorecard(billing)).metrics[-1].key == "errors"


# --- moving --------------------------------------------------------------------


async def test_moving_is_undone_and_redone(billing: Store) -> None:
    before = await _scorecard(billing)
    moved = await move_part(billing, ANA, PartKind.METRIC, "rollbacks", 1)
    assert [metric.key for metric in moved.snapshot.scorecard.metrics][:2] == [
        "bad-debt",
        "rollbacks",
    ]
    assert moved.revisions == (
        Revision("", "order of metrics", "rollbacks, bad-debt", "bad-debt, rollbacks"),
    )
    undone = await _undo(billing, moved.change)
    assert await _scorecard(billing) == before
    await _undo(billing, undone.change)
    assert await _scorecard(billing) == moved.snapshot.scorecard


@billing_on_sqlite
async def test_moving_beyond_an_end_changes_nothing(billing: Store) -> None:
    assert (await move_part(billing, ANA, PartKind.METRIC, "rollbacks", -1)).change is None


@billing_on_sqlite
async def test_moving_is_not_undone_over_a_later_move(billing: Store) -> None:
    moved = await move_part(billing, ANA, PartKind.METRIC, "rollbacks", 1)
    await move_part(billing, BEN, PartKind.METRIC, "bad-debt", 2)
    with pytest.raises(AlreadyDone, match="order of metrics has been changed since"):
        await _undo(billing, moved.change)


@billing_on_sqlite
async def test_undoing_a_move_keeps_what_was_added_and_retired_since(billing: Store) -> None:
    moved = await move_part(billing, ANA, PartKind.METRIC, "rollbacks", 1)
    await add_part(billing, BEN, ERRORS)
    await retire_part(billing, BEN, PartKind.METRIC, "invoice-coverage")
    await _undo(billing, moved.change)
    assert [metric.key for metric in (await _scorecard(billing)).metrics] == [
        "rollbacks",
        "bad-debt",
        "disagreeing-accounts",
        "dunning-paths",
        "errors",
    ]


# --- rights --------------------------------------------------------------------


@billing_on_sqlite
async def test_owners_and_admins_alone_change_what_a_scorecard_is(billing: Store) -> None:
    cleo = a_caller("U0CLEO", now=LATER, surface=Surface.FORM)
    known = (await _scorecard(billing)).phases[0]
    retired = await retire_part(billing, ANA, PartKind.PHASE, "stripe-consolidation")
    before = await row_counts(billing)
    assert retired.change is not None
    for change in (
        lambda: add_part(billing, cleo, ERRORS),
        lambda: edit_part(billing, cleo, replace(known, state=PhaseState.DONE), seen={}),
        lambda: move_part(billing, cleo, PartKind.PHASE, known.key, 1),
        lambda: retire_part(billing, cleo, PartKind.PHASE, known.key),
        lambda: undo(billing, cleo, retired.change or 0),
    ):
        with pytest.raises(NotAllowed, match="Ask an admin"):
            await change()
    assert await row_counts(billing) == before
    await edit_scorecard(billing, the_operator(now=LATER), {"access": Access(owners=("U0CLEO",))})
    await add_part(billing, cleo, ERRORS)

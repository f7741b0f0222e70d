"""Recording a reading and taking it back."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from app.domain.errors import AlreadyDone, BadInput, KpiError, NotAllowed, NotFound
from app.domain.names import MOST_TEXT_LENGTH
from app.domain.statuses import Status
from app.domain.values import parse_value
from app.services.callers import Standing, Surface
from app.services.loading import load
from app.services.readings import UpdateForm, record, record_several
from app.services.scorecards import show, show_metric
from app.services.undoing import undo
from app.store.engine import Store
from app.store.tables import WithdrawalRow
from tests.builders import NOW, REAL_CURRENT
from tests.services.builders import (
    HOME,
    TINY,
    a_caller,
    a_file,
    all_rows,
    billing_on_sqlite,
    changes,
    owed,
    row_counts,
    take_back,
    the_operator,
)

LATER = NOW + timedelta(hours=2)
ANA = a_caller("U0ANA", now=LATER)
BEN = a_caller("U0BEN", now=LATER)


async def _current(store: Store, metric: str = "rollbacks") -> str:
    current = (await show_metric(store, a_caller(now=LATER), metric)).state.current
    return str(current.value) if current else "none"


@billing_on_sqlite
@pytest.mark.parametrize("typed", ["~9", "9+", "9", "9.50", "−3"])
async def test_a_reading_becomes_current_as_it_was_typed(billing: Store, typed: str) -> None:
    recorded = await record(billing, ANA, "rollbacks", parse_value(typed), note=" after the fix ")
    assert recorded.before is not None
    assert (str(recorded.before.value), str(recorded.reading.value)) == ("~12", typed)
    assert recorded.state.current == recorded.reading
    assert recorded.reading.note == "after the fix"
    assert await _current(billing) == typed


async def test_the_first_reading_has_none_before_it(store: Store) -> None:
    await load(store, the_operator(), a_file(TINY))
    recorded = await record(store, ANA, "errors", parse_value("4"))
    assert recorded.before is None
    assert recorded.state.status is Status.NO_PACE


async def test_a_reading_of_an_earlier_time_joins_the_history_and_not_the_top(
    billing: Store,
) -> None:
    a_month_ago = NOW - timedelta(days=30)
    recorded = await record(billing, ANA, "rollbacks", parse_value("90"), at=a_month_ago)
    assert recorded.reading.at == a_month_ago
    assert str(recorded.state.current.value) == "~12"  # type: ignore[union-attr]
    readings = (await show_metric(billing, ANA, "rollbacks")).readings
    assert [str(reading.value) for reading in readings] == ["~12", "90"]


async def test_who_changed_what_is_recorded(billing: Store) -> None:
    caller = a_caller("U0ANA", now=LATER, surface=Surface.FORM)
    recorded = await record(billing, caller, "rollbacks", parse_value("~9"), note="queue fixed")
    change = (await changes(billing))[-1]
    assert change.id == recorded.change
    assert (change.actor, change.surface, change.at) == ("U0ANA", "form", LATER)
    assert (change.action, change.subject, change.before) == (
        "reading recorded",
        "rollbacks",
        {"value": "12", "qualifier": "about"},
    )
    assert change.after == {
        "reading": recorded.reading.id,
        "at": LATER.isoformat(),
        "note": "queue fixed",
        "value": "9",
        "qualifier": "about",
    }


@billing_on_sqlite
@pytest.mark.parametrize(
    ("refused", "metric", "options", "message"),
    [
        (NotFound, "rolbacks", {}, "Did you mean rollbacks"),
        (NotFound, "happiness", {}, "There are rollbacks, bad-debt"),
        (BadInput, "rollbacks", {"note": "n" * (MOST_TEXT_LENGTH + 1)}, "at most 2000"),
        (BadInput, "rollbacks", {"at": LATER + timedelta(seconds=1)}, "time to come"),
        (NotFound, "rollbacks", {"key": "nothing"}, "no such scorecard that you may see"),
    ],
)
async def test_what_is_refused_changes_nothing(
    billing: Store,
    refused: type[KpiError],
    metric: str,
    options: dict[str, str],
    message: str,
) -> None:
    before = await row_counts(billing)
    with pytest.raises(refused, match=message):
        await record(billing, ANA, metric, parse_value("9"), **options)  # type: ignore[arg-type]
    assert await row_counts(billing) == before


@billing_on_sqlite
async def test_from_another_channel_nothing_is_recorded(billing: Store) -> None:
    with pytest.raises(NotFound):
        await record(billing, a_caller(channel="C0OTHER"), "rollbacks", parse_value("1"))
    assert await _current(billing) == "~12"


# --- undo ------------------------------------------------------------------------


async def test_undo_brings_back_the_reading_before(billing: Store) -> None:
    recorded = await record(billing, ANA, "rollbacks", parse_value("999"))
    undone = await take_back(billing, ANA, recorded.change)
    assert (undone.metric.key, str(undone.value)) == ("rollbacks", "999")
    assert undone.current is not None
    assert str(undone.current.value) == "~12"
    assert await _current(billing) == "~12"


async def test_what_was_undone_stays_on_record(billing: Store) -> None:
    recorded = await record(billing, ANA, "rollbacks", parse_value("999"))
    await undo(billing, a_caller(now=LATER, surface=Surface.BUTTON), recorded.change)
    first, last = (await changes(billing))[-2:]
    assert (last.action, last.actor, last.surface) == ("reading withdrawn", "U0ANA", "button")
    assert (last.before, last.undoes_id) == (first.after, first.id)
    [withdrawal] = await all_rows(billing, WithdrawalRow)
    assert (withdrawal.reading_id, withdrawal.by) == (recorded.reading.id, "U0ANA")


@billing_on_sqlite
async def test_undo_of_an_older_reading_leaves_the_newest(billing: Store) -> None:
    older = await record(billing, a_caller(now=NOW), "rollbacks", parse_value("999"))
    await record(billing, ANA, "rollbacks", parse_value("9"))
    undone = await take_back(billing, ANA, older.change)
    assert str(undone.current.value) == "9"  # type: ignore[union-attr]


@billing_on_sqlite
async def test_an_editor_undoes_what_somebody_else_recorded(billing: Store) -> None:
    recorded = await record(billing, ANA, "rollbacks", parse_value("9"))
    with pytest.raises(NotAllowed):
        await undo(billing, a_caller("U0EVE", standing=Standing.STRANGER), recorded.change)
    assert await _current(billing) == "9"
    await undo(billing, BEN, recorded.change)
    assert await _current(billing) == "~12"


async def test_undo_happens_once_however_often_it_is_clicked(billing: Store) -> None:
    recorded = await record(billing, ANA, "rollbacks", parse_value("9"))
    outcomes = await asyncio.gather(
        *(undo(billing, ANA, recorded.change) for _ in range(3)), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, AlreadyDone)]
    assert len(refused) == 2
    assert len(await all_rows(billing, WithdrawalRow)) == 1


@billing_on_sqlite
async def test_what_is_no_reading_cannot_be_undone(billing: Store) -> None:
    [loading] = await changes(billing)
    for change in (loading.id or 0, 12345):
        with pytest.raises(NotFound, match="can't be undone"):
            await undo(billing, ANA, change)


# --- the goal ----------------------------------------------------------------------


async def test_the_goal_is_owed_once_when_the_last_metric_reaches_its_target(
    billing: Store,
) -> None:
    targets = {**dict.fromkeys(REAL_CURRENT, "0"), "invoice-coverage": "100", "dunning-paths": "1"}
    del targets["dunning-code-paths"]
    for metric, value in targets.items():
        assert await owed(billing) == []
        await record(billing, ANA, metric, parse_value(value))
    assert await owed(billing) == [("goal", "reached", HOME)]
    assert (await show(billing, ANA)).goal_reached

    await record(billing, ANA, "rollbacks", parse_value("3"))
    await record(billing, ANA, "rollbacks", parse_value("0"))
    assert await owed(billing) == [("goal", "reached", HOME)]


async def test_the_goal_is_not_missed_when_the_last_two_are_recorded_at_once(
    store: Store,
) -> None:
    two = TINY + TINY.partition("metrics:\n")[2].replace("errors", "delays")
    await load(store, the_operator(), a_file(two), channel=HOME)
    await asyncio.gather(
        record(store, ANA, "errors", parse_value("0")),
        record(store, BEN, "delays", parse_value("0")),
    )
    assert await owed(store) == [("goal", "reached", HOME)]


# --- many at once --------------------------------------------------------------------


async def test_of_fifty_at_once_none_is_lost_and_all_stand_in_one_order(billing: Store) -> None:
    recorded = await asyncio.gather(
        *(record(billing, ANA, "rollbacks", parse_value(str(n))) for n in range(50))
    )
    by_arrival = sorted(recorded, key=lambda each: each.reading.id)
    assert sorted(str(each.reading.value) for each in recorded) == sorted(map(str, range(50)))
    for earlier, later in pairwise(by_arrival):
        assert later.before is not None
        assert later.before.id == earlier.reading.id
        assert later.change > earlier.change
    assert await _current(billing) == str(by_arrival[-1].reading.value)


async def test_several_are_recorded_together_each_with_its_own_record(billing: Store) -> None:
    earlier = LATER - timedelta(hours=1)
    values = {"rollbacks": parse_value("~9"), "bad-debt": parse_value("2")}
    form = UpdateForm(values, note="after the fix", at=earlier)
    recorded = await record_several(billing, ANA, form)
    assert [each.reading.metric for each in recorded] == ["rollbacks", "bad-debt"]
    assert {each.reading.at for each in recorded} == {earlier}
    assert [str(each.before.value) for each in recorded if each.before] == ["~12", "~3"]
    written = (await changes(billing))[-2:]
    assert [change.subject for change in written] == ["rollbacks", "bad-debt"]
    assert [change.id for change in written] == [each.change for each in recorded]
    await undo(billing, ANA, recorded[0].change)
    assert (await _current(billing), await _current(billing, "bad-debt")) == ("~12", "2")


@billing_on_sqlite
@pytest.mark.parametrize(
    "form",
    [
        UpdateForm({"rollbacks": parse_value("9"), "nothing": parse_value("9")}),
        UpdateForm({"rollbacks": parse_value("9")}, note="x" * (MOST_TEXT_LENGTH + 1)),
        UpdateForm({"rollbacks": parse_value("9")}, at=LATER + timedelta(seconds=1)),
    ],
)
async def test_of_several_none_is_recorded_if_one_cannot_be(
    billing: Store, form: UpdateForm
) -> None:
    before = await row_counts(billing)
    with pytest.raises(KpiError):
        await record_several(billing, ANA, form)
    assert await row_counts(billing) == before

"""Many readings recorded as one: looked at before, all or none, taken back as one."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from app.domain.edits import PartKind
from app.domain.errors import AlreadyDone, KpiError, NotAllowed, NotFound
from app.domain.imports import Plan
from app.domain.outcomes import Reverted
from app.files.rows import MOST_UNKNOWN, Row, TooManyUnknown
from app.services import bulk
from app.services.bulk import RowsRefused, record_all
from app.services.callers import Caller, Standing
from app.services.editing import retire_part
from app.services.lists import history
from app.services.loading import load
from app.services.readings import record
from app.services.scorecards import show_metric
from app.services.undoing import undo
from app.store.bulk import CHUNK
from app.store.engine import Store
from app.store.tables import ReadingRow, ScorecardRow
from tests.builders import NOW, a_value
from tests.services.builders import (
    TINY,
    a_caller,
    a_file,
    all_rows,
    billing_on_postgresql,
    billing_on_sqlite,
    changes,
    owed,
    row_counts,
    the_operator,
)

LATER = NOW + timedelta(hours=2)
ANA = a_caller("U0ANA", now=LATER)
MONTHS = [
    Row(2, "rollbacks", "150", "2025-11-01"),
    Row(3, "Rollbacks / day", "~90", "2026-01-01", "counted by hand"),
    Row(4, "invoice coverage", "60%", "2026-01-01 09:30", "", "pde-step-2c"),
    Row(5, "rollbacks", "9+", "2026-03-16T12:30:00.25Z"),
]


async def _current(store: Store, metric: str = "rollbacks") -> str:
    current = (await show_metric(store, ANA, metric)).state.current
    return str(current.value) if current else "none"


async def _version(store: Store) -> int:
    [row] = await all_rows(store, ScorecardRow)
    return row.version


def _told(plan: Plan) -> dict[str, tuple[int, int, int, str, str]]:
    return {
        each.metric.key: (
            each.new,
            each.already_there,
            each.refused,
            str(each.before),
            str(each.after),
        )
        for each in plan.metrics
    }


async def test_a_plan_tells_what_would_change_and_changes_nothing(billing: Store) -> None:
    before = await row_counts(billing)
    plan = await bulk.plan(billing, ANA, None, [*MONTHS, Row(6, "rollbacks", "many", "2026-01-02")])
    assert _told(plan) == {
        "rollbacks": (3, 0, 1, "~12", "9+"),
        "invoice-coverage": (1, 0, 0, "~78", "~78"),
    }
    assert [(each.line, each.metric) for each in plan.refused] == [(6, "rollbacks")]
    assert await row_counts(billing) == before


async def test_all_are_recorded_as_one_change(billing: Store) -> None:
    version, before = await _version(billing), await row_counts(billing)
    steps: list[int] = []
    imported = await record_all(billing, ANA, None, MONTHS, progress=steps.append)
    after = await row_counts(billing)
    assert (after["readings"], after["changes"]) == (before["readings"] + 4, before["changes"] + 1)
    assert await _version(billing) == version + 1
    assert steps[-1] == 4
    assert await _current(billing) == "9+"
    assert imported.snapshot.state("rollbacks").current is not None
    rows = (await all_rows(billing, ReadingRow))[-4:]
    assert [(row.reported_by, row.surface, row.note) for row in rows[:2]] == [
        ("U0ANA", "command", ""),
        ("U0ANA", "command", "counted by hand"),
    ]
    assert (rows[2].milestone_id is not None, rows[3].milestone_id) == (True, None)
    assert rows[3].at == datetime.fromisoformat("2026-03-16T12:30:00.25+00:00")


async def test_what_is_written_in_bulk_reads_like_what_is_recorded_alone(billing: Store) -> None:
    at = NOW - timedelta(days=3, microseconds=1)
    await record(billing, ANA, "rollbacks", a_value("~1234.50"), at=at)
    await record_all(billing, ANA, None, [Row(1, "bad-debt", "~1234.50", at)])
    one, other = (await all_rows(billing, ReadingRow))[-2:]
    same = ("number", "qualifier", "at", "recorded_at", "reported_by", "note", "milestone_id")
    assert [getattr(one, name) for name in same] == [getattr(other, name) for name in same]


async def test_what_is_already_there_is_counted_and_not_doubled(billing: Store) -> None:
    await record_all(billing, ANA, None, MONTHS)
    before = await row_counts(billing)
    another_value = Row(9, "rollbacks", "151", "2025-11-01")
    again = await record_all(billing, ANA, None, MONTHS)
    assert (again.change, again.plan.already_there, list(again.plan.new)) == (None, 4, [])
    assert await row_counts(billing) == before
    more = await record_all(billing, ANA, None, [*MONTHS, another_value, another_value])
    assert (len(more.plan.new), more.plan.already_there) == (1, 5)


async def test_refused_rows_are_named_by_line_and_nothing_is_recorded(billing: Store) -> None:
    before = await row_counts(billing)
    rows = [
        MONTHS[0],
        Row(3, "rolbacks", "1", "2026-01-01"),
        Row(4, "bad-debt", "lots", "2026-01-01"),
        Row(5, "bad-debt", "3", "2026-03-17"),
        Row(6, "bad-debt", "3", "16.03.2026"),
        Row(7, "bad-debt", "3", "2026-01-01", "n" * 2_001),
        Row(8, "bad-debt", "3", "2026-01-01", "", "pde-step-2e"),
        Row(9, "", "3"),
    ]
    with pytest.raises(RowsRefused) as refusal:
        await record_all(billing, ANA, None, rows)
    reasons = {each.line: each.reason for each in refusal.value.refused}
    for line, said in {
        3: "Did you mean rollbacks",
        4: "Type a number such as 12",
        5: "time to come",
        6: "write it as 2026-03-16",
        7: "at most 2000",
        8: "did you mean “pde-step-2",
        9: "The metric is missing",
    }.items():
        assert said in reasons[line]
    assert "line 3:" in refusal.value.message
    assert await row_counts(billing) == before
    skipped = await record_all(billing, ANA, None, rows, skip_refused=True)
    assert (len(skipped.plan.new), len(skipped.plan.refused)) == (1, 7)


async def test_what_is_recorded_as_one_is_undone_as_one_and_back(billing: Store) -> None:
    imported = await record_all(billing, ANA, None, MONTHS)
    await record(billing, ANA, "bad-debt", a_value("1"))
    undone = await undo(billing, ANA, imported.change or 0)
    assert isinstance(undone, Reverted)
    told = {(each.subject, each.what, each.before, each.after) for each in undone.revisions}
    assert ("metric rollbacks", "3 readings taken back", "9+", "~12") in told
    assert (await _current(billing), await _current(billing, "bad-debt")) == ("~12", "1")
    anew = await bulk.plan(billing, ANA, None, MONTHS)
    assert len(anew.new) == 4
    with pytest.raises(AlreadyDone):
        await undo(billing, ANA, imported.change or 0)
    back = await undo(billing, ANA, undone.change)
    assert ("metric rollbacks", "3 readings") in {(e.subject, e.what) for e in back.revisions}  # type: ignore[union-attr]
    assert await _current(billing) == "9+"


@pytest.mark.parametrize(("typed", "is_listed"), [("rollbacks", True), ("bad-debt", False)])
async def test_the_history_of_a_metric_has_what_was_recorded_as_one(
    billing: Store, typed: str, *, is_listed: bool
) -> None:
    imported = await record_all(billing, ANA, None, MONTHS)
    await undo(billing, ANA, imported.change or 0)
    actions = [change.action for change in (await history(billing, ANA, typed)).changes]
    assert actions.count("readings recorded") == is_listed
    assert actions.count("readings withdrawn") == is_listed
    first = (await history(billing, ANA)).changes[1]
    assert (first.is_undone, first.can_undo) == (True, False)


async def test_what_was_recorded_since_the_plan_is_looked_at_again(billing: Store) -> None:
    plan = await bulk.plan(billing, ANA, None, MONTHS)
    await record_all(billing, ANA, None, MONTHS[:2])
    written = await bulk.write(billing, ANA, plan)
    assert (len(written.plan.new), written.plan.already_there) == (2, 2)


async def test_dates_and_times_without_a_zone_are_in_the_scorecards(store: Store) -> None:
    in_new_york = TINY.replace("goal:", "zone: America/New_York\ngoal:")
    await load(store, the_operator(), a_file(in_new_york), channel="C0BILLING")
    typed = ["2025-11-01", "2026-01-01 09:30", "2026-01-01T09:30:00+02:00", ""]
    await record_all(store, ANA, None, [Row(1, "errors", "4", at) for at in typed])
    instants = [row.at.isoformat() for row in await all_rows(store, ReadingRow)]
    assert instants == [
        "2025-11-01T04:00:00+00:00",
        "2026-01-01T14:30:00+00:00",
        "2026-01-01T07:30:00+00:00",
        LATER.isoformat(),
    ]


@billing_on_sqlite
async def test_a_metric_that_was_retired_since_the_plan_stops_it(billing: Store) -> None:
    plan = await bulk.plan(billing, ANA, None, MONTHS)
    await retire_part(billing, the_operator(now=LATER), PartKind.METRIC, "rollbacks")
    before = await row_counts(billing)
    with pytest.raises(NotFound, match="no metric “rollbacks”"):
        await bulk.write(billing, ANA, plan)
    assert await row_counts(billing) == before


async def test_the_goal_is_told_once_however_many_readings_reach_it(store: Store) -> None:
    await load(store, the_operator(), a_file(TINY), channel="C0BILLING")
    rows = [Row(line, "errors", "0", LATER - timedelta(minutes=30 - line)) for line in range(1, 20)]
    await record_all(store, ANA, None, rows)
    assert await owed(store) == [("goal", "reached", "C0BILLING")]


@billing_on_sqlite
@pytest.mark.parametrize(
    ("caller", "refused"),
    [
        (a_caller(channel="C0OTHER"), NotFound),
        (a_caller("U0EXT", standing=Standing.STRANGER), NotAllowed),
    ],
)
async def test_who_may_not_record_neither_sees_a_plan_nor_writes(
    billing: Store, caller: Caller, refused: type[KpiError]
) -> None:
    plan = await bulk.plan(billing, ANA, None, MONTHS)
    count = len(await changes(billing))
    for attempt in (
        bulk.plan(billing, caller, None, MONTHS),
        bulk.write(billing, caller, plan),
    ):
        with pytest.raises(refused):
            await attempt
    assert len(await changes(billing)) == count


@billing_on_sqlite
async def test_rows_of_something_else_altogether_are_refused_as_a_whole(billing: Store) -> None:
    rows = [Row(line, f"column {line}", "1") for line in range(MOST_UNKNOWN + 2)]
    with pytest.raises(TooManyUnknown, match="right file"):
        await bulk.plan(billing, ANA, None, rows)


@billing_on_sqlite
async def test_too_many_rows_are_refused_by_the_line_from_which_on(
    billing: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_ROWS", 3)
    with pytest.raises(RowsRefused, match="line 5: at most 3 rows"):
        await bulk.plan(billing, ANA, None, MONTHS)


@pytest.mark.parametrize("count", [2_500])
async def test_more_than_a_chunk_is_recorded_and_found_again(billing: Store, count: int) -> None:
    def rows() -> Iterable[Row]:
        for number in range(count):
            at = NOW - timedelta(minutes=number)
            yield Row(number, ("rollbacks", "bad-debt")[number % 2], f"{number}.5", at)

    imported = await record_all(billing, ANA, None, rows())
    assert len(imported.plan.new) == count
    again = await bulk.plan(billing, ANA, None, rows())
    assert (len(again.new), again.already_there) == (0, count)
    await undo(billing, ANA, imported.change or 0)
    assert len((await bulk.plan(billing, ANA, None, rows())).new) == count


async def test_what_is_there_is_found_among_many_others_in_between(
    billing: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.bulk.CHUNK", 2)
    rows = [
        Row(number, "rollbacks", f"{number}", NOW - timedelta(hours=number))
        for number in range(1, 20)
    ]
    await record_all(billing, ANA, None, rows)
    others = [rows[0], rows[-1], Row(30, "rollbacks", "5.5", NOW - timedelta(minutes=90))]
    plan = await bulk.plan(billing, ANA, None, others)
    assert (len(plan.new), plan.already_there) == (1, 2)


def _one_a_minute(count: int) -> list[Row]:
    return [
        Row(number, "rollbacks", str(number), NOW - timedelta(minutes=number))
        for number in range(1, count + 1)
    ]


_FULL_DISK = """
    CREATE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER is_full BEFORE INSERT ON readings EXECUTE FUNCTION is_full()
"""


@billing_on_postgresql
async def test_a_full_disk_is_a_failure_of_the_database(billing: Store, billing_url: str) -> None:
    before = await row_counts(billing)
    with psycopg.connect(billing_url) as other:
        other.execute(_FULL_DISK)
    with pytest.raises(OperationalError, match="No space left on device"):
        await record_all(billing, ANA, None, _one_a_minute(10))
    assert await row_counts(billing) == before


@billing_on_postgresql
async def test_postgresql_knows_at_once_how_many_readings_there_are(
    billing: Store, billing_url: str
) -> None:
    await record_all(billing, ANA, None, _one_a_minute(CHUNK))
    there = (await row_counts(billing))["readings"]
    with psycopg.connect(billing_url) as other:
        thought = other.execute("SELECT reltuples FROM pg_class WHERE relname = 'readings'")
        assert thought.fetchone() == (there,), "or what takes milliseconds may take it minutes"

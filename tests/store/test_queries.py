"""What is read back of a scorecard and its readings, and at what cost."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.domain.metrics import WEEK, Metric, Reading, fact_of, in_order, newest
from app.domain.milestones import Milestone
from app.domain.paces import PACE_PERIOD
from app.domain.roadmap import Phase
from app.domain.scorecards import DigestSchedule, Scorecard
from app.store.engine import Store
from app.store.queries import load_scorecard, scorecard_rows
from app.store.readings import deciding_readings, last_readings, newest_facts
from app.store.tables import ScorecardRow
from app.store.writes import held, save_scorecard
from tests.builders import NOW, a_metric, a_milestone, a_phase, a_reading, a_scorecard
from tests.domain.strategies import small_values
from tests.store.builders import save, save_readings, statements_sent

INSTANTS = [NOW, NOW - WEEK, NOW - PACE_PERIOD]


async def _loaded(store: Store, scorecard_id: int) -> Scorecard:
    async with store.reading() as session:
        return await load_scorecard(session, await session.get_one(ScorecardRow, scorecard_id))


# --- a scorecard comes back whole -------------------------------------------

STREAMS = ("pde", "recompute-engine", "domain-events")
texts = st.text("aé–'\"%<&🙂", min_size=1, max_size=12)
days = st.dates(date(2025, 10, 1), date(2027, 1, 1))
some_streams = st.lists(st.sampled_from(STREAMS), unique=True)


@st.composite
def scorecards(draw: st.DrawFn) -> Scorecard:
    """Any scorecard: parts in any number and order, with every kind of tie."""
    milestones = [_any_milestone(draw, f"milestone-{n}") for n in range(draw(st.integers(0, 4)))]
    phases: list[Phase] = []
    for number in range(draw(st.integers(0, 4))):
        phases.append(_any_phase(draw, f"phase-{number}", phases, milestones))
    return a_scorecard(
        name=draw(texts),
        zone=ZoneInfo(draw(st.sampled_from(("UTC", "Asia/Kathmandu", "America/New_York")))),
        digest=DigestSchedule(
            draw(st.integers(0, 6)), draw(st.sampled_from((time(0), time(17, 5))))
        ),
        work_streams=draw(st.permutations(STREAMS)),
        metrics=[_any_metric(draw, f"metric-{n}") for n in range(draw(st.integers(0, 4)))],
        milestones=milestones,
        phases=draw(st.permutations(phases)),
    )


def _any_metric(draw: st.DrawFn, key: str) -> Metric:
    baseline = draw(small_values)
    return a_metric(
        key,
        name=draw(texts),
        unit=draw(st.sampled_from(("", "%", "/ day"))),
        baseline=str(baseline),
        target=f"{baseline.number + 1}",
        target_on=draw(st.none() | days),
        owner=draw(st.none() | st.just("U0ANA")),
        fresh_days=draw(st.integers(1, 90)),
        drivers={stream: draw(texts) for stream in draw(some_streams)},
    )


def _any_milestone(draw: st.DrawFn, key: str) -> Milestone:
    return a_milestone(
        key,
        title=draw(texts),
        shipped_on=draw(st.none() | days),
        due_on=draw(st.none() | days),
        logged_at=draw(st.none() | st.just(NOW)),
        work_streams=draw(some_streams),
    )


def _any_phase(
    draw: st.DrawFn, key: str, phases: Sequence[Phase], milestones: Sequence[Milestone]
) -> Phase:
    return a_phase(
        key,
        window=draw(st.sampled_from(("Q2 2026", "Q4 2026–Q1 2027"))),
        done_on=draw(st.none() | days),
        after=draw(_some_keys(phases)),
        after_milestones=draw(_some_keys(milestones)),
    )


def _some_keys(parts: Sequence[Phase | Milestone]) -> st.SearchStrategy[list[str]]:
    keys = [part.key for part in parts]
    return st.lists(st.sampled_from(keys), unique=True) if keys else st.just([])


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(scorecards())
async def test_a_scorecard_comes_back_as_it_was_saved(store: Store, scorecard: Scorecard) -> None:
    async with store.reading() as session:
        key = f"billing-{len(await scorecard_rows(session))}"
    scorecard = replace(scorecard, key=key)
    scorecard_id = await save(store, scorecard)
    assert await _loaded(store, scorecard_id) == scorecard
    async with store.transaction() as session:
        await save_scorecard(session, await held(session, scorecard_id), scorecard, NOW)
    assert await _loaded(store, scorecard_id) == scorecard


async def test_what_a_later_edition_no_longer_has_is_retired_and_can_come_back(
    store: Store,
) -> None:
    first = a_scorecard(metrics=[a_metric("rollbacks"), a_metric("bad-debt")])
    scorecard_id = await save(store, first)
    await save_readings(store, scorecard_id, [a_reading("9")])
    later = a_scorecard(metrics=[a_metric("bad-debt", name="Debt")])
    async with store.transaction() as session:
        await save_scorecard(session, await held(session, scorecard_id), later, NOW)
    assert await _loaded(store, scorecard_id) == later
    async with store.transaction() as session:
        await save_scorecard(session, await held(session, scorecard_id), first, NOW)
        readings = await deciding_readings(session, scorecard_id, [NOW])
    assert await _loaded(store, scorecard_id) == first
    assert [str(reading.value) for reading in readings["rollbacks"]] == ["9"]


# --- the readings that decide -------------------------------------------------


def _random_readings(seed: int, metrics: Sequence[str]) -> list[Reading]:
    """Readings of which many share an instant, and some an instant that is asked for."""
    draw = random.Random(seed)  # noqa: S311
    hours = [*range(0, 24 * 40, 24), 24 * 28, 24 * 28, 24 * 7, 24 * 7]
    return [
        a_reading(
            str(draw.randint(0, 99)),
            NOW + timedelta(days=2) - timedelta(hours=draw.choice(hours)),
            id=number,
            metric=draw.choice(metrics),
        )
        for number in range(1, draw.randint(2, 60))
    ]


def _deciding(readings: Sequence[Reading], instants: Sequence[datetime]) -> list[Reading]:
    """The same by plain reckoning: the newest up to each instant, the first after it, and the
    newest four up to the last instant.

    Of several at the same instant the last to arrive counts.
    """
    found: set[Reading] = set()
    for instant in instants:
        before = newest(readings, instant)
        after = [reading for reading in readings if reading.at > instant]
        found.update([before] if before else [])
        found.update([min(after, key=lambda reading: (reading.at, -reading.id))] if after else [])
    until_last = [reading for reading in readings if reading.at <= max(instants)]
    found.update(sorted(until_last, key=lambda reading: (reading.at, reading.id))[-4:])
    return sorted(found, key=lambda reading: (reading.at, reading.id))


@pytest.mark.parametrize("seed", range(8))
async def test_deciding_readings_are_those_of_a_plain_reckoning(store: Store, seed: int) -> None:
    keys = ["rollbacks", "bad-debt", "coverage"]
    scorecard_id = await save(store, a_scorecard(metrics=[a_metric(key) for key in keys]))
    readings = _random_readings(seed, keys[:2])
    withdrawn = [reading.id for reading in readings if reading.id % 4 == 0]
    await save_readings(store, scorecard_id, readings, withdrawn)
    async with store.reading() as session:
        found = await deciding_readings(session, scorecard_id, INSTANTS)
    for key in keys:
        counting = [r for r in readings if r.metric == key and r.id not in withdrawn]
        assert found.get(key, []) == _deciding(counting, INSTANTS)


@pytest.mark.parametrize("seed", range(8))
async def test_the_newest_facts_at_many_instants_are_those_of_a_plain_reckoning(
    store: Store, seed: int
) -> None:
    keys = ["rollbacks", "bad-debt"]
    scorecard_id = await save(store, a_scorecard(metrics=[a_metric(key) for key in keys]))
    readings = _random_readings(seed, keys)
    withdrawn = [reading.id for reading in readings if reading.id % 4 == 0]
    await save_readings(store, scorecard_id, readings, withdrawn)
    ends = [NOW - timedelta(days=2 * number) for number in range(25)]
    async with store.reading() as session:
        found = await newest_facts(session, scorecard_id, ends)
        of_one = await newest_facts(session, scorecard_id, ends, metric="bad-debt")
    for key in keys:
        counting = [r for r in readings if r.metric == key and r.id not in withdrawn]
        expected = {fact_of(then) for end in ends if (then := newest(counting, end))}
        assert found.get(key, []) == in_order(expected)
    assert of_one.get("bad-debt") == found.get("bad-debt")
    assert "rollbacks" not in of_one


async def test_a_thousand_instants_are_asked_for_at_once(store: Store) -> None:
    scorecard_id = await save(store, a_scorecard(metrics=[a_metric()]))
    await save_readings(store, scorecard_id, [a_reading("12", id=1), a_reading("9", id=2)])
    ends = [NOW + timedelta(hours=number) for number in range(1_001)]
    async with store.reading() as session:
        found = await newest_facts(session, scorecard_id, ends)
    assert [reading.id for reading in found["rollbacks"]] == [2]


async def test_of_equal_instants_the_reading_that_came_last_is_current(store: Store) -> None:
    scorecard_id = await save(store, a_scorecard(metrics=[a_metric()]))
    readings = [a_reading("12", id=1), a_reading("9", id=2), a_reading("10", id=3)]
    await save_readings(store, scorecard_id, readings, withdrawn=[3])
    async with store.reading() as session:
        known = await deciding_readings(session, scorecard_id, [NOW])
        shown = await last_readings(session, 1, 10)
    assert newest(known["rollbacks"], NOW) == readings[1]
    assert shown == [readings[1], readings[0]]


async def test_another_scorecards_readings_stay_out(store: Store) -> None:
    ours = await save(store, a_scorecard("billing", metrics=[a_metric()]))
    theirs = await save(store, a_scorecard("checkout", metrics=[a_metric()]))
    await save_readings(store, theirs, [a_reading("1")])
    async with store.reading() as session:
        assert await deciding_readings(session, ours, INSTANTS) == {}


# --- what it costs --------------------------------------------------------------


async def _fill(store: Store, metrics: int, readings: int) -> int:
    keys = [f"metric-{number}" for number in range(metrics)]
    scorecard_id = await save(
        store,
        a_scorecard(
            work_streams=["pde"],
            metrics=[a_metric(key, drivers={"pde": "all"}) for key in keys],
            milestones=[a_milestone(f"m{n}", work_streams=["pde"]) for n in range(metrics)],
            phases=[a_phase(f"p{n}", after_milestones=[f"m{n}"]) for n in range(metrics)],
        ),
    )
    written = [
        a_reading("12", NOW - timedelta(hours=number), id=number + 1, metric=keys[number % metrics])
        for number in range(readings)
    ]
    await save_readings(store, scorecard_id, written)
    return scorecard_id


async def _queries_of_a_snapshot(store: Store, scorecard_id: int) -> int:
    with statements_sent() as sent:
        async with store.reading() as session:
            row = await session.get_one(ScorecardRow, scorecard_id)
            await load_scorecard(session, row)
            await deciding_readings(session, scorecard_id, INSTANTS)
    return len(sent)


@pytest.mark.parametrize(("metrics", "readings"), [(5, 10), (50, 5_000)])
async def test_a_snapshot_takes_ten_queries_however_much_there_is(
    store: Store, metrics: int, readings: int
) -> None:
    scorecard_id = await _fill(store, metrics, readings)
    assert await _queries_of_a_snapshot(store, scorecard_id) == 10


async def _plan(store: Store, explain: str, scorecard_id: int) -> str:
    """How the database goes about the query for the readings that decide."""
    async with store.reading() as session:
        with statements_sent() as sent:
            await deciding_readings(session, scorecard_id, INSTANTS)
        connection = await session.connection()
        [(statement, parameters)] = sent
        result = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
        return "\n".join(str(row[-1]) for row in result)


async def test_sqlite_finds_the_newest_reading_in_the_index(sqlite_url: str) -> None:
    async with Store(sqlite_url) as store:
        scorecard_id = await _fill(store, 5, 100)
        plan = await _plan(store, "EXPLAIN QUERY PLAN", scorecard_id)
    assert plan.count("USING COVERING INDEX ix_readings_metric_id_at_id") == 9
    assert "SCAN readings" not in plan
    assert plan.count("TEMP B-TREE FOR ORDER BY") == 1, "only those found are put in order"
    assert "SEARCH readings USING INTEGER PRIMARY KEY" in plan


async def test_postgresql_reads_no_table_of_readings_from_end_to_end(postgresql_url: str) -> None:
    async with Store(postgresql_url) as store:
        scorecard_id = await _fill(store, 5, 5)
        await _add_many_readings(store)
        plan = await _plan(store, "EXPLAIN", scorecard_id)
    assert "Seq Scan on readings" not in plan
    assert "Index" in plan


ADD_MANY_READINGS = """
    INSERT INTO readings
        (id, metric_id, number, qualifier, at, recorded_at, reported_by, surface, note)
    SELECT 100 + n, 1 + n % 5, n, 'exact', now() - n * interval '1 minute', now(), 'U1', 'form', ''
    FROM generate_series(1, 100000) AS n
"""
WITHDRAW_SOME = """
    INSERT INTO withdrawals (reading_id, at, by)
    SELECT 100 + n, now(), 'U1' FROM generate_series(1, 100000, 100) AS n
"""


async def _add_many_readings(store: Store) -> None:
    async with store.transaction() as session:
        connection = await session.connection()
        for statement in (ADD_MANY_READINGS, WITHDRAW_SOME, "ANALYZE"):
            await connection.execute(text(statement))

"""What a process remembers of a scorecard: right at any time, and cheap while nothing changes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from app.domain.metrics import WEEK, Reading
from app.domain.paces import PACE_PERIOD
from app.domain.scorecards import Snapshot, take_snapshot
from app.store.engine import Store
from app.store.memory import Memory
from app.store.tables import ScorecardRow
from app.store.writes import held
from tests.builders import NOW, a_metric, a_reading, a_scorecard
from tests.store.builders import save, save_readings, statements_sent

DAY = timedelta(days=1)


async def _recalled(
    store: Store, scorecard_id: int, now: datetime, memory: Memory | None = None
) -> tuple[Snapshot, int]:
    """The snapshot as remembered, and how many queries it took beside that for the version."""
    async with store.reading() as session:
        row = await session.get_one(ScorecardRow, scorecard_id)
        with statements_sent() as sent:
            scorecard, readings = await (memory or store.memory).recall(session, row, now)
    return take_snapshot(scorecard, readings, now), len(sent)


async def _write(store: Store, scorecard_id: int, readings: Sequence[Reading]) -> None:
    """Readings, and the version raised as every service does."""
    await save_readings(store, scorecard_id, readings)
    async with store.transaction() as session:
        row = await held(session, scorecard_id)
        row.version += 1
        session.add(row)


@pytest.fixture
async def scorecard_id(store: Store) -> int:
    scorecard_id = await save(store, a_scorecard(metrics=[a_metric()]))
    await _write(store, scorecard_id, [a_reading("40", NOW - 3 * DAY, id=1)])
    return scorecard_id


async def test_what_is_remembered_is_not_asked_again(store: Store, scorecard_id: int) -> None:
    first, queries = await _recalled(store, scorecard_id, NOW)
    again, queries_again = await _recalled(store, scorecard_id, NOW + timedelta(hours=1))
    assert (queries, queries_again) == (10, 0)
    assert first.metrics[0].current == again.metrics[0].current


async def test_what_another_process_writes_is_seen_at_once(
    store: Store, scorecard_id: int, database_url: str
) -> None:
    await _recalled(store, scorecard_id, NOW)
    async with Store(database_url) as other:
        await _write(other, scorecard_id, [a_reading("12", NOW - DAY, id=2)])
    snapshot, _ = await _recalled(store, scorecard_id, NOW)
    assert str(snapshot.metrics[0].week.end.value) == "12"  # type: ignore[union-attr]


async def test_time_alone_changes_what_counts(store: Store, scorecard_id: int) -> None:
    """A reading from a time to come becomes current, and the one before leaves the week."""
    await _write(store, scorecard_id, [a_reading("12", NOW + DAY, id=2)])
    now, _ = await _recalled(store, scorecard_id, NOW)
    assert str(now.metrics[0].current.value) == "40"  # type: ignore[union-attr]
    later, queries = await _recalled(store, scorecard_id, NOW + DAY)
    assert str(later.metrics[0].current.value) == "12"  # type: ignore[union-attr]
    assert queries == 1


async def test_memory_says_at_any_time_what_the_database_says(
    store: Store, scorecard_id: int
) -> None:
    days = (-30, -27, -20, -8, -6, -1, 4, 11)
    written = [a_reading(str(n), NOW + n * DAY + DAY * 31, id=40 + n) for n in days]
    await _write(store, scorecard_id, written)
    edges = sorted(
        reading.at + back for reading in written for back in (0 * DAY, WEEK, PACE_PERIOD)
    )
    around = [edge + step for edge in edges for step in (-timedelta(seconds=1), 0 * DAY)]
    for now in (*around, NOW + 50 * DAY, NOW):
        remembered, _ = await _recalled(store, scorecard_id, now)
        fresh, _ = await _recalled(store, scorecard_id, now, Memory())
        assert remembered == fresh

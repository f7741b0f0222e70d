"""Many readings at once, by what each database does fastest, and the way back from that."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, literal
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.imports import Fact
from app.domain.metrics import Reading
from app.domain.values import Qualifier, Value
from app.store.queries import ids_by_key
from app.store.tables import MetricRow, MilestoneRow, ReadingRow, WithdrawalRow
from app.store.types import UtcInstant

Span = tuple[int, int]
"""The ids of readings of one scorecard that were written together, between which no other of its
readings lies: whoever writes to a scorecard holds it."""

Progress = Callable[[int], None]
"""Is told how many rows are done."""

CHUNK = 1_000

_INTO_SQLITE = (
    "INSERT INTO readings (metric_id, number, qualifier, at, recorded_at, reported_by, surface, "
    "note, milestone_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INTO_POSTGRESQL = (
    "COPY readings (metric_id, number, qualifier, at, recorded_at, reported_by, surface, note, "
    "milestone_id) FROM STDIN"
)


async def known_facts(
    session: AsyncSession, scorecard_id: int, instants: Mapping[str, Sequence[datetime]]
) -> dict[str, set[Fact]]:
    """Of each metric, by key, what its readings say that count and are of one of the instants.

    A query for every thousand instants, answered from the index.
    """
    metric_ids = await ids_by_key(session, MetricRow, scorecard_id)
    withdrawn = exists().where(col(WithdrawalRow.reading_id) == col(ReadingRow.id))
    facts: dict[str, set[Fact]] = {}
    for key, wanted in instants.items():
        known = facts.setdefault(key, set())
        for chunk in _chunks(wanted):
            said: Any = select(ReadingRow.at, ReadingRow.number, ReadingRow.qualifier)
            of_chunk = col(ReadingRow.at).in_(chunk)
            query = said.where(ReadingRow.metric_id == metric_ids[key], of_chunk, ~withdrawn)
            known.update(
                (at, Value(number, Qualifier(qualifier)))
                for at, number, qualifier in (await session.exec(query)).all()
            )
    return facts


async def add_many_readings(
    session: AsyncSession,
    scorecard_id: int,
    readings: Sequence[Reading],
    surface: str,
    progress: Progress,
) -> Span:
    """Append readings of a scorecard that is held; those given have no ids yet."""
    metrics = await ids_by_key(session, MetricRow, scorecard_id)
    milestones = await ids_by_key(session, MilestoneRow, scorecard_id)
    before = await _last_id(session)
    connection = await session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    done = 0
    for chunk in _chunks(readings):
        rows = [
            (
                metrics[reading.metric],
                reading.value.number,
                reading.value.qualifier.value,
                reading.at,
                reading.recorded_at,
                reading.reported_by,
                surface,
                reading.note,
                milestones[reading.milestone] if reading.milestone else None,
            )
            for reading in chunk
        ]
        if is_sqlite:
            await connection.exec_driver_sql(_INTO_SQLITE, [_for_sqlite(row) for row in rows])
        else:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            async with driver.cursor() as cursor, cursor.copy(_INTO_POSTGRESQL) as copy:
                for row in rows:
                    await copy.write_row(row)
        done += len(chunk)
        progress(done)
    return before + 1, await _last_id(session)


def _for_sqlite(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The row as `ExactDecimal` and `UtcInstant` keep it there."""
    metric, number, qualifier, at, recorded_at, *rest = row
    return (metric, f"{number:f}", qualifier, _text(at), _text(recorded_at), *rest)


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


async def _last_id(session: AsyncSession) -> int:
    query: Any = select(func.max(ReadingRow.id))
    return (await session.exec(query)).one() or 0


async def let_span_count(
    session: AsyncSession, scorecard_id: int, span: Span, by: str, now: datetime, *, counts: bool
) -> None:
    """Withdraw readings that were written together, or let them count again."""
    first, last = span
    written = (
        select(ReadingRow.id, literal(now, UtcInstant()), literal(by))
        .join(MetricRow, col(MetricRow.id) == col(ReadingRow.metric_id))
        .where(MetricRow.scorecard_id == scorecard_id, col(ReadingRow.id).between(first, last))
    )
    if counts:
        ids = written.with_only_columns(col(ReadingRow.id))
        await session.exec(delete(WithdrawalRow).where(col(WithdrawalRow.reading_id).in_(ids)))
        return
    withdrawn = exists().where(col(WithdrawalRow.reading_id) == col(ReadingRow.id))
    await session.exec(
        insert(WithdrawalRow).from_select(["reading_id", "at", "by"], written.where(~withdrawn))
    )


def _chunks(those: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (those[start : start + CHUNK] for start in range(0, len(those), CHUNK))

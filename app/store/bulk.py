"""Many readings at once, by what each database does fastest, and the way back from that."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, literal
from sqlalchemy import select as sql_select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.imports import Facts
from app.domain.metrics import Reading
from app.domain.values import Qualifier, Value
from app.store.queries import ids_by_key
from app.store.readings import reading_of
from app.store.tables import MetricRow, MilestoneRow, ReadingRow, WithdrawalRow, metadata
from app.store.types import UtcInstant, exact_text, utc_text

Span = tuple[int, int]
"""The ids of readings of one scorecard that were written together, between which no other of its
readings lies: whoever writes to a scorecard holds it."""

Progress = Callable[[int], None]
"""Is told how many rows are done."""

CHUNK = 1_000

_INTO_SQLITE = (
    "INSERT INTO readings (metric_id, number, qualifier, at, recorded_at, reported_by, surface, "
    "note, milestone_id) VALUES "
)
_ONE_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?)"
"""As many as a chunk has in one statement: row by row, as executemany does it, takes longer.
SQLite allows for 32,766 values: https://www.sqlite.org/limits.html#max_variable_number"""
_INTO_POSTGRESQL = (
    "COPY readings (metric_id, number, qualifier, at, recorded_at, reported_by, surface, note, "
    "milestone_id) FROM STDIN"
)
_LOOK_AGAIN = "ANALYZE readings"
"""Until PostgreSQL has looked at a table that has grown many times over, a query that takes
milliseconds may take minutes: https://www.postgresql.org/docs/current/populate.html"""

_Row = tuple[Any, ...]
"""The columns of a reading, as the database keeps them."""


async def known_facts(
    session: AsyncSession, scorecard_id: int, instants: Mapping[str, Sequence[datetime]]
) -> dict[str, Facts]:
    """Of each metric, by key, what its readings say that count and are of one of the instants.

    A query for every thousand instants, or two where many others lie between them, answered from
    the index.
    """
    metric_ids = await ids_by_key(session, MetricRow, scorecard_id)
    facts: dict[str, Facts] = {}
    for key, wanted in instants.items():
        known = facts.setdefault(key, {})
        for chunk in _chunks(sorted(wanted)):
            those = set(chunk)
            for at, number, qualifier in await _said(session, metric_ids[key], chunk):
                if at in those:
                    value = Value(number, Qualifier(qualifier))
                    known[at] = (*known.get(at, ()), value)
    return facts


async def _said(
    session: AsyncSession, metric_id: int, instants: Sequence[datetime]
) -> Sequence[tuple[datetime, Decimal, str]]:
    """What readings of a metric say at these instants, which are sorted, and maybe in between."""
    at = col(ReadingRow.at)
    withdrawn = exists().where(col(WithdrawalRow.reading_id) == col(ReadingRow.id))
    said: Any = select(ReadingRow.at, ReadingRow.number, ReadingRow.qualifier)
    said = said.where(ReadingRow.metric_id == metric_id, ~withdrawn)
    # To name each of the instants takes long, and mostly there is little between them.
    between = said.where(at.between(instants[0], instants[-1])).limit(2 * CHUNK)
    found: Sequence[tuple[datetime, Decimal, str]] = (await session.exec(between)).all()
    if len(found) == 2 * CHUNK:
        found = (await session.exec(said.where(at.in_(instants)))).all()
    return found


async def add_many_readings(
    session: AsyncSession,
    scorecard_id: int,
    readings: Sequence[Reading],
    surface: str,
    progress: Progress,
) -> Span:
    """Append readings of a scorecard that is held; those given have no ids yet."""
    metrics = await ids_by_key(session, MetricRow, scorecard_id)
    milestones: dict[str | None, int | None] = {None: None}
    milestones.update(await ids_by_key(session, MilestoneRow, scorecard_id))
    before = await _last_id(session)
    connection = await session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    number, instant = (exact_text, utc_text) if is_sqlite else (_as_it_is, _as_it_is)
    now = lru_cache(maxsize=1)(instant)  # all were recorded at one
    write = _insert if is_sqlite else _copy
    done = 0
    for chunk in _chunks(readings):
        rows = [
            (
                metrics[metric],
                number(value.number),
                str(value.qualifier),
                instant(at),
                now(recorded_at),
                reported_by,
                surface,
                note,
                milestones[milestone],
            )
            for _, metric, value, at, recorded_at, reported_by, note, milestone in chunk
        ]
        await write(connection, rows)
        done += len(rows)
        progress(done)
    if not is_sqlite and done >= CHUNK:
        await connection.exec_driver_sql(_LOOK_AGAIN)
    return before + 1, await _last_id(session)


async def _insert(connection: AsyncConnection, rows: Sequence[_Row]) -> None:
    statement = _INTO_SQLITE + ", ".join([_ONE_ROW] * len(rows))
    await connection.exec_driver_sql(statement, tuple(chain.from_iterable(rows)))


async def _copy(connection: AsyncConnection, rows: Sequence[_Row]) -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    its_error: Any = connection.dialect.loaded_dbapi.OperationalError
    try:
        async with driver.cursor() as cursor, cursor.copy(_INTO_POSTGRESQL) as copy:
            for row in rows:
                await copy.write_row(row)
    except its_error as error:  # as SQLAlchemy says it, by which it is known everywhere
        raise OperationalError(_INTO_POSTGRESQL, None, error) from error


def _as_it_is(value: Any) -> Any:
    return value


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


async def readings_in_pieces(
    session: AsyncSession, scorecard_id: int
) -> AsyncIterator[Sequence[Reading]]:
    """All readings of a scorecard that count, a few thousand at a time: metric by metric in their
    order, oldest first. Each piece is answered from the index."""
    metrics = select(MetricRow.id, MetricRow.key).where(
        MetricRow.scorecard_id == scorecard_id, col(MetricRow.retired_at).is_(None)
    )
    in_order = metrics.order_by(col(MetricRow.position), col(MetricRow.id))
    for metric_id, key in (await session.exec(in_order)).all():
        last: tuple[datetime, int] | None = None
        while piece := await _piece(session, metric_id, last):
            yield [reading_of(row, key, row.milestone) for row in piece]
            last = (piece[-1].at, piece[-1].id)


async def _piece(
    session: AsyncSession, metric_id: int | None, last: tuple[datetime, int] | None
) -> Sequence[Row[Any]]:
    """The readings of a metric that follow the last one, with the milestones that are there."""
    at, row_id = col(ReadingRow.at), col(ReadingRow.id)
    withdrawn = exists().where(col(WithdrawalRow.reading_id) == row_id)
    columns = metadata.tables["readings"].columns  # whole rows as objects take three times as long
    there = (col(MilestoneRow.id) == col(ReadingRow.milestone_id)) & col(
        MilestoneRow.retired_at
    ).is_(None)
    query: Any = (
        sql_select(*columns, col(MilestoneRow.key).label("milestone"))
        .select_from(ReadingRow)
        .outerjoin(MilestoneRow, there)
        .where(col(ReadingRow.metric_id) == metric_id, ~withdrawn)
        .order_by(at, row_id)
        .limit(CHUNK)
    )
    if last is not None:
        query = query.where(at >= last[0], (at > last[0]) | (row_id > last[1]))
    found: Sequence[Row[Any]] = (await session.exec(query)).all()
    return found

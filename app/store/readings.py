"""Readings in bulk: those that decide, the last ones, those of milestones and over time."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    ScalarSelect,
    exists,
    func,
    literal,
    true,
    union_all,
)
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.metrics import Fact, Known, Reading, in_order
from app.domain.paces import PACE_READINGS
from app.domain.values import Qualifier, Value
from app.store.tables import MetricRow, MilestoneRow, ReadingRow, WithdrawalRow
from app.store.types import UtcInstant, utc_text

_COUNTS = ~exists().where(col(WithdrawalRow.reading_id) == col(ReadingRow.id))
_COLUMNS: Any = (
    ReadingRow.id,
    MetricRow.key,
    ReadingRow.number,
    ReadingRow.qualifier,
    ReadingRow.at,
    ReadingRow.recorded_at,
    ReadingRow.reported_by,
    ReadingRow.note,
    MilestoneRow.key,
)
"""In the order of the fields of a `Reading`, which takes them as they come."""
_QUALIFIERS = {qualifier.value: qualifier for qualifier in Qualifier}
_READINGS: Any = (
    select(*_COLUMNS)
    .join(MetricRow, col(MetricRow.id) == col(ReadingRow.metric_id))
    .outerjoin(MilestoneRow, col(MilestoneRow.id) == col(ReadingRow.milestone_id))
)


async def deciding_readings(
    session: AsyncSession,
    scorecard_id: int,
    instants: Collection[datetime],
    *,
    metric: str | None = None,
) -> dict[str, list[Reading]]:
    """For each metric (or one) the newest reading up to each instant, and the first after it.

    Up to the last of the instants it is the newest four, from which a pace is taken at least. One
    query, answered from the index, however many readings there are.
    """
    wanted = [
        found for instant in instants for found in (_newest_until(instant), _first_after(instant))
    ]
    wanted += [_newest_until(max(instants), skipped) for skipped in range(1, PACE_READINGS)]
    measured = _measured(scorecard_id, metric)
    ids = union_all(*(select(one).select_from(MetricRow).where(*measured) for one in wanted))
    return await _readings(session, col(ReadingRow.id).in_(ids))


async def newest_facts(
    session: AsyncSession,
    scorecard_id: int,
    ends: Collection[datetime],
    *,
    metric: str | None = None,
) -> dict[str, list[Fact]]:
    """For each metric (or one) what its newest reading up to each of many instants says, each
    once, oldest first.

    One query, answered from the index, however many metrics and readings there are.
    """
    await session.flush()
    connection = await session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    query = _newest_at_each(ends, is_sqlite=is_sqlite).where(*_measured(scorecard_id, metric))
    found: dict[str, dict[int, Fact]] = defaultdict(dict)
    for key, row_id, number, qualifier, at in await connection.execute(query):
        found[key][row_id] = Fact(Value(number, _QUALIFIERS[qualifier]), at, row_id)
    return {key: in_order(facts.values()) for key, facts in found.items()}


def _newest_at_each(ends: Collection[datetime], *, is_sqlite: bool) -> Any:
    """The query for what the newest reading of each metric says up to each instant.

    It says to either database that the index is asked at each instant anew: left to choose,
    PostgreSQL reads all readings. With statistics of a table that has since grown many times over
    it takes minutes even so, wherefore these are renewed with many readings at once.
    """
    end = _each_of(ends, is_sqlite=is_sqlite)
    columns: Any = (ReadingRow.id, ReadingRow.number, ReadingRow.qualifier, ReadingRow.at)
    newest: Any = (
        select(*columns)
        .where(col(ReadingRow.metric_id) == col(MetricRow.id), col(ReadingRow.at) <= end.c.at)
        .where(_COUNTS)
        .order_by(col(ReadingRow.at).desc(), col(ReadingRow.id).desc())
        .limit(1)
        .correlate(MetricRow, end)
    )
    if is_sqlite:  # which knows no LATERAL
        newest_id = newest.with_only_columns(col(ReadingRow.id)).scalar_subquery()
        query = select(MetricRow.key, *columns).select_from(MetricRow).join(end, true())
        return query.join(ReadingRow, col(ReadingRow.id) == newest_id)
    then = newest.lateral()
    query = select(MetricRow.key, *then.c).select_from(MetricRow).join(end, true())
    return query.join(then, true())


def _each_of(instants: Collection[datetime], *, is_sqlite: bool) -> Any:
    """A table of instants, in its column `at`."""
    if is_sqlite:
        texts = json.dumps([utc_text(each) for each in instants])
        each: Any = select(func.json_each(texts).table_valued("value").c.value.label("at"))
    else:
        each = select(func.unnest(literal(list(instants), ARRAY(UtcInstant))).label("at"))
    return each.subquery()


def _measured(scorecard_id: int, metric: str | None) -> list[ColumnElement[bool]]:
    """The metrics of a scorecard that aren't retired, or one of them."""
    one = [] if metric is None else [col(MetricRow.key) == metric]
    return [col(MetricRow.scorecard_id) == scorecard_id, col(MetricRow.retired_at).is_(None), *one]


def _newest_until(instant: datetime, skipped: int = 0) -> ScalarSelect[int]:
    at, row_id = col(ReadingRow.at), col(ReadingRow.id)
    return _one_reading(at <= instant, at.desc(), row_id.desc(), skipped=skipped)


def _first_after(instant: datetime) -> ScalarSelect[int]:
    at, row_id = col(ReadingRow.at), col(ReadingRow.id)
    return _one_reading(at > instant, at.asc(), row_id.desc())


def _one_reading(
    condition: ColumnElement[bool], *order: ColumnElement[Any], skipped: int = 0
) -> ScalarSelect[int]:
    query: Any = (
        select(ReadingRow.id)
        .where(col(ReadingRow.metric_id) == col(MetricRow.id), condition, _COUNTS)
        .order_by(*order)
        .offset(skipped)
        .limit(1)
        .correlate(MetricRow)
    )
    found: ScalarSelect[int] = query.scalar_subquery()
    return found


async def last_readings(
    session: AsyncSession, metric_id: int, most: int, *conditions: ColumnElement[bool]
) -> list[Reading]:
    """The newest readings of a metric, newest first; of those that meet conditions, if given."""
    newest = (
        select(ReadingRow.id)
        .where(col(ReadingRow.metric_id) == metric_id, _COUNTS, *conditions)
        .order_by(col(ReadingRow.at).desc(), col(ReadingRow.id).desc())
        .limit(most)
    )
    by_metric = await _readings(session, col(ReadingRow.id).in_(newest))
    return [reading for readings in by_metric.values() for reading in reversed(readings)]


async def readings_over_time(
    session: AsyncSession, metric_id: int, since: datetime, most: int
) -> tuple[list[Reading], bool]:
    """A metric's readings since an instant, oldest first, and whether those are all.

    Of more than `most`, those that counted at so many instants spread evenly from the first
    to the last. Three queries at most, each answered from the index.
    """
    at = col(ReadingRow.at)
    newest = await last_readings(session, metric_id, most + 1, at > since)
    if len(newest) <= most:
        return newest[::-1], True
    of_metric = (col(ReadingRow.metric_id) == metric_id, _COUNTS)
    first_at = select(at).where(*of_metric, at > since).order_by(at).limit(1)
    first, last = (await session.exec(first_at)).one(), newest[0].at
    step = (last - first) / (most - 1)
    instants = [*(first + step * number for number in range(most - 1)), last]
    instant = union_all(
        *(select(literal(each, UtcInstant).label("at")) for each in instants)
    ).subquery()
    counted: Any = (
        select(ReadingRow.id)
        .where(*of_metric, at <= instant.c.at)
        .order_by(at.desc(), col(ReadingRow.id).desc())
        .limit(1)
        .correlate(instant)
        .scalar_subquery()
    )
    chosen = await _readings(session, col(ReadingRow.id).in_(select(counted).select_from(instant)))
    return [reading for readings in chosen.values() for reading in readings], False


async def all_readings_over_time(
    session: AsyncSession, scorecard_id: int, instants: Collection[datetime]
) -> dict[str, tuple[Sequence[Known], bool]]:
    """For each metric its readings until the last instant, oldest first, and whether those are all.

    Of more than there are instants, those that counted at each. Three queries, each answered from
    the index, however many metrics and readings there are.
    """
    last = max(instants)
    beyond = _newest_until(last, skipped=len(instants))
    query: Any = select(MetricRow.id, MetricRow.key, beyond).select_from(MetricRow)
    rows = (await session.exec(query.where(*_measured(scorecard_id, None)))).all()
    few = [metric_id for metric_id, _, one_more in rows if one_more is None]
    whole = await _readings(session, col(ReadingRow.metric_id).in_(few), col(ReadingRow.at) <= last)
    thinned = await newest_facts(session, scorecard_id, instants)
    return {
        key: (whole.get(key, []), True) if one_more is None else (thinned[key], False)
        for _, key, one_more in rows
    }


async def readings_with_milestones(
    session: AsyncSession, scorecard_id: int, milestones: Collection[str]
) -> list[tuple[Reading, Value | None]]:
    """What milestones moved: each reading they caused, with the value before it, if any."""
    caused = await _readings(
        session,
        col(MilestoneRow.scorecard_id) == scorecard_id,
        col(MilestoneRow.key).in_(milestones),
    )
    readings = [reading for of_metric in caused.values() for reading in of_metric]
    before = await _those_before(session, [reading.id for reading in readings])
    values = {reading_id: reading.value for reading_id, reading in before.items()}
    return [(reading, values.get(reading.id)) for reading in readings]


async def readings_by_id(
    session: AsyncSession, ids: Collection[int]
) -> dict[int, tuple[Reading, Reading | None]]:
    """Those of these readings that count, each with the one that counted just before it."""
    found = await _readings(session, col(ReadingRow.id).in_(ids))
    before = await _those_before(session, ids)
    readings = [reading for of_metric in found.values() for reading in of_metric]
    return {reading.id: (reading, before.get(reading.id)) for reading in readings}


async def reading_as_recorded(
    session: AsyncSession, reading_id: int | None
) -> tuple[Reading | None, bool]:
    """One reading, and whether it still counts; without an id it is the baseline, which does."""
    if reading_id is None:
        return None, True
    found = await session.exec(_READINGS.where(col(ReadingRow.id) == reading_id))
    row_id, metric, number, qualifier, *rest = found.one()
    reading = Reading(row_id, metric, Value(number, _QUALIFIERS[qualifier]), *rest)
    is_withdrawn = await session.get(WithdrawalRow, reading_id) is not None
    return reading, not is_withdrawn


async def _those_before(session: AsyncSession, ids: Collection[int]) -> dict[int, Reading]:
    """For each of these readings the one that counted just before it."""
    later = ReadingRow.__table__.alias("later")  # type: ignore[attr-defined]
    before = (
        select(ReadingRow.id)
        .where(
            col(ReadingRow.metric_id) == later.c.metric_id,
            (col(ReadingRow.at) < later.c.at)
            | ((col(ReadingRow.at) == later.c.at) & (col(ReadingRow.id) < later.c.id)),
            _COUNTS,
        )
        .order_by(col(ReadingRow.at).desc(), col(ReadingRow.id).desc())
        .limit(1)
        .correlate(later)
        .scalar_subquery()
    )
    pairs: Any = select(later.c.id, before).where(later.c.id.in_(ids))
    before_ids = dict((await session.exec(pairs)).all())
    found = await _readings(session, col(ReadingRow.id).in_(set(before_ids.values())))
    readings = {reading.id: reading for group in found.values() for reading in group}
    return {
        reading_id: readings[before_id]
        for reading_id, before_id in before_ids.items()
        if before_id is not None
    }


async def _readings(
    session: AsyncSession, *conditions: ColumnElement[bool]
) -> dict[str, list[Reading]]:
    """Readings that count, by the key of their metric, oldest first."""
    query: Any = _READINGS.where(*conditions, _COUNTS)
    query = query.order_by(col(ReadingRow.at), col(ReadingRow.id))
    readings: dict[str, list[Reading]] = defaultdict(list)
    # The session would look whether each of maybe fifty thousand rows is an object of its own.
    await session.flush()
    rows = await (await session.connection()).execute(query)
    for row_id, metric, number, qualifier, *rest in rows.all():
        value = Value(number, _QUALIFIERS[qualifier])
        readings[metric].append(Reading(row_id, metric, value, *rest))
    return readings


def reading_of(row: Row[Any], metric: str, milestone: str | None) -> Reading:
    """A reading from columns named as those of its table."""
    return Reading(
        id=row.id,
        metric=metric,
        value=Value(row.number, _QUALIFIERS[row.qualifier]),
        at=row.at,
        recorded_at=row.recorded_at,
        reported_by=row.reported_by,
        note=row.note,
        milestone=milestone,
    )

"""Sources as rows: what a metric is fed by, and how that goes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.scorecards import Scorecard
from app.domain.sources import (
    Question,
    Rhythm,
    Source,
    SourceKind,
    SourceState,
    due_after,
    parse_rhythm,
)
from app.store.tables import MetricRow, SourceRow


async def sources_of(session: AsyncSession, scorecard_id: int | None) -> dict[str, Source]:
    """The sources of a scorecard, by the key of their metric."""
    return {key: _source(row) for key, row in await _rows(session, scorecard_id)}


async def source_states(session: AsyncSession, scorecard_id: int) -> dict[str, SourceState]:
    """How it goes with the sources of a scorecard, by the key of their metric."""
    return {key: state_of(row) for key, row in await _rows(session, scorecard_id)}


async def _rows(session: AsyncSession, scorecard_id: int | None) -> list[tuple[str, SourceRow]]:
    query: Any = (
        select(MetricRow.key, SourceRow)
        .join(MetricRow, col(MetricRow.id) == SourceRow.metric_id)
        .where(MetricRow.scorecard_id == scorecard_id)
    )
    return list((await session.exec(query)).all())


def _source(row: SourceRow) -> Source:
    return Source(question_of(row), parse_rhythm(row.every))


def question_of(row: SourceRow) -> Question:
    return Question(SourceKind(row.kind), row.place, row.query, row.times, row.headers)


def state_of(row: SourceRow) -> SourceState:
    return SourceState(row.asked_at, row.number, row.failures, row.failing_since, row.reason)


def put_state(row: SourceRow, every: Rhythm, state: SourceState, zone: ZoneInfo) -> None:
    """Write how it went into the row, and when it is due again."""
    row.asked_at, row.number = state.asked_at, state.number
    row.failures, row.failing_since, row.reason = state.failures, state.failing_since, state.reason
    row.due_at = due_after(every, state, zone) or row.due_at


async def save_sources(
    session: AsyncSession, scorecard: Scorecard, metric_ids: Mapping[str, int], now: datetime
) -> None:
    """Write what each metric of a scorecard is fed by.

    Another question is due at once, and what is known of the one before doesn't count for it. A
    metric that has no source any more, or was retired, isn't asked for again.
    """
    # Held, so that nobody claims the question that is being replaced.
    theirs = col(SourceRow.metric_id).in_(metric_ids.values())
    query = select(SourceRow).where(theirs).with_for_update()
    known = {row.metric_id: row for row in (await session.exec(query)).all()}
    for metric in scorecard.metrics:
        if metric.source is not None:
            metric_id = metric_ids[metric.key]
            row = known.pop(metric_id, None) or _new(metric_id, metric.source, now)
            _put(row, metric.source, scorecard.zone, now)
            session.add(row)
    for row in known.values():
        await session.delete(row)
    await session.flush()


def _new(metric_id: int, source: Source, now: datetime) -> SourceRow:
    columns = _columns(source.question)
    return SourceRow(metric_id=metric_id, every=str(source.every), due_at=now, **columns)


def _put(row: SourceRow, source: Source, zone: ZoneInfo, now: datetime) -> None:
    if question_of(row) != source.question:
        row.sqlmodel_update({**_columns(source.question), **_NEVER_ASKED, "due_at": now})
    row.every = str(source.every)
    put_state(row, source.every, state_of(row), zone)


def _columns(question: Question) -> dict[str, Any]:
    return {
        "kind": question.kind.value,
        "place": question.place,
        "query": question.query,
        "times": question.times,
        "headers": dict(question.headers),
    }


_NEVER_ASKED: dict[str, Any] = {
    "asked_at": None,
    "number": None,
    "failures": 0,
    "failing_since": None,
    "reason": "",
    "claimed_by": None,
    "leased_until": None,
}

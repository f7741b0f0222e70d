"""Asking the sources that metrics are fed by: claimed by a lease, and what comes of it recorded."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import product
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import measures
from app.domain.access import is_group
from app.domain.errors import AlreadyDone, BadInput
from app.domain.feeds import is_to_record
from app.domain.metrics import Metric
from app.domain.outcomes import FailingSource
from app.domain.scorecards import Scorecard, take_snapshot
from app.domain.sources import FAILING_FROM, Question, SourceFailure, SourceKind, SourceState
from app.domain.values import Value
from app.services.callers import SOURCE, Caller, Right, Surface, demand
from app.services.deliveries import Delivery, Kind, enqueue
from app.services.readings import after_readings, append, before_readings
from app.services.scorecards import meant
from app.store.engine import Store
from app.store.queries import ids_by_key, load_scorecard
from app.store.sources import put_state, question_of, state_of
from app.store.tables import MetricRow, ScorecardRow, SourceRow
from app.store.writes import held, needed_id

Ask = Callable[[Question], Awaitable[Decimal]]
"""Asks a question; raises `SourceFailure` where there is no number."""

LEASE = timedelta(minutes=2)
"""Longer than any source is waited for; after it another process may ask."""


ASK_SECONDS = 0.5 * LEASE.total_seconds()
"""At most, with the time that a source waits for its turn."""

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """How asking a source ended."""

    ANSWERED = "answered"
    FAILED = "failed"


for _kind, _outcome in product(SourceKind, Outcome):
    measures.SOURCES.labels(_kind, _outcome)


@dataclass(frozen=True, slots=True)
class Claim:
    """A source that this process alone asks, until the lease ends; `metric` is a key."""

    metric_id: int
    scorecard_id: int
    metric: str
    question: Question
    leased_until: datetime


async def claim_due(store: Store, worker: str, now: datetime, *, most: int) -> list[Claim]:
    """Take sources that are due, so that no other process asks them while the lease runs."""
    async with store.transaction() as session:
        return await _claimed(session, worker, now, most, col(SourceRow.due_at) <= now)


async def _claimed(
    session: AsyncSession, worker: str, now: datetime, most: int, *which: ColumnElement[bool]
) -> list[Claim]:
    query: Any = (
        select(SourceRow, MetricRow.key, MetricRow.scorecard_id)
        .join(MetricRow, col(MetricRow.id) == SourceRow.metric_id)
        .join(ScorecardRow, col(ScorecardRow.id) == MetricRow.scorecard_id)
        .where(*which, _is_free(now), col(ScorecardRow.retired_at).is_(None))
        .order_by(col(SourceRow.due_at), col(SourceRow.metric_id))
        .limit(most)
        .with_for_update(skip_locked=True, of=SourceRow)
    )
    leased_until = now + LEASE
    claims = []
    for row, metric, scorecard_id in (await session.exec(query)).all():
        row.claimed_by, row.leased_until = worker, leased_until
        session.add(row)
        claims.append(Claim(row.metric_id, scorecard_id, metric, question_of(row), leased_until))
    return claims


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(col(SourceRow.leased_until).is_(None), col(SourceRow.leased_until) <= now)


async def next_due(store: Store) -> datetime | None:
    """When the next source is due, or the lease of one ends that is being asked."""
    due = func.coalesce(SourceRow.leased_until, SourceRow.due_at)
    query: Any = (
        select(func.min(due))
        .join(MetricRow, col(MetricRow.id) == SourceRow.metric_id)
        .join(ScorecardRow, col(ScorecardRow.id) == MetricRow.scorecard_id)
        .where(col(ScorecardRow.retired_at).is_(None))
    )
    async with store.reading() as session:
        found: datetime | None = (await session.exec(query)).one()
    return found


async def give_back_all(store: Store, worker: str) -> int:
    """Give back what a worker that stops has claimed and not finished; gives how many."""
    async with store.transaction() as session:
        given_back = await session.exec(
            update(SourceRow)
            .where(col(SourceRow.claimed_by) == worker, col(SourceRow.leased_until).is_not(None))
            .values(leased_until=None, claimed_by=None)
        )
    return given_back.rowcount


# --- what comes of it ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fed:
    """What came of asking a source: its number, or the reason for which there is none.

    `change` is the one to undo it by, where the number became a reading.
    """

    number: Decimal | None
    reason: str = ""
    change: int | None = None


async def feed(
    store: Store, claim: Claim, ask: Ask, worker: str, clock: Callable[[], datetime]
) -> Fed:
    """Ask a source that this process has claimed, and write down what comes of it."""
    began, number, reason = monotonic(), None, ""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            number = await ask(claim.question)
    except SourceFailure as failure:
        reason = failure.message
    except TimeoutError:
        reason = "It wasn't its turn in time: too many sources are slow."
    except Exception:
        log.exception("the source of %s could not be asked", claim.metric)
        reason = "The bot could not ask it; its log says why."
    outcome = Outcome.FAILED if number is None else Outcome.ANSWERED
    kind, seconds = claim.question.kind, monotonic() - began
    measures.SOURCES.labels(kind, outcome).inc()
    measures.SOURCE_SECONDS.labels(kind).observe(seconds)
    log.info("source of %s (%s): %s in %.1f s", claim.metric, kind, outcome, seconds)
    if number is None:
        await failed(store, claim, worker, reason, clock())
        return Fed(None, reason)
    return Fed(number, "", await answered(store, claim, worker, number, clock()))


async def answered(
    store: Store, claim: Claim, worker: str, number: Decimal, now: datetime
) -> int | None:
    """Take the number that a source gave; gives the change if it became a reading.

    That is so where `is_to_record` says it, and then all follows that follows a reading. What was
    asked is forgotten where the lease is over, or the source another one by now.
    """
    caller = Caller(SOURCE, Surface.SOURCE, now)
    async with store.transaction() as session:
        row, source = await _still_claimed(session, claim, worker)
        if source is None:
            return None
        scorecard = await load_scorecard(session, row)
        known = state_of(source)
        _end(
            session,
            row,
            source,
            scorecard.metrics_by_key[claim.metric],
            known.answered(number, now),
        )
        before = await before_readings(session, row, caller, scorecard)
        stood = before.state(claim.metric)
        if not is_to_record(number, known.number, stood.current, now, scorecard.zone):
            return None
        _, change = await append(session, claim.scorecard_id, caller, stood, Value(number), at=now)
        await after_readings(session, row, caller, scorecard, before)
        return change


async def failed(store: Store, claim: Claim, worker: str, reason: str, now: datetime) -> None:
    """Take note that a source gave no number.

    When it fails for the second time in a row, those whom it concerns are owed a message: the
    metric's owner, or the scorecard's. They aren't told again until it has worked.
    """
    async with store.transaction() as session:
        row, source = await _still_claimed(session, claim, worker)
        if source is None:
            return
        scorecard = await load_scorecard(session, row)
        metric = scorecard.metrics_by_key[claim.metric]
        state = state_of(source).failed(reason, now)
        _end(session, row, source, metric, state)
        if state.failures == FAILING_FROM:
            for person in people_to_tell(scorecard, metric):
                subject = f"{person} {claim.metric_id} {now.timestamp():.0f}"
                await enqueue(
                    session, claim.scorecard_id, Kind.SOURCE, subject, channel=person, now=now
                )


async def _still_claimed(
    session: AsyncSession, claim: Claim, worker: str
) -> tuple[ScorecardRow, SourceRow | None]:
    """The scorecard, held, and the source, unless what was asked of it is of no use any more."""
    row = await held(session, claim.scorecard_id)
    query = (
        select(SourceRow)
        .where(
            SourceRow.metric_id == claim.metric_id,
            SourceRow.claimed_by == worker,
            SourceRow.leased_until == claim.leased_until,
        )
        .with_for_update()
    )
    source = (await session.exec(query)).first()
    return row, source if row.retired_at is None else None


def _end(
    session: AsyncSession, row: ScorecardRow, source: SourceRow, metric: Metric, state: SourceState
) -> None:
    """Write how a source was asked. Screens show it, so the scorecard is another one now."""
    if metric.source is not None:
        put_state(source, metric.source.every, state, ZoneInfo(row.zone))
    source.claimed_by = source.leased_until = None
    row.version += 1
    session.add_all((source, row))


def people_to_tell(scorecard: Scorecard, metric: Metric) -> tuple[str, ...]:
    """Who hears that a metric's source fails: its owner, or else the scorecard's."""
    if metric.owner is not None:
        return (metric.owner,)
    return tuple(owner for owner in scorecard.access.owners if not is_group(owner))


async def owed_failure(store: Store, delivery: Delivery, now: datetime) -> FailingSource | None:
    """What a person is to be told of a source; None if it works again, or isn't there any more."""
    person, metric_id, _ = delivery.subject.split(" ")
    async with store.reading() as session:
        scorecard_row = await session.get_one(ScorecardRow, delivery.scorecard_id)
        row = await session.get(SourceRow, int(metric_id))
        state = state_of(row) if row is not None else SourceState()
        if scorecard_row.retired_at is not None or not state.is_failing:
            return None
        scorecard = await load_scorecard(session, scorecard_row)
        ids = await ids_by_key(session, MetricRow, delivery.scorecard_id)
    key = next(key for key, found in ids.items() if found == int(metric_id))
    snapshot = take_snapshot(scorecard, {}, now, sources={key: state})
    return FailingSource(snapshot, snapshot.state(key), person)


# --- asked by a person ------------------------------------------------------------------


async def source_to_try(
    store: Store, caller: Caller, typed: str, *, key: str | None = None
) -> tuple[Metric, Question]:
    """A metric and what its source is asked; raises `BadInput` if it has none, `NotAllowed`."""
    async with store.reading() as session:
        listed = await meant(session, store, caller, key)
        demand(caller, Right.EDIT, listed)
        scorecard, _ = await store.memory.recall(session, listed, caller.now)
    metric = scorecard.metric(typed)
    if metric.source is None:
        raise BadInput(
            f"{metric.name} has no source: /kpi setup, Metrics, Source gives it one.",
            field="metric",
        )
    return metric, metric.source.question


async def claim_now(
    store: Store, caller: Caller, worker: str, metric: Metric, *, key: str | None = None
) -> Claim:
    """Take a metric's source, due or not; raises `AlreadyDone` while another process asks it."""
    async with store.transaction() as session:
        row = await held(session, (await meant(session, store, caller, key)).id)
        demand(caller, Right.EDIT, row)
        ids = await ids_by_key(session, MetricRow, needed_id(row.id))
        one = col(SourceRow.metric_id) == ids[metric.key]
        claims = await _claimed(session, worker, caller.now, 1, one)
    if not claims:
        raise AlreadyDone(f"The source of {metric.name} is being asked already. Try again soon.")
    return claims[0]

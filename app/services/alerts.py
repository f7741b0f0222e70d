"""Alerts: raised and cleared in the transaction of a metric's step, or when it has gone stale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.alerts import (
    AlertKind,
    Footing,
    Place,
    Standing,
    decide,
    due_at,
    is_direct,
    went_stale,
)
from app.domain.metrics import Metric, Reading, newest
from app.domain.prospects import looked_at, together
from app.domain.scorecards import MetricState, Scorecard, Snapshot
from app.domain.usual import usual
from app.services.deliveries import Kind, State, enqueue
from app.store.engine import Store
from app.store.memory import Readings, deciding_now
from app.store.queries import Listed, ids_by_key, load_scorecard
from app.store.readings import newest_facts
from app.store.tables import AlertRow, DeliveryRow, MetricRow, MuteRow, ScorecardRow
from app.store.writes import held, needed_id


@dataclass(frozen=True, slots=True)
class _Alert:
    """An alert to be raised; `is_news` if somebody is to be told of it."""

    metric: Metric
    kind: AlertKind
    before: Reading | None
    reading: Reading | None
    is_news: bool


async def follow(
    session: AsyncSession,
    row: ScorecardRow,
    before: Snapshot,
    after: Snapshot,
    readings: Readings,
    *,
    is_bulk: bool = False,
) -> None:
    """Raise and clear alerts for the step that a transaction makes of each metric.

    `readings` are those that decide after it. Only a reading is news, and a fresh one: what an edit
    makes of a target, or a reading that is old when it comes, is noted and told to nobody. The
    first reading of a metric that comes in bulk is where its history begins.
    """
    standing = await _standing(session, needed_id(row.id))
    earlier = {state.metric.key: state for state in before.metrics}
    unusual = await _unusual(session, needed_id(row.id), earlier, after, readings)
    for state in after.metrics:
        metric, known = state.metric, earlier.get(state.metric.key)
        was, stand = (known.current if known else None), standing.get(metric.key, ())
        decision = decide(
            Footing.of(known.metric if known else metric, was, after.as_of),
            Footing.of(metric, state.current, after.as_of, is_unusual=unusual.get(metric.key)),
            [alert for alert, _ in stand],
        )
        _clear(session, [each for alert, each in stand if alert.kind in decision.cleared], after)
        is_news = _is_news(was, state) and not (is_bulk and was is None)
        for kind in decision.raised:
            alert = _Alert(metric, kind, was, state.current, is_news)
            await _raise(session, row, after, alert)


def _is_news(was: Reading | None, state: MetricState) -> bool:
    """Whether a reading made the step: one that is taken back, or one that came and is fresh."""
    now = state.current
    if now is None or (was is not None and was.id == now.id):
        return False
    is_new = was is None or now.id > was.id
    return not (is_new and state.is_stale)


async def _unusual(
    session: AsyncSession,
    scorecard_id: int,
    earlier: Mapping[str, MetricState],
    after: Snapshot,
    readings: Readings,
) -> dict[str, bool]:
    """Whether the metrics that have another reading now have moved more than usual, if anybody is
    to be told."""
    if after.scorecard.alerts.unusual is Place.NOWHERE:
        return {}
    moved = [
        state.metric.key
        for state in after.metrics
        if (known := earlier.get(state.metric.key)) is not None and known.current != state.current
    ]
    if not moved:
        return {}
    one = moved[0] if len(moved) == 1 else None
    weekly = await newest_facts(session, scorecard_id, looked_at(after.as_of), metric=one)
    known_readings = together(weekly, readings)
    found = {key: usual(known_readings.get(key, ()), after.as_of) for key in moved}
    return {key: each is not None and each.is_exceeded for key, each in found.items()}


async def _standing(
    session: AsyncSession, scorecard_id: int
) -> dict[str, list[tuple[Standing, AlertRow]]]:
    """The alerts that stand, oldest first, by the key of their metric.

    One of which an attempt was made counts as told: it may stand in Slack.
    """
    query: Any = (
        select(MetricRow.key, AlertRow, DeliveryRow.attempts)
        .join(MetricRow, col(MetricRow.id) == AlertRow.metric_id)
        .outerjoin(DeliveryRow, col(DeliveryRow.id) == AlertRow.delivery_id)
        .where(MetricRow.scorecard_id == scorecard_id, col(AlertRow.cleared_at).is_(None))
        .order_by(col(AlertRow.id))
    )
    found: dict[str, list[tuple[Standing, AlertRow]]] = {}
    for key, alert, attempts in (await session.exec(query)).all():
        stands = Standing(AlertKind(alert.kind), attempts is None or attempts > 0)
        found.setdefault(key, []).append((stands, alert))
    return found


def _clear(session: AsyncSession, alerts: Sequence[AlertRow], after: Snapshot) -> None:
    for alert in alerts:
        alert.cleared_at = after.as_of
        session.add(alert)


async def _raise(
    session: AsyncSession, row: ScorecardRow, snapshot: Snapshot, alert: _Alert
) -> None:
    """Write an alert and, where somebody is to be told, owe the message that tells it."""
    scorecard, now = snapshot.scorecard, snapshot.as_of
    metric_id = (await ids_by_key(session, MetricRow, needed_id(row.id)))[alert.metric.key]
    new = AlertRow(
        metric_id=metric_id,
        kind=alert.kind.value,
        raised_at=now,
        reading_id=alert.reading.id if alert.reading else None,
        before_id=alert.before.id if alert.before else None,
    )
    session.add(new)
    await session.flush()
    address = scorecard.alerts.address(alert.kind, alert.metric)
    if not alert.is_news or address is None:
        return
    channel = address if is_direct(address) else scorecard.channel
    if channel is None or await _is_muted(session, metric_id, now):
        return
    last_told = await _last_told(session, metric_id, alert.kind)
    earliest, due = due_at(scorecard.alerts, scorecard.zone, now, last_told)
    kind = Kind.DIRECT_ALERT if is_direct(address) else Kind.ALERT
    new.delivery_id = await _waiting(
        session, needed_id(row.id), kind, address, earliest=earliest, due=due
    ) or await enqueue(
        session,
        needed_id(row.id),
        kind,
        f"{address} {new.id}",
        channel=channel,
        now=now,
        due=due,
    )
    session.add(new)


async def _waiting(
    session: AsyncSession,
    scorecard_id: int,
    kind: Kind,
    address: str,
    *,
    earliest: datetime,
    due: datetime,
) -> int | None:
    """A message to an address that goes out in time and that nobody has begun to send: held, so
    that nobody does before it has one alert more."""
    query = (
        select(DeliveryRow.id)
        .where(
            DeliveryRow.scorecard_id == scorecard_id,
            DeliveryRow.kind == kind.value,
            col(DeliveryRow.subject).startswith(f"{address} "),
            DeliveryRow.state == State.WAITING.value,
            DeliveryRow.attempts == 0,
            col(DeliveryRow.next_attempt_at).between(earliest, due),
        )
        .order_by(col(DeliveryRow.next_attempt_at))
        .limit(1)
        .with_for_update()
    )
    return (await session.exec(query)).first()


async def _last_told(session: AsyncSession, metric_id: int, kind: AlertKind) -> datetime | None:
    """When an alert of this kind was last told of a metric."""
    query: Any = (
        select(func.max(DeliveryRow.delivered_at))
        .join(AlertRow, col(AlertRow.delivery_id) == DeliveryRow.id)
        .where(AlertRow.metric_id == metric_id, AlertRow.kind == kind.value)
    )
    told: datetime | None = (await session.exec(query)).one()
    return told


async def _is_muted(session: AsyncSession, metric_id: int, now: datetime) -> bool:
    muted = await session.get(MuteRow, metric_id)
    return muted is not None and muted.until > now


# --- stale ------------------------------------------------------------------------


async def claim_stale(store: Store, now: datetime) -> int:
    """Raise an alert for each metric that has gone stale since; gives how many.

    That is found out from the readings, so a minute or a month too late are the same to it, and
    whoever comes second finds the alert standing.
    """
    async with store.reading() as session:
        listed = await store.listing.read(session)
        found = [row.id for row in listed if await _has_stale(session, store, row, now)]
    return sum([await _raise_stale(store, scorecard_id, now) for scorecard_id in found])


async def _has_stale(session: AsyncSession, store: Store, row: Listed, now: datetime) -> bool:
    """Whether a scorecard has a metric that is stale and of which no alert says so."""
    scorecard, readings = await store.memory.recall(session, row, now)
    if scorecard.alerts.stale is Place.NOWHERE:
        return False
    stale = {metric.key for metric, _ in _stale(scorecard, readings, now)}
    if not stale:
        return False
    standing = await _standing(session, row.id)
    return any(not _says_stale(standing.get(key, ())) for key in stale)


def _stale(scorecard: Scorecard, readings: Readings, now: datetime) -> list[tuple[Metric, Reading]]:
    currents = [(each, newest(readings.get(each.key, ()), now)) for each in scorecard.metrics]
    return [
        (metric, current)
        for metric, current in currents
        if current is not None and Footing.of(metric, current, now).is_stale
    ]


def _says_stale(standing: Sequence[tuple[Standing, AlertRow]]) -> bool:
    return any(alert.kind is AlertKind.STALE for alert, _ in standing)


async def _raise_stale(store: Store, scorecard_id: int, now: datetime) -> int:
    raised = 0
    async with store.transaction() as session:
        row = await held(session, scorecard_id)
        scorecard = await load_scorecard(session, row)
        readings = await deciding_now(session, scorecard_id, now)
        standing = await _standing(session, scorecard_id)
        since = row.stale_alerts_since
        snapshot = Snapshot(scorecard, now, now, (), ())
        for metric, current in _stale(scorecard, readings, now):
            if _says_stale(standing.get(metric.key, ())):
                continue
            is_news = since is not None and went_stale(metric, current, since, now)
            alert = _Alert(metric, AlertKind.STALE, current, current, is_news)
            await _raise(session, row, snapshot, alert)
            raised += is_news
    return raised

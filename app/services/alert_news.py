"""What a message of alerts has to tell by the time it goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.alerts import AlertKind, Footing, Place, is_direct
from app.domain.metrics import Reading
from app.domain.outcomes import AlertedMetric, AlertNews, MetricHistory
from app.domain.reminders import was_reminded
from app.domain.scorecards import Snapshot
from app.services.callers import Caller
from app.services.deliveries import Delivery, Kind, State, announcement_row, was_not_needed
from app.services.scorecards import by_id, guarded, show_metric
from app.store.engine import Store
from app.store.readings import reading_as_recorded
from app.store.tables import AlertRow, DeliveryRow, MetricRow, MuteRow

_ON_ITS_WAY = frozenset({State.WAITING.value, State.CLAIMED.value})


@dataclass(frozen=True, slots=True)
class _Raised:
    """An alert as it was raised, with the readings at which its metric stood before and then."""

    kind: AlertKind
    metric: str
    raised_at: datetime
    before: Reading | None
    before_counts: bool
    reading: Reading | None


async def owed_alerts(store: Store, caller: Caller, delivery: Delivery) -> AlertNews | None:
    """What is still to be told by a delivery; None if nothing is, or the scorecard was retired.

    Left out is what no longer holds, what nobody is to be told of any more, and what another
    message tells at the same place.
    """
    address = delivery.subject.partition(" ")[0]
    snapshot = await by_id(store, caller, delivery.scorecard_id)
    if snapshot.scorecard.key not in await guarded(store):
        return None
    rules = snapshot.scorecard.alerts
    async with store.reading() as session:
        raised = [
            alert
            for alert in await _raised(session, delivery.id, caller.now)
            if alert.metric in snapshot.scorecard.metrics_by_key
            and rules.place(alert.kind) is not Place.NOWHERE
            and not await _is_told_elsewhere(session, delivery, address, snapshot, alert)
        ]
    told = []
    for key in dict.fromkeys(alert.metric for alert in raised):
        history = await show_metric(store, caller, key, snapshot.scorecard.key)
        theirs = [each for each in raised if each.metric == key and _holds(each, history)]
        if theirs:
            told.append(_alerted(history, theirs))
    return AlertNews(snapshot, address, tuple(told)) if told else None


def _holds(alert: _Raised, history: MetricHistory) -> bool:
    state = history.state
    exceeded = history.prospect.is_exceeded
    stands = Footing.of(state.metric, state.current, history.snapshot.as_of, is_unusual=exceeded)
    return stands.holds(alert.kind)


def _alerted(history: MetricHistory, alerts: Sequence[_Raised]) -> AlertedMetric:
    """A metric with all that is to be told of it: from where it stood before the first of that."""
    first = alerts[0]
    before = first.before.value if first.before else history.state.metric.baseline.value
    kinds = tuple(sorted({each.kind for each in alerts}, key=list(AlertKind).index))
    return AlertedMetric(history, kinds, before, first.before_counts, first.raised_at)


async def _raised(session: AsyncSession, delivery_id: int, now: datetime) -> list[_Raised]:
    """The alerts of a delivery that stand, of metrics that aren't muted."""
    query: Any = (
        select(AlertRow, MetricRow.key)
        .join(MetricRow, col(MetricRow.id) == AlertRow.metric_id)
        .outerjoin(MuteRow, (col(MuteRow.metric_id) == MetricRow.id) & (col(MuteRow.until) > now))
        .where(
            AlertRow.delivery_id == delivery_id,
            col(AlertRow.cleared_at).is_(None),
            col(MuteRow.metric_id).is_(None),
        )
        .order_by(col(AlertRow.id))
    )
    found = []
    for alert, key in (await session.exec(query)).all():
        before, counts = await reading_as_recorded(session, alert.before_id)
        reading, _ = await reading_as_recorded(session, alert.reading_id)
        kind = AlertKind(alert.kind)
        found.append(_Raised(kind, key, alert.raised_at, before, counts, reading))
    return found


async def _is_told_elsewhere(
    session: AsyncSession, delivery: Delivery, address: str, snapshot: Snapshot, alert: _Raised
) -> bool:
    """Whether another message tells it to the same people: in the channel the announcement of the
    milestone that caused it, or the goal's post; an owner the reminder."""
    if is_direct(address):
        return alert.kind is AlertKind.STALE and await _is_reminded(
            session, delivery, address, snapshot, alert
        )
    if alert.kind is AlertKind.REACHED and await _tells_goal(session, delivery, snapshot, alert):
        return True
    milestone = alert.reading.milestone if alert.reading else None
    if milestone is None or alert.kind is AlertKind.STALE:
        return False
    announced = await announcement_row(session, delivery.scorecard_id, milestone)
    return (
        announced is not None
        and announced.channel == delivery.channel
        and announced.state != State.FAILED.value
        and not was_not_needed(announced)
    )


async def _tells_goal(
    session: AsyncSession, delivery: Delivery, snapshot: Snapshot, alert: _Raised
) -> bool:
    """Whether the post that the goal is reached came after the alert was raised, or is to come."""
    query = select(DeliveryRow).where(
        DeliveryRow.scorecard_id == delivery.scorecard_id, DeliveryRow.kind == Kind.GOAL.value
    )
    goal = (await session.exec(query)).first()
    if goal is None:
        return False
    if goal.state in _ON_ITS_WAY:
        return snapshot.goal_reached
    return goal.delivered_at is not None and goal.delivered_at >= alert.raised_at


async def _is_reminded(
    session: AsyncSession, delivery: Delivery, person: str, snapshot: Snapshot, alert: _Raised
) -> bool:
    """Whether somebody has been reminded of a metric since its last reading."""
    if alert.reading is None:
        return False
    query = select(DeliveryRow.delivered_at).where(
        DeliveryRow.scorecard_id == delivery.scorecard_id,
        DeliveryRow.kind == Kind.REMINDER.value,
        DeliveryRow.channel == person,
        col(DeliveryRow.delivered_at) > alert.reading.at,
    )
    metric = snapshot.scorecard.metrics_by_key[alert.metric]
    return any(
        told_at is not None and was_reminded(snapshot.scorecard, metric, alert.reading, told_at)
        for told_at in (await session.exec(query)).all()
    )


async def digest_before(store: Store, delivery: Delivery) -> str | None:
    """The `ts` of the last digest that stood in the delivery's channel when that was due.

    It stays the same for every attempt, whatever is posted in between.
    """
    query = (
        select(DeliveryRow.message_ts)
        .where(
            DeliveryRow.scorecard_id == delivery.scorecard_id,
            DeliveryRow.kind == Kind.DIGEST.value,
            DeliveryRow.channel == delivery.channel,
            col(DeliveryRow.message_ts).is_not(None),
            col(DeliveryRow.delivered_at) <= delivery.created_at,
        )
        .order_by(col(DeliveryRow.delivered_at).desc())
        .limit(1)
    )
    async with store.reading() as session:
        return (await session.exec(query)).first()

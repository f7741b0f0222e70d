"""The outbox: what has to reach Slack once, written where it is caused, delivered by a lease."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import product
from typing import Any

from sqlalchemy import and_, case, func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import measures
from app.store.engine import Store
from app.store.tables import DeliveryRow, DigestRow
from app.store.writes import needed_id

LEASE = timedelta(minutes=2)
"""Longer than any single attempt takes; after it another process may take over."""


class Kind(StrEnum):
    ALERT = "alert"
    """Tells of metrics; its subject begins with where it goes: `channel` or `thread`."""
    DIRECT_ALERT = "direct alert"
    """Tells a person of metrics; its subject begins with their id."""
    ANNOUNCEMENT = "announcement"
    ANNOUNCEMENT_EDIT = "announcement edit"
    """Brings an announcement up to date in place; its subject is the change's id."""
    DIGEST = "digest"
    DIGEST_DETAILS = "digest details"
    """Goes into the thread of the digest that has the same subject."""
    GOAL = "goal"
    OFFER = "offer"
    """Offers to log a milestone; its subject is the id of what landed."""
    OFFER_EDIT = "offer edit"
    """Says in the offer of the same subject what came of it."""
    REMINDER = "reminder"
    """Goes to a person: its channel is their id, until their direct message is opened."""
    SOURCE = "source"
    """Tells a person, as a reminder does, that a metric's source fails."""
    TROUBLE = "trouble"
    """Tells a person, as a reminder does, that another message was given up."""


class State(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNSURE = "unsure"
    """It may stand in Slack or not, and the bot can't find out: a person decides."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that is owed; `was_tried` if an earlier attempt may have reached Slack."""

    id: int
    scorecard_id: int
    kind: Kind
    subject: str
    channel: str
    attempts: int
    created_at: datetime
    leased_until: datetime | None = None
    """While it is claimed: when another process may take it over."""

    @property
    def mark(self) -> str:
        """What tells its message from all others, in Slack as here."""
        return f"{self.id}-{self.kind}-{self.subject}-{int(self.created_at.timestamp())}"

    @property
    def was_tried(self) -> bool:
        return self.attempts > 1


class Outcome(StrEnum):
    """How an attempt to deliver ended."""

    DELIVERED = "delivered"
    NOT_NEEDED = "not needed"
    POSTPONED = "postponed"
    FAILED = "failed"


for _kind, _outcome in product(Kind, Outcome):
    measures.DELIVERIES.labels(_kind, _outcome)


async def enqueue(
    session: AsyncSession,
    scorecard_id: int,
    kind: Kind,
    subject: str,
    *,
    channel: str,
    now: datetime,
    due: datetime | None = None,
) -> int:
    """Owe a message, in the transaction of what causes it; owing it twice changes nothing.

    It is owed from now on, or from when it is `due`. Gives the id of the delivery. One that had
    failed for good, or turned out not to be needed, is owed again.
    """
    row = await row_of(session, scorecard_id, kind, subject)
    if row is None:
        row = DeliveryRow(
            scorecard_id=scorecard_id,
            kind=kind.value,
            subject=subject,
            channel=channel,
            state=State.WAITING.value,
            created_at=due or now,
            next_attempt_at=due or now,
        )
    elif row.state == State.FAILED.value:
        row.sqlmodel_update(
            {"state": State.WAITING.value, "channel": channel, "next_attempt_at": now}
        )
    elif was_not_needed(row):
        # It was looked for before it was found not to be needed: it stands nowhere.
        row.sqlmodel_update(
            {
                "state": State.WAITING.value,
                "channel": channel,
                "next_attempt_at": now,
                "attempts": 0,
            }
        )
    session.add(row)
    await session.flush()
    return needed_id(row.id)


def was_not_needed(row: DeliveryRow) -> bool:
    """Whether a delivery ended without a message."""
    return row.state == State.DELIVERED.value and row.delivered_at is None


async def announcement_row(
    session: AsyncSession, scorecard_id: int, milestone: str
) -> DeliveryRow | None:
    """The announcement of a milestone, delivered or not."""
    return await row_of(session, scorecard_id, Kind.ANNOUNCEMENT, milestone)


async def row_of(
    session: AsyncSession, scorecard_id: int, kind: Kind, subject: str
) -> DeliveryRow | None:
    """What is or was owed of this kind about this, delivered or not."""
    query = select(DeliveryRow).where(
        DeliveryRow.scorecard_id == scorecard_id,
        DeliveryRow.kind == kind.value,
        DeliveryRow.subject == subject,
    )
    return (await session.exec(query)).first()


async def claim_due(store: Store, worker: str, now: datetime, *, most: int = 20) -> list[Delivery]:
    """Take what is due, so that no other process delivers it while the lease runs."""
    due = or_(
        and_(
            col(DeliveryRow.state) == State.WAITING.value, col(DeliveryRow.next_attempt_at) <= now
        ),
        and_(col(DeliveryRow.state) == State.CLAIMED.value, col(DeliveryRow.leased_until) <= now),
    )
    query = (
        select(DeliveryRow)
        .where(due)
        .order_by(col(DeliveryRow.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    async with store.transaction() as session:
        rows = (await session.exec(query)).all()
        for row in rows:
            row.sqlmodel_update(
                {
                    "state": State.CLAIMED.value,
                    "claimed_by": worker,
                    "leased_until": now + LEASE,
                    "attempts": row.attempts + 1,
                }
            )
            session.add(row)
        return [_delivery(row) for row in rows]


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        needed_id(row.id),
        row.scorecard_id,
        Kind(row.kind),
        row.subject,
        row.channel,
        row.attempts,
        row.created_at,
        row.leased_until,
    )


async def delivered(
    store: Store, delivery: Delivery, worker: str, ts: str | None, now: datetime
) -> None:
    """Record that the message stands in Slack as `ts`; None if there was no need for it."""
    columns: dict[str, object] = {
        "state": State.DELIVERED.value,
        "message_ts": ts,
        "delivered_at": now if ts else None,
        "leased_until": None,
        "error": None,
    }
    outcome = Outcome.DELIVERED if ts else Outcome.NOT_NEEDED
    if not await _finish(store, delivery, worker, columns, outcome):
        return
    if delivery.kind is Kind.DIGEST:
        measures.DIGESTS.labels("yes" if await _is_late(store, delivery) else "no").inc()


async def _is_late(store: Store, digest: Delivery) -> bool:
    query = select(DigestRow.is_late).where(
        DigestRow.scorecard_id == digest.scorecard_id, DigestRow.week == digest.subject
    )
    async with store.reading() as session:
        return bool((await session.exec(query)).first())


async def postponed(
    store: Store, delivery: Delivery, worker: str, error: str, again_at: datetime
) -> None:
    """Give the message back, to be tried again at an instant."""
    await _finish(
        store,
        delivery,
        worker,
        {
            "state": State.WAITING.value,
            "next_attempt_at": again_at,
            "leased_until": None,
            "error": error,
        },
        Outcome.POSTPONED,
    )


async def failed(
    store: Store,
    delivery: Delivery,
    worker: str,
    error: str,
    now: datetime,
    *,
    is_unsure: bool = False,
    tell: Iterable[str] = (),
) -> None:
    """Give the message up: `error` says what a person has to mend first.

    The people to `tell` are owed a direct message about it, in the same transaction. The message
    `is_unsure` if it may have reached Slack.
    """
    state = State.UNSURE if is_unsure else State.FAILED
    columns: dict[str, object] = {"state": state.value, "leased_until": None, "error": error}
    async with store.transaction() as session:
        if not await _write_end(session, delivery, worker, columns):
            return
        for person in tell:
            subject = f"{delivery.id} {person} {now.timestamp():.0f}"
            await enqueue(
                session, delivery.scorecard_id, Kind.TROUBLE, subject, channel=person, now=now
            )
    measures.DELIVERIES.labels(delivery.kind, Outcome.FAILED).inc()


async def give_back_all(store: Store, worker: str, now: datetime) -> int:
    """Give back what a worker that stops has claimed and not finished; gives how many.

    Each counts as tried: whether it has reached Slack is looked up before it is sent again.
    """
    async with store.transaction() as session:
        given_back = await session.exec(
            update(DeliveryRow)
            .where(
                col(DeliveryRow.claimed_by) == worker,
                col(DeliveryRow.state) == State.CLAIMED.value,
            )
            .values(state=State.WAITING.value, next_attempt_at=now, leased_until=None)
        )
    return given_back.rowcount


async def _finish(
    store: Store, delivery: Delivery, worker: str, columns: dict[str, object], outcome: Outcome
) -> bool:
    """Write the end of an attempt; tells whether it still was this worker's."""
    async with store.transaction() as session:
        is_written = await _write_end(session, delivery, worker, columns)
    if is_written:
        measures.DELIVERIES.labels(delivery.kind, outcome).inc()
    return is_written


async def _write_end(
    session: AsyncSession, delivery: Delivery, worker: str, columns: dict[str, object]
) -> bool:
    """Write the end of an attempt, unless the lease ran out and another attempt has begun."""
    written = await session.exec(
        update(DeliveryRow)
        .where(
            col(DeliveryRow.id) == delivery.id,
            col(DeliveryRow.claimed_by) == worker,
            col(DeliveryRow.attempts) == delivery.attempts,
        )
        .values(**columns)
    )
    return bool(written.rowcount)


async def next_due(store: Store) -> datetime | None:
    """The instant at which the next message is due: one that waits, or whose lease ends."""
    waiting: Any = select(func.min(DeliveryRow.next_attempt_at)).where(
        DeliveryRow.state == State.WAITING.value
    )
    leased: Any = select(func.min(DeliveryRow.leased_until)).where(
        DeliveryRow.state == State.CLAIMED.value
    )
    async with store.reading() as session:
        instants = [(await session.exec(query)).one() for query in (waiting, leased)]
    return min((instant for instant in instants if instant is not None), default=None)


async def oldest_owed(store: Store, now: datetime) -> datetime | None:
    """Since when the oldest message is owed that isn't delivered yet; None if nothing is owed.

    A reminder is owed from when it may be sent, which is long after it is written down.
    """
    is_reminder = col(DeliveryRow.kind) == Kind.REMINDER.value
    since_when = case((is_reminder, DeliveryRow.next_attempt_at), else_=DeliveryRow.created_at)
    since: Any = select(func.min(since_when)).where(
        col(DeliveryRow.state).in_([State.WAITING.value, State.CLAIMED.value]), since_when <= now
    )
    async with store.reading() as session:
        found: datetime | None = (await session.exec(since)).one()
    return found


async def delivered_since(store: Store, instant: datetime) -> list[Delivery]:
    """The messages that have reached Slack from an instant on, in the order they were owed."""
    query = (
        select(DeliveryRow)
        .where(col(DeliveryRow.delivered_at) >= instant, col(DeliveryRow.message_ts).is_not(None))
        .order_by(col(DeliveryRow.id))
    )
    async with store.reading() as session:
        return [_delivery(row) for row in (await session.exec(query)).all()]


async def state_of(store: Store, delivery_id: int) -> tuple[State, str | None, str | None]:
    """How a delivery stands: its state, its message's `ts`, and its last error."""
    async with store.reading() as session:
        row = await session.get_one(DeliveryRow, delivery_id)
        return State(row.state), row.message_ts, row.error


async def goal_posted_at(
    session: AsyncSession, scorecard_id: int, *, until: datetime
) -> datetime | None:
    """When it was posted that the goal is reached, if that was up to an instant."""
    query = select(DeliveryRow.delivered_at).where(
        DeliveryRow.scorecard_id == scorecard_id,
        DeliveryRow.kind == Kind.GOAL.value,
        col(DeliveryRow.delivered_at) <= until,
    )
    return (await session.exec(query)).first()

"""Digests: looking ahead at one, claiming a week's, and finding those that are owed."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.digests import (
    Digest,
    DigestPeriod,
    compose_digest,
    next_slot,
    owed,
    period_now,
    shipped_in,
)
from app.domain.errors import AlreadyDone, BadInput
from app.domain.paces import PACE_PERIOD
from app.domain.prospects import looked_at, together
from app.domain.scorecards import Scorecard, take_snapshot
from app.services.callers import OPERATOR, Caller, Right, Surface
from app.services.changes import Action, write_change
from app.services.deliveries import Kind, State, enqueue, goal_posted_at
from app.services.scorecards import effects_of, meant, present
from app.store.engine import Store
from app.store.queries import load_scorecard, scorecard_rows
from app.store.readings import deciding_readings, newest_facts
from app.store.tables import DeliveryRow, DigestRow, ScorecardRow
from app.store.writes import held, needed_id


async def preview(
    store: Store, caller: Caller, *, at: datetime | None = None, key: str | None = None
) -> Digest:
    """The digest as it would be posted at an instant (now by default); nothing is claimed."""
    at = at or caller.now
    async with store.reading() as session:
        listed = await meant(session, store, caller, key)
        row = await session.get_one(ScorecardRow, listed.id)
        scorecard = await load_scorecard(session, row)
        last = await _last_period(session, row, until=at)
        return await _compose(session, row, scorecard, period_now(at, scorecard.zone, last))


async def post_now(store: Store, caller: Caller, *, key: str | None = None) -> int:
    """Claim this week's digest and owe its post; gives the id of the delivery.

    One that was claimed and hasn't been delivered is the one that is owed. Raises
    `AlreadyDone` if the week's digest stands in Slack, `BadInput` where there is
    no channel to post it to.
    """
    async with store.transaction() as session:
        row, snapshot = await present(session, store, caller, key, Right.POST_DIGEST)
        scorecard = snapshot.scorecard
        channel = scorecard.channel or caller.actor.channel
        if channel is None:
            raise BadInput(
                f"“{scorecard.name}” has no home channel. Choose one in Slack: /kpi digest schedule"
            )
        last = await _last_period(session, row)
        period = period_now(caller.now, scorecard.zone, last)
        delivery = await _delivery_of(session, row, period.week)
        if delivery is None:
            await _claim(session, row, caller, period)
        elif delivery.state == State.DELIVERED.value:
            raise AlreadyDone(_posted_already(scorecard, caller.now))
        return await _owe(session, row, period, channel, caller.now)


def _posted_already(scorecard: Scorecard, now: datetime) -> str:
    slot = next_slot(scorecard.digest, scorecard.zone, now)
    when = f"{slot:%a %d %b %H:%M} ({scorecard.zone.key})"
    return (
        "This week's digest has been posted; it is posted once a week. "
        f"The next one goes out on {when}. "
        "To see how things stand now: /kpi digest preview"
    )


async def claim_owed(store: Store, now: datetime) -> int:
    """Claim every digest that should have been posted by now; gives how many.

    Each is claimed in a transaction of its own; of two processes that come at
    the same time, the second finds the week claimed.
    """
    caller = Caller(OPERATOR, Surface.SCHEDULE, now)
    async with store.reading() as session:
        scorecards = [row.id for row in await scorecard_rows(session) if row.channel]
    return sum([await _claim_if_owed(store, caller, needed_id(row_id)) for row_id in scorecards])


async def _claim_if_owed(store: Store, caller: Caller, scorecard_id: int) -> bool:
    async with store.transaction() as session:
        row = await held(session, scorecard_id)
        scorecard = await load_scorecard(session, row)
        period = owed(
            scorecard.digest,
            scorecard.zone,
            caller.now,
            scheduled_since=row.digest_since,
            last=await _last_period(session, row),
        )
        if period is None or scorecard.channel is None:
            return False
        await _claim(session, row, caller, period)
        await _owe(session, row, period, scorecard.channel, caller.now)
        return True


async def _owe(
    session: AsyncSession, row: ScorecardRow, period: DigestPeriod, channel: str, now: datetime
) -> int:
    """Owe a digest and what goes into its thread; gives the id of the digest's delivery."""
    post, _ = [
        await enqueue(session, needed_id(row.id), kind, period.week, channel=channel, now=now)
        for kind in (Kind.DIGEST, Kind.DIGEST_DETAILS)
    ]
    return post


async def _claim(
    session: AsyncSession, row: ScorecardRow, caller: Caller, period: DigestPeriod
) -> None:
    """Write the week's digest; the unique week refuses a second one."""
    scorecard_id = needed_id(row.id)
    session.add(
        DigestRow(
            scorecard_id=scorecard_id,
            week=period.week,
            since=period.since,
            until=period.until,
            is_late=period.is_late,
            created_at=caller.now,
        )
    )
    await session.flush()
    await write_change(
        session,
        scorecard_id,
        caller,
        Action.DIGEST_POSTED,
        period.week,
        after={"since": period.since.isoformat(), "until": period.until.isoformat()},
    )


@dataclass(frozen=True, slots=True)
class Slot:
    """The next digest of a scorecard, in its zone, and the channel that it goes to."""

    scorecard: str
    at: datetime
    channel: str


async def next_slots(store: Store, now: datetime) -> list[Slot]:
    """When the next digest of each scorecard with a channel is due, soonest first."""
    slots = []
    async with store.reading() as session:
        for row in await scorecard_rows(session):
            scorecard, _ = await store.memory.recall(session, row, now)
            if scorecard.channel is not None:
                at = next_slot(scorecard.digest, scorecard.zone, now)
                slots.append(Slot(scorecard.key, at, scorecard.channel))
    return sorted(slots, key=lambda slot: slot.at)


async def claimed_digest(store: Store, scorecard_id: int, week: str) -> Digest:
    """A claimed digest as it has to be posted: the figures are those at its end, whenever asked."""
    async with store.reading() as session:
        row = await session.get_one(ScorecardRow, scorecard_id)
        digest = await _digest_of(session, row, week)
        if digest is None:
            raise LookupError(f"no digest of week {week} has been claimed")
        scorecard = await load_scorecard(session, row)
        return await _compose(session, row, scorecard, _period(digest))


async def digest_post_of(store: Store, scorecard_id: int, week: str) -> tuple[State, str | None]:
    """How the post of a claimed digest stands, and its `ts` once it is in Slack."""
    async with store.reading() as session:
        row = await session.get_one(ScorecardRow, scorecard_id)
        delivery = await _delivery_of(session, row, week)
        if delivery is None:
            raise LookupError(f"no digest of week {week} is owed")
        return State(delivery.state), delivery.message_ts


async def _compose(
    session: AsyncSession, row: ScorecardRow, scorecard: Scorecard, period: DigestPeriod
) -> Digest:
    instants = [period.until, period.since, period.until - PACE_PERIOD]
    deciding = await deciding_readings(session, needed_id(row.id), instants)
    earlier = await newest_facts(session, needed_id(row.id), looked_at(period.until))
    news = [milestone.key for milestone in shipped_in(scorecard.milestones, period)]
    effects = await effects_of(session, needed_id(row.id), scorecard, news) if news else {}
    snapshot = take_snapshot(scorecard, deciding, period.until, period.since)
    celebrated_at = await goal_posted_at(session, needed_id(row.id), until=period.until)
    readings = together(earlier, deciding)
    return compose_digest(period, snapshot, effects, readings, celebrated_at)


async def _last_period(
    session: AsyncSession, row: ScorecardRow, *, until: datetime | None = None
) -> DigestPeriod | None:
    query = select(DigestRow).where(DigestRow.scorecard_id == row.id)
    if until is not None:
        query = query.where(col(DigestRow.until) < until)
    digest = (await session.exec(query.order_by(col(DigestRow.until).desc()).limit(1))).first()
    return _period(digest) if digest else None


def _period(row: DigestRow) -> DigestPeriod:
    return DigestPeriod(row.week, row.since, row.until, row.is_late)


async def _digest_of(session: AsyncSession, row: ScorecardRow, week: str) -> DigestRow | None:
    query = select(DigestRow).where(DigestRow.scorecard_id == row.id, DigestRow.week == week)
    return (await session.exec(query)).first()


async def _delivery_of(session: AsyncSession, row: ScorecardRow, week: str) -> DeliveryRow | None:
    query = select(DeliveryRow).where(
        DeliveryRow.scorecard_id == row.id,
        DeliveryRow.kind == Kind.DIGEST.value,
        DeliveryRow.subject == week,
    )
    return (await session.exec(query)).first()

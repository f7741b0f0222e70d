"""Reminders: owing one to whoever it concerns, what it has to say, and who wants none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.digests import week_of
from app.domain.reminders import (
    LEAD,
    SNOOZE,
    Preferences,
    Reminder,
    ageing_by_owner,
    next_digest,
)
from app.services.callers import Caller
from app.services.deliveries import Kind, enqueue
from app.store.engine import Store
from app.store.queries import Listed
from app.store.tables import DeliveryRow, DigestRow, ReminderPreferencesRow, ScorecardRow
from app.store.writes import held


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whom a reminder is for, and the week of the digest that it comes before."""

    week: str
    person: str

    def __str__(self) -> str:
        return f"{self.week} {self.person}"

    @classmethod
    def read(cls, text: str) -> "_Subject":
        week, _, person = text.partition(" ")
        return cls(week, person)


async def claim_owed(store: Store, now: datetime) -> int:
    """Owe a reminder to everybody of whose metrics one will be stale in the next digest.

    They are owed early enough for any zone: the day of its person is waited for when it
    is delivered. A person is owed one for each digest, whoever and however many ask.
    Gives how many are new.
    """
    async with store.reading() as session:
        listed = await store.listing.read(session)
        unowed = [(row.id, await _unowed(session, store, row, now)) for row in listed]
    for scorecard_id, subjects in unowed:
        if subjects:
            await _owe(store, scorecard_id, subjects, now)
    return sum(len(subjects) for _, subjects in unowed)


async def _unowed(
    session: AsyncSession, store: Store, row: Listed, now: datetime
) -> list[_Subject]:
    """The reminders of a scorecard's next digest that nobody has claimed yet."""
    scorecard, readings = await store.memory.recall(session, row, now)
    # Most of the time the digest is further away, which takes no query to tell.
    if scorecard.channel is None or next_digest(scorecard, now, None) - now > LEAD:
        return []
    slot = next_digest(scorecard, now, await _last_week(session, row.id))
    if slot - now > LEAD:
        return []
    week = week_of(slot, scorecard.zone)
    owners = ageing_by_owner(scorecard, readings, now, slot)
    known = await _known(session, row.id, week) if owners else ()
    subjects = [_Subject(week, person) for person in owners]
    return [subject for subject in subjects if str(subject) not in known]


async def _owe(
    store: Store, scorecard_id: int, subjects: Sequence[_Subject], now: datetime
) -> None:
    async with store.transaction() as session:
        await held(session, scorecard_id)
        for subject in subjects:
            await enqueue(
                session,
                scorecard_id,
                Kind.REMINDER,
                str(subject),
                channel=subject.person,
                now=now,
            )


async def _last_week(session: AsyncSession, scorecard_id: int) -> str | None:
    """The week of the last digest that was made."""
    query: Any = select(func.max(DigestRow.week)).where(DigestRow.scorecard_id == scorecard_id)
    week: str | None = (await session.exec(query)).one()
    return week


async def _known(session: AsyncSession, scorecard_id: int, week: str) -> set[str]:
    """The subjects of the reminders of a week's digest, whatever has become of them."""
    query = select(DeliveryRow.subject).where(
        DeliveryRow.scorecard_id == scorecard_id,
        DeliveryRow.kind == Kind.REMINDER.value,
        col(DeliveryRow.subject).startswith(week),
    )
    return set((await session.exec(query)).all())


async def owed_reminder(
    store: Store, scorecard_id: int, subject: str, now: datetime
) -> Reminder | None:
    """What a reminder would say now; None if its digest is out or nothing will be stale in it."""
    owed = _Subject.read(subject)
    async with store.reading() as session:
        row = await session.get_one(ScorecardRow, scorecard_id)
        scorecard, readings = await store.memory.recall(session, row, now)
        slot = next_digest(scorecard, now, await _last_week(session, scorecard_id))
    if scorecard.channel is None or week_of(slot, scorecard.zone) != owed.week:
        return None
    ageing = ageing_by_owner(scorecard, readings, now, slot).get(owed.person, ())
    metrics = tuple(each for each in ageing if each.can_be_helped(now, slot))
    return Reminder(scorecard, owed.person, now, slot, metrics) if metrics else None


class Choice(StrEnum):
    """What a person may choose about reminders."""

    ON = "on"
    SNOOZE = "snooze"
    OFF = "off"


async def preferences(store: Store, person: str, now: datetime) -> Preferences:
    """What a person chose last, as far as it holds; who never chose gets reminders."""
    async with store.reading() as session:
        row = await session.get(ReminderPreferencesRow, person)
    return Preferences(row.are_on, row.snoozed_until).at(now) if row else Preferences()


async def choose(store: Store, caller: Caller, choice: Choice) -> Preferences:
    """Turn the caller's own reminders on or off, or snooze them.

    That is theirs alone and changes no scorecard, of which there would be a record.
    """
    chosen = Preferences(
        choice is not Choice.OFF, caller.now + SNOOZE if choice is Choice.SNOOZE else None
    )
    columns = {"are_on": chosen.are_on, "snoozed_until": chosen.snoozed_until}
    insert: Any = sqlite.insert if store.is_sqlite else postgresql.insert
    row = insert(ReminderPreferencesRow).values(person=caller.actor.id, **columns)
    async with store.transaction() as session:
        # Whoever clicks twice at once may have no row yet: two would be inserted.
        await session.exec(row.on_conflict_do_update(index_elements=["person"], set_=columns))
    return chosen

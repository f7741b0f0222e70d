"""What Slack tells twice, or people click twice: begun once, by whichever process is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from app.store.engine import Store
from app.store.tables import BegunRow

LEASE = timedelta(seconds=45)
"""Longer than any attempt takes, and over when Slack sends an event for the third time, a minute
later: https://docs.slack.dev/apis/events-api"""
KEPT = timedelta(days=1)
"""Longer than Slack sends anything again, also where it does so every hour."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt that is ours; `since` is when the first one began."""

    since: datetime
    attempts: int

    @property
    def was_tried(self) -> bool:
        """Whether an attempt before this one came to no end that is known."""
        return self.attempts > 1


async def begin(store: Store, thing: str, now: datetime) -> Begun | None:
    """Begin something, unless it is done or another attempt at it has not ended.

    An attempt that has not ended within its lease, because its process died, is taken over.
    """
    insert: Any = sqlite.insert if store.is_sqlite else postgresql.insert
    leased_until = now + LEASE
    first = insert(BegunRow).values(
        thing=thing, begun_at=now, attempts=1, leased_until=leased_until
    )
    statement = first.on_conflict_do_update(
        index_elements=["thing"],
        set_={"attempts": col(BegunRow.attempts) + 1, "leased_until": leased_until},
        where=col(BegunRow.leased_until) <= now,  # never true of what is done
    ).returning(col(BegunRow.begun_at), col(BegunRow.attempts))
    async with store.transaction() as session:
        row = (await session.exec(statement)).first()
    return Begun(*row) if row else None


async def is_done(store: Store, thing: str) -> bool:
    """Whether an attempt has ended well."""
    async with store.reading() as session:
        row = await session.get(BegunRow, thing)
        return row is not None and row.leased_until is None


async def end(store: Store, thing: str) -> None:
    """It is done: nobody begins it any more."""
    await _lease(store, thing, None)


async def may_begin_again(store: Store, thing: str, now: datetime) -> None:
    """It has failed, and the person was told: the next time it is asked for it is tried again."""
    await _lease(store, thing, now)


async def _lease(store: Store, thing: str, until: datetime | None) -> None:
    async with store.transaction() as session:
        await session.exec(
            update(BegunRow).where(col(BegunRow.thing) == thing).values(leased_until=until)
        )


async def forget_old(store: Store, now: datetime) -> None:
    """Forget what can't come again."""
    async with store.transaction() as session:
        await session.exec(delete(BegunRow).where(col(BegunRow.begun_at) < now - KEPT))

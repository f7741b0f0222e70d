"""Links to progress pages: made, shown, revoked, and opened by whoever has one."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.errors import AlreadyDone, BadInput, NotFound
from app.domain.links import Link
from app.services.callers import Caller, Right, demand, may
from app.services.changes import Action, write_change
from app.services.scorecards import meant
from app.store.engine import Store
from app.store.tables import LinkRow, ScorecardRow
from app.store.writes import held, needed_id

MOST_OPEN = 20
"""So many open links a scorecard has at most: a form shows them all."""
LONGEST_DAYS = 3_650
OPENING_NOTED_EVERY = timedelta(hours=1)
_ID_BYTES = 8
_OPEN = {"link": "open"}


@dataclass(frozen=True, slots=True)
class Opened:
    """The scorecard that an open link leads to, and what tells whether it has changed."""

    link: Link
    scorecard_id: int
    scorecard: str
    version: int
    zone: ZoneInfo


async def make(
    store: Store, caller: Caller, *, days: int | None = None, key: str | None = None
) -> Link:
    """A new link to the page of a scorecard, which ends after so many days, or never.

    Raises `BadInput` for other days than 1 to 3,650 and where there are too many open links,
    `NotAllowed` for who may not edit the scorecard.
    """
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise BadInput(f"A link is open for 1 to {LONGEST_DAYS:,} days.", field="ends")
    async with store.transaction() as session:
        row = await held(session, (await meant(session, store, caller, key)).id)
        demand(caller, Right.EDIT, row)
        links = await links_of(session, needed_id(row.id))
        if sum(link.is_open(caller.now) for link in links) >= MOST_OPEN:
            raise BadInput(
                f"There are {MOST_OPEN} open links already. Revoke one that is no longer needed.",
                field="ends",
            )
        made = LinkRow(
            id=secrets.token_hex(_ID_BYTES),
            scorecard_id=needed_id(row.id),
            made_by=caller.actor.id,
            made_at=caller.now,
            ends_at=None if days is None else caller.now + timedelta(days=days),
        )
        session.add(made)
        ends = f"{made.ends_at:%Y-%m-%d %H:%M} UTC" if made.ends_at else "never"
        await _note(session, caller, made, Action.LINK_MADE, after={"ends": ends})
        return _link(made)


async def listed(store: Store, caller: Caller, key: str | None = None) -> list[Link]:
    """All links to a scorecard's page that were ever made, the newest first."""
    async with store.reading() as session:
        row = await meant(session, store, caller, key)
        demand(caller, Right.EDIT, row)
        return await links_of(session, row.id)


async def revoke(store: Store, caller: Caller, link_id: str) -> Link:
    """Close a link for good.

    Raises `NotFound` if there is none that the caller may see, `AlreadyDone` if it was revoked.
    """
    async with store.transaction() as session:
        link = await session.get(LinkRow, link_id)
        row = await held(session, link.scorecard_id) if link else None
        if link is None or row is None or not may(caller.actor, Right.SEE, row):
            raise NotFound(f"There is no link “{link_id[:60]}”.")
        demand(caller, Right.EDIT, row)
        await session.refresh(link)
        if link.revoked_at is not None:
            raise AlreadyDone("This link has been revoked already.")
        link.revoked_at, link.revoked_by = caller.now, caller.actor.id
        session.add(link)
        await _note(session, caller, link, Action.LINK_REVOKED, before=_OPEN)
        return _link(link)


async def opened(store: Store, link_id: str, now: datetime) -> Opened | None:
    """Where a link leads; None unless it is open and its scorecard is there."""
    query = (
        select(LinkRow, ScorecardRow)
        .join(ScorecardRow, col(ScorecardRow.id) == col(LinkRow.scorecard_id))
        .where(col(LinkRow.id) == link_id, col(ScorecardRow.retired_at).is_(None))
    )
    async with store.reading() as session:
        found = (await session.exec(query)).first()
        if found is None:
            return None
        link, row = _link(found[0]), found[1]
        if not link.is_open(now):
            return None
        return Opened(link, needed_id(row.id), row.key, row.version, ZoneInfo(row.zone))


async def note_opening(store: Store, link: Link, now: datetime) -> None:
    """Remember when a link was last opened, once an hour at most."""
    last = link.last_opened_at
    if last is not None and now - last < OPENING_NOTED_EVERY:
        return
    async with store.transaction() as session:
        await session.exec(
            update(LinkRow).where(col(LinkRow.id) == link.id).values(last_opened_at=now)
        )


async def links_of(session: AsyncSession, scorecard_id: int) -> list[Link]:
    """All links to the page of a scorecard, the newest first."""
    query = select(LinkRow).where(LinkRow.scorecard_id == scorecard_id)
    rows = (await session.exec(query.order_by(col(LinkRow.made_at).desc()))).all()
    return [_link(row) for row in rows]


def _link(row: LinkRow) -> Link:
    return Link(
        row.id,
        row.made_by,
        row.made_at,
        row.ends_at,
        row.revoked_at,
        row.revoked_by,
        row.last_opened_at,
    )


async def _note(
    session: AsyncSession,
    caller: Caller,
    link: LinkRow,
    action: Action,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    """What was done to a link; its id opens nothing without the signature."""
    subject = f"progress page, link {link.id}"
    await write_change(
        session, link.scorecard_id, caller, action, subject, before=before, after=after
    )

"""Setting up: what a channel's scorecard is, what it lacks, and those that were retired there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.outcomes import Retired, SetUp
from app.domain.scorecards import Scorecard
from app.services.callers import Caller, Right, demand, may
from app.services.changes import Action
from app.services.contents import ITSELF, RETIREMENT, refuse_later_change
from app.services.deliveries import Kind, State
from app.services.editing import refuse_taken_channel
from app.services.hooks import hooks_of
from app.services.links import links_of
from app.services.scorecards import meant
from app.services.tokens import reaching
from app.services.troubles import stuck_of
from app.store.engine import Store
from app.store.queries import load_scorecard
from app.store.tables import ChangeRow, DeliveryRow, ScorecardRow
from app.store.writes import needed_id

_UNDER_WAY = (State.WAITING.value, State.CLAIMED.value)


async def at_home(store: Store, caller: Caller) -> str | None:
    """The key of the scorecard at home in the caller's channel, whether they may see it or not."""
    async with store.reading() as session:
        listed = await store.listing.read(session)
        channel = caller.actor.channel
        return next((row.key for row in listed if channel and row.channel == channel), None)


async def show(store: Store, caller: Caller, key: str | None = None) -> SetUp:
    """A scorecard as its owners set it up; raises `NotAllowed` for who may not edit it."""
    async with store.reading() as session:
        listed = await meant(session, store, caller, key)
        demand(caller, Right.EDIT, listed)
        snapshot = await store.memory.snapshot(session, listed, caller.now)
        stuck = await stuck_of(session, listed.id, snapshot.scorecard)
        trouble = await _digest_trouble(session, listed.id)
        links = [each for each in await links_of(session, listed.id) if each.is_open(caller.now)]
        tokens, hooks = await reaching(session, listed), await hooks_of(session, listed)
        return SetUp(snapshot, trouble, stuck, links, tokens, hooks)


async def retired_here(store: Store, caller: Caller) -> list[Retired]:
    """The scorecards that were retired from the caller's channel and that they may bring back.

    The last retired comes first.
    """
    query = (
        select(ScorecardRow, ChangeRow)
        .join(ChangeRow, col(ChangeRow.scorecard_id) == ScorecardRow.id)
        .where(
            col(ScorecardRow.retired_at).is_not(None),
            col(ChangeRow.action).in_([Action.SCORECARD_RETIRED, Action.EDIT_UNDONE]),
        )
        .order_by(col(ChangeRow.id).desc())
    )
    async with store.reading() as session:
        rows = (await session.exec(query)).all()
    last = {row.key: (row, change) for row, change in reversed(rows) if _retires(change)}
    return [
        Retired(row.name, change.at, needed_id(change.id))
        for row, change in sorted(last.values(), key=lambda each: -needed_id(each[1].id))
        if _home_before(change) == caller.actor.channel and may(caller.actor, Right.EDIT, row)
    ]


def _retires(change: ChangeRow) -> bool:
    return RETIREMENT in (change.after or {})


def _home_before(change: ChangeRow) -> str | None:
    """The channel that a scorecard left when it was retired; None if it had no home."""
    channel: str | None = ((change.before or {}).get(ITSELF) or {}).get("channel")
    return channel


async def refuse_edition(
    store: Store,
    caller: Caller,
    fields: Mapping[str, Any],
    *,
    seen: Mapping[str, str],
    key: str,
) -> Scorecard:
    """Raise what editing a scorecard's fields would; otherwise give it with them, unsaved.

    For what has to be tried out in Slack before it is saved.
    """
    async with store.reading() as session:
        listed = await meant(session, store, caller, key)
        demand(caller, Right.EDIT, listed)
        row = await session.get_one(ScorecardRow, listed.id)
        current = await load_scorecard(session, row)
        refuse_later_change(current, seen)
        wanted = replace(current, **fields)
        await refuse_taken_channel(session, wanted)
        return wanted


async def _digest_trouble(session: AsyncSession, scorecard_id: int) -> str | None:
    """Why the last digest that is owed doesn't stand in Slack yet, if an attempt failed."""
    query = (
        select(DeliveryRow)
        .where(DeliveryRow.scorecard_id == scorecard_id, DeliveryRow.kind == Kind.DIGEST.value)
        .order_by(col(DeliveryRow.id).desc())
        .limit(1)
    )
    last = (await session.exec(query)).first()
    return last.error if last and last.state in _UNDER_WAY else None

"""Muting the alerts of a metric, and taking that back."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.alerts import MUTED_FOR
from app.domain.errors import AlreadyDone, NotFound
from app.domain.outcomes import Mute, Reverted
from app.domain.revisions import Revision
from app.services.callers import Caller, Right
from app.services.changes import Action, write_change
from app.services.readings import before_readings
from app.services.scorecards import present
from app.store.engine import Store
from app.store.queries import ids_by_key, load_scorecard
from app.store.tables import ChangeRow, MetricRow, MuteRow, ScorecardRow
from app.store.writes import needed_id

OF_MUTES = frozenset({Action.ALERTS_MUTED, Action.ALERTS_UNMUTED})
_UNTIL = "until"


async def mute(store: Store, caller: Caller, metric: str, *, key: str | None = None) -> Mute:
    """Let nobody be alerted of a metric for a week; raises `NotFound`, `NotAllowed`."""
    return await _write_mute(store, caller, metric, key, caller.now + MUTED_FOR)


async def unmute(store: Store, caller: Caller, metric: str, *, key: str | None = None) -> Mute:
    """Let people be alerted of a metric again; raises as `mute` does."""
    return await _write_mute(store, caller, metric, key, None)


async def _write_mute(
    store: Store, caller: Caller, typed: str, key: str | None, until: datetime | None
) -> Mute:
    async with store.transaction() as session:
        row, snapshot = await present(session, store, caller, key, Right.RECORD)
        metric = snapshot.scorecard.metric(typed)
        await _change(session, caller, row, metric.key, until=until)
    return Mute(metric, until, caller.actor.id)


async def undo_mute(
    session: AsyncSession, caller: Caller, row: ScorecardRow, change: ChangeRow
) -> Reverted:
    """Let a metric be muted as it was before a change. Raises `AlreadyDone` where that has ended
    or was changed since, `NotFound` for a metric that was retired."""
    scorecard = await load_scorecard(session, row)
    if change.subject not in scorecard.metrics_by_key:
        raise NotFound("This can't be undone: the metric has been retired.")
    wanted = _ending(change.before, caller.now)
    stands = await _muted_until(session, row, change.subject, caller.now)
    if stands != _ending(change.after, caller.now):
        raise AlreadyDone("Its alerts have been muted or unmuted since. Undo that first.")
    if stands == wanted:
        raise AlreadyDone("There is nothing left to undo: it stands as it did before.")
    undoing = await _change(session, caller, row, change.subject, until=wanted, undoes=change.id)
    snapshot = await before_readings(session, row, caller, scorecard)
    return Reverted(
        undoing, snapshot, revisions_of_mute(change.subject, change.after, change.before)
    )


def revisions_of_mute(
    metric: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> tuple[Revision, ...]:
    """What a change of muting changed, as people read it."""
    return (Revision(metric, "alerts", _in_words(before), _in_words(after)),)


async def _change(
    session: AsyncSession,
    caller: Caller,
    row: ScorecardRow,
    metric: str,
    *,
    until: datetime | None,
    undoes: int | None = None,
) -> int:
    """Mute a metric until then, or not at all, and record that; gives the change."""
    stood = await _muted_until(session, row, metric, caller.now)
    metric_id = (await ids_by_key(session, MetricRow, needed_id(row.id)))[metric]
    by = caller.actor.id
    await session.merge(MuteRow(metric_id=metric_id, until=until or caller.now, by=by))
    return await write_change(
        session,
        needed_id(row.id),
        caller,
        Action.ALERTS_UNMUTED if until is None else Action.ALERTS_MUTED,
        metric,
        before=_recorded(stood),
        after=_recorded(until),
        undoes=undoes,
    )


async def _muted_until(
    session: AsyncSession, row: ScorecardRow, metric: str, now: datetime
) -> datetime | None:
    metric_id = (await ids_by_key(session, MetricRow, needed_id(row.id)))[metric]
    known = await session.get(MuteRow, metric_id)
    return known.until if known is not None and known.until > now else None


def _recorded(until: datetime | None) -> dict[str, Any] | None:
    return None if until is None else {_UNTIL: until.isoformat()}


def _ending(content: dict[str, Any] | None, now: datetime) -> datetime | None:
    """Until when a record says that a metric is muted; None for not, or not any more."""
    until = datetime.fromisoformat(content[_UNTIL]) if content else None
    return until if until is not None and until > now else None


def _in_words(content: dict[str, Any] | None) -> str:
    """`sent`, `muted until 2026-03-23`."""
    if not content:
        return "sent"
    return f"muted until {datetime.fromisoformat(content[_UNTIL]):%Y-%m-%d}"

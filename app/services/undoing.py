"""Undoing a change: a change of its own, so that it can be undone as well."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.edits import PartKind
from app.domain.errors import AlreadyDone, NotFound
from app.domain.metrics import Reading
from app.domain.outcomes import Reverted, Undone
from app.services.bulk import undo_many
from app.services.callers import Caller, Guarded, Right, demand
from app.services.changes import Action, value_from_json, value_to_json, write_change
from app.services.contents import (
    READINGS,
    RETIREMENT,
    Content,
    is_whole,
    name_of,
    part_from,
    reverted,
    revisions,
)
from app.services.editing import write_edition
from app.services.milestones import owe_announcement
from app.services.muting import OF_MUTES, undo_mute
from app.services.readings import after_readings, before_readings
from app.store.engine import Store
from app.store.queries import Listed, load_scorecard
from app.store.tables import ChangeRow, ScorecardRow, WithdrawalRow
from app.store.writes import held, needed_id

OF_READINGS = frozenset(
    {Action.READING_RECORDED, Action.READING_WITHDRAWN, Action.READING_RESTORED}
)
OF_MANY_READINGS = frozenset(
    {Action.READINGS_RECORDED, Action.READINGS_WITHDRAWN, Action.READINGS_RESTORED}
)
OF_MILESTONES = frozenset(
    {
        Action.MILESTONE_PLANNED,
        Action.MILESTONE_SHIPPED,
        Action.MILESTONE_EDITED,
        Action.MILESTONE_UNDONE,
    }
)
OF_SCORECARDS = frozenset(
    {
        Action.SCORECARD_LOADED,
        Action.SCORECARD_EDITED,
        Action.SCORECARD_RETIRED,
        Action.PART_ADDED,
        Action.PART_EDITED,
        Action.PART_MOVED,
        Action.PART_RETIRED,
        Action.EDIT_UNDONE,
    }
)


def right_to_undo(change: ChangeRow) -> Right | None:
    """The right that undoing takes, that of making such a change; None for what can't be undone."""
    if change.action in OF_READINGS | OF_MANY_READINGS:
        return Right.RECORD
    if change.action in OF_MUTES:  # older records of unmuting don't say until when it had lasted
        return Right.RECORD if change.before or change.after else None
    if not is_whole(change.before or {}, change.after or {}):
        return None
    if change.action in OF_MILESTONES:
        return Right.SHIP
    return Right.EDIT if change.action in OF_SCORECARDS else None


async def guarded(store: Store, change_id: int) -> Guarded | None:
    """What decides on the rights to the scorecard that was changed: for `may`, not to be shown."""
    async with store.reading() as session:
        change = await session.get(ChangeRow, change_id)
        if change is None:
            return None
        row = await session.get_one(ScorecardRow, change.scorecard_id)
        return Listed.of(row)


async def undo(store: Store, caller: Caller, change_id: int) -> Undone | Reverted:
    """Take back a change, also one that took back another.

    What others have changed since stays. A reading taken back stays in the history and
    no longer counts. Raises `NotFound` for a change that can't be undone, `AlreadyDone`
    if it has been, or if the same was changed again since, `NotAllowed` for somebody
    who couldn't make such a change.
    """
    async with store.transaction() as session:
        change = await session.get(ChangeRow, change_id)
        right = right_to_undo(change) if change else None
        if change is None or right is None:
            raise NotFound("This can't be undone.")
        row = await held(session, change.scorecard_id)
        demand(caller, right, row)
        await _refuse_second_undo(session, change_id)
        if change.action in OF_READINGS:
            return await _undo_reading(session, caller, row, change)
        if change.action in OF_MANY_READINGS:
            return await undo_many(session, caller, row, change)
        if change.action in OF_MUTES:
            return await undo_mute(session, caller, row, change)
        return await _revert(session, caller, row, change)


async def _refuse_second_undo(session: AsyncSession, change_id: int) -> None:
    query = select(ChangeRow.id).where(ChangeRow.undoes_id == change_id)
    if (await session.exec(query)).first() is not None:
        raise AlreadyDone("This has been undone already.")


async def _undo_reading(
    session: AsyncSession, caller: Caller, row: ScorecardRow, change: ChangeRow
) -> Undone:
    scorecard = await load_scorecard(session, row)
    metric = scorecard.metrics_by_key.get(change.subject)
    if metric is None:
        raise NotFound("This can't be undone: the metric has been retired.")
    counts = change.action == Action.READING_WITHDRAWN
    content = (change.before if counts else change.after) or {}
    stood = await before_readings(session, row, caller, scorecard)
    before = stood.state(metric.key).current
    await _let_count(session, caller, [int(content["reading"])], counts=counts)
    snapshot = await after_readings(session, row, caller, scorecard, stood)
    current = snapshot.state(metric.key).current
    undoing = await write_change(
        session,
        change.scorecard_id,
        caller,
        Action.READING_RESTORED if counts else Action.READING_WITHDRAWN,
        change.subject,
        before=_shown(before) if counts else content,
        after=content if counts else _shown(current),
        undoes=change.id,
    )
    return Undone(undoing, scorecard.key, metric, value_from_json(content), counts, current)


async def _revert(
    session: AsyncSession, caller: Caller, row: ScorecardRow, change: ChangeRow
) -> Reverted:
    """Take back a change of parts, with the readings that it let count."""
    was, now = change.before or {}, change.after or {}
    current = await load_scorecard(session, row)
    wanted = reverted(current, was, now)
    stood = await before_readings(session, row, caller, current)
    for earlier, later, counts in ((was, now, False), (now, was, True)):
        ids = set(later.get(READINGS, ())).difference(earlier.get(READINGS, ()))
        await _let_count(session, caller, ids, counts=counts)
    if RETIREMENT in was or RETIREMENT in now:
        row.retired_at = caller.now if RETIREMENT in was else None
    of_milestone = change.action in OF_MILESTONES
    undoing = await write_edition(
        session,
        caller,
        row,
        (current, wanted),
        action=Action.MILESTONE_UNDONE if of_milestone else Action.EDIT_UNDONE,
        subject=change.subject,
        extra=(_beside(now), _beside(was)),
        undoes=change.id,
    )
    if undoing is None:
        raise AlreadyDone("There is nothing left to undo: it stands as it did before.")
    delivery = (
        await _owe_announcement(session, caller, row, change, undoing) if of_milestone else None
    )
    reloaded = await load_scorecard(session, row)
    after = await after_readings(session, row, caller, reloaded, stood)
    return Reverted(undoing, after, revisions(now, was), delivery)


def _beside(content: Content) -> Content:
    """What a change records beside the parts."""
    return {name: content[name] for name in (READINGS, RETIREMENT) if name in content}


async def _owe_announcement(
    session: AsyncSession, caller: Caller, row: ScorecardRow, change: ChangeRow, undoing: int
) -> int | None:
    """Owe what undoing a milestone's change means for the channel."""
    name = name_of(PartKind.MILESTONE, change.subject)
    content = (change.before or {}).get(name) or (change.after or {}).get(name)
    if content is None:
        return None
    milestone = part_from(name, content)
    return await owe_announcement(
        session,
        needed_id(row.id),
        milestone,
        undoing,
        channel=row.channel or caller.actor.channel,
        now=caller.now,
    )


async def _let_count(
    session: AsyncSession, caller: Caller, readings: Iterable[int], *, counts: bool
) -> None:
    """Who took a reading back, and when, stays in the record of changes."""
    for reading_id in readings:
        withdrawal = await session.get(WithdrawalRow, reading_id)
        if counts and withdrawal is not None:
            await session.delete(withdrawal)
        elif not counts and withdrawal is None:
            session.add(WithdrawalRow(reading_id=reading_id, at=caller.now, by=caller.actor.id))
    await session.flush()


def _shown(reading: Reading | None) -> dict[str, Any] | None:
    """What the metric stands at, as a change records it."""
    return value_to_json(reading.value) if reading else None

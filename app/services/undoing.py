"""Undoing a change: a change of its own, so that it can be undone as well."""

from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.errors import AlreadyDone, NotAllowed, NotFound
from app.domain.metrics import Reading
from app.domain.outcomes import Undone
from app.services.callers import Caller, Right, demand
from app.services.changes import Action, value_from_json, value_to_json, write_change
from app.services.readings import after_readings
from app.store.engine import Store
from app.store.queries import load_scorecard, present_reading
from app.store.tables import ChangeRow, WithdrawalRow
from app.store.writes import held

UNDOABLE = frozenset({Action.READING_RECORDED, Action.READING_WITHDRAWN, Action.READING_RESTORED})


async def undo(store: Store, caller: Caller, change_id: int) -> Undone:
    """Take back a recorded reading, or let one count again that was taken back.

    A reading taken back stays in the history and no longer counts. Raises
    `NotFound` for a change that can't be undone, `AlreadyDone` if it has been,
    `NotAllowed` for somebody else's.
    """
    async with store.transaction() as session:
        change = await session.get(ChangeRow, change_id)
        if change is None or change.action not in UNDOABLE:
            raise NotFound("This can't be undone.")
        row = await held(session, change.scorecard_id)
        demand(caller, Right.RECORD, row)
        if change.actor != caller.actor.id:
            raise NotAllowed("Only the person who made this change can undo it.")
        await _refuse_second_undo(session, change_id)
        scorecard = await load_scorecard(session, row)
        metric = scorecard.metrics_by_key[change.subject]
        counts = change.action == Action.READING_WITHDRAWN
        content = (change.before if counts else change.after) or {}
        before = await present_reading(session, change.scorecard_id, metric.key, caller.now)
        await _let_count(session, caller, int(content["reading"]), counts=counts)
        snapshot = await after_readings(session, row, caller, scorecard)
        current = snapshot.state(metric.key).current
        undoing = await write_change(
            session,
            change.scorecard_id,
            caller,
            Action.READING_RESTORED if counts else Action.READING_WITHDRAWN,
            change.subject,
            before=_shown(before) if counts else content,
            after=content if counts else _shown(current),
            undoes=change_id,
        )
        value = value_from_json(content)
        return Undone(undoing, scorecard.key, metric, value, counts, current)


async def _refuse_second_undo(session: AsyncSession, change_id: int) -> None:
    query = select(ChangeRow.id).where(ChangeRow.undoes_id == change_id)
    if (await session.exec(query)).first() is not None:
        raise AlreadyDone("This has been undone already.")


async def _let_count(
    session: AsyncSession, caller: Caller, reading_id: int, *, counts: bool
) -> None:
    """Who took the reading back, and when, stays in the record of changes."""
    withdrawal = await session.get(WithdrawalRow, reading_id)
    if counts and withdrawal is not None:
        await session.delete(withdrawal)
    elif not counts:
        session.add(WithdrawalRow(reading_id=reading_id, at=caller.now, by=caller.actor.id))
    await session.flush()


def _shown(reading: Reading | None) -> dict[str, Any] | None:
    """What the metric stands at, as a change records it."""
    return value_to_json(reading.value) if reading else None

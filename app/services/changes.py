"""The record of changes: who, when, from where, before and after; and taking one back."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.errors import AlreadyDone, NotAllowed, NotFound
from app.domain.outcomes import Undone
from app.domain.values import Qualifier, Value
from app.services.callers import Caller, Right, demand
from app.store.engine import Store
from app.store.queries import load_scorecard, present_reading
from app.store.tables import ChangeRow, ScorecardRow, WithdrawalRow
from app.store.writes import held, needed_id


class Action(StrEnum):
    SCORECARD_LOADED = "scorecard loaded"
    READING_RECORDED = "reading recorded"
    READING_WITHDRAWN = "reading withdrawn"
    MILESTONE_SHIPPED = "milestone shipped"
    DIGEST_POSTED = "digest posted"


async def write_change(
    session: AsyncSession,
    scorecard_id: int,
    caller: Caller,
    action: Action,
    subject: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    undoes: int | None = None,
) -> int:
    """Record a change in its own transaction and raise the scorecard's version; gives its id."""
    row = ChangeRow(
        scorecard_id=scorecard_id,
        at=caller.now,
        actor=caller.actor.id,
        surface=caller.surface.value,
        action=action.value,
        subject=subject,
        before=before,
        after=after,
        undoes_id=undoes,
    )
    session.add(row)
    await session.exec(
        update(ScorecardRow)
        .where(col(ScorecardRow.id) == scorecard_id)
        .values(version=col(ScorecardRow.version) + 1)
        .execution_options(synchronize_session=False)
    )
    await session.flush()
    return needed_id(row.id)


async def undo(store: Store, caller: Caller, change_id: int) -> Undone:
    """Take back a recorded reading; it stays in the history and no longer counts.

    Raises `NotFound` for a change that can't be undone, `AlreadyDone` if it has
    been, `NotAllowed` for somebody else's.
    """
    async with store.transaction() as session:
        change = await session.get(ChangeRow, change_id)
        if change is None or change.action != Action.READING_RECORDED or change.after is None:
            raise NotFound("This can't be undone.")
        row = await held(session, change.scorecard_id)
        demand(caller, Right.RECORD, row)
        scorecard = await load_scorecard(session, row)
        if change.actor != caller.actor.id:
            raise NotAllowed("Only the person who recorded this can undo it.")
        await _refuse_second_undo(session, change_id)
        reading_id = int(change.after["reading"])
        session.add(WithdrawalRow(reading_id=reading_id, at=caller.now, by=caller.actor.id))
        await write_change(
            session,
            change.scorecard_id,
            caller,
            Action.READING_WITHDRAWN,
            change.subject,
            before=change.after,
            undoes=change_id,
        )
        metric = scorecard.metrics_by_key[change.subject]
        return Undone(
            metric,
            value_from_json(change.after),
            await present_reading(session, change.scorecard_id, metric.key, caller.now),
        )


def value_to_json(value: Value) -> dict[str, str]:
    return {"value": f"{value.number:f}", "qualifier": value.qualifier.value}


def value_from_json(content: dict[str, Any]) -> Value:
    return Value(Decimal(content["value"]), Qualifier(content["qualifier"]))


async def _refuse_second_undo(session: AsyncSession, change_id: int) -> None:
    query = select(ChangeRow.id).where(ChangeRow.undoes_id == change_id)
    if (await session.exec(query)).first() is not None:
        raise AlreadyDone("This has been undone already.")

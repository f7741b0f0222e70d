"""The record of changes: who, when, from where, before and after."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.values import Qualifier, Value
from app.services.callers import Caller
from app.store.tables import ChangeRow, ScorecardRow
from app.store.writes import needed_id


class Action(StrEnum):
    SCORECARD_MADE = "scorecard made"
    SCORECARD_LOADED = "scorecard loaded"
    SCORECARD_EDITED = "scorecard edited"
    SCORECARD_RETIRED = "scorecard retired"
    PART_ADDED = "added"
    PART_EDITED = "edited"
    PART_MOVED = "moved"
    PART_RETIRED = "retired"
    EDIT_UNDONE = "change undone"
    READING_RECORDED = "reading recorded"
    READING_WITHDRAWN = "reading withdrawn"
    READING_RESTORED = "reading restored"
    READINGS_RECORDED = "readings recorded"
    READINGS_WITHDRAWN = "readings withdrawn"
    READINGS_RESTORED = "readings restored"
    MILESTONE_PLANNED = "milestone planned"
    MILESTONE_SHIPPED = "milestone shipped"
    MILESTONE_EDITED = "milestone edited"
    MILESTONE_UNDONE = "milestone change undone"
    DIGEST_POSTED = "digest posted"
    LINK_MADE = "link made"
    LINK_REVOKED = "link revoked"
    MESSAGE_SENT_AGAIN = "message sent again"
    ALERTS_MUTED = "alerts muted"
    ALERTS_UNMUTED = "alerts unmuted"
    MESSAGE_SEEN = "message seen in Slack"
    HOOK_MADE = "hook made"
    HOOK_EDITED = "hook edited"
    HOOK_REVOKED = "hook revoked"
    TOKEN_MADE = "token made"  # noqa: S105 (a word)
    TOKEN_REVOKED = "token revoked"  # noqa: S105 (a word)


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


def value_to_json(value: Value) -> dict[str, str]:
    return {"value": f"{value.number:f}", "qualifier": value.qualifier.value}


def value_from_json(content: dict[str, Any]) -> Value:
    return Value(Decimal(content["value"]), Qualifier(content["qualifier"]))

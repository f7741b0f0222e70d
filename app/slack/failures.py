"""Failures in the words of the person who waits, each logged once."""

import logging
import uuid

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.domain.errors import KpiError, NotAllowed
from app.logs import current_event
from app.slack.blocks.access import refusal
from app.slack.blocks.kit import Message
from app.slack.blocks.notices import notice, remedy
from app.slack.publish import SlackFailure

log = logging.getLogger(__name__)

_NONE_FREE = "no connection was free"


def explain(error: Exception, doing: str) -> Message:
    """What to tell a person; whatever isn't their doing goes to the log, under a reference."""
    if isinstance(error, NotAllowed) and error.who_can_help:
        return refusal(error.refusal, error.who_can_help)
    if isinstance(error, KpiError):
        return notice(error.message)
    if isinstance(error, SlackFailure):
        log.warning("%s: %s", doing, error)
        again = " Try again in a moment." if error.is_passing else ""
        return remedy(f"{error.remedy}{again}")
    reference = current_event() or uuid.uuid4().hex[:8]
    if isinstance(error, (DBAPIError, PoolTimeout)):
        # What PostgreSQL says in the lines after the first has the row's values in it.
        cause = str(error.orig).partition("\n")[0] if isinstance(error, DBAPIError) else _NONE_FREE
        log.error("%s [%s]: the database failed: %s", doing, reference, cause)
        if isinstance(error, DBAPIError) and _broke_at_commit(error):
            return notice(
                "The connection to the database broke just when this was saved. Look whether it is "
                f"there before you do it again; the reference is {reference}."
            )
        return notice(
            "The database is busy or can't be reached, and nothing was changed. Try again in a "
            f"moment; if it stays, give whoever runs this bot the reference {reference}."
        )
    log.error("%s [%s]", doing, reference, exc_info=error)
    return notice(
        "Something went wrong here that shouldn't have. If it stays, give whoever runs this bot "
        f"the reference {reference}."
    )


def _broke_at_commit(error: DBAPIError) -> bool:
    """Whether nobody knows if it was saved: the connection was lost with no statement under way."""
    return error.connection_invalidated and error.statement is None

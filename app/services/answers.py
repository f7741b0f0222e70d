"""What requests with a key were answered, so that sending one again does nothing a second time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import col

from app.domain.errors import BadInput
from app.services.callers import Caller
from app.services.tokens import Revoked, held_token
from app.store.engine import Store
from app.store.tables import AnswerRow

KEPT_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered: an HTTP status, a body in JSON, where to find what it made."""

    status: int
    body: str
    location: str | None = None


class KeyUsed(BadInput):
    """A key was given with another request before."""


async def answered_once(
    store: Store,
    caller: Caller,
    work: Callable[[Store], Awaitable[Answer]],
    *,
    token_id: int,
    key: str,
    request: str,
) -> Answer:
    """Do some work by a token, or give what it was answered with this key before.

    `request` is a digest of all that is asked for. The answer is written in the transaction
    of the work, so that no crash keeps one without the other; a refusal writes neither. The
    token is held meanwhile, so that two who send the same at once, in whichever processes,
    do it one after the other. Raises `KeyUsed` for a key of another request, `Revoked`, and
    what `work` raises.
    """
    async with store.transaction() as session:
        row = await held_token(session, token_id)
        if row is None or row.revoked_at is not None:
            raise Revoked
        await session.exec(
            delete(AnswerRow).where(
                col(AnswerRow.token_id) == token_id, col(AnswerRow.at) < caller.now - KEPT_FOR
            )
        )
        known = await session.get(AnswerRow, (token_id, key))
        if known is not None:
            if known.request != request:
                raise KeyUsed("This key was sent with another request before. Use a new one.")
            return Answer(known.status, known.body, known.location)
        answer = await work(store.joining(session))
        session.add(
            AnswerRow(
                token_id=token_id,
                key=key,
                request=request,
                status=answer.status,
                location=answer.location,
                body=answer.body,
                at=caller.now,
            )
        )
        return answer

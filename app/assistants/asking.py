"""Who asks: a token, anew for each call, and what they ask about."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain import names
from app.domain.access import Token
from app.domain.errors import BadInput, NotFound
from app.domain.scorecards import Snapshot
from app.services import scorecards, tokens
from app.services.callers import Caller, Surface
from app.store.engine import Store


@dataclass(frozen=True)
class Parts:
    """What the server works with; `secret` is that of the token with which all is asked."""

    store: Store
    secret: str
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class Asking:
    """A call that was let in."""

    store: Store
    token: Token
    caller: Caller


async def let_in(parts: Parts) -> Asking:
    """Who asks now. Raises `BadInput` for a token that isn't known, or was revoked meanwhile."""
    token = await tokens.known(parts.store, parts.secret)
    if token is None:
        raise BadInput(tokens.UNKNOWN)
    now = parts.clock()
    if token.last_used_at is None or now - token.last_used_at >= tokens.USE_NOTED_EVERY:
        await tokens.note_use(parts.store, token.id, now)
    return Asking(parts.store, token, tokens.caller_of(token, now, Surface.ASSISTANT))


async def scorecard_key(asking: Asking, typed: str | None) -> str | None:
    """The key of the scorecard that was named; what means none is given back as it is."""
    if typed is None:
        return None
    known = await scorecards.named(asking.store, asking.caller)
    return names.found(typed, {key: (name,) for key, name in known.items()}) or typed


async def scorecard_meant(asking: Asking, typed: str | None) -> Snapshot:
    """The scorecard that was named, or the only one; raises `NotFound` with suggestions."""
    return await scorecards.show(asking.store, asking.caller, await scorecard_key(asking, typed))


def key_meant(what: str, typed: str, known: Mapping[str, Iterable[str]], field: str) -> str:
    """The key that was typed loosely; `known` gives for each key its names.

    Raises `NotFound` with suggestions, at the field.
    """
    key = names.found(typed, known)
    if key is None:
        close = names.matching(typed, known) or names.suggestions(typed, known)
        there = f"There are {', '.join(known)}." if known else "There is none yet."
        hint = f"Did you mean {' or '.join(close)}?" if close else there
        raise NotFound(f"There is no {what} “{typed}”. {hint}", suggestions=close, field=field)
    return key

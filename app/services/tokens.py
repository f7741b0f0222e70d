"""Tokens: what programs report with, made and revoked by who may edit the scorecards they reach."""

import hashlib
import re
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain import names
from app.domain.access import Token
from app.domain.errors import AlreadyDone, BadInput, KpiError, NotFound
from app.services.callers import Actor, Caller, Right, Role, Surface, demand, may
from app.services.changes import Action, write_change
from app.services.scorecards import meant
from app.store.engine import Store
from app.store.queries import Listed
from app.store.tables import ScorecardRow, TokenRow, TokenScorecardRow
from app.store.writes import held, needed_id

PREFIX = "kpi_"
"""By which a secret is known for one: by people, logs and scanners of repositories."""
MOST_TOKENS = 40
"""That reach one scorecard, so that a modal can list them."""
USE_NOTED_EVERY = timedelta(minutes=1)
UNKNOWN = "This token isn't known, or it was revoked. Make one: /kpi setup, Tokens."

_MOST_ID = 2**31 - 1
"""Beyond it nothing can be looked up."""
_SECRET = re.compile(rf"{PREFIX}[\w-]{{43}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TokenForm:
    """What a person says of a token; `scorecards` are keys."""

    name: str
    scorecards: tuple[str, ...]
    writes: bool


class Revoked(KpiError):
    """A token was revoked since the request began."""

    def __init__(self) -> None:
        super().__init__("This token was revoked.")


async def make(store: Store, caller: Caller, form: TokenForm) -> tuple[Token, str]:
    """Make a token, recorded in each scorecard that it reaches; gives it and its secret.

    The secret is told this once. Raises `BadInput` at the field `name` or `scorecards`,
    `NotFound` and `NotAllowed` for scorecards that the caller may not edit.
    """
    name = " ".join(form.name.split())
    name = names.checked_text(name, names.MOST_NAME_LENGTH, "The name", field="name")
    if not form.scorecards:
        raise BadInput("Choose at least one scorecard that the token reaches.", field="scorecards")
    secret = PREFIX + secrets.token_urlsafe(32)
    async with store.transaction() as session:
        reached = await _held_in_order(session, store, caller, form.scorecards)
        row = TokenRow(
            name=name,
            digest=digest_of(secret),
            writes=form.writes,
            made_by=caller.actor.id,
            made_at=caller.now,
        )
        session.add(row)
        await session.flush()
        ties = [
            TokenScorecardRow(token_id=needed_id(row.id), scorecard_id=needed_id(scorecard.id))
            for scorecard in reached
        ]
        session.add_all(ties)
        token = _token(row, [scorecard.key for scorecard in reached])
        await _write_changes(session, caller, reached, token, Action.TOKEN_MADE)
        return token, secret


async def _held_in_order(
    session: AsyncSession, store: Store, caller: Caller, keys: Sequence[str]
) -> list[ScorecardRow]:
    """The scorecards of these keys, held for a change by who may edit them, none for too many.

    Always in the same order, so that two who hold several don't wait for each other.
    """
    listed = [await meant(session, store, caller, key) for key in dict.fromkeys(keys)]
    rows = []
    for each in sorted(listed, key=lambda each: each.id):
        row = await held(session, each.id)
        demand(caller, Right.EDIT, row)
        if len(await _tokens(session, _reaches(each.id))) >= MOST_TOKENS:
            raise BadInput(
                f"{row.name} has {MOST_TOKENS} tokens already. Revoke one first.",
                field="scorecards",
            )
        rows.append(row)
    return rows


async def of_scorecard(store: Store, caller: Caller, key: str) -> list[Token]:
    """The tokens that reach a scorecard, for who may edit it; raises `NotFound`, `NotAllowed`."""
    async with store.reading() as session:
        listed = await meant(session, store, caller, key)
        demand(caller, Right.EDIT, listed)
        return await reaching(session, listed)


async def reaching(session: AsyncSession, listed: Listed) -> list[Token]:
    """The tokens that reach a scorecard, the oldest first."""
    return await _tokens(session, _reaches(listed.id))


async def all_of(store: Store, caller: Caller) -> list[Token]:
    """The tokens of all scorecards that the caller may edit, the oldest first."""
    async with store.reading() as session:
        theirs = {
            each.key
            for each in await store.listing.read(session)
            if may(caller.actor, Right.EDIT, each)
        }
        return [token for token in await _tokens(session) if theirs.intersection(token.scorecards)]


async def revoke(store: Store, caller: Caller, token_id: int) -> Token:
    """End a token at once, for all scorecards that it reaches.

    Who may edit one of these may do so. Raises `NotFound` for a token that isn't there,
    `AlreadyDone` for one that was revoked, `NotAllowed`.
    """
    async with store.transaction() as session:
        row = await held_token(session, token_id) if token_id <= _MOST_ID else None
        rows = [] if row is None else await _reached(session, token_id)
        seen = [each for each in rows if may(caller.actor, Right.SEE, each)]
        if row is None or not seen:
            raise NotFound(f"There is no token {token_id}.")
        if not any(may(caller.actor, Right.EDIT, each) for each in seen):
            demand(caller, Right.EDIT, seen[0])
        if row.revoked_at is not None:
            raise AlreadyDone(f"The token “{row.name}” was revoked before.")
        row.revoked_at = caller.now
        session.add(row)
        token = _token(row, [each.key for each in rows])
        await _write_changes(session, caller, rows, token, Action.TOKEN_REVOKED)
        return token


async def held_token(session: AsyncSession, token_id: int) -> TokenRow | None:
    """The row of a token as it is now, held until the transaction ends.

    Who holds a token and a scorecard holds the token first.
    """
    return await session.get(TokenRow, token_id, with_for_update=True, populate_existing=True)


async def _reached(session: AsyncSession, token_id: int) -> Sequence[ScorecardRow]:
    """The scorecards that a token reaches, those that were retired too, in the order of holding."""
    query = (
        select(ScorecardRow)
        .join(TokenScorecardRow, col(TokenScorecardRow.scorecard_id) == ScorecardRow.id)
        .where(TokenScorecardRow.token_id == token_id)
        .order_by(col(ScorecardRow.id))
    )
    return (await session.exec(query)).all()


async def _write_changes(
    session: AsyncSession,
    caller: Caller,
    rows: Sequence[ScorecardRow],
    token: Token,
    action: Action,
) -> None:
    for row in rows:
        await write_change(
            session,
            needed_id(row.id),
            caller,
            action,
            token.reporter,
            after={"access": token.rights} if action is Action.TOKEN_MADE else None,
        )


async def known(store: Store, secret: str) -> Token | None:
    """The token of a secret; None for one that is none, or revoked in whichever process."""
    if _SECRET.fullmatch(secret) is None:
        return None
    async with store.reading() as session:
        found = await _tokens(session, col(TokenRow.digest) == digest_of(secret))
        return found[0] if found else None


def digest_of(secret: str) -> str:
    """What is kept of a secret.

    A slow or salted hash protects what people think up. These are 256 random bits, which
    nobody can try out, so one SHA-256 is enough, and it can be looked up by an index: an
    attacker who can measure that learns of digests, which lead to no secret.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def caller_of(token: Token, now: datetime, surface: Surface = Surface.API) -> Caller:
    """Whoever asks with a token."""
    reach = frozenset(token.scorecards)
    actor = Actor(token.reporter, Role.TOKEN, reach=reach, writes=token.writes)
    return Caller(actor, surface, now)


async def note_use(store: Store, token_id: int, at: datetime) -> None:
    """Remember that a token was used."""
    used = update(TokenRow).where(col(TokenRow.id) == token_id).values(last_used_at=at)
    async with store.transaction() as session:
        await session.exec(used)


def _reaches(scorecard_id: int) -> ColumnElement[bool]:
    ties = select(TokenScorecardRow.token_id).where(TokenScorecardRow.scorecard_id == scorecard_id)
    return col(TokenRow.id).in_(ties)


async def _tokens(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[Token]:
    """The tokens that weren't revoked, in order of their making."""
    query = (
        select(TokenRow, ScorecardRow.key)
        .join(TokenScorecardRow, col(TokenScorecardRow.token_id) == TokenRow.id)
        .join(ScorecardRow, col(TokenScorecardRow.scorecard_id) == ScorecardRow.id)
        .where(col(TokenRow.revoked_at).is_(None), *conditions)
        .order_by(col(TokenRow.id), col(ScorecardRow.key))
    )
    rows: dict[int, TokenRow] = {}
    keys: dict[int, list[str]] = defaultdict(list)
    for row, key in (await session.exec(query)).all():
        rows[needed_id(row.id)] = row
        keys[needed_id(row.id)].append(key)
    return [_token(row, keys[token_id]) for token_id, row in rows.items()]


def _token(row: TokenRow, scorecards: Sequence[str]) -> Token:
    return Token(
        needed_id(row.id),
        row.name,
        tuple(scorecards),
        row.writes,
        row.made_by,
        row.made_at,
        row.last_used_at,
    )

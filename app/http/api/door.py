"""Who comes in: the token of each request, before anything else of it is read."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.access import Token
from app.http.api.limits import Limits
from app.http.api.problems import CHALLENGE, Kind, Refusal
from app.logs import one_event
from app.services import tokens
from app.store.engine import Store

log = logging.getLogger(__name__)

OPEN = frozenset({"/docs", "/openapi.json"})
"""What is told without a token: how the API is used."""

_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Authorization",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True)
class Parts:
    """What the API works with; `spawn` goes on with work after the answer, `deliver` carries out
    what is owed to Slack."""

    store: Store
    clock: Callable[[], datetime]
    spawn: Callable[[Coroutine[Any, Any, object]], object]
    deliver: Callable[[], Coroutine[Any, Any, object]]
    limits: Limits = field(default_factory=Limits)
    noted: dict[int, datetime] = field(default_factory=dict)
    """When this process has noted the use of each token, by id."""
    bulk: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Many readings take much memory until they are written: one request at a time has them."""


class Door:
    """Lets requests in that bring a token, or are about the API alone; all else is a problem.

    Each is one event in the log; what fails is logged here, once, under the reference that its
    answer names.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with one_event() as event:
            try:
                await self._answer(scope, receive, guarded)
            except ClientDisconnect:
                return  # nobody waits for an answer
            except Exception as error:
                log.exception("a request of the API failed")
                if begun:
                    raise
                await _failure(error, event).response()(scope, receive, guarded)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            request.state.token = await _let_in(request)
        except Refusal as refusal:
            await refusal.response()(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _failure(error: Exception, event: str) -> Refusal:
    """What is told of an error: nothing but where it is found in the log."""
    if isinstance(error, OperationalError | NoConnection):
        detail = f"The database doesn't answer. Try again. Reference: {event}"
        return Refusal(Kind.UNAVAILABLE, detail, headers={"Retry-After": "5"})
    return Refusal(Kind.FAILED, f"Tell whoever runs this bot. Reference: {event}")


async def _let_in(request: Request) -> Token | None:
    """The token that a request brings, None where none is needed; raises `Refusal`."""
    parts: Parts = request.app.state.parts
    address = request.client.host if request.client else ""
    given = request.headers.getlist("authorization")
    if not given:
        await parts.limits.count_address(address)
        if _path(request) in OPEN:
            return None
        raise Refusal(
            Kind.UNKNOWN_TOKEN,
            "Send a token with the request: Authorization: Bearer kpi_…",
            headers=CHALLENGE,
        )
    token = await _known(parts.store, given)
    if token is None:
        await parts.limits.count_failure(address)
        challenge = f'{CHALLENGE["WWW-Authenticate"]}, error="invalid_token"'
        raise Refusal(
            Kind.UNKNOWN_TOKEN,
            tokens.UNKNOWN,
            headers={"WWW-Authenticate": challenge},
        )
    await parts.limits.count_token(token.id)
    _note_use(parts, token)
    return token


def _path(request: Request) -> str:
    return str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))


async def _known(store: Store, given: list[str]) -> Token | None:
    scheme, _, secret = given[0].partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer":
        return None
    return await tokens.known(store, secret.strip())


def _note_use(parts: Parts, token: Token) -> None:
    """Write that a token is used, once a minute and after the answer."""
    now = parts.clock()
    noted = max(filter(None, (token.last_used_at, parts.noted.get(token.id))), default=None)
    if noted is None or now - noted >= tokens.USE_NOTED_EVERY:
        parts.noted[token.id] = now
        parts.spawn(tokens.note_use(parts.store, token.id, now))

"""The HTTP server, inside the bot's event loop and stopped by the bot."""

import asyncio
import contextlib
import math
import socket
from collections.abc import Callable, Iterator
from typing import Self

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.domain.errors import BadInput

GRACE_SECONDS = 5.0
"""How long a request that runs when the server stops may take to end, if nobody says."""
REQUEST_SECONDS = 10.0
"""How long a whole request may take to arrive; Slack waits three seconds for its answer."""


class _Impatient(H11Protocol):
    """A connection that is closed when a request doesn't arrive in time, head and body.

    uvicorn itself limits only the pause between two requests, and any byte ends that.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_request()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._expect_nothing()

    def _expect_request(self) -> None:
        self._expect_nothing()
        self._deadline = self.loop.call_later(REQUEST_SECONDS, self._close_unless_arrived)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()

    def _close_unless_arrived(self) -> None:
        if self.conn.their_state in {h11.IDLE, h11.SEND_BODY}:
            self.transport.close()


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are for the whole bot, which stops its server in its turn."""
        yield


class HttpServer:
    """Serves from `async with` on; raises `BadInput` if the port can't be had.

    `patience` tells, when the server stops, how many seconds a request may still take to end.
    """

    def __init__(
        self,
        http: ASGIApp,
        host: str,
        port: int,
        patience: Callable[[], float] = lambda: GRACE_SECONDS,
    ) -> None:
        self._host = host
        self._port = port
        self._patience = patience
        config = uvicorn.Config(
            http,
            http=_Impatient,
            ws="none",
            log_config=None,
            access_log=False,
            lifespan="off",
        )
        self._server = _Server(config)
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        return self._port

    async def __aenter__(self) -> Self:
        try:
            listening = socket.create_server((self._host, self._port))
        except OSError as error:
            raise BadInput(
                f"KPI_PORT: nothing can listen on {self._host}:{self._port} ({error.strerror}). "
                "Set another port, or 0 for any free one.",
                field="KPI_PORT",
            ) from error
        # Otherwise the kernel holds each small answer back for some 40 ms.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._port = listening.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.config.timeout_graceful_shutdown = math.ceil(self._patience())
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving

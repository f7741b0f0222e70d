"""The HTTP server, inside the bot's event loop and stopped by the bot."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Self

import uvicorn
from fastapi import FastAPI

from app.domain.errors import BadInput

GRACE_SECONDS = 5
"""How long a request that runs when the server stops may take to end."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are for the whole bot, which stops its server in its turn."""
        yield


class HttpServer:
    """Serves from `async with` on; raises `BadInput` if the port can't be had."""

    def __init__(self, http: FastAPI, host: str, port: int) -> None:
        self._host = host
        self._port = port
        config = uvicorn.Config(
            http,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=GRACE_SECONDS,
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
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving

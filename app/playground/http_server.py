"""An HTTP and WebSocket server inside the running event loop, whose connections can be broken."""

import asyncio
import socket
from typing import Any

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

HOST = "127.0.0.1"
STOP_SECONDS = 1.0
IDLE_SECONDS = 60
"""How long a connection is kept on which nothing is asked: longer than clients keep theirs, so that
none sends a call over one that is just being closed."""


class BreakableProtocol(H11Protocol):
    """Hands `state.break_connection` to every request and WebSocket."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the event loop."""
        self.app_state = {**self.app_state, "break_connection": transport.abort}
        super().connection_made(transport)


class BrokenConnection(Response):
    """Instead of an answer, the connection is gone."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Called by Starlette."""
        scope["state"]["break_connection"]()
        await asyncio.sleep(0)  # lets the protocol notice, so that it sends nothing of its own


class HttpServer:
    """Serves an ASGI application on a free port of this machine, or on the port that is given.

    `uvicorn.Server` would take over the process's signals and wait in steps of 0.1 s; a
    workspace that lives for one test can't afford that.
    """

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        self._config = uvicorn.Config(
            app,
            http=BreakableProtocol,
            ws="websockets-sansio",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=IDLE_SECONDS,
        )
        self._asked_port = port
        self._state = ServerState()
        self._listener: asyncio.Server | None = None
        self.url = ""

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        self._config.load()
        listening = socket.create_server((HOST, self._asked_port))
        self.url = f"http://{HOST}:{listening.getsockname()[1]}"
        self._listener = await asyncio.get_running_loop().create_server(
            self._new_protocol, sock=listening
        )

    def _new_protocol(self) -> asyncio.Protocol:
        app_state: dict[str, Any] = {}
        return BreakableProtocol(self._config, self._state, app_state)

    async def stop(self) -> None:
        """Close every connection; what is still being answered has a second to finish."""
        if self._listener is not None:
            self._listener.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            _, unfinished = await asyncio.wait(self._state.tasks, timeout=STOP_SECONDS)
            for task in unfinished:
                task.cancel()

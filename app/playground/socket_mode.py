"""Socket Mode: WebSocket connections that carry envelopes to the app and acknowledgements back.

docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
from typing import Literal

from starlette.websockets import WebSocket, WebSocketDisconnect

from app.playground.blocks import Json
from app.playground.deliveries import NotDeliveredError
from app.playground.envelopes import Envelope
from app.playground.journal import Journal
from app.playground.workspace import Workspace

DisconnectReason = Literal["warning", "refresh_requested", "link_disabled"]

LINGER_SECONDS = 0.2
"""How long a connection that was told to go may stay; Slack gives about ten seconds."""


class Connection:
    """One WebSocket and the envelopes on it that are not acknowledged yet."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._waiting: dict[str, asyncio.Future[Json | None]] = {}
        self.is_leaving = False
        self.closed = asyncio.Event()

    async def send(self, envelope: Envelope) -> Json | None:
        """Send and wait for the acknowledgement. Raises NotDeliveredError when the line breaks."""
        message = {
            "envelope_id": envelope.id,
            "type": envelope.type,
            "payload": envelope.payload,
            "accepts_response_payload": envelope.accepts_response_payload,
        }
        if envelope.type == "events_api":
            message["retry_attempt"] = envelope.retry_attempt
            message["retry_reason"] = envelope.retry_reason
        acknowledged: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope.id] = acknowledged
        try:
            await self.tell(message)
            return await acknowledged
        finally:
            del self._waiting[envelope.id]

    async def tell(self, message: Json) -> None:
        """Send something that needs no acknowledgement. Raises NotDeliveredError."""
        try:
            await self._websocket.send_json(message)
        except (RuntimeError, WebSocketDisconnect) as broken:
            raise NotDeliveredError from broken

    async def listen(self) -> None:
        """Take acknowledgements until the connection ends."""
        try:
            async for text in self._websocket.iter_text():
                message = json.loads(text)
                waiting = self._waiting.get(message.get("envelope_id"))
                if waiting is not None and not waiting.done():
                    waiting.set_result(message.get("payload"))
        finally:
            self.closed.set()
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(NotDeliveredError())

    async def leave(self, reason: DisconnectReason) -> None:
        """Ask the app to connect anew, then close if it has not done so itself."""
        self.is_leaving = True
        await self.tell({"type": "disconnect", "reason": reason, "debug_info": _DEBUG_INFO})
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                await self.closed.wait()
        except TimeoutError:
            await self._websocket.close()

    def snap(self) -> None:
        """Break the connection without a word."""
        self._websocket.state.break_connection()


_DEBUG_INFO = {"host": "playground", "build_number": 1, "approximate_connection_time": 18060}


class SocketMode:
    """All connections of the app. Each envelope goes to one of them, in turn."""

    name = "Socket Mode"

    def __init__(self, workspace: Workspace, journal: Journal) -> None:
        self._workspace = workspace
        self._journal = journal
        self._connections: list[Connection] = []
        self.is_refusing = False
        self.is_silent = False

    @property
    def connections(self) -> list[Connection]:
        """Those that still take envelopes."""
        return [connection for connection in self._connections if not connection.is_leaving]

    async def accept(self, websocket: WebSocket) -> None:
        """Serve one connection to its end; it needs a ticket from apps.connections.open."""
        ticket = websocket.query_params.get("ticket", "")
        if self.is_refusing or not self._workspace.use_connection_ticket(ticket):
            self._journal.note("refused", error="refused")
            await websocket.close()
            return
        await websocket.accept()
        if self.is_silent:
            # Its pings are answered below, by the server; nothing else ever comes.
            await Connection(websocket).listen()
            return
        connection = Connection(websocket)
        self._connections.append(connection)
        hello = self._hello()
        self._journal.note("hello", hello)
        try:
            await connection.tell(hello)
            await connection.listen()
        finally:
            self._connections.remove(connection)
            self._journal.note("closed", {"num_connections": len(self._connections)})

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": _DEBUG_INFO,
            "connection_info": {"app_id": self._workspace.installation.app_id},
        }

    async def send(self, envelope: Envelope) -> Json | None:
        """Send by the connection whose turn it is. Raises NotDeliveredError when there is none."""
        if not self.connections:
            raise NotDeliveredError
        connection = self.connections[0]
        self._connections.remove(connection)
        self._connections.append(connection)
        return await connection.send(envelope)

    async def disconnect(self, reason: DisconnectReason) -> None:
        """Ask every connection to go."""
        self._journal.note("disconnect", {"reason": reason})
        await asyncio.gather(*(connection.leave(reason) for connection in self.connections))

    def snap(self) -> None:
        """Break every connection without a word."""
        for connection in list(self._connections):
            connection.snap()

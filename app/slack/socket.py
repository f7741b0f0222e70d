"""The Socket Mode connection: opened, watched, replaced when it is deaf, closed when it is done.

The SDK's client connects anew when a connection ends or answers no ping. Nothing in it notices a
connection over which Slack never said hello, nor that a task of its own, which receives or
watches, has died or hangs: then it is connected, and deaf.

docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import logging
from time import monotonic, time
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import (
    run_async_bolt_app,
    send_async_response,
)
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from app import measures
from app.slack.publish import SlackFailure, call

log = logging.getLogger(__name__)

JSON = "application/json;charset=utf-8"

DEAF_SECONDS = 45.0
"""It is noticed at the next look, a ping later: within a minute."""
OPEN_SECONDS = 10.0
LINGER_SECONDS = 3.0
"""How long a replaced connection stays for what came over it: Slack waits no longer."""
CLOSE_SECONDS = 3.0


class Socket:
    """The bot's connection, which is another one after it was deaf.

    Silence of `deaf_seconds` is deafness; signs of life are a hello, an envelope, and the answer to
    a ping, sent every `ping_seconds`, on a connection over which Slack has said hello.
    """

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        *,
        ping_seconds: float,
        deaf_seconds: float = DEAF_SECONDS,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._ping_seconds = ping_seconds
        self._deaf_seconds = deaf_seconds
        self._line = self._new_line()
        self._replaceable_at = 0.0
        self._retiring: set[asyncio.Task[None]] = set()

    def _new_line(self) -> "_Line":
        return _Line(self._app, self._app_token, self._ping_seconds)

    async def address(self) -> AsyncSlackResponse:
        """Ask Slack for the address of one connection."""
        return await self._line.address()

    async def open(self, address: str) -> None:
        """Connect; what Slack doesn't take yet is tried until it does."""
        await self._line.open(address)

    async def trouble(self) -> str | None:
        """Why nothing can be heard; None while all is well."""
        silence = self._line.silence()
        if silence > self._deaf_seconds:
            return f"deaf: nothing was heard for {silence:.0f} s"
        if not await self._line.client.is_connected():
            return "not connected"
        return None

    async def watch(self) -> None:
        """Replace the connection whenever it is deaf, for as long as this isn't cancelled."""
        while True:
            await asyncio.sleep(self._ping_seconds)
            try:
                await self._look()
            except SlackFailure as failure:
                pause = failure.retry_after or self._deaf_seconds
                self._replaceable_at = monotonic() + pause
                log.warning(
                    "the socket could not be replaced (%s); again in %.0f s", failure, pause
                )
            except Exception:
                log.exception("the socket could not be looked after; it is tried again")

    async def _look(self) -> None:
        silence = self._line.silence()
        if silence > self._deaf_seconds and monotonic() >= self._replaceable_at:
            log.warning("the socket is deaf: nothing was heard for %.0f s", silence)
            await self._replace(self._line)

    async def _replace(self, deaf: "_Line") -> None:
        """Connect anew first, and only then give the deaf connection up: between them, nothing
        that Slack sends is lost."""
        fresh = self._new_line()
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await fresh.open((await call(fresh.address))["url"])
        except TimeoutError as error:
            await fresh.close()
            raise SlackFailure("no_answer", "Slack can't be reached.") from error
        except BaseException:
            await fresh.close()
            raise
        self._line = fresh
        measures.SOCKET_RECONNECTS.inc()
        measures.SOCKET_REPLACEMENTS.inc()
        log.info("the socket is replaced")
        retiring = asyncio.create_task(deaf.retire(LINGER_SECONDS))
        self._retiring.add(retiring)
        retiring.add_done_callback(self._retiring.discard)

    def take_nothing_more(self) -> None:
        """Leave what comes from now on to another process, or to Slack's next attempt."""
        self._line.take_nothing_more()

    async def close(self, seconds: float) -> None:
        """Answer what has come, within `seconds`, and close."""
        await asyncio.gather(self._line.retire(seconds), *self._retiring)


class _Line:
    """One client of the SDK, with what was heard over it and what is being answered."""

    def __init__(self, app: AsyncApp, app_token: str, ping_seconds: float) -> None:
        self._handler = AsyncSocketModeHandler(app, app_token, ping_interval=ping_seconds)
        self.client = self._handler.client
        self.client.message_listeners.append(self._hear)
        self.client.socket_mode_request_listeners[:] = [self._answer]
        self._answering: set[asyncio.Task[Any]] = set()
        self._heard_at = monotonic()
        self._greeted: object = None
        """The connection over which Slack has said hello."""
        self._pong: float | None = None
        self._refreshing = asyncio.create_task(self._keep_address_fresh())

    async def address(self) -> AsyncSlackResponse:
        return await self.client.web_client.apps_connections_open(app_token=self.client.app_token)

    async def open(self, address: str) -> None:
        self._heard_at = monotonic()  # from here on there is something to hear
        self.client.wss_uri = address
        await self.client.connect()

    async def _keep_address_fresh(self) -> None:
        """Let the client ask for a new address while it isn't connected.

        By itself it would try an address that failed once for ever; an address of Slack's is good
        for one connection.
        """
        while True:
            await asyncio.sleep(self.client.ping_interval)
            if not await self.client.is_connected():
                self.client.wss_uri = None

    async def _hear(
        self, _client: AsyncBaseSocketModeClient, message: dict[str, Any], _raw: str | None
    ) -> None:
        self._heard_at = monotonic()
        if message.get("type") == "hello":
            if self._greeted is not None:
                measures.SOCKET_RECONNECTS.inc()
            self._greeted = self.client.current_session

    def silence(self) -> float:
        """Seconds since the last sign of life."""
        pong = self.client.last_ping_pong_time
        if pong != self._pong:
            self._pong = pong
            if self._greeted is self.client.current_session:
                self._heard_at = monotonic()
        return monotonic() - self._heard_at

    async def _answer(self, _client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        # The SDK keeps no reference to this task: without one it may be collected half-way.
        if task := asyncio.current_task():
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        answer = await run_async_bolt_app(self._handler.app, request)
        if answer.status == 200 and answer.first_headers().get("content-type") == JSON:
            # As Bolt wrote it: the SDK would read it and write it again, which takes a tenth of
            # the whole time of a command.
            envelope = json.dumps(request.envelope_id)
            await self.client.send_message(
                f'{{"envelope_id": {envelope}, "payload": {answer.body}}}'
            )
        else:
            await send_async_response(self.client, request, answer, time())

    def take_nothing_more(self) -> None:
        self.client.socket_mode_request_listeners.clear()

    async def retire(self, seconds: float) -> None:
        """Close when what has come is answered, or after `seconds`."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=seconds)
        await self.close()

    async def close(self) -> None:
        """Close; a client that is about to connect anew is not waited for."""
        self._refreshing.cancel()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._handler.close_async()
        except TimeoutError:
            log.warning("the socket did not close within %.0f s; it is cut", CLOSE_SECONDS)
            client = self.client
            running = (
                client.message_processor,
                client.current_session_monitor,
                client.message_receiver,
            )
            for task in filter(None, running):
                task.cancel()
            await client.aiohttp_client_session.close()

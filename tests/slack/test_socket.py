"""The Socket Mode connection is watched: a deaf one is replaced, and nothing that came is lost."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from prometheus_client import REGISTRY
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from app.slack.socket import DEAF_SECONDS, Socket

PING_SECONDS = 0.2
PINGS_UNTIL_DEAF = 5


class Network:
    """What lies between the app and Slack, and can go dead without closing a connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._is_dead: list[bool] = []
        self._pipes: set[asyncio.Task[None]] = set()

    def goes_dead(self) -> None:
        """From now on nothing more comes through the connections that there are."""
        self._is_dead[:] = [True] * len(self._is_dead)

    @asynccontextmanager
    async def up(self) -> AsyncIterator[str]:
        """The address under which Slack is reached through it."""
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            for pipe in self._pipes:
                pipe.cancel()
            await asyncio.gather(*self._pipes, return_exceptions=True)

    async def _join(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        there, on = await asyncio.open_connection("127.0.0.1", self._port)
        number = len(self._is_dead)
        self._is_dead.append(False)
        for source, target in ((here, on), (there, back)):
            self._pipes.add(asyncio.create_task(self._pipe(number, source, target)))

    async def _pipe(
        self, number: int, source: asyncio.StreamReader, target: asyncio.StreamWriter
    ) -> None:
        try:
            while data := await source.read(65_536):
                if not self._is_dead[number]:
                    target.write(data)
        finally:
            target.close()


class Line:
    """A workspace with Ana in #billing, and an app that is connected by a watched socket."""

    def __init__(self, slack: LocalSlack, ping_seconds: float = PING_SECONDS) -> None:
        self.slack = slack
        self.ana: Person = slack.add_person("ana")
        self.billing: Channel = slack.add_channel("billing", members=[self.ana])
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        self.app = AsyncApp(client=client, process_before_response=True)
        self.socket = Socket(
            self.app,
            slack.app_token,
            ping_seconds=ping_seconds,
            deaf_seconds=PINGS_UNTIL_DEAF * ping_seconds,
        )
        self.may_answer = asyncio.Event()
        self.heard = asyncio.Event()

        @self.app.command("/kpi")
        async def kpi(ack: AsyncAck) -> None:
            await ack("here")

        @self.app.command("/slow")
        async def slow(ack: AsyncAck) -> None:
            self.heard.set()
            await self.may_answer.wait()
            await ack("done")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Connected, and watched."""
        watching = asyncio.create_task(self.socket.watch())
        try:
            await self.socket.open((await self.socket.address())["url"])
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            self.may_answer.set()
            await self.socket.close(1.0)

    async def is_in_trouble(self, containing: str) -> str:
        """Wait until the socket says that it is."""
        for _ in range(1000):
            trouble = await self.socket.trouble()
            if trouble is not None and containing in trouble:
                return trouble
            await asyncio.sleep(0.01)
        raise AssertionError(f"it was never “{containing}”")

    async def is_well(self) -> None:
        """Wait until the socket has nothing to complain of."""
        for _ in range(1000):
            if await self.socket.trouble() is None:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("it did not recover")


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with LocalSlack() as slack:
        yield Line(slack)


@pytest.fixture
async def patient_line() -> AsyncIterator[Line]:
    """A line that a machine which stands still for a second doesn't take for deaf."""
    async with LocalSlack() as slack:
        yield Line(slack, ping_seconds=5.0)


def replacements() -> float:
    return REGISTRY.get_sample_value("kpi_socket_replacements_total") or 0.0


def test_deafness_is_noticed_within_a_minute() -> None:
    sdk_ping_seconds = 5.0
    assert DEAF_SECONDS + 2 * sdk_ping_seconds < 60


async def test_a_connection_over_which_slack_says_nothing_is_replaced(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    before = replacements()
    line.slack.silence_connections()
    async with line.open():
        assert await line.socket.trouble() is None  # hello may still come
        assert (await line.ana.types("/kpi", line.billing)).error == "dispatch_failed"
        assert "nothing was heard" in await line.is_in_trouble("deaf")
        line.slack.silence_connections(False)
        await line.slack.connected()
        await line.is_well()
        assert (await line.ana.types("/kpi", line.billing)).error is None
    assert replacements() >= before + 1
    assert "the socket is deaf" in caplog.text


async def test_a_connection_that_the_sdk_has_forgotten_is_replaced_and_what_came_is_answered(
    line: Line,
) -> None:
    async with line.open():
        await line.slack.connected()
        typing = asyncio.create_task(line.ana.types("/slow", line.billing))
        await line.heard.wait()
        client = line.socket._line.client
        for task in (client.current_session_monitor, client.message_receiver):
            assert task is not None
            task.cancel()
        await line.slack.connected(2)  # the new one is there before the old one goes
        line.may_answer.set()
        seen = await typing
        assert (seen.error, seen.message and seen.message.text) == (None, "done")
        await line.slack.connected(1)
        assert (await line.ana.types("/kpi", line.billing)).error is None


async def test_a_connection_on_which_no_ping_is_answered_is_left_for_another(line: Line) -> None:
    workspace = line.slack.workspace
    network = Network(int(workspace.base_url.rpartition(":")[2]))
    async with network.up() as workspace.base_url, line.open():
        await line.slack.connected()
        network.goes_dead()
        await line.is_in_trouble("")
        await line.is_well()
        await line.slack.connected()
        assert (await line.ana.types("/kpi", line.billing)).error is None


async def test_a_quiet_connection_that_answers_pings_stays(line: Line) -> None:
    before = replacements()
    async with line.open():
        await asyncio.sleep(1.5 * PINGS_UNTIL_DEAF * PING_SECONDS)
        assert await line.socket.trouble() is None
    assert replacements() == before


async def test_while_slack_is_away_it_is_tried_again_until_it_is_back(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "slack_bolt")
    async with line.open():
        await line.slack.connected()
        line.slack.refuse_connections()
        line.slack.faults.add("apps.connections.open", "status", status=503, times=3)
        line.slack.break_connections()
        await line.is_in_trouble("deaf")
        line.slack.refuse_connections(False)
        await line.is_well()
        await line.slack.connected()
        assert (await line.ana.types("/kpi", line.billing)).error is None


async def test_at_the_end_it_answers_what_came_and_takes_nothing_more(patient_line: Line) -> None:
    async with patient_line.open():
        await patient_line.slack.connected()
        typing = asyncio.create_task(patient_line.ana.types("/slow", patient_line.billing))
        await patient_line.heard.wait()
        patient_line.socket.take_nothing_more()
        closing = asyncio.create_task(patient_line.socket.close(5.0))
        later = asyncio.create_task(patient_line.ana.types("/kpi", patient_line.billing))
        await asyncio.sleep(0.1)
        patient_line.may_answer.set()
        assert (await typing).error is None
        await closing
        assert (await later).error == "dispatch_failed"


async def test_at_the_end_it_waits_no_longer_than_it_is_told(patient_line: Line) -> None:
    async with patient_line.open():
        await patient_line.slack.connected()
        typing = asyncio.create_task(patient_line.ana.types("/slow", patient_line.billing))
        await patient_line.heard.wait()
        async with asyncio.timeout(2):
            await patient_line.socket.close(0.2)
        assert (await typing).error == "dispatch_failed"

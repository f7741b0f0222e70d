"""What is measured: a bot in a process of its own, with a local Slack of its own before it."""

import asyncio
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp
import psutil

from app.playground import Channel, LocalSlack, Person
from app.playground.envelopes import Envelope
from tests.bench.databases import fill

START_SECONDS = 120.0
"""Some two are enough, on a machine that does nothing else."""
POLL_SECONDS = 0.002
JOURNAL_LENGTH = 1_000


@dataclass(frozen=True)
class Program:
    """What is run, and what its environment holds besides the settings of the bot."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


BARE_BOLT = Program((sys.executable, str(Path(__file__).with_name("bare_bolt.py"))))
KPI_SERVE = Program((sys.executable, "-m", "app", "serve"))


class Line:
    """The local Slack's line to the bot, that keeps the last envelope to send it again."""

    def __init__(self, slack: LocalSlack) -> None:
        deliveries = slack._deliveries
        self._transport = deliveries.transport
        self.name = self._transport.name
        deliveries.transport = self
        self.last: Envelope | None = None

    async def send(self, envelope: Envelope) -> dict[str, Any] | None:
        self.last = envelope
        return await self._transport.send(envelope)

    async def seconds_to_ack(self, envelope: Envelope) -> float:
        again = envelope.anew()
        begun = perf_counter()
        await self._transport.send(again)
        return perf_counter() - begun


@dataclass(frozen=True)
class Memory:
    """Of one process, in millions of bytes: all that is resident, and what is its alone."""

    resident_mb: float
    unique_mb: float


@dataclass(frozen=True)
class Subject:
    """A running bot; `started_in` is the time from its process's start to its health, in s."""

    slack: LocalSlack
    person: Person
    channel: Channel
    line: Line
    process: psutil.Process
    started_in: float

    async def envelope(self, text: str) -> Envelope:
        """The envelope of a command, after seeing that the bot answers it without a fault."""
        await self.slack.connected()  # anew, if nobody answered it while databases were filled
        reaction = await self.person.types(text, self.channel)
        entry = self.slack.journal.deliveries()[-1]
        if entry.error or entry.problems or self.line.last is None:
            raise RuntimeError(f"{text}: {entry.error or entry.problems}; {reaction}")
        return self.line.last

    @property
    def cpu_seconds(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)

    @property
    def memory(self) -> Memory:
        return memory_of(self.process)


def memory_of(process: psutil.Process) -> Memory:
    found = process.memory_full_info()
    return Memory(found.rss / 1e6, found.uss / 1e6)


@asynccontextmanager
async def running(
    program: Program,
    database_url: str = "",
    readings: int = 0,
    *,
    served_url: str | None = None,
) -> AsyncIterator[Subject]:
    """Start a bot and a local Slack for it, with so many readings in the bot's database.

    `served_url` is where the bot finds the database, if it isn't where it is filled. Both end with
    the block.
    """
    async with LocalSlack(journal_length=JOURNAL_LENGTH) as slack:
        person = slack.add_person("ana", admin=True)
        channel = slack.add_channel("billing", members=[person])
        if readings:
            await fill(database_url, readings, channel.id)
        port = _free_port()
        environment = {
            **program.environment,
            "DATABASE_URL": served_url or database_url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "KPI_PORT": str(port),
        }
        begun = perf_counter()
        async with _process(program, environment) as process:
            await _healthy(process, f"http://127.0.0.1:{port}/health")
            started_in = perf_counter() - begun
            await slack.connected()
            yield Subject(
                slack, person, channel, Line(slack), psutil.Process(process.pid), started_in
            )


@asynccontextmanager
async def _process(
    program: Program, environment: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that ends with the block; what it logged is shown if that fails."""
    with tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            *program.command, env=environment, stdout=log, stderr=log
        )
        try:
            yield process
        except BaseException:
            log.seek(0)
            print(log.read().decode(), file=sys.stderr)
            raise
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


async def _healthy(process: asyncio.subprocess.Process, url: str) -> None:
    """Wait until the bot says that it is well."""
    async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as http:
        while process.returncode is None:
            try:
                async with http.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(POLL_SECONDS)
    raise RuntimeError(f"the process ended with status {process.returncode}")

"""Processes of the bot that are killed and started again, and a balancer before them."""

import asyncio
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp

from tests.chaos.machines_process import AHEAD

ROOT = Path(__file__).parents[2]
START_SECONDS = 300.0
"""A machine on which much else is done takes long to start three processes at once."""
STOP_SECONDS = 30.0


class Machine:
    """One place where a process of the bot runs, over and over."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self._environment = {**environment, "KPI_PORT": str(self.port)}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, ahead: float) -> None:
        environment = {**os.environ, **self._environment, AHEAD: str(ahead)}
        command = (sys.executable, "-m", "tests.chaos.machines_process")
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, env=environment, stdout=log, stderr=log, cwd=ROOT
            )

    async def is_ready(self, http: aiohttp.ClientSession) -> bool:
        """Whether it says itself that it can do all that it is for."""
        with suppress(aiohttp.ClientError, TimeoutError):
            async with http.get(f"http://127.0.0.1:{self.port}/health/ready") as answer:
                return answer.status == 200
        return False

    async def end(self, how: signal.Signals) -> int:
        """End the process; gives its exit status."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(how)
        return await self._process.wait()


class Fleet:
    """Machines that all run the same bot, on one database and for one Slack."""

    def __init__(self, machines: Sequence[Machine]) -> None:
        self.machines = machines
        self.kills = 0
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))

    async def start(self, ahead: float) -> None:
        """Start all at the same time, and wait until each is ready."""
        await asyncio.gather(*(machine.start(ahead) for machine in self.machines))
        async with asyncio.timeout(START_SECONDS):
            while await self.ready() < len(self.machines):  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def ready(self) -> int:
        answers = await asyncio.gather(*(each.is_ready(self._http) for each in self.machines))
        return sum(answers)

    async def kill_on_and_on(
        self, pause: float, chance: random.Random, ahead: float, stopped: asyncio.Event
    ) -> None:
        """Kill one after another, without a word, and start it again at once; one at least.

        The next is not killed before another one works: with none left there is nothing to see.
        """
        while not (stopped.is_set() and self.kills):
            await asyncio.sleep(pause * chance.uniform(0.7, 1.3))
            while await self.ready() < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
            machine = chance.choice(self.machines)
            await machine.end(signal.SIGKILL)
            self.kills += 1
            await machine.start(ahead)

    async def stop(self) -> list[int]:
        """Ask all to stop; gives their exit statuses."""
        async with asyncio.timeout(STOP_SECONDS):
            return list(await asyncio.gather(*(each.end(signal.SIGTERM) for each in self.machines)))

    async def close(self) -> None:
        for machine in self.machines:
            with suppress(ProcessLookupError):
                await machine.end(signal.SIGKILL)
        await self._http.close()


class Balancer:
    """Hands each connection to the next machine that takes it, in turns."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = list(ports)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in self._ports:
            port = self._ports.pop(0)
            self._ports.append(port)
            with suppress(OSError):
                its_reader, its_writer = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(_pass(reader, its_writer), _pass(its_reader, writer))
                return
        writer.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def balanced(ports: Sequence[int]) -> AsyncIterator[str]:
    """The address of a balancer."""
    server = await asyncio.start_server(Balancer(ports).take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port

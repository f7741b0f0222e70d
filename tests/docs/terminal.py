"""A terminal in a fresh copy of the project, in which what the pages show is typed."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.snippets import Step
from tests.project.files import ROOT
from tests.project.test_container import comes_up

PORT = "3000"
CHANNEL = "C0123456789"
"""What the pages write where a reader has another port, or another channel."""

_LEFT_OUT = {".git", ".env", "docs"}


@dataclass
class Terminal:
    """Runs commands in a folder; `instead` is what stands here for what the pages write."""

    folder: Path
    environment: Mapping[str, str]
    instead: Mapping[str, str]
    _running: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def types(self, step: Step) -> str:
        """What a command prints. Raises AssertionError unless it ends as the page shows."""
        if step.typed.endswith(" &"):
            await self._begins(step.typed.removesuffix(" &"))
            return ""
        if step.typed == "kill %1":
            await self.ends_all()
            return ""
        process = await self._started(step.typed, asyncio.subprocess.PIPE)
        told, _ = await asyncio.wait_for(process.communicate(), 30)
        printed = self._as_on_the_page(told.decode())
        assert (process.returncode != 0) == step.is_refused, f"{step.typed}\n{printed}"
        return printed

    async def _begins(self, command: str) -> None:
        """Start what goes on, and wait until it is ready."""
        self._running.append(await self._started(command, asyncio.subprocess.DEVNULL))
        ready = f"http://127.0.0.1:{self.instead[PORT]}/health/ready"
        assert await comes_up(ready), f"{command} isn't ready"

    async def _started(self, command: str, output: int) -> asyncio.subprocess.Process:
        for written, here in self.instead.items():
            command = command.replace(written, here)
        return await asyncio.create_subprocess_exec(
            *("sh", "-c", f"exec 2>&1; {command}"),
            cwd=self.folder,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            start_new_session=True,
        )

    def _as_on_the_page(self, printed: str) -> str:
        for written, here in self.instead.items():
            printed = printed.replace(here, written)
        return printed

    async def ends_all(self) -> None:
        while self._running:
            process = self._running.pop()
            os.killpg(process.pid, signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 30)


@asynccontextmanager
async def terminal(
    folder: Path, commands: Path, settings: Mapping[str, str], channel: str
) -> AsyncIterator[Terminal]:
    """A terminal where the project's files are, without settings and without a database."""
    for path in ROOT.iterdir():
        if path.name not in _LEFT_OUT and path.suffix != ".db" and not path.name.startswith("."):
            (folder / path.name).symlink_to(path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    environment = {
        "PATH": f"{commands}:/usr/bin:/bin",
        "HOME": str(folder),
        "COLUMNS": "90",
        "KPI_PORT": port,
        **settings,
    }
    opened = Terminal(folder, environment, {PORT: port, CHANNEL: channel})
    try:
        yield opened
    finally:
        await opened.ends_all()

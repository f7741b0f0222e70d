"""The playground as `kpi playground` opens it, in this process, with an app in its own."""

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.playground import LocalSlack
from app.playground.run import Order, opened
from app.playground.waiting import until

PATIENCE = 20.0
"""Seconds for a process to start, however busy the machine is."""


@dataclass
class Playing:
    """A running playground, and what it said to whoever started it."""

    slack: LocalSlack
    said: list[str] = field(default_factory=list)

    async def says(self, words: str) -> str:
        """Wait until it has said a line with these words; returns the line, and forgets it."""
        said = await until(
            lambda: next((line for line in self.said if words in line), None),
            PATIENCE,
            f"nothing was said with {words!r} but {self.said}",
        )
        self.said.remove(said)
        return said


@asynccontextmanager
async def playing(order: Order) -> AsyncIterator[Playing]:
    said: list[str] = []
    async with opened(order, said.append) as slack:
        yield Playing(slack, said)


def python(script: Path, **environment: str | int) -> list[str]:
    """The command that runs a script, with more in its environment."""
    settings = [f"{name}={value}" for name, value in environment.items()]
    return ["env", *settings, sys.executable, str(script)]


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port

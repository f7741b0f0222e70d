"""What went over the wire, in order: for tests to assert on and for people to look at."""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from app.playground.blockkit import Problem
from app.playground.changes import Changes

EntryKind = Literal["call", "delivery", "response_url", "upload", "download"]

_TOKEN = re.compile(r"\b(xox[a-z]|xapp|xwfp)-[\w-]+")


@dataclass(eq=False)
class Entry:
    """One exchange. `seconds` is None while it is under way.

    `method` is the Web API method (`chat.postMessage`) or the envelope's type
    (`slash_commands`, `interactive`, `events_api`). `problems` are what is wrong with the blocks
    that the app sent. `started` is the workspace's clock.
    """

    kind: EntryKind
    method: str
    payload: Any
    started: float
    response: Any = None
    error: str | None = None
    seconds: float | None = None
    problems: list[Problem] = field(default_factory=list)


class Journal:
    """All exchanges so far. Tokens in payloads and responses are masked."""

    def __init__(self, clock: Callable[[], float], changes: Changes) -> None:
        self._clock = clock
        self._changes = changes
        self._in_flight = 0
        self._last_activity = 0.0
        self.entries: list[Entry] = []

    @contextmanager
    def recording(self, kind: EntryKind, method: str, payload: Any) -> Iterator[Entry]:
        """Write an entry that is under way for as long as the block runs."""
        loop = asyncio.get_running_loop()
        entry = Entry(kind, method, masked(payload), started=self._clock())
        self.entries.append(entry)
        self._in_flight += 1
        self._changes.happened()
        self._last_activity = begun = loop.time()
        try:
            yield entry
        finally:
            entry.response = masked(entry.response)
            self._in_flight -= 1
            self._last_activity = loop.time()
            entry.seconds = self._last_activity - begun
            self._changes.happened()

    def calls(self, method: str | None = None) -> list[Entry]:
        """The Web API calls, of one method or all."""
        return self._of_kind("call", method)

    def deliveries(self, method: str | None = None) -> list[Entry]:
        """What was sent to the app: `slash_commands`, `interactive`, `events_api`, or all."""
        return self._of_kind("delivery", method)

    def responses(self) -> list[Entry]:
        """The posts to response addresses."""
        return self._of_kind("response_url", None)

    @property
    def problems(self) -> list[Problem]:
        """Everything that was wrong with blocks that the app sent, wherever it sent them."""
        return [problem for entry in self.entries for problem in entry.problems]

    def is_quiet(self, seconds: float) -> bool:
        """Whether nothing is under way and nothing happened for so long."""
        idle = asyncio.get_running_loop().time() - self._last_activity
        return self._in_flight == 0 and idle >= seconds

    def _of_kind(self, kind: EntryKind, method: str | None) -> list[Entry]:
        return [e for e in self.entries if e.kind == kind and method in (None, e.method)]


def masked(payload: Any) -> Any:
    """A copy in which every Slack token keeps its kind and loses its secret."""
    if isinstance(payload, dict):
        return {key: masked(value) for key, value in payload.items()}
    if isinstance(payload, list):
        return [masked(value) for value in payload]
    if isinstance(payload, str):
        return _TOKEN.sub(r"\1-***", payload)
    return payload

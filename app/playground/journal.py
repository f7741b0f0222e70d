"""What went over the wire, in order: for tests to assert on and for people to look at."""

import asyncio
import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from app.playground.blockkit import Problem
from app.playground.changes import Changes
from app.playground.envelopes import Envelope
from app.playground.faults import Fault

EntryKind = Literal["call", "delivery", "response_url", "upload", "download", "connection"]

PLENTY = 5_000
"""Exchanges that a playground keeps which runs for days; more than anybody looks through."""

_TOKEN = re.compile(r"\b(xox[a-z]|xapp|xwfp)-[\w-]+")


@dataclass(eq=False)
class Entry:
    """One exchange. `seconds` is None while it is under way.

    `method` is the Web API method (`chat.postMessage`), the envelope's type (`slash_commands`,
    `interactive`, `events_api`), or what became of a Socket Mode connection (`hello`, `disconnect`,
    `closed`, `refused`). `problems` are what is wrong with the blocks that the app sent. `started`
    is the workspace's clock, `begun` the event loop's.

    `number` counts from 1. `original` is the payload with its tokens, and `envelope` what carried
    it to the app over `transport`. `target` is the id of the response address or file, `fault` what
    went wrong on demand, `repeats` the number of the exchange that somebody did once more.
    """

    kind: EntryKind
    method: str
    payload: Any
    started: float
    number: int = 0
    begun: float = 0.0
    response: Any = None
    error: str | None = None
    seconds: float | None = None
    problems: list[Problem] = field(default_factory=list)
    original: Any = field(default=None, repr=False)
    envelope: Envelope | None = field(default=None, repr=False)
    transport: str = ""
    target: str = ""
    fault: Fault | None = None
    repeats: int | None = None

    @property
    def is_repeatable(self) -> bool:
        """Whether it can be done once more: an envelope, or a call with the bot's token."""
        is_call = self.kind == "call" and not self.method.startswith("apps.")
        return is_call or self.envelope is not None


class Journal:
    """The exchanges so far, all of them or the last `most`. Tokens in payloads and responses are
    masked."""

    def __init__(
        self, clock: Callable[[], float], changes: Changes, most: int | None = None
    ) -> None:
        self._clock = clock
        self._changes = changes
        self._most = most
        self._numbers = itertools.count(1)
        self._in_flight = 0
        self._last_activity = 0.0
        self.entries: list[Entry] = []

    @contextmanager
    def recording(self, kind: EntryKind, method: str, payload: Any) -> Iterator[Entry]:
        """Write an entry that is under way for as long as the block runs."""
        loop = asyncio.get_running_loop()
        entry = self._write(kind, method, payload)
        self._in_flight += 1
        self._last_activity = entry.begun
        try:
            yield entry
        finally:
            entry.response = masked(entry.response)
            self._in_flight -= 1
            self._last_activity = loop.time()
            entry.seconds = self._last_activity - entry.begun
            self._changes.happened()

    def note(self, method: str, payload: Any = None, error: str | None = None) -> None:
        """Write down what became of a connection."""
        entry = self._write("connection", method, payload)
        entry.error, entry.seconds = error, 0.0

    def _write(self, kind: EntryKind, method: str, payload: Any) -> Entry:
        entry = Entry(
            kind,
            method,
            masked(payload),
            started=self._clock(),
            number=next(self._numbers),
            begun=asyncio.get_running_loop().time(),
            original=payload,
        )
        self.entries.append(entry)
        if self._most is not None:
            del self.entries[: -self._most]
        self._changes.happened()
        return entry

    def entry(self, number: int) -> Entry:
        """The exchange with this number. Raises LookupError when it isn't kept."""
        found = self._place_of(number)
        if found == len(self.entries) or self.entries[found].number != number:
            raise LookupError(f"The journal has no number {number}")
        return self.entries[found]

    def after(self, entry: Entry) -> list[Entry]:
        """What began after an exchange, oldest first."""
        return self.entries[self._place_of(entry.number + 1) :]

    def _place_of(self, number: int) -> int:
        return bisect_left(self.entries, number, key=lambda entry: entry.number)

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

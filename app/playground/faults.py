"""What can go wrong between the app and Slack, on demand."""

import itertools
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

FaultKind = Literal[
    "delay", "drop", "drop_response", "ratelimited", "refuse", "status", "expired_trigger"
]

ENVELOPES = "envelopes"
"""Stands for every type of envelope, as `*` does for every request."""

ENVELOPE_METHODS = (ENVELOPES, "slash_commands", "interactive", "events_api")

REQUEST_KINDS: tuple[FaultKind, ...] = (
    "ratelimited",
    "status",
    "refuse",
    "delay",
    "drop",
    "drop_response",
)
ENVELOPE_KINDS: tuple[FaultKind, ...] = ("delay", "drop", "drop_response", "expired_trigger")


@dataclass(eq=False)
class Fault:
    """One kind of trouble, for the next `times` requests of a method, or envelopes of a type.

    - `delay`: the answer, or the app's acknowledgement, takes `seconds` longer
    - `drop`: the connection breaks before anything is done; the app never gets the envelope
    - `drop_response`: it is done, but the connection breaks before the answer; the app's
      acknowledgement is lost, so that its time runs out
    - `ratelimited`: HTTP 429 with `Retry-After: retry_after`
    - `refuse`: Slack says no, with the code `error`
    - `status`: HTTP `status` without a JSON body
    - `expired_trigger`: the trigger id in the envelope can't be used any more

    The first three strike requests and envelopes, the last one only envelopes with a trigger id.
    """

    number: int
    method: str
    kind: FaultKind
    seconds: float
    error: str
    status: int
    retry_after: int
    times: int

    def strikes(self, name: str, *, has_trigger: bool) -> bool:
        """Whether a request of that method, or an envelope of that type, is what it waits for."""
        if self.kind == "expired_trigger" and not has_trigger:
            return False
        if name in ENVELOPE_METHODS:
            return self.method in (name, ENVELOPES)
        return fnmatchcase(name, self.method)


class Faults:
    """The faults that are waiting to happen, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._numbers = itertools.count(1)

    @property
    def waiting(self) -> tuple[Fault, ...]:
        """What has not happened yet, oldest first."""
        return tuple(self._waiting)

    def add(
        self,
        method: str,
        kind: FaultKind,
        *,
        seconds: float = 0.0,
        error: str = "invalid_blocks",
        status: int = 500,
        retry_after: int = 1,
        times: int = 1,
    ) -> Fault:
        """Plan trouble. `method` is a Web API method, `response_url`, `upload`, `download`, or a
        pattern of these such as `chat.*` or `*`; or an envelope's type, or `envelopes` for all.

        Raises ValueError for a kind that can't happen there.
        """
        kinds = ENVELOPE_KINDS if method in ENVELOPE_METHODS else REQUEST_KINDS
        if kind not in kinds:
            raise ValueError(f"{kind} can't happen to {method}, only {', '.join(kinds)}")
        number = next(self._numbers)
        fault = Fault(number, method, kind, seconds, error, status, retry_after, times)
        self._waiting.append(fault)
        return fault

    def take(self, method: str, *, has_trigger: bool = False) -> Fault | None:
        """The fault that strikes this request or envelope, if any; uses it up by one."""
        for fault in self._waiting:
            if fault.strikes(method, has_trigger=has_trigger):
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def call_off(self, number: int) -> None:
        """Forget one fault, if it is still waiting."""
        self._waiting = [fault for fault in self._waiting if fault.number != number]

    def clear(self) -> None:
        """Call everything off that has not happened yet."""
        self._waiting.clear()

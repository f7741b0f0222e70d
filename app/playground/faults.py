"""What can go wrong between the app and Slack, on demand."""

from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["delay", "drop", "drop_response", "ratelimited", "refuse", "status"]


@dataclass
class Fault:
    """One kind of trouble, for the next `times` requests of a method.

    - `delay`: the answer takes `seconds` longer
    - `drop`: the connection breaks before anything is done
    - `drop_response`: it is done, but the connection breaks before the answer
    - `ratelimited`: HTTP 429 with `Retry-After: retry_after`
    - `refuse`: Slack says no, with the code `error`
    - `status`: HTTP `status` without a JSON body
    """

    method: str
    kind: FaultKind
    seconds: float
    error: str
    status: int
    retry_after: int
    times: int


class Faults:
    """The faults that are waiting to happen, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

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
    ) -> None:
        """Plan trouble. `method` is a Web API method, `response_url`, `upload`,
        `download`, or `*` for all."""
        self._waiting.append(Fault(method, kind, seconds, error, status, retry_after, times))

    def take(self, method: str) -> Fault | None:
        """The fault that strikes this request, if any; uses it up by one."""
        for fault in self._waiting:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Call everything off that has not happened yet."""
        self._waiting.clear()

"""The demo's clock: it starts at a fixed instant and then runs like any other."""

import time
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 19, 15, 0, tzinfo=UTC)
"""A Thursday in the week whose values the real scorecard holds."""


class DemoClock:
    def __init__(self, start: datetime = START) -> None:
        self._start = start.astimezone(UTC)  # in other zones, hours would not add up
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def reaches(self, instant: datetime) -> None:
        """Let time go by at once up to an instant; one that has passed changes nothing."""
        self._start += max(instant - self.now(), timedelta(0))

    def timestamp(self) -> float:
        return self.now().timestamp()

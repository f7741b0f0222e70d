"""Where a metric's readings come from by themselves: what is asked, when, and how that goes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.errors import BadInput, KpiError

MOST_QUERY_LENGTH = 3_000
"""As much as fits a field of a form in Slack."""
MOST_HEADERS = 10
LEAST_MINUTES = 5
MINUTES_A_DAY = 24 * 60
FAILING_FROM = 2
"""So many failures in a row are told; one alone is a hiccup."""
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)
"""What fails is asked again after 5, 15 and 45 minutes, then hourly, if its rhythm isn't sooner."""

_DAYS = ("mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays")
_EVERY = re.compile(r"(?:every )?(\d{1,4}) ?(m|h|minutes?|hours?)", re.ASCII)
_AT = re.compile(rf"(daily|{'|'.join(_DAYS)}) at (\d{{1,2}}):(\d{{2}})", re.ASCII)


class SourceKind(StrEnum):
    """How a source is asked."""

    SQL = "sql"
    PROMQL = "promql"
    JSON = "json"

    @property
    def words(self) -> str:
        return _KIND_WORDS[self]


_KIND_WORDS = {SourceKind.SQL: "SQL", SourceKind.PROMQL: "PromQL", SourceKind.JSON: "JSON"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a source, and how its one number becomes the metric's value.

    `place` is the name of a database that the operator has listed for SQL, otherwise an address:
    that of a Prometheus server, or of a JSON document. `query` is SQL, PromQL or JMESPath. What a
    header needs of secrets stands in it by name, as `${NAME}`. The value is the number `times`
    so much, for a share that is to be read in percent.
    """

    kind: SourceKind
    place: str
    query: str
    times: Decimal = Decimal(1)
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)


class SourceFailure(KpiError):
    """A source gave no number; the message says why in one sentence, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Every:
    """Again so many minutes after it was asked. Raises `BadInput` for too few or a day and more."""

    minutes: int

    def __post_init__(self) -> None:
        if not LEAST_MINUTES <= self.minutes < MINUTES_A_DAY:
            raise BadInput(
                f"A source is asked every {LEAST_MINUTES} minutes at most, and at least once a "
                "day: write 15m, 6h, or daily at 07:00."
            )

    def next_after(self, instant: datetime, _zone: ZoneInfo) -> datetime:
        """When it is to be asked again after an instant, in UTC."""
        return (instant + timedelta(minutes=self.minutes)).astimezone(UTC)

    def __str__(self) -> str:
        """As a file has it: `15m`, `6h`."""
        hours, minutes = divmod(self.minutes, 60)
        return f"{self.minutes}m" if minutes else f"{hours}h"

    @property
    def words(self) -> str:
        hours, minutes = divmod(self.minutes, 60)
        if minutes:
            return f"every {self.minutes} minutes"
        return "every hour" if hours == 1 else f"every {hours} hours"


@dataclass(frozen=True, slots=True)
class At:
    """At a time of day in the scorecard's zone: daily, or on one weekday, of which 0 is Monday."""

    at: time
    weekday: int | None = None

    def next_after(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """The first such time after an instant, in UTC.

        A local time that a clock change skips counts as the same time before the change; one that
        occurs twice counts the first time.
        """
        day = instant.astimezone(zone).date()
        while not self._is_on(day) or self._on(day, zone) <= instant:
            day += timedelta(days=1)
        return self._on(day, zone)

    def _is_on(self, day: date) -> bool:
        return self.weekday in {None, day.weekday()}

    def _on(self, day: date, zone: ZoneInfo) -> datetime:
        return datetime.combine(day, self.at, zone).astimezone(UTC)

    def __str__(self) -> str:
        """As a file has it: `daily at 07:00`, `mondays at 07:00`."""
        days = "daily" if self.weekday is None else _DAYS[self.weekday]
        return f"{days} at {self.at:%H:%M}"

    @property
    def words(self) -> str:
        return str(self) if self.weekday is None else str(self).capitalize()


Rhythm = Every | At


def parse_rhythm(text: str) -> Rhythm:
    """`15m`, `6h`, `daily at 07:00` and `mondays at 07:00`; raises `BadInput`."""
    typed = " ".join(text.split()).casefold()
    if every := _EVERY.fullmatch(typed):
        return Every(int(every[1]) * (60 if every[2].startswith("h") else 1))
    at = _AT.fullmatch(typed)
    if at is None or int(at[2]) > 23 or int(at[3]) > 59:
        raise BadInput(
            f"“{text[:40]}” doesn't say how often: write 15m, 6h, daily at 07:00 or mondays at "
            "07:00."
        )
    weekday = None if at[1] == "daily" else _DAYS.index(at[1])
    return At(time(int(at[2]), int(at[3])), weekday)


@dataclass(frozen=True, slots=True)
class Source:
    """What a metric is fed by: a question, and how often it is asked."""

    question: Question
    every: Rhythm

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """`PromQL, every hour`."""
        return f"{self.question.kind.words}, {self.every.words}"


@dataclass(frozen=True, slots=True)
class SourceState:
    """How it goes with a source: what came of asking it so far.

    `number` is the last that it gave. `failures` counts those since then, the first of which was
    at `failing_since`, and `reason` says why it gave none the last time.
    """

    asked_at: datetime | None = None
    number: Decimal | None = None
    failures: int = 0
    failing_since: datetime | None = None
    reason: str = ""

    @property
    def is_failing(self) -> bool:
        """Whether it failed more than once, so that it is told."""
        return self.failures >= FAILING_FROM

    @property
    def words(self) -> str:
        """How it goes, with instants in UTC."""
        if self.asked_at is None:
            return "not asked yet"
        if self.failing_since is None:
            return "answers"
        if not self.is_failing:
            return f"gave no answer: {self.reason}"
        return f"failing since {self.failing_since:%Y-%m-%d %H:%M} UTC: {self.reason}"

    def answered(self, number: Decimal, now: datetime) -> "SourceState":
        return SourceState(now, number)

    def failed(self, reason: str, now: datetime) -> "SourceState":
        since = self.failing_since or now
        return SourceState(now, self.number, self.failures + 1, since, reason)


def due_after(every: Rhythm, state: SourceState, zone: ZoneInfo) -> datetime | None:
    """When a source is to be asked next, in UTC; None for at once, as it was never asked.

    Computed from when it was asked last, so that a second too late, a restart and a week of
    downtime are all the same: it is asked once, and not as often as was missed.
    """
    if state.asked_at is None:
        return None
    due = every.next_after(state.asked_at, zone)
    if not state.failures:
        return due
    pause: timedelta = min(FIRST_PAUSE * 3 ** min(state.failures - 1, 10), LONGEST_PAUSE)
    return min(due, state.asked_at + pause)

"""A metric between its baseline and its target: readings, progress and movement."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from app.domain.errors import BadInput
from app.domain.sources import Source
from app.domain.values import (
    Qualifier,
    Value,
    about_if,
    difference,
    format_change,
    format_value,
    parse_value,
)

FRESH_DAYS = 14
WEEK = timedelta(weeks=1)
MICROSECOND = timedelta(microseconds=1)


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


class MetricKind(StrEnum):
    """What is asked of a metric: to get somewhere, to stay somewhere, or nothing at all."""

    REACH = "reach"
    STAY_BELOW = "stay_below"
    STAY_ABOVE = "stay_above"
    RECORD = "record"

    @property
    def words(self) -> str:
        return _KIND_WORDS[self]


_KIND_WORDS = {
    MetricKind.REACH: "reach a target",
    MetricKind.STAY_BELOW: "stay at or below a limit",
    MetricKind.STAY_ABOVE: "stay at or above a limit",
    MetricKind.RECORD: "record only",
}
_LIMIT_SIGNS = {MetricKind.STAY_BELOW: "≤ ", MetricKind.STAY_ABOVE: "≥ "}
_LIMIT_WORDS = {MetricKind.STAY_BELOW: "at most ", MetricKind.STAY_ABOVE: "at least "}


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where a metric started: its value, what that time is called, and its date."""

    value: Value
    label: str
    on: date


@dataclass(frozen=True, slots=True)
class Driver:
    """The tie of a metric to a work stream, with what is left to do there."""

    work_stream: str
    focus: str = ""


@dataclass(frozen=True)
class Metric:
    """What is measured; `owner` is a Slack user id, `fresh_days` how long a reading counts.

    `target` is what a metric of kind `reach` is to get to, and the limit of one that is to stay
    on one side of it, where the limit itself still counts. One that is only recorded has none.
    Only what has a way to go has a target date. One with a source is fed by it. Raises `BadInput`
    for what contradicts itself.
    """

    key: str
    name: str
    unit: str
    baseline: Baseline
    target: Decimal | None
    target_on: date | None = None
    owner: str | None = None
    fresh_days: int = FRESH_DAYS
    drivers: tuple[Driver, ...] = ()
    kind: MetricKind = MetricKind.REACH
    source: Source | None = None

    def __post_init__(self) -> None:
        if self.fresh_days < 1:
            raise BadInput("A reading stays fresh for at least one day.", field="fresh_days")
        self._check_target()
        if self.target_on is not None:
            self._check_target_date(self.target_on)

    def _check_target(self) -> None:
        if self.kind is MetricKind.RECORD:
            if self.target is not None:
                raise BadInput(
                    f"“{self.name}” is only recorded and has no target: leave it empty, "
                    "or choose another kind.",
                    field="target",
                )
        elif self.target is None:
            missing = "target to reach" if self.kind is MetricKind.REACH else "limit to keep"
            raise BadInput(
                f"“{self.name}” needs a {missing}, or the kind “{MetricKind.RECORD.words}”.",
                field="target",
            )
        elif self.kind is MetricKind.REACH and self.target == self.baseline.value.number:
            raise BadInput(
                f"“{self.name}” has the same baseline and target ({self.target}): "
                "there is no way to go. Change one of them.",
                field="target",
            )

    def _check_target_date(self, target_on: date) -> None:
        if self.kind is not MetricKind.REACH:
            raise BadInput(
                f"“{self.name}” is to {self.kind.words}: it has no target date."
                if self.kind is not MetricKind.RECORD
                else f"“{self.name}” is only recorded: it has no target date.",
                field="target_on",
            )
        if target_on <= self.baseline.on:
            raise BadInput(
                f"“{self.name}” has its target date {target_on} before or on the day of "
                f"its baseline {self.baseline.on}.",
                field="target_on",
            )

    @cached_property
    def way(self) -> Decimal | None:
        """What lies between baseline and target; None where nothing is to be reached."""
        if self.kind is not MetricKind.REACH or self.target is None:
            return None
        return self.target - self.baseline.value.number

    @cached_property
    def direction(self) -> Direction | None:
        """Where better is; None for what is only recorded."""
        if self.kind is MetricKind.RECORD:
            return None
        if self.way is None:
            below = self.kind is MetricKind.STAY_BELOW
            return Direction.DOWN if below else Direction.UP
        return Direction.UP if self.way > 0 else Direction.DOWN

    @property
    def has_target(self) -> bool:
        """Whether there is a target to reach or a limit to keep."""
        return self.target is not None

    @cached_property
    def shown_unit(self) -> str:
        """The unit beside a value; empty where the name already ends with it."""
        repeats = self.unit != "%" and self._short_name != self.name
        return "" if repeats else self.unit

    def shown(self, value: Value) -> str:
        return format_value(value, self.shown_unit)

    def shown_change(self, change: Value) -> str:
        return format_change(change, self.shown_unit)

    @cached_property
    def shown_target(self) -> str:
        """`0`, `≤ 2%`, and `none` for what is only recorded."""
        if self.target is None:
            return "none"
        return f"{_LIMIT_SIGNS.get(self.kind, '')}{self.shown(Value(self.target))}"

    @cached_property
    def spoken_target(self) -> str:
        """What a value is held against, in words: `a target of 0`, `at most 2%`, `no target`."""
        if self.target is None:
            return "no target"
        return f"{_LIMIT_WORDS.get(self.kind, 'a target of ')}{self.shown(Value(self.target))}"

    @property
    def spoken_names(self) -> tuple[str, ...]:
        """What people may type for it: its key in words, its name with and without the unit."""
        return (self.key.replace("-", " "), self.name, self._short_name or self.name)

    @property
    def _short_name(self) -> str:
        """The name without the unit, where it ends with that whole word."""
        unit = rf"(?:(?<!\w)|(?=\W)){re.escape(self.unit)}$"
        return re.sub(unit, "", self.name, flags=re.IGNORECASE).rstrip(" (/")


def parse_target(text: str, unit: str) -> Decimal:
    """A target, which is an exact number; raises `BadInput` for `~12` and `5+`."""
    value = parse_value(text, unit)
    if not value.is_exact:
        raise BadInput(f"“{text}” isn't exact, but a target is: write it without ~ and +.")
    return value.number


class Reading(NamedTuple):
    """One value of one metric at one time; `at` is when it was true.

    `id` grows with the order of arrival. `reported_by` is a Slack user id or the
    name of what reported it; `milestone` the key of the milestone that caused it.
    """

    id: int
    metric: str
    value: Value
    at: datetime
    recorded_at: datetime
    reported_by: str
    note: str = ""
    milestone: str | None = None


def progress(metric: Metric, value: Value) -> Value | None:
    """The share of the way from baseline to target, at most 1, possibly negative.

    (value − baseline) / (target − baseline), approximate with its ends; None where
    there is no way to go.
    """
    if metric.way is None:
        return None
    start = metric.baseline.value
    share = (value.number - start.number) / metric.way
    return about_if(min(share, Decimal(1)) + 0, value, start)  # + 0: no way is 0, never −0


def has_reached(metric: Metric, value: Value) -> bool:
    """Whether a value is surely at or beyond the target; `5+` may be far above 5.

    Of a limit: whether it is surely kept. What has no target hasn't reached it.
    """
    if metric.target is None:
        return False
    upwards = metric.direction is Direction.UP
    opens_upwards = value.number >= 0
    if value.qualifier is Qualifier.AT_LEAST and opens_upwards != upwards:
        return False
    return value.number >= metric.target if upwards else value.number <= metric.target


class Fact(NamedTuple):
    """A value on the metric's line: that of a reading, with its id, or the baseline, which was
    there before them all.

    A tuple, for a digest makes some fifty thousand: a frozen dataclass takes four times as long.
    """

    value: Value
    at: datetime
    id: int = 0


Known = Reading | Fact
"""What figures are taken from, whole or not."""
_Known = TypeVar("_Known", bound=Known)
_in_time = attrgetter("at", "id")


def in_order(facts: Iterable[_Known]) -> list[_Known]:
    """Oldest first; of those at one instant the last to arrive comes last."""
    return sorted(facts, key=_in_time)


@dataclass(frozen=True, slots=True)
class Movement:
    """The change between two facts, in the metric's unit and as a share of the whole way."""

    start: Fact
    end: Fact
    change: Value
    share: Value | None

    @property
    def span(self) -> timedelta:
        return self.end.at - self.start.at


def movement_between(metric: Metric, start: Fact, end: Fact) -> Movement:
    """The share is None where there is no way to go."""
    change = difference(end.value, start.value)
    share = about_if(change.number / metric.way, start.value, end.value) if metric.way else None
    return Movement(start, end, change, share)


def newest(facts: Sequence[_Known], at: datetime | None = None) -> _Known | None:
    """The newest one (up to an instant) by `at`, then by order of arrival."""
    known = [fact for fact in facts if at is None or fact.at <= at]
    return max(known, key=_in_time, default=None)


def baseline_fact(metric: Metric, zone: ZoneInfo) -> Fact:
    return Fact(metric.baseline.value, _start_of(metric.baseline.on, zone))


def movement(
    metric: Metric, readings: Sequence[Known], since: datetime, until: datetime, zone: ZoneInfo
) -> Movement | None:
    """How the metric moved in a period, or None where one fact alone is known of it.

    The period starts from the newest reading before it. Where there is none, it
    starts from the first fact inside it: a baseline from long ago doesn't make
    the whole way since then a movement of this week. Of several readings at that
    first instant the last to arrive counts, as everywhere.
    """
    end = newest(readings, until)
    if end is None:
        return None
    before = newest(readings, since)
    start = fact_of(before) if before else _first_fact(metric, readings, since, zone)
    if before is None and start.at >= end.at:
        return None
    return movement_between(metric, start, fact_of(end))


def fact_of(known: Known) -> Fact:
    return Fact(known.value, known.at, known.id)


def _first_fact(metric: Metric, readings: Sequence[Known], since: datetime, zone: ZoneInfo) -> Fact:
    """The first fact after an instant that has a reading after it."""
    inside = [reading for reading in readings if reading.at > since]
    first = fact_of(min(inside, key=lambda reading: (reading.at, -reading.id)))
    origin = baseline_fact(metric, zone)
    return origin if since < origin.at < first.at else first


def ratio(span: timedelta, whole: timedelta) -> Decimal:
    return Decimal(span // MICROSECOND) / Decimal(whole // MICROSECOND)


@lru_cache(maxsize=1_024)  # the same few days for every answer, each costly in its zone
def _start_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins in a zone.

    In UTC, for two instants in one zone would be told apart by their wall
    clocks, an hour off after a clock change.
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    return _start_of(day + timedelta(days=1), zone)


def elapsed(metric: Metric, target_on: date, at: datetime, zone: ZoneInfo) -> Decimal:
    """The share of the time between baseline and target date that has passed, from 0 to 1."""
    start, end = baseline_fact(metric, zone).at, end_of(target_on, zone)
    return min(max(ratio(at - start, end - start), Decimal(0)), Decimal(1))


def is_stale(metric: Metric, current: Known, as_of: datetime) -> bool:
    return days_old(current, as_of) > metric.fresh_days


def days_old(reading: Known, as_of: datetime) -> int:
    """The age in days, a begun day counted whole: more than 14 days are 15."""
    return -((reading.at - as_of) // timedelta(days=1))


def days_words(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"

"""A metric between its baseline and its target: progress, movement, pace and status."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from app.domain.errors import BadInput
from app.domain.values import (
    Qualifier,
    Value,
    about_if,
    difference,
    format_change,
    format_share,
    format_value,
    parse_value,
)

FRESH_DAYS = 14
PACE_PERIOD = timedelta(weeks=4)
PACE_READINGS = 4
"""A pace is taken from so many readings at least, however far back they reach."""

WEEK = timedelta(weeks=1)
MICROSECOND = timedelta(microseconds=1)
ON_TRACK_FROM = Decimal("0.9")
AT_RISK_FROM = Decimal("0.7")


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


class Status(StrEnum):
    AT_TARGET = "at_target"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    NO_PACE = "no_pace"
    STALE = "stale"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


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
    """What is measured; `owner` is a Slack user id, `fresh_days` how long a reading counts."""

    key: str
    name: str
    unit: str
    baseline: Baseline
    target: Decimal
    target_on: date | None = None
    owner: str | None = None
    fresh_days: int = FRESH_DAYS
    drivers: tuple[Driver, ...] = ()

    def __post_init__(self) -> None:
        if self.target == self.baseline.value.number:
            raise BadInput(
                f"“{self.name}” has the same baseline and target ({self.target}): "
                "there is no way to go. Change one of them.",
                field="target",
            )
        if self.target_on is not None and self.target_on <= self.baseline.on:
            raise BadInput(
                f"“{self.name}” has its target date {self.target_on} before or on the day of "
                f"its baseline {self.baseline.on}.",
                field="target_on",
            )
        if self.fresh_days < 1:
            raise BadInput("A reading stays fresh for at least one day.", field="fresh_days")

    @cached_property
    def direction(self) -> Direction:
        return Direction.UP if self.target > self.baseline.value.number else Direction.DOWN

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
        return self.shown(Value(self.target))

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


@dataclass(frozen=True, slots=True)
class Reading:
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


def progress(metric: Metric, value: Value) -> Value:
    """The share of the way from baseline to target, at most 1, possibly negative.

    (value − baseline) / (target − baseline), approximate with its ends.
    """
    start = metric.baseline.value
    share = (value.number - start.number) / (metric.target - start.number)
    return about_if(min(share, Decimal(1)) + 0, value, start)  # + 0: no way is 0, never −0


def has_reached(metric: Metric, value: Value) -> bool:
    """Whether a value is surely at or beyond the target; `5+` may be far above 5."""
    upwards = metric.direction is Direction.UP
    opens_upwards = value.number >= 0
    if value.qualifier is Qualifier.AT_LEAST and opens_upwards != upwards:
        return False
    return value.number >= metric.target if upwards else value.number <= metric.target


@dataclass(frozen=True, slots=True)
class Fact:
    """A value on the metric's line: a reading or the baseline."""

    value: Value
    at: datetime


@dataclass(frozen=True, slots=True)
class Movement:
    """The change between two facts, in the metric's unit and as a share of the whole way."""

    start: Fact
    end: Fact
    change: Value
    share: Value

    @property
    def span(self) -> timedelta:
        return self.end.at - self.start.at


def movement_between(metric: Metric, start: Fact, end: Fact) -> Movement:
    way = metric.target - metric.baseline.value.number
    change = difference(end.value, start.value)
    share = about_if(change.number / way, start.value, end.value)
    return Movement(start, end, change, share)


def newest(readings: Sequence[Reading], at: datetime | None = None) -> Reading | None:
    """The newest reading (up to an instant) by `at`, then by order of arrival."""
    known = [reading for reading in readings if at is None or reading.at <= at]
    return max(known, key=lambda reading: (reading.at, reading.id), default=None)


def baseline_fact(metric: Metric, zone: ZoneInfo) -> Fact:
    return Fact(metric.baseline.value, _start_of(metric.baseline.on, zone))


def movement(
    metric: Metric, readings: Sequence[Reading], since: datetime, until: datetime, zone: ZoneInfo
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
    start = _fact(before) if before else _first_fact(metric, readings, since, zone)
    if before is None and start.at >= end.at:
        return None
    return movement_between(metric, start, _fact(end))


def _fact(reading: Reading) -> Fact:
    return Fact(reading.value, reading.at)


def _first_fact(
    metric: Metric, readings: Sequence[Reading], since: datetime, zone: ZoneInfo
) -> Fact:
    """The first fact after an instant that has a reading after it."""
    inside = [reading for reading in readings if reading.at > since]
    first = _fact(min(inside, key=lambda reading: (reading.at, -reading.id)))
    origin = baseline_fact(metric, zone)
    return origin if since < origin.at < first.at else first


@dataclass(frozen=True, slots=True)
class Pace:
    """Movement a week: `needed` to reach the target in time, `seen` over `seen_over`."""

    needed: Value | None
    seen: Value | None
    seen_over: timedelta | None


def pace(metric: Metric, readings: Sequence[Reading], as_of: datetime, zone: ZoneInfo) -> Pace:
    """The pace needed until the target date, beside the pace that was seen.

    Seen is the pace of the readings of `pace_readings`. Where there are fewer than
    four, it is that of the last four weeks, and where these span less than one week,
    that since the baseline; where that spans less than a week too, there is none.
    """
    current = newest(readings, as_of)
    if current is None:
        return Pace(None, None, None)
    seen = _recent_movement(metric, readings, as_of, zone)
    if seen is None or seen.span < WEEK:
        seen = movement_between(metric, baseline_fact(metric, zone), _fact(current))
    needed = _pace_needed(metric, current, as_of, zone)
    if seen.span < WEEK:
        return Pace(needed, None, None)
    return Pace(needed, _a_week(seen.change, seen.span), seen.span)


def pace_readings(readings: Sequence[Reading], as_of: datetime) -> list[Reading]:
    """The readings that a pace is taken from, oldest first.

    Those of the last four weeks with the newest one before, and further back until they are
    four; none where there are fewer than four at all. Of those at one instant the last to
    arrive stands for all.
    """
    ordered = sorted(readings, key=lambda reading: (reading.at, reading.id))
    known = [reading for reading in ordered if reading.at <= as_of]
    if len(known) < PACE_READINGS:
        return []
    before = sum(reading.at <= as_of - PACE_PERIOD for reading in known)
    window = known[min(max(before - 1, 0), len(known) - PACE_READINGS) :]
    return list({reading.at: reading for reading in window}.values())


def _recent_movement(
    metric: Metric, readings: Sequence[Reading], as_of: datetime, zone: ZoneInfo
) -> Movement | None:
    window = pace_readings(readings, as_of)
    if window:
        return movement_between(metric, _fact(window[0]), _fact(window[-1]))
    return movement(metric, readings, as_of - PACE_PERIOD, as_of, zone)


def _pace_needed(metric: Metric, current: Reading, as_of: datetime, zone: ZoneInfo) -> Value | None:
    exactly = Value(current.value.number)  # `5+` may be beyond the target: nothing is needed then
    if metric.target_on is None or has_reached(metric, exactly):
        return None
    left = end_of(metric.target_on, zone) - as_of
    if left <= timedelta(0):
        return None
    return _a_week(difference(Value(metric.target), current.value), left)


def _a_week(change: Value, span: timedelta) -> Value:
    """A change over a span as the change a week, as sure as it was."""
    return Value(change.number / _ratio(span, WEEK), change.qualifier)


def _ratio(span: timedelta, whole: timedelta) -> Decimal:
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
    return min(max(_ratio(at - start, end - start), Decimal(0)), Decimal(1))


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status with its reason in words."""

    status: Status
    reason: str


def is_stale(metric: Metric, current: Reading, as_of: datetime) -> bool:
    return days_old(current, as_of) > metric.fresh_days


def days_old(reading: Reading, as_of: datetime) -> int:
    """The age in days, a begun day counted whole: more than 14 days are 15."""
    return -((reading.at - as_of) // timedelta(days=1))


def verdict(metric: Metric, current: Reading | None, as_of: datetime, zone: ZoneInfo) -> Verdict:
    """Whether a metric will make it, and why one says so.

    Expected at an instant is the share of the time between baseline and target
    date that has passed. At least 90% of that way is on track, at least 70% at
    risk, less is off track. A metric that has reached its target stays at
    target however old the reading is, and the reason tells its age.
    """
    if current is None:
        return Verdict(Status.NO_PACE, "no reading yet")
    age = f"the last reading is {days_words(days_old(current, as_of))} old"
    if has_reached(metric, current.value):
        reached = f"{metric.shown(current.value)} against a target of {metric.shown_target}"
        return Verdict(
            Status.AT_TARGET, f"{reached}; {age}" if is_stale(metric, current, as_of) else reached
        )
    if is_stale(metric, current, as_of):
        return Verdict(Status.STALE, f"{age}; it counts for {days_words(metric.fresh_days)}")
    if metric.target_on is None:
        return Verdict(Status.NO_PACE, "no target date is set")
    return _verdict_in_time(metric, current.value, metric.target_on, as_of, zone)


def _verdict_in_time(
    metric: Metric, value: Value, target_on: date, as_of: datetime, zone: ZoneInfo
) -> Verdict:
    if as_of >= end_of(target_on, zone):
        return Verdict(Status.OFF_TRACK, f"the target date {target_on} has passed")
    passed = elapsed(metric, target_on, as_of, zone)
    done = progress(metric, value)
    reason = (
        f"{format_share(done)} of the way, {format_share(Value(passed))} of the time until "
        f"{target_on} has passed"
    )
    if done.number >= ON_TRACK_FROM * passed:
        return Verdict(Status.ON_TRACK, reason)
    if done.number >= AT_RISK_FROM * passed:
        return Verdict(Status.AT_RISK, reason)
    return Verdict(Status.OFF_TRACK, reason)


def days_words(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"

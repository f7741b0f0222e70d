"""When a metric will reach its target, and how sure that is.

The model is Brownian motion with drift, which allows irregular dates: between two readings the
metric moves by drift × time, give or take a deviation whose variance grows with the time. From n
readings over a time T, in the direction of the target:

    drift     μ  = (last − first) / T
    variance  σ² = Σ (Δᵢ − μ·tᵢ)² / tᵢ / (n − 2),   Δᵢ the movement in the time tᵢ

A time h after the last reading, the value differs from what the drift says by √(σ²·(h + h²/T))
times a Student t with n − 2 degrees of freedom; h²/T is what is not known of the drift itself.
(Predictive distribution of a normal model with estimated mean and variance: Gelman et al.,
Bayesian Data Analysis, 3rd ed., section 3.2.)

What is said holds if things go on as in the readings that it is taken from. A team that stops
working, or ships what moves the metric at once, isn't foreseen. Estimates are computed in floats:
they are no facts, and shown in whole percents and days.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain.metrics import (
    WEEK,
    Direction,
    Known,
    Metric,
    days_old,
    end_of,
    has_reached,
    is_stale,
    newest,
)
from app.domain.paces import PACE_READINGS, pace_readings

SHARE_INSIDE = 0.8
"""The range of dates and of values is where four of five futures lead."""

FARTHEST = timedelta(days=3_650)
"""A date beyond ten years is no date."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TooEarly:
    """A forecast needs four readings, over a week at least; there are `readings` so far."""

    readings: int


@dataclass(frozen=True, slots=True)
class Outdated:
    """Of a metric whose last reading is stale nothing is foreseen."""

    days_old: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The outlook of a metric that is not at its target.

    `chance` is the probability, from 0 to 1, of being at the target on the target date; None
    without such a date or once it has passed. `median` is the instant at which half of the
    futures have reached the target, None if the metric doesn't move towards it; between
    `earliest` and `latest` lie four of five of those that do, and `latest` is None where that is
    open. `drift` is the movement a day, in the metric's unit.
    """

    readings: int
    since: datetime
    drift: float
    chance: float | None
    earliest: datetime | None
    median: datetime | None
    latest: datetime | None
    _line: "_Line"

    @property
    def is_on_its_way(self) -> bool:
        """Whether the metric moves towards its target at all."""
        return self.median is not None

    def values_at(self, instant: datetime) -> tuple[float, float, float]:
        """Between which values the metric is then in four of five futures, and the middle one.

        Gives (low, middle, high) in the metric's unit, inside what the unit allows.
        """
        return self._line.values_at(instant)


def forecast(
    metric: Metric, readings: Sequence[Known], as_of: datetime, zone: ZoneInfo
) -> Forecast | TooEarly | Outdated | None:
    """The outlook of a metric at an instant, or None once it has reached its target.

    Of a limit that is broken it is when it will be kept again. What has no target has no forecast.

    It is taken from the readings that the pace is taken from. Its middle goes on from `as_of` with
    the pace seen, so that it is in time exactly if the pace seen is at least the pace needed.
    """
    current = newest(readings, as_of)
    if metric.target is None or (current is not None and has_reached(metric, current.value)):
        return None
    known = pace_readings(readings, as_of)
    if len(known) < PACE_READINGS or known[-1].at - known[0].at < WEEK:
        return TooEarly(len({reading.at for reading in readings if reading.at <= as_of}))
    if is_stale(metric, known[-1], as_of):
        return Outdated(days_old(known[-1], as_of))
    line = _Line.through(metric, metric.target, known, as_of)
    deadline = end_of(metric.target_on, zone) if metric.target_on else None
    is_open = deadline is not None and deadline > as_of
    return Forecast(
        readings=len(known),
        since=known[0].at,
        drift=line.sign * line.drift,
        chance=line.chance(_days(deadline - as_of)) if deadline and is_open else None,
        earliest=line.reached(line.quantile),
        median=line.reached(0.0),
        latest=line.reached(-line.quantile),
        _line=line,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """The model of the last readings. Times are days, values are counted towards the target."""

    as_of: datetime
    current: float
    gap: float
    sign: int
    drift: float
    deviation: float
    span: float
    age: float
    freedom: int
    quantile: float
    lowest: float
    highest: float

    @classmethod
    def through(
        cls, metric: Metric, target: Decimal, readings: Sequence[Known], as_of: datetime
    ) -> "_Line":
        sign = 1 if metric.direction is Direction.UP else -1
        values = [sign * float(reading.value.number) for reading in readings]
        times = [_days(reading.at - readings[0].at) for reading in readings]
        span = times[-1]
        drift = (values[-1] - values[0]) / span
        steps = zip(values, values[1:], times, times[1:], strict=False)
        squares = (
            (after - before - drift * (later - sooner)) ** 2 / (later - sooner)
            for before, after, sooner, later in steps
        )
        freedom = len(readings) - 2
        lowest, highest = bounds(metric, [reading.value.number for reading in readings])
        return cls(
            as_of=as_of,
            current=values[-1],
            gap=sign * float(target) - values[-1],
            sign=sign,
            drift=drift,
            deviation=math.sqrt(math.fsum(squares) / freedom),
            span=span,
            age=_days(as_of - readings[-1].at),
            freedom=freedom,
            quantile=student_quantile((1 + SHARE_INSIDE) / 2, freedom),
            lowest=lowest,
            highest=highest,
        )

    def spread(self, days: float) -> float:
        """The standard deviation of the value so many days from now, not yet times t."""
        horizon = days + self.age
        return self.deviation * math.sqrt(horizon + horizon * horizon / self.span)

    def chance(self, days: float) -> float:
        """The probability of being at the target so many days from now."""
        lead = self.drift * days - self.gap
        spread = self.spread(days)
        if spread == 0:
            return 1.0 if lead >= 0 else 0.0
        return student_cdf(lead / spread, self.freedom)

    def reached(self, deviations: float) -> datetime | None:
        """When a future that lies so many deviations towards the target reaches it; None if it
        never does, or not within ten years."""
        if self.drift <= 0:
            return None

        def lead(days: float) -> float:
            return self.drift * days + deviations * self.spread(days) - self.gap

        days = _root(lead, _days(FARTHEST))
        return None if days is None else self.as_of + timedelta(days=days)

    def values_at(self, instant: datetime) -> tuple[float, float, float]:
        days = max(_days(instant - self.as_of), 0.0)
        middle = self.current + self.drift * days
        spread = self.quantile * self.spread(days)
        ends = sorted(self.sign * (middle + each) for each in (-spread, spread))
        low, centre, high = (
            min(max(each, self.lowest), self.highest)
            for each in (ends[0], self.sign * middle, ends[1])
        )
        return low, centre, high


def bounds(metric: Metric, values: Sequence[Decimal]) -> tuple[float, float]:
    """Between which values a metric can be at all, as (lowest, highest).

    A share lies between 0 and 100 %, and what never was negative and shall not be isn't negative,
    unless its own values say otherwise.
    """
    aim = [] if metric.target is None else [metric.target]
    seen = [float(each) for each in (*values, *aim, metric.baseline.value.number)]
    lowest = 0.0 if min(seen) >= 0 else -math.inf
    highest = 100.0 if metric.unit == "%" and max(seen) <= 100 else math.inf
    return lowest, highest


def _days(span: timedelta) -> float:
    return span / _DAY


def _root(rising: Callable[[float], float], most: float) -> float | None:
    """Where a function that ends above 0 was below it last, to the minute; None if it doesn't end
    above 0."""
    if rising(most) < 0:
        return None
    low, high = 0.0, most
    while high - low > 1 / (24 * 60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return high


def student_cdf(t: float, freedom: int) -> float:
    """The probability that a Student t is at most `t`.

    The finite series for whole degrees of freedom: Abramowitz and Stegun, 26.7.3 and 26.7.4.
    """
    angle = math.atan2(t, math.sqrt(freedom))
    cosine_square = freedom / (freedom + t * t)
    is_odd = freedom % 2 == 1
    term = math.cos(angle) if is_odd else 1.0
    series = 0.0 if freedom == 1 else term
    for number in range(3 if is_odd else 2, freedom - 1, 2):
        term *= cosine_square * (number - 1) / number
        series += term
    within = math.sin(angle) * series
    if is_odd:
        within = 2 / math.pi * (angle + within)
    return 0.5 + within / 2


@lru_cache
def student_quantile(probability: float, freedom: int) -> float:
    """The `t` below which a Student t lies with this probability, 0.5 or more."""
    high = 1.0
    while student_cdf(high, freedom) < probability:
        high *= 2
    low = 0.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (low, middle) if student_cdf(middle, freedom) >= probability else (middle, high)
    return high

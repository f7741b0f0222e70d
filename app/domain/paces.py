"""The pace of a metric: the movement a week that is needed, beside the one that was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.metrics import (
    WEEK,
    Known,
    Metric,
    Movement,
    baseline_fact,
    end_of,
    fact_of,
    has_reached,
    in_order,
    movement,
    movement_between,
    newest,
    ratio,
)
from app.domain.values import Value, difference, format_change, rounded

PACE_PERIOD = timedelta(weeks=4)
PACE_READINGS = 4
"""A pace is taken from so many readings at least, however far back they reach."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Movement a week: `needed` to reach the target in time, `seen` over `seen_over`."""

    needed: Value | None
    seen: Value | None
    seen_over: timedelta | None

    def in_words(self, unit: str) -> str:
        """`needs ~−2.0 a week, seen ~−3.1 over 4 weeks`; empty where neither is known."""
        parts = []
        if self.needed is not None:
            parts.append(f"needs {_shown(self.needed, unit)} a week")
        if self.seen is not None and self.seen_over is not None:
            again = "" if parts else " a week"
            parts.append(f"seen {_shown(self.seen, unit)}{again} over {_weeks(self.seen_over)}")
        return ", ".join(parts)


def pace(metric: Metric, readings: Sequence[Known], as_of: datetime, zone: ZoneInfo) -> Pace:
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
        seen = movement_between(metric, baseline_fact(metric, zone), fact_of(current))
    needed = _pace_needed(metric, current, as_of, zone)
    if seen.span < WEEK:
        return Pace(needed, None, None)
    return Pace(needed, _a_week(seen.change, seen.span), seen.span)


def pace_readings(readings: Sequence[Known], as_of: datetime) -> list[Known]:
    """The readings that a pace is taken from, oldest first.

    Those of the last four weeks with the newest one before, and further back until they are
    four; none where there are fewer than four at all. Of those at one instant the last to
    arrive stands for all.
    """
    ordered = in_order(readings)
    known = [reading for reading in ordered if reading.at <= as_of]
    if len(known) < PACE_READINGS:
        return []
    before = sum(reading.at <= as_of - PACE_PERIOD for reading in known)
    window = known[min(max(before - 1, 0), len(known) - PACE_READINGS) :]
    return list({reading.at: reading for reading in window}.values())


def _recent_movement(
    metric: Metric, readings: Sequence[Known], as_of: datetime, zone: ZoneInfo
) -> Movement | None:
    window = pace_readings(readings, as_of)
    if window:
        return movement_between(metric, fact_of(window[0]), fact_of(window[-1]))
    return movement(metric, readings, as_of - PACE_PERIOD, as_of, zone)


def _pace_needed(metric: Metric, current: Known, as_of: datetime, zone: ZoneInfo) -> Value | None:
    exactly = Value(current.value.number)  # `5+` may be beyond the target: nothing is needed then
    if metric.target is None or metric.target_on is None or has_reached(metric, exactly):
        return None
    left = end_of(metric.target_on, zone) - as_of
    if left <= timedelta(0):
        return None
    return _a_week(difference(Value(metric.target), current.value), left)


def _a_week(change: Value, span: timedelta) -> Value:
    """A change over a span as the change a week, as sure as it was."""
    return Value(change.number / ratio(span, WEEK), change.qualifier)


def _shown(change: Value, unit: str) -> str:
    return format_change(rounded(change), unit if unit == "%" else "")


def _weeks(span: timedelta) -> str:
    weeks = round(span / WEEK)
    return "1 week" if weeks == 1 else f"{weeks} weeks"

"""The trajectory of a metric: what it stood at over time, beside the line to its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.domain.metrics import Fact, Metric, Reading, baseline_fact, elapsed
from app.domain.values import Value

MOST_READINGS = 19
"""With the baseline as many points as a chart in Slack has room for."""


@dataclass(frozen=True, slots=True)
class Point:
    """What a metric stood at, and where the line from baseline to target was then."""

    at: datetime
    value: Value
    line: Decimal


@dataclass(frozen=True, slots=True)
class Trajectory:
    """A metric from its baseline on, oldest first.

    Without a target date the line is the target itself. Where `is_whole` is false there were
    more readings than `points` has room for, and some were chosen evenly over time.
    """

    metric: Metric
    points: tuple[Point, ...]
    is_whole: bool


def trajectory(
    metric: Metric, readings: Sequence[Reading], zone: ZoneInfo, *, is_whole: bool = True
) -> Trajectory:
    """The trajectory through readings from after the baseline, oldest first."""
    facts = [baseline_fact(metric, zone), *(Fact(each.value, each.at) for each in readings)]
    points = (Point(fact.at, fact.value, _line(metric, fact.at, zone)) for fact in facts)
    return Trajectory(metric, tuple(points), is_whole)


def _line(metric: Metric, at: datetime, zone: ZoneInfo) -> Decimal:
    if metric.target_on is None:
        return metric.target
    start = metric.baseline.value.number
    return start + (metric.target - start) * elapsed(metric, metric.target_on, at, zone)

"""The trajectory of a metric: what it stood at over time, beside the line to its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.domain.metrics import Known, Metric, baseline_fact, elapsed
from app.domain.values import Value

MOST_READINGS = 19
"""With the baseline as many points as a chart in Slack has room for."""


@dataclass(frozen=True, slots=True)
class Point:
    """What a metric stood at, and where the line from baseline to target was then, if any is."""

    at: datetime
    value: Value
    line: Decimal | None


@dataclass(frozen=True, slots=True)
class Trajectory:
    """A metric from its baseline on, oldest first.

    Without a target date the line is the target or limit itself. Where `is_whole` is false there
    were more readings than `points` has room for, and some were chosen evenly over time.
    """

    metric: Metric
    points: tuple[Point, ...]
    is_whole: bool


def trajectory(
    metric: Metric, readings: Sequence[Known], zone: ZoneInfo, *, is_whole: bool = True
) -> Trajectory:
    """The trajectory through readings from after the baseline, oldest first."""
    facts = [baseline_fact(metric, zone), *readings]
    points = (Point(fact.at, fact.value, line_at(metric, fact.at, zone)) for fact in facts)
    return Trajectory(metric, tuple(points), is_whole)


def line_at(metric: Metric, at: datetime, zone: ZoneInfo) -> Decimal | None:
    """Where a metric should stand at an instant: on the line from its baseline to its target."""
    if metric.way is None or metric.target_on is None:
        return metric.target
    passed = elapsed(metric, metric.target_on, at, zone)
    return metric.baseline.value.number + metric.way * passed

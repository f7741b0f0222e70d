"""Whether a metric will make it, and why one says so."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.errors import BadInput
from app.domain.metrics import (
    WEEK,
    Direction,
    Metric,
    Reading,
    days_old,
    days_words,
    elapsed,
    end_of,
    has_reached,
    is_stale,
    progress,
)
from app.domain.paces import PACE_PERIOD, Pace
from app.domain.values import Value, format_share


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
class Thresholds:
    """From how many percent of the expected way on a metric is on track, or at risk.

    Less is off track. Raises `BadInput` unless 0 < at risk < on track ≤ 100.
    """

    on_track_from: int = 90
    at_risk_from: int = 70

    def __post_init__(self) -> None:
        if not 2 <= self.on_track_from <= 100:
            raise BadInput(
                "On track begins between 2% and 100% of the expected way, usually at 90%.",
                field="on_track_from",
            )
        if not 1 <= self.at_risk_from < self.on_track_from:
            raise BadInput(
                f"At risk begins below where on track does, which is {self.on_track_from}% of "
                "the expected way, and at 1% or more; usually at 70%.",
                field="at_risk_from",
            )


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status with its reason in words."""

    status: Status
    reason: str


def verdict(
    metric: Metric,
    current: Reading | None,
    pace: Pace,
    as_of: datetime,
    zone: ZoneInfo,
    *,
    thresholds: Thresholds,
) -> Verdict:
    """Whether a metric will make it, and why one says so.

    What is expected at an instant is the share of the time between baseline and target date that
    has passed; `thresholds` say how much of that way is on track and at risk. A metric that has
    reached its target stays at target however old the reading is, and the reason tells its age;
    that a limit is kept only a fresh reading can tell.
    """
    if current is None:
        return Verdict(Status.NO_PACE, "no reading yet")
    is_old, is_reached = is_stale(metric, current, as_of), has_reached(metric, current.value)
    age = f"the last reading is {days_words(days_old(current, as_of))} old"
    if is_old and not (is_reached and metric.way is not None):
        return Verdict(Status.STALE, f"{age}; it counts for {days_words(metric.fresh_days)}")
    if is_reached:
        more = age if is_old else _breach(metric, current.value, pace)
        return Verdict(Status.AT_TARGET, _joined(_against(metric, current.value), more))
    if metric.way is not None:
        return _on_the_way(metric, current.value, pace, as_of, zone, thresholds=thresholds)
    seen = pace.in_words(metric.unit)
    if metric.has_target:
        return Verdict(Status.OFF_TRACK, _joined(_against(metric, current.value), seen))
    return Verdict(Status.NO_PACE, seen or "it has no target")


def _against(metric: Metric, value: Value) -> str:
    """`~3 against a target of 0`, `1.8% against at most 2%`."""
    return f"{metric.shown(value)} against {metric.spoken_target}"


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _breach(metric: Metric, value: Value, pace: Pace) -> str:
    """When a limit that is kept will be broken at the pace seen; empty unless within four weeks."""
    if metric.way is not None or metric.target is None or pace.seen is None:
        return ""
    room, speed = metric.target - value.number, pace.seen.number
    if speed == 0 or (speed > 0) is not (metric.direction is Direction.DOWN):
        return ""
    weeks = round(room / speed)
    if weeks > PACE_PERIOD / WEEK:
        return ""
    when = "within a week" if weeks <= 1 else f"in about {weeks} weeks"
    return f"{pace.in_words(metric.unit)}: beyond the limit {when}"


def _on_the_way(
    metric: Metric,
    value: Value,
    pace: Pace,
    as_of: datetime,
    zone: ZoneInfo,
    *,
    thresholds: Thresholds,
) -> Verdict:
    seen = pace.in_words(metric.unit)
    done = progress(metric, value)
    if metric.target_on is None or done is None:
        return Verdict(Status.NO_PACE, _joined("no target date is set", seen))
    if as_of >= end_of(metric.target_on, zone):
        passed_on = f"the target date {metric.target_on} has passed"
        return Verdict(Status.OFF_TRACK, _joined(passed_on, seen))
    passed = elapsed(metric, metric.target_on, as_of, zone)
    way = (
        f"{format_share(done)} of the way in {format_share(Value(passed))} of the time until "
        f"{metric.target_on}"
    )
    return Verdict(_in_time(done, passed, thresholds), _joined(seen, way))


def _in_time(done: Value, passed: Decimal, thresholds: Thresholds) -> Status:
    percent = done.number * 100
    if percent >= thresholds.on_track_from * passed:
        return Status.ON_TRACK
    return Status.AT_RISK if percent >= thresholds.at_risk_from * passed else Status.OFF_TRACK

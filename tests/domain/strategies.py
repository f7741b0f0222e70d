"""Any value, reading and zone that a scorecard can hold."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from app.domain.alerts import AlertRules, Place, QuietHours
from app.domain.metrics import Metric, MetricKind, Reading
from app.domain.values import Qualifier, Value
from tests.builders import a_metric, an_instant

UNITS = ("", "%", "/ day", "paths", "ms", "s", "code paths", "kg", "€")
ZONES = tuple(
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Nuuk",
        "Asia/Kathmandu",
    )
)

units = st.sampled_from(UNITS)
zones = st.sampled_from(ZONES)
qualifiers = st.sampled_from(Qualifier)


@st.composite
def numbers(draw: st.DrawFn, *, most_digits: int = 21) -> Decimal:
    """A number within the limits, trailing zeros included."""
    places = draw(st.integers(0, 6))
    largest = 10 ** min(15 + places, most_digits) - 1
    return Decimal(draw(st.integers(-largest, largest))).scaleb(-places)


values = st.builds(Value, numbers(), qualifiers)
small_numbers = st.integers(-50, 50).map(Decimal)
small_values = st.builds(Value, small_numbers, qualifiers)


_times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
quiet_hours = (
    st.tuples(_times, _times)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: QuietHours(*pair))
)
_places = st.sampled_from(Place)
alert_rules = st.builds(
    AlertRules,
    _places,
    _places,
    _places,
    _places,
    st.just("U0BOB"),
    st.none() | quiet_hours,
    st.booleans(),
)


@st.composite
def metrics(draw: st.DrawFn, number: st.SearchStrategy[Decimal] = small_numbers) -> Metric:
    """A metric with any baseline and another target, with or without a target date."""
    baseline, target = draw(st.tuples(number, number).filter(lambda pair: pair[0] != pair[1]))
    day = an_instant("2026-01-01").date()
    return a_metric(
        baseline=f"{baseline:f}",
        target=f"{target:f}",
        baseline_on=day + timedelta(days=draw(st.integers(-120, 60))),
        target_on=draw(st.none() | st.integers(61, 200).map(lambda days: day + timedelta(days))),
        fresh_days=draw(st.integers(1, 30)),
    )


@st.composite
def metrics_of_all_kinds(draw: st.DrawFn) -> Metric:
    """One that has a target to reach, a limit to keep, or none of these."""
    metric, kind = draw(metrics()), draw(st.sampled_from(MetricKind))
    if kind is MetricKind.REACH:
        return metric
    target = None if kind is MetricKind.RECORD else metric.target
    return replace(metric, kind=kind, target=target, target_on=None)


closed_values = st.builds(Value, small_numbers, st.sampled_from([Qualifier.EXACT, Qualifier.ABOUT]))
"""None is open-ended: which side that leaves open doesn't turn with a mirror."""


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """A moment within four months, half of the time one that a reading is likely to have."""
    if draw(st.booleans()):
        return draw(_coarse_instants)
    return FIRST_DAY + timedelta(minutes=draw(st.integers(0, 60 * 24 * 120)))


@st.composite
def histories(draw: st.DrawFn) -> list[Reading]:
    """Readings in any order, over four months; several may share an instant."""
    facts = draw(st.lists(st.tuples(_coarse_instants, small_values), max_size=12))
    return [
        Reading(number, "rollbacks", value, at, at, "U1")
        for number, (at, value) in enumerate(facts, start=1)
    ]


FIRST_DAY = an_instant("2025-12-15")
_coarse_instants = st.integers(0, 30).map(lambda steps: FIRST_DAY + timedelta(days=4 * steps))

_MIRRORED = {
    MetricKind.STAY_BELOW: MetricKind.STAY_ABOVE,
    MetricKind.STAY_ABOVE: MetricKind.STAY_BELOW,
}


def scaled(metric: Metric, scale: Decimal | int) -> Metric:
    """The same metric in another unit; a negative scale is its mirror image."""
    start = metric.baseline
    moved = replace(start, value=replace(start.value, number=start.value.number * scale))
    kind = _MIRRORED.get(metric.kind, metric.kind) if scale < 0 else metric.kind
    target = None if metric.target is None else metric.target * scale
    return replace(metric, baseline=moved, target=target, kind=kind)


def scaled_readings(readings: list[Reading], scale: Decimal | int) -> list[Reading]:
    return [
        each._replace(value=Value(each.value.number * scale, each.value.qualifier))
        for each in readings
    ]

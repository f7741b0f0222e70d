"""A metric over time, beside the line from its baseline to its target."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given

from app.domain.metrics import Metric, Reading
from app.domain.trajectories import trajectory
from tests.builders import ZONE, a_metric, an_instant, known, some_readings
from tests.domain.strategies import ZONES, histories, metrics

IN_TIME = a_metric(baseline="100", baseline_on=date(2026, 1, 1), target_on=date(2026, 4, 10))
"""From 100 to 0 in a hundred days."""


def test_it_begins_at_the_baseline_and_goes_through_every_reading() -> None:
    line = trajectory(IN_TIME, some_readings(("2026-01-20", "~80"), ("2026-02-20", "40+")), ZONE)
    assert [str(point.value) for point in line.points] == ["100", "~80", "40+"]
    assert line.points[0].at == an_instant("2026-01-01", ZONE)
    assert line.is_whole


def test_half_of_the_time_is_half_of_the_line() -> None:
    half = an_instant("2026-01-01", ZONE) + timedelta(days=50)
    (_, point) = trajectory(IN_TIME, some_readings((half.isoformat()[:16], "9")), ZONE).points
    assert point.line is not None
    assert abs(point.line - 50) < Decimal("0.1"), "the clocks went forward in between"


def test_after_the_target_date_the_line_stays_at_the_target() -> None:
    readings = some_readings(("2026-04-10 21:00", "9"), ("2026-04-11", "9"), ("2027-01-01", "9"))
    points = trajectory(IN_TIME, readings, ZONE).points
    assert 0 < (points[1].line or 0) < 1, "the target day itself still counts"
    assert [point.line for point in points[2:]] == [0, 0]


def test_without_a_target_date_the_line_is_the_target() -> None:
    points = trajectory(a_metric(target="5"), some_readings(("2026-01-20", "9")), ZONE).points
    assert [point.line for point in points] == [5, 5]


@given(metrics(), histories())
def test_the_line_never_leaves_the_way(metric: Metric, readings: list[Reading]) -> None:
    start, target = metric.baseline.value.number, known(metric.target)
    for point in trajectory(metric, readings, ZONES[0]).points:
        assert point.line is not None
        assert min(start, target) <= point.line <= max(start, target)

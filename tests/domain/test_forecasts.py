"""When a metric will reach its target, and how sure that is."""

import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.forecasts import (
    Forecast,
    TooEarly,
    forecast,
    student_cdf,
    student_quantile,
)
from app.domain.metrics import Metric, Reading, end_of
from app.domain.paces import pace
from app.domain.prospects import prospect
from tests.builders import NOW, ZONE, a_metric, a_reading, some_readings
from tests.domain.strategies import (
    FIRST_DAY,
    closed_values,
    metrics,
    scaled,
    scaled_readings,
)

AFTER_ALL = FIRST_DAY + timedelta(days=62)

STEADY = (("2026-02-16", "40"), ("2026-02-23", "34"), ("2026-03-02", "31"), ("2026-03-09", "22"))


def foreseen(*days: tuple[str, str], target_on: date | None = None) -> Forecast:
    found = forecast(a_metric(target_on=target_on), some_readings(*days), NOW, ZONE)
    assert isinstance(found, Forecast)
    return found


def test_fewer_than_four_readings_are_too_early() -> None:
    assert forecast(a_metric(), some_readings(*STEADY[1:]), NOW, ZONE) == TooEarly(3)


def test_four_readings_within_days_are_too_early() -> None:
    hasty = some_readings(*((f"2026-03-1{day}", f"{20 - day}") for day in range(2, 6)))

    assert forecast(a_metric(), hasty, NOW, ZONE) == TooEarly(4)


def test_nothing_is_foreseen_from_a_stale_reading() -> None:
    late = NOW + timedelta(days=15)
    metric = a_metric(fresh_days=14)
    found = prospect(metric, some_readings(*STEADY), late, ZONE)

    assert found.in_words(ZONE).startswith("none from a reading that is ")
    assert found.in_short(ZONE) == ""


def test_at_the_target_there_is_nothing_to_foresee() -> None:
    readings = some_readings(*STEADY, ("2026-03-15", "0"))

    assert forecast(a_metric(), readings, NOW, ZONE) is None


def test_the_middle_goes_on_with_the_pace_that_was_seen() -> None:
    # 18 in three weeks are 6 a week; 22 are left: 25 2/3 days from now.
    median = foreseen(*STEADY).median

    assert median is not None
    assert abs(median - NOW - timedelta(days=22 * 7 / 6)) < timedelta(minutes=2)


def test_the_range_by_hand() -> None:
    # Steps of 6, 3 and 9 a week around a drift of 6: squares of 0, 9/7 and 9/7 a day. With two
    # degrees of freedom that is a deviation of 3/√7 a day, and four of five futures lie within
    # 1.8856 of it. With d days from now, which are h = d + 7.5 after the last of 21 days of
    # readings, the ends solve 22 = 6/7·d ± 1.8856 · 3/√7 · √(h + h²/21).
    found = foreseen(*STEADY)

    def left(end: datetime | None, side: int) -> float:
        assert end is not None
        days = (end - NOW) / timedelta(days=1)
        after = days + 7.5
        return 6 / 7 * days + side * 1.8856 * 3 * math.sqrt((after + after**2 / 21) / 7)

    assert left(found.earliest, +1) == pytest.approx(22, abs=0.01)
    assert left(found.latest, -1) == pytest.approx(22, abs=0.01)


def test_a_range_is_open_where_the_drift_itself_is_in_doubt() -> None:
    # Steps of 1, 12 and 2 a week: a drift of 5 with a deviation of more than 5 in three weeks.
    found = foreseen(("2026-02-16", "40"), ("2026-02-23", "39"), ("2026-03-02", "27"),
                     ("2026-03-09", "25"))  # fmt: skip

    assert found.earliest is not None
    assert found.latest is None


def test_a_metric_that_moves_away_does_not_arrive_at_this_rate() -> None:
    found = foreseen(("2026-02-16", "10"), ("2026-02-23", "14"), ("2026-03-02", "13"),
                     ("2026-03-09", "16"), target_on=date(2026, 6, 30))  # fmt: skip

    assert not found.is_on_its_way
    assert (found.earliest, found.median, found.latest) == (None, None, None)
    assert found.chance is not None
    assert found.chance < 0.5


def test_a_straight_line_leaves_no_doubt() -> None:
    line = (("2026-02-16", "40"), ("2026-02-23", "34"), ("2026-03-02", "28"), ("2026-03-09", "22"))

    assert foreseen(*line, target_on=date(2026, 6, 30)).chance == 1
    assert foreseen(*line, target_on=date(2026, 3, 20)).chance == 0


def test_without_an_open_target_date_there_is_no_chance_of_being_in_time() -> None:
    assert foreseen(*STEADY).chance is None
    assert foreseen(*STEADY, target_on=date(2026, 3, 10)).chance is None


def test_values_stay_inside_what_their_unit_allows() -> None:
    coverage = a_metric(unit="%", baseline="19", target="100", target_on=date(2026, 6, 30))
    readings = some_readings(("2026-02-16", "60"), ("2026-02-23", "92"), ("2026-03-02", "70"),
                             ("2026-03-09", "90"))  # fmt: skip
    found = forecast(coverage, readings, NOW, ZONE)

    assert isinstance(found, Forecast)
    low, middle, high = found.values_at(NOW + timedelta(days=60))
    assert 0 <= low < middle <= high == 100


def test_the_range_widens_with_time() -> None:
    found = foreseen(*STEADY)
    widths = [high - low for low, _, high in
              (found.values_at(NOW + timedelta(days=days)) for days in (0, 1, 4))]  # fmt: skip

    assert widths == sorted(widths)
    assert widths[0] > 0


Case = tuple[Metric, list[Reading]]


@st.composite
def open_metrics(draw: st.DrawFn) -> Case:
    """A metric with time left and readings over two months, six at least.

    None is open-ended: which side that leaves open doesn't turn with a mirror.
    """
    fresh = metrics().map(lambda each: replace(each, fresh_days=999))
    metric = draw(fresh.filter(lambda each: each.target_on is not None))
    days = draw(st.lists(st.integers(0, 60), min_size=6, max_size=12, unique=True))
    values = draw(st.lists(closed_values, min_size=len(days), max_size=len(days)))
    readings = [
        a_reading(at=FIRST_DAY + timedelta(days=day), id=number)
        for number, day in enumerate(days, start=1)
    ]
    return metric, [
        reading._replace(value=value) for reading, value in zip(readings, values, strict=True)
    ]


def _outlook(metric: Metric, readings: list[Reading], as_of: datetime = AFTER_ALL) -> Forecast:
    found = forecast(metric, readings, as_of, ZONE)
    assume(isinstance(found, Forecast))
    assert isinstance(found, Forecast)
    return found


@given(open_metrics(), st.integers(60, 75))
def test_the_middle_is_in_time_exactly_if_the_pace_seen_is_the_pace_needed(
    case: Case, days: int
) -> None:
    metric, readings = case
    as_of = FIRST_DAY + timedelta(days=days)
    found = _outlook(metric, readings, as_of)
    rule = pace(metric, readings, as_of, ZONE)
    assume(rule.needed is not None)
    assert rule.needed is not None
    assert rule.seen is not None
    assert metric.target_on is not None
    enough = rule.seen.number / rule.needed.number
    assume(abs(enough - 1) > Decimal("0.000001"))

    deadline = end_of(metric.target_on, ZONE)
    is_in_time = found.median is not None and found.median <= deadline + timedelta(minutes=2)
    assert is_in_time == (enough > 1)
    assert found.chance is not None
    assert (found.chance >= 0.5) == (enough > 1)


@given(open_metrics())
def test_mirrored_data_have_the_same_outlook(case: Case) -> None:
    metric, readings = case
    found = _outlook(metric, readings)
    mirrored = forecast(scaled(metric, -1), scaled_readings(readings, -1), AFTER_ALL, ZONE)

    assert isinstance(mirrored, Forecast)
    _same(found, mirrored)
    assert mirrored.drift == pytest.approx(-found.drift)


@given(open_metrics(), st.sampled_from([10, 1000, Decimal("0.001")]))
def test_the_outlook_does_not_depend_on_the_units_scale(case: Case, scale: Decimal | int) -> None:
    metric, readings = case
    found = _outlook(metric, readings)
    again = forecast(scaled(metric, scale), scaled_readings(readings, scale), AFTER_ALL, ZONE)

    assert isinstance(again, Forecast)
    _same(found, again)


@given(open_metrics())
def test_the_range_is_in_order(case: Case) -> None:
    metric, readings = case
    found = _outlook(metric, readings)
    dates = [found.earliest, found.median, found.latest]
    if found.is_on_its_way and None not in dates:
        assert sorted(dates, key=str) == dates
    low, middle, high = found.values_at(AFTER_ALL + timedelta(days=30))
    assert low <= middle <= high


def _same(one: Forecast, other: Forecast) -> None:
    pairs = [(one.earliest, other.earliest), (one.median, other.median)]
    for mine, others in pairs:
        assert (mine is None) == (others is None)
        if mine is not None and others is not None:
            assert abs(mine - others) <= timedelta(minutes=2)
    assert one.chance == (None if other.chance is None else pytest.approx(other.chance))


# Columns of a table of the distribution (Abramowitz and Stegun, table 26.10).
@pytest.mark.parametrize(
    ("freedom", "at_90", "at_975"),
    [(1, 3.078, 12.706), (2, 1.886, 4.303), (3, 1.638, 3.182), (4, 1.533, 2.776),
     (5, 1.476, 2.571), (8, 1.397, 2.306), (10, 1.372, 2.228), (30, 1.310, 2.042)],
)  # fmt: skip
def test_students_distribution_is_that_of_the_tables(
    freedom: int, at_90: float, at_975: float
) -> None:
    assert student_quantile(0.9, freedom) == pytest.approx(at_90, abs=0.0006)
    assert student_quantile(0.975, freedom) == pytest.approx(at_975, abs=0.0006)
    assert student_cdf(-at_90, freedom) == pytest.approx(0.1, abs=0.0002)
    assert student_cdf(0, freedom) == 0.5

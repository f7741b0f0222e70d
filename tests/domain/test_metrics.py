"""A metric: where it goes, how far it has come, and what it is called."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.metrics import (
    Direction,
    Fact,
    Metric,
    Reading,
    has_reached,
    movement_between,
    newest,
    progress,
)
from app.domain.values import Qualifier, Value, format_share
from tests.builders import (
    NOW,
    REAL_CURRENT,
    REAL_METRICS,
    a_metric,
    a_reading,
    a_value,
    an_instant,
    known,
    some_readings,
)
from tests.domain.strategies import histories, instants, metrics, numbers, small_values, values


def test_a_metric_goes_from_its_baseline_to_its_target() -> None:
    assert a_metric(baseline="196", target="0").direction is Direction.DOWN
    assert a_metric(baseline="19", target="100").direction is Direction.UP
    assert a_metric(baseline="-5", target="-9").direction is Direction.DOWN


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"baseline": "5", "target": "5"}, "target", "has the same baseline and target"),
        ({"baseline": "5+", "target": "5.0"}, "target", "has the same baseline and target"),
        ({"target_on": date(2025, 9, 30)}, "target_on", "before or on the day of its baseline"),
        ({"fresh_days": 0}, "fresh_days", "at least one day"),
    ],
)
def test_a_metric_without_a_way_to_go_is_refused(
    changes: dict[str, object], field: str, message: str
) -> None:
    with pytest.raises(BadInput, match=message) as refused:
        a_metric(**changes)  # type: ignore[arg-type]

    assert refused.value.field == field


# --- progress --------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "shown"),
    list(zip(REAL_METRICS, ["~94%", "~94%", "~94%", "~73%", "~50%"], strict=True)),
    ids=[metric.key for metric in REAL_METRICS],
)
def test_progress_of_the_real_metrics(metric: Metric, shown: str) -> None:
    assert format_share(known(progress(metric, a_value(REAL_CURRENT[metric.key])))) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("196", "0%"), ("0", "100%"), ("98", "50%"), ("245", "−25%"), ("-20", "100%"), ("~1", "~99%")],
)
def test_progress_may_be_negative_and_is_never_more_than_the_whole_way(
    value: str, shown: str
) -> None:
    assert format_share(known(progress(a_metric(), a_value(value)))) == shown


def test_progress_is_approximate_with_either_of_its_ends() -> None:
    assert known(progress(a_metric(), a_value("12"))).is_exact
    assert not known(progress(a_metric(), a_value("~12"))).is_exact
    assert not known(progress(a_metric(baseline="~196"), a_value("12"))).is_exact


@given(metrics(numbers()), values)
def test_mirrored_figures_give_the_same_shares(metric: Metric, value: Value) -> None:
    mirrored = _metric_with(metric, lambda number: -number)
    reflected = replace(value, number=-value.number)

    assert mirrored.direction is not metric.direction
    assert progress(mirrored, reflected) == progress(metric, value)


@given(
    metrics(numbers(most_digits=9)),
    st.lists(numbers(most_digits=9), min_size=2, max_size=2),
    st.sampled_from([Decimal("0.01"), Decimal(3), Decimal("7.5"), Decimal(1000)]),
)
def test_a_change_of_scale_changes_no_share(
    metric: Metric, ends: list[Decimal], factor: Decimal
) -> None:
    scaled = _metric_with(metric, lambda number: number * factor)
    start, end = (Fact(Value(number), NOW) for number in ends)
    scaled_start, scaled_end = (Fact(Value(number * factor), NOW) for number in ends)

    assert progress(scaled, scaled_end.value) == progress(metric, end.value)
    moved = movement_between(metric, start, end)
    scaled_moved = movement_between(scaled, scaled_start, scaled_end)
    assert scaled_moved.share == moved.share
    assert scaled_moved.change.number == moved.change.number * factor


def _metric_with(metric: Metric, change: Callable[[Decimal], Decimal]) -> Metric:
    value = metric.baseline.value
    baseline = replace(metric.baseline, value=replace(value, number=change(value.number)))
    return replace(metric, baseline=baseline, target=change(known(metric.target)))


# --- the target ------------------------------------------------------------


@pytest.mark.parametrize(
    ("baseline", "target", "value", "reached"),
    [
        ("196", "0", "0", True),
        ("196", "0", "~0", True),
        ("196", "0", "-1", True),
        ("196", "0", "0.1", False),
        ("9", "5", "5+", False),
        ("9", "5", "4+", False),
        ("9", "-5", "-6+", True),
        ("19", "100", "100", True),
        ("19", "100", "~101", True),
        ("19", "100", "100+", True),
        ("19", "100", "99+", False),
        ("-9", "-3", "-3+", False),
        ("-9", "-3", "-3", True),
    ],
)
def test_a_target_is_reached_when_the_value_is_surely_there(
    baseline: str, target: str, value: str, *, reached: bool
) -> None:
    assert has_reached(a_metric(baseline=baseline, target=target), a_value(value)) is reached


@given(metrics(), small_values, st.integers(0, 200))
def test_a_reached_target_stays_reached_for_whatever_an_open_value_stands_for(
    metric: Metric, value: Value, beyond: int
) -> None:
    further = value.number + (-beyond if value.number < 0 else beyond)

    if value.qualifier is Qualifier.AT_LEAST and has_reached(metric, value):
        assert has_reached(metric, Value(further))


# --- the newest reading ----------------------------------------------------


def test_the_newest_reading_is_the_one_that_was_true_last() -> None:
    late_arrival = a_reading("50", an_instant("2026-03-01"), id=9)
    readings = [*some_readings(("2026-03-08", "20"), ("2026-03-15", "12")), late_arrival]

    assert newest(readings) == readings[1]
    assert newest(readings, readings[0].at) == readings[0]
    assert newest(readings, late_arrival.at) == late_arrival


def test_of_two_readings_at_one_instant_the_later_arrival_counts() -> None:
    typo, correction = a_reading("120", id=1), a_reading("12", id=2)

    assert newest([typo, correction]) == newest([correction, typo]) == correction


def test_nothing_is_newest_before_the_first_reading() -> None:
    assert newest([]) is None
    assert newest(some_readings(("2026-03-08", "20")), an_instant("2026-03-07")) is None


# --- names and units -------------------------------------------------------


def test_the_unit_is_shown_once() -> None:
    rollbacks, bad_debt, accounts, coverage, paths = REAL_METRICS

    assert rollbacks.shown(a_value("~12")) == "~12"
    assert bad_debt.shown(a_value("~3")) == "~3 / day"
    assert accounts.shown(a_value("~40")) == "~40"
    assert coverage.shown(a_value("~78")) == "~78%"
    assert coverage.shown_change(a_value("~5")) == "~+5 points"
    assert coverage.shown_target == "100%"
    assert paths.shown(a_value("5+")) == "5+"


@pytest.mark.parametrize(
    ("name", "unit", "shown"),
    [
        ("Wait between streams", "ms", "12 ms"),
        ("Retries", "s", "12 s"),
        ("Open Paths", "paths", "12"),
        ("Paths", "paths", "12"),
        ("Coverage %", "%", "12%"),
    ],
)
def test_a_unit_is_hidden_only_behind_a_name_that_ends_with_that_word(
    name: str, unit: str, shown: str
) -> None:
    assert a_metric(name=name, unit=unit).shown(a_value("12")) == shown


def test_a_metric_goes_by_its_key_and_by_its_name_with_and_without_the_unit() -> None:
    assert set(REAL_METRICS[0].spoken_names) == {"rollbacks", "Rollbacks / day", "Rollbacks"}
    assert "Dunning code" in REAL_METRICS[4].spoken_names
    assert "Wait between strea" not in a_metric(name="Wait between streams", unit="ms").spoken_names


@given(histories(), instants())
def test_the_order_in_which_readings_are_given_decides_nothing(
    readings: list[Reading], at: datetime
) -> None:
    assert newest(readings, at) == newest(readings[::-1], at)

"""Movement over a period, and the pace that is needed and seen."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.metrics import Fact, Metric, Movement, Reading, movement, newest
from app.domain.paces import PACE_PERIOD, pace
from app.domain.statuses import Thresholds, verdict
from app.domain.values import Value
from tests.builders import NOW, ZONE, a_metric, a_reading, an_instant, some_readings
from tests.domain.strategies import histories, instants, metrics, small_values

WEEK_AGO = NOW - timedelta(weeks=1)


def moved(*days: tuple[str, str], metric: Metric | None = None) -> Movement | None:
    return movement(metric or a_metric(), some_readings(*days), WEEK_AGO, NOW, ZONE)


def shown(found: Movement | None) -> str:
    assert found is not None
    return a_metric().shown_change(found.change)


def test_movement_starts_from_the_newest_reading_before_the_period() -> None:
    found = moved(("2026-02-20", "60"), ("2026-03-04", "30"), ("2026-03-11", "20"))

    assert shown(found) == "−10"
    assert found is not None
    assert found.start.at == an_instant("2026-03-04")
    assert found.span == timedelta(days=7)


def test_movement_is_a_share_of_the_whole_way() -> None:
    found = moved(("2026-03-04", "147"), ("2026-03-11", "98"))

    assert found is not None
    assert found.share == Value(Decimal("0.25"))


def test_movement_for_the_worse_is_a_negative_share() -> None:
    found = moved(("2026-03-04", "98"), ("2026-03-11", "147"))

    assert shown(found) == "+49"
    assert found is not None
    assert found.share == Value(Decimal("-0.25"))


def test_movement_with_an_approximate_or_open_end_says_so() -> None:
    about = moved(("2026-03-04", "60"), ("2026-03-11", "~20"))
    at_least = moved(("2026-03-04", "5+"), ("2026-03-11", "3"))

    assert shown(about) == "~−40"
    assert shown(at_least) == "−2+"
    assert about is not None
    assert about.share is not None
    assert not about.share.is_exact


def test_movement_without_an_earlier_reading_starts_from_the_first_one_inside() -> None:
    assert shown(moved(("2026-03-12", "40"), ("2026-03-15", "25"))) == "−15"


def test_the_first_reading_ever_is_no_movement_of_this_week() -> None:
    assert moved(("2026-03-12", "40")) is None
    assert moved() is None


def test_a_baseline_inside_the_period_is_its_start() -> None:
    metric = a_metric(baseline="196", baseline_on=date(2026, 3, 10))

    assert shown(moved(("2026-03-12", "40"), metric=metric)) == "−156"


def test_a_reading_from_before_the_baseline_inside_the_period_is_its_start() -> None:
    metric = a_metric(baseline="196", baseline_on=date(2026, 3, 13))

    assert shown(moved(("2026-03-12", "40"), ("2026-03-15", "30"), metric=metric)) == "−10"


def test_a_week_without_a_reading_has_moved_by_nothing() -> None:
    found = moved(("2026-03-04", "40"))

    assert shown(found) == "0"
    assert found is not None
    assert not found.span


def test_readings_after_the_period_are_of_another_one() -> None:
    assert shown(moved(("2026-03-04", "40"), ("2026-03-11", "30"), ("2026-03-17", "5"))) == "−10"
    assert moved(("2026-03-17", "5"), ("2026-03-18", "3")) is None


def test_a_reading_at_the_beginning_of_the_period_is_its_start() -> None:
    readings = [a_reading("40", WEEK_AGO, id=1), a_reading("30", NOW, id=2)]

    assert shown(movement(a_metric(), readings, WEEK_AGO, NOW, ZONE)) == "−10"


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_readings_at_one_instant_the_later_arrival_is_the_start(*, turned: bool) -> None:
    typo, correction, last = some_readings(
        ("2026-03-11", "400"), ("2026-03-11", "40"), ("2026-03-15", "30")
    )
    readings = [correction, typo, last] if turned else [typo, correction, last]

    assert shown(movement(a_metric(), readings, WEEK_AGO, NOW, ZONE)) == "−10"


def test_two_readings_at_one_instant_are_no_movement() -> None:
    assert moved(("2026-03-11", "400"), ("2026-03-11", "40")) is None


# --- pace ------------------------------------------------------------------

DUE = a_metric(target_on=date(2026, 6, 30))


def test_the_pace_needed_is_the_way_left_over_the_weeks_left() -> None:
    metric = a_metric(target_on=date(2026, 3, 29))
    as_of = an_instant("2026-03-16 00:00", ZONE)
    found = pace(metric, [a_reading("~12", as_of)], as_of, ZONE)

    weeks_left = Decimal(14 * 24 - 1) / Decimal(7 * 24)  # the clocks go forward on the 29th
    assert found.needed is not None
    assert found.needed.number == Decimal(-12) / weeks_left
    assert not found.needed.is_exact


@pytest.mark.parametrize(
    ("target_on", "value"),
    [(None, "12"), (date(2026, 6, 30), "0"), (date(2026, 3, 15), "12")],
    ids=["without a target date", "at target", "too late"],
)
def test_no_pace_is_needed(target_on: date | None, value: str) -> None:
    assert pace(a_metric(target_on=target_on), [a_reading(value)], NOW, ZONE).needed is None


def test_an_open_value_leaves_the_pace_needed_open() -> None:
    found = pace(DUE, [a_reading("5+")], NOW, ZONE).needed

    assert found is not None
    assert str(found).startswith("−0.3")
    assert str(found).endswith("+")


def test_the_pace_seen_is_that_of_the_last_four_weeks() -> None:
    readings = some_readings(("2026-01-05", "150"), ("2026-02-16", "60"), ("2026-03-16", "20"))
    found = pace(a_metric(), readings, NOW, ZONE)

    assert found.seen == Value(Decimal(-10))
    assert found.seen_over == timedelta(weeks=4)


def test_readings_that_span_a_whole_week_are_enough_for_a_pace() -> None:
    readings = some_readings(("2026-03-09", "30"), ("2026-03-16", "20"))

    assert pace(a_metric(), readings, NOW, ZONE).seen_over == timedelta(weeks=1)


def test_the_pace_seen_is_that_since_the_baseline_where_readings_span_less_than_a_week() -> None:
    readings = some_readings(("2026-03-12", "14"), ("2026-03-16", "12"))
    found = pace(a_metric(baseline_on=date(2026, 1, 5)), readings, NOW, ZONE)

    assert found.seen is not None
    assert found.seen_over == an_instant("2026-03-16") - an_instant("2026-01-05", ZONE)
    assert -18.4 < found.seen.number < -18.3


def test_no_pace_is_seen_within_the_first_week() -> None:
    metric = a_metric(baseline_on=date(2026, 3, 10))
    found = pace(metric, [a_reading("12", an_instant("2026-03-16 12:00"))], NOW, ZONE)

    assert (found.seen, found.seen_over) == (None, None)


def test_no_pace_is_known_without_a_reading() -> None:
    found = pace(DUE, [], NOW, ZONE)

    assert (found.needed, found.seen, found.seen_over) == (None, None, None)


# --- which readings decide -------------------------------------------------


@given(metrics(), histories(), instants(), st.integers(0, 10))
def test_the_readings_that_decide_are_enough(
    metric: Metric, readings: list[Reading], as_of: datetime, steps: int
) -> None:
    since = as_of - timedelta(days=4 * steps)
    deciding = _deciding(readings, as_of, since, as_of - PACE_PERIOD)

    def answers(known: list[Reading]) -> tuple[object, ...]:
        return (
            movement(metric, known, since, as_of, ZONE),
            pace(metric, known, as_of, ZONE),
            verdict(
                metric,
                newest(known, as_of),
                pace(metric, known, as_of, ZONE),
                as_of,
                ZONE,
                thresholds=Thresholds(),
            ),
        )

    assert answers(deciding) == answers(readings) == answers(readings[::-1])


def _deciding(readings: list[Reading], *instants: datetime) -> list[Reading]:
    """The newest reading up to each instant, the one that counts at the first time after, and the
    newest four up to the last instant."""
    found = [newest(readings, instant) for instant in instants]
    ordered = sorted(readings, key=lambda reading: (reading.at, reading.id))
    found.extend([reading for reading in ordered if reading.at <= max(instants)][-4:])
    for instant in instants:
        first = min((reading.at for reading in readings if reading.at > instant), default=None)
        found.append(newest(readings, first) if first else None)
    return list(dict.fromkeys(reading for reading in found if reading is not None))


@given(metrics(), histories(), instants(), st.integers(0, 10))
def test_movements_of_neighbouring_periods_add_up(
    metric: Metric, readings: list[Reading], middle: datetime, steps: int
) -> None:
    since, until = (middle + sign * timedelta(days=4 * steps) for sign in (-1, 1))
    parts = [
        movement(metric, readings, since, middle, ZONE),
        movement(metric, readings, middle, until, ZONE),
    ]
    whole = movement(metric, readings, since, until, ZONE)

    if all(parts) and newest(readings, since):
        assert whole is not None
        assert whole.change.number == sum(part.change.number for part in parts if part)


late_readings = st.builds(
    lambda value, at: Reading(999, "rollbacks", value, at, NOW, "U1"), small_values, instants()
)


@given(metrics(), histories(), instants(), st.integers(0, 10), late_readings)
def test_a_reading_from_the_past_changes_only_the_movements_that_it_belongs_to(
    metric: Metric, readings: list[Reading], until: datetime, steps: int, late: Reading
) -> None:
    since, then = until - timedelta(days=4 * steps), late.at
    before = movement(metric, readings, since, until, ZONE)
    after = movement(metric, [*readings, late], since, until, ZONE)
    newest_before, newest_at_end = newest(readings, since), newest(readings, until)

    if then > until:
        assert after == before, "it lies after the period"
    if newest_before and then < newest_before.at:
        assert after == before, "the period starts from a later reading"
    if newest_before and newest_at_end and since < then < newest_at_end.at:
        assert after == before, "it lies on the way from one end to the other"
    if newest_before and newest_before.at <= then <= since:
        assert after is not None
        assert after.start == Fact(late.value, then, late.id), "the period starts from it"
    if newest_at_end and newest_before and max(since, newest_at_end.at) < then <= until:
        assert after is not None
        assert before is not None
        assert (after.start, after.end) == (before.start, Fact(late.value, then, late.id)), (
            "it is its end"
        )

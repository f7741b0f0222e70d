"""The status of a metric, with its reason in words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from app.domain.errors import BadInput
from app.domain.metrics import Metric, MetricKind, Reading, is_stale, newest, progress
from app.domain.paces import pace
from app.domain.statuses import Status, Thresholds, Verdict, verdict
from tests.builders import (
    NOW,
    ZONE,
    a_metric,
    a_reading,
    a_verdict,
    an_instant,
    known,
    some_readings,
)
from tests.domain.strategies import ZONES, histories, instants, metrics

START, TARGET_DAY = date(2026, 1, 1), date(2026, 4, 10)
FROM_100_IN_100_DAYS = a_metric(
    baseline="100", target="0", baseline_on=START, target_on=TARGET_DAY, fresh_days=30
)
HALF_TIME = an_instant("2026-02-20")


def judged(value: str, *, as_of: datetime = HALF_TIME, metric: Metric | None = None) -> Verdict:
    zone = ZONES[0]
    return a_verdict(metric or FROM_100_IN_100_DAYS, a_reading(value, as_of), as_of, zone)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("50", Status.ON_TRACK),
        ("55", Status.ON_TRACK),
        ("~55", Status.ON_TRACK),
        ("55.01", Status.AT_RISK),
        ("65", Status.AT_RISK),
        ("65.01", Status.OFF_TRACK),
        ("100", Status.OFF_TRACK),
        ("120", Status.OFF_TRACK),
        ("0.01", Status.ON_TRACK),
        ("0", Status.AT_TARGET),
        ("0+", Status.ON_TRACK),
        ("-3", Status.AT_TARGET),
    ],
)
def test_half_of_the_time_expects_half_of_the_way(value: str, status: Status) -> None:
    assert judged(value).status is status


def test_the_reason_compares_pace_with_pace_and_way_with_time() -> None:
    assert judged("~60").reason == (
        "needs ~−8.4 a week, seen ~−5.6 over 7 weeks; "
        "~40% of the way in 50% of the time until 2026-04-10"
    )
    assert "−20% of the way in 50% of the time" in judged("120").reason


def test_a_team_says_itself_when_a_metric_is_on_track() -> None:
    strict, lenient = Thresholds(100, 99), Thresholds(50, 10)

    def status(value: str, thresholds: Thresholds) -> Status:
        reading = a_reading(value, HALF_TIME)
        return a_verdict(FROM_100_IN_100_DAYS, reading, HALF_TIME, ZONES[0], thresholds).status

    assert status("50.1", strict) is Status.AT_RISK
    assert status("51", strict) is Status.OFF_TRACK
    assert status("75", lenient) is Status.ON_TRACK
    assert status("95", lenient) is Status.AT_RISK


@pytest.mark.parametrize(
    ("percents", "field"),
    [
        ((0, 0), "on_track_from"),
        ((101, 70), "on_track_from"),
        ((90, 90), "at_risk_from"),
        ((70, 90), "at_risk_from"),
        ((90, 0), "at_risk_from"),
    ],
)
def test_thresholds_leave_room_for_every_status(percents: tuple[int, int], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        Thresholds(*percents)
    assert refused.value.field == field


# --- limits and records ----------------------------------------------------

ERRORS = a_metric(name="Error rate", unit="%", baseline="1", target="2", kind=MetricKind.STAY_BELOW)
UPTIME = a_metric(name="Uptime", unit="%", baseline="99", target="99.9", kind=MetricKind.STAY_ABOVE)
CUSTOMERS = a_metric(name="Customers", baseline="10", target=None, kind=MetricKind.RECORD)


@pytest.mark.parametrize(
    ("metric", "value", "status", "reason"),
    [
        (ERRORS, "~1.8", Status.AT_TARGET, "~1.8% against at most 2%"),
        (ERRORS, "2", Status.AT_TARGET, "2% against at most 2%"),
        (ERRORS, "2.1", Status.OFF_TRACK, "2.1% against at most 2%"),
        (ERRORS, "1+", Status.OFF_TRACK, "1%+ against at most 2%"),
        (UPTIME, "99.9", Status.AT_TARGET, "99.9% against at least 99.9%"),
        (UPTIME, "99.95+", Status.AT_TARGET, "99.95%+ against at least 99.9%"),
        (UPTIME, "99", Status.OFF_TRACK, "99% against at least 99.9%"),
        (CUSTOMERS, "12", Status.NO_PACE, "it has no target"),
    ],
)
def test_a_limit_is_kept_or_broken_and_a_record_is_not_judged(
    metric: Metric, value: str, status: Status, reason: str
) -> None:
    found = judged(value, as_of=an_instant("2025-10-02"), metric=metric)

    assert (found.status, found.reason) == (status, reason)


def test_that_a_limit_is_kept_only_a_fresh_reading_can_tell() -> None:
    old = a_reading("1", NOW - timedelta(days=20))

    assert a_verdict(ERRORS, old, NOW, ZONE).status is Status.STALE
    assert a_verdict(CUSTOMERS, old, NOW, ZONE).status is Status.STALE


def test_a_limit_that_will_soon_be_broken_says_so() -> None:
    def reason(*values: str) -> str:
        days = [(f"2026-03-{1 + 4 * number:02}", value) for number, value in enumerate(values)]
        readings = some_readings(*days)
        seen = pace(ERRORS, readings, NOW, ZONE)
        found = verdict(ERRORS, readings[-1], seen, NOW, ZONE, thresholds=Thresholds())
        assert found.status is Status.AT_TARGET
        return found.reason

    assert reason("1", "1.2", "1.4", "1.6") == (
        "1.6% against at most 2%; seen +0.35 points a week over 2 weeks: "
        "beyond the limit within a week"
    )
    assert "beyond the limit in about 3 weeks" in reason("0.5", "0.7", "0.9", "1.1")
    assert reason("0.1", "0.11", "0.12", "0.13") == "0.13% against at most 2%", "too far ahead"
    assert reason("1.6", "1.4", "1.2", "1") == "1% against at most 2%", "away from the limit"


def test_the_reason_of_a_reached_target_names_the_value_and_the_target() -> None:
    metric = a_metric(unit="%", name="Coverage", baseline="19", target="100")

    assert judged("~101", metric=metric) == Verdict(
        Status.AT_TARGET, "~101% against a target of 100%"
    )


def test_without_a_reading_or_a_target_date_there_is_no_pace() -> None:
    assert a_verdict(FROM_100_IN_100_DAYS, None, NOW, ZONE) == Verdict(
        Status.NO_PACE, "no reading yet"
    )
    assert judged("12", metric=a_metric()) == Verdict(
        Status.NO_PACE, "no target date is set; seen −9.0 a week over 20 weeks"
    )


def test_the_target_day_itself_still_counts() -> None:
    last_moment = an_instant("2026-04-11") - timedelta(microseconds=1)

    assert judged("1", as_of=last_moment).status is Status.ON_TRACK
    assert judged("1", as_of=an_instant("2026-04-11")) == Verdict(
        Status.OFF_TRACK, "the target date 2026-04-10 has passed; seen −6.9 a week over 14 weeks"
    )


def test_before_the_baseline_nothing_is_expected_yet() -> None:
    assert judged("100", as_of=an_instant("2025-12-20")).status is Status.ON_TRACK


# --- stale -----------------------------------------------------------------

FORTNIGHT = timedelta(days=14)
MOMENT = timedelta(microseconds=1)


def aged(age: timedelta, value: str = "12") -> Verdict:
    return a_verdict(a_metric(fresh_days=14), a_reading(value, NOW - age), NOW, ZONE)


def test_a_reading_is_fresh_for_its_days_and_stale_a_moment_later() -> None:
    metric = a_metric(fresh_days=14)

    assert not is_stale(metric, a_reading(at=NOW - FORTNIGHT), NOW)
    assert is_stale(metric, a_reading(at=NOW - FORTNIGHT - MOMENT), NOW)


def test_the_reason_tells_the_age_and_never_one_that_would_still_count() -> None:
    assert aged(FORTNIGHT + MOMENT) == Verdict(
        Status.STALE, "the last reading is 15 days old; it counts for 14 days"
    )
    assert aged(timedelta(days=20)).reason.startswith("the last reading is 20 days old")
    one_day = a_verdict(a_metric(fresh_days=1), a_reading(at=NOW - timedelta(days=2)), NOW, ZONE)
    assert one_day.reason == "the last reading is 2 days old; it counts for 1 day"


def test_a_reached_target_stays_reached_and_tells_the_age_of_its_reading() -> None:
    assert aged(FORTNIGHT, "0").reason == "0 against a target of 0"
    assert aged(timedelta(days=20), "0") == Verdict(
        Status.AT_TARGET, "0 against a target of 0; the last reading is 20 days old"
    )


def test_stale_counts_more_than_the_missing_target_date_and_the_pace() -> None:
    old = a_reading("100", an_instant("2026-01-01"))

    assert a_verdict(a_metric(), old, NOW, ZONE).status is Status.STALE
    assert a_verdict(FROM_100_IN_100_DAYS, old, NOW, ZONE).status is Status.STALE


# --- zones -----------------------------------------------------------------


def test_a_target_date_ends_when_the_day_ends_where_the_scorecard_is() -> None:
    as_of = an_instant("2026-04-10 22:30")  # already the 11th in Berlin

    assert judged("1", as_of=as_of).status is Status.ON_TRACK
    there = a_verdict(FROM_100_IN_100_DAYS, a_reading("1", as_of), as_of, ZONE)
    assert there.status is Status.OFF_TRACK


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_time_is_counted_in_hours_that_passed_whatever_the_clocks_did(zone: ZoneInfo) -> None:
    metric = a_metric(baseline="100", baseline_on=START, target_on=TARGET_DAY, fresh_days=99)
    start, end = an_instant("2026-01-01", zone), an_instant("2026-04-11", zone)
    half_time = start + (end - start) / 2

    for value, status in (("55", Status.ON_TRACK), ("55.0001", Status.AT_RISK)):
        reading = a_reading(value, half_time)
        assert a_verdict(metric, reading, half_time, zone).status is status
        assert a_verdict(metric, reading, half_time.astimezone(zone), zone).status is status


@given(metrics(), histories(), instants())
def test_every_verdict_keeps_the_rules(
    metric: Metric, readings: list[Reading], as_of: datetime
) -> None:
    current = newest(readings, as_of)
    found = a_verdict(metric, current, as_of.astimezone(UTC), ZONE)

    assert found.reason
    if found.status in {Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK}:
        assert current is not None
        assert metric.target_on is not None
        assert not is_stale(metric, current, as_of)
    if found.status is Status.STALE:
        assert current is not None
        assert as_of - current.at > timedelta(days=metric.fresh_days)
    if found.status is Status.AT_TARGET:
        assert current is not None
        assert known(progress(metric, current.value)).number == 1


def test_a_status_has_words() -> None:
    assert Status.AT_TARGET.words == "at target"
    assert Status.NO_PACE.words == "no pace"

"""Who is reminded of what, and that it is day where they are."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.digests import next_slot
from app.domain.reminders import (
    DAY_BEGINS,
    DAY_ENDS,
    LEAD,
    SNOOZE,
    Ageing,
    Preferences,
    ageing_by_owner,
    next_chance,
    next_digest,
    reminder_at,
)
from app.domain.scorecards import DigestSchedule
from tests.builders import NOW, ZONE, a_metric, a_reading, a_scorecard, an_instant
from tests.domain.strategies import zones

BERLIN, UTC_ZONE = ZONE, ZoneInfo("UTC")
NEW_YORK, KATHMANDU = ZoneInfo("America/New_York"), ZoneInfo("Asia/Kathmandu")
MONDAY = an_instant("2026-03-16 09:00", BERLIN)
WEDNESDAY = an_instant("2026-03-18 09:00", BERLIN)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

SCHEDULES = st.builds(DigestSchedule, st.integers(0, 6), st.times())
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


def local(text: str, zone: ZoneInfo) -> datetime:
    return an_instant(text, zone)


# --- when -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slot", "zone", "told_at"),
    [
        (WEDNESDAY, BERLIN, "2026-03-17 09:00"),
        (WEDNESDAY + timedelta(hours=3.5), BERLIN, "2026-03-17 12:30"),
        (WEDNESDAY, NEW_YORK, "2026-03-17 09:00"),  # it is 4 in the morning there
        (WEDNESDAY, KATHMANDU, "2026-03-17 13:45"),
        (WEDNESDAY + timedelta(hours=13), BERLIN, "2026-03-17 16:00"),  # at 22:00
        (WEDNESDAY - timedelta(hours=6), BERLIN, "2026-03-17 09:00"),  # at 3:00
        (MONDAY, BERLIN, "2026-03-13 09:00"),
        (MONDAY + timedelta(hours=13), BERLIN, "2026-03-13 16:00"),
        (MONDAY - DAY, BERLIN, "2026-03-13 09:00"),
        (MONDAY - 2 * DAY, BERLIN, "2026-03-13 09:00"),
    ],
)
def test_a_day_before_by_day_and_not_on_a_weekend(
    slot: datetime, zone: ZoneInfo, told_at: str
) -> None:
    assert reminder_at(slot, zone) == local(told_at, zone)


@pytest.mark.parametrize(
    ("slot", "told_at"),
    [
        ("2026-03-08 12:00", "2026-03-06 11:00"),  # the clock skips an hour on that Sunday
        ("2026-11-01 12:00", "2026-10-30 13:00"),  # and has one twice on this
        ("2026-03-09 01:30", "2026-03-06 09:00"),
        ("2026-11-02 01:30", "2026-10-30 09:00"),
    ],
)
def test_the_hour_before_a_clock_change_is_a_day_away(slot: str, told_at: str) -> None:
    assert reminder_at(local(slot, NEW_YORK), NEW_YORK) == local(told_at, NEW_YORK)


@given(SCHEDULES, zones, zones, MOMENTS)
def test_it_is_day_on_a_working_day_before_every_digest(
    schedule: DigestSchedule, scorecards_zone: ZoneInfo, zone: ZoneInfo, now: datetime
) -> None:
    slot = next_slot(schedule, scorecards_zone, now).astimezone(UTC)
    told_at = reminder_at(slot, zone)
    there = told_at.astimezone(zone)
    assert DAY_BEGINS <= there.time() < DAY_ENDS
    assert there.weekday() < 5
    assert 10 * HOUR < slot - told_at < LEAD


@given(SCHEDULES, zones, zones, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=7)))
def test_a_later_chance_is_by_day_too_and_never_after_the_digest(
    schedule: DigestSchedule,
    scorecards_zone: ZoneInfo,
    zone: ZoneInfo,
    made: datetime,
    later: timedelta,
) -> None:
    slot = next_slot(schedule, scorecards_zone, made).astimezone(UTC)
    now = made + later
    chance = next_chance(slot, zone, now)
    if chance is None:
        assert now >= slot - 17 * HOUR  # from the end of a day to the next morning, an hour spare
        return
    there = chance.astimezone(zone)
    assert max(now, reminder_at(slot, zone)) <= chance < slot
    assert DAY_BEGINS <= there.time() < DAY_ENDS
    assert next_chance(slot, zone, chance) == chance


@pytest.mark.parametrize(
    ("now", "chance"),
    [
        ("2026-03-09 12:00", "2026-03-13 09:00"),
        ("2026-03-13 09:00", "2026-03-13 09:00"),
        ("2026-03-13 16:59", "2026-03-13 16:59"),
        ("2026-03-13 17:00", "2026-03-14 09:00"),
        ("2026-03-14 03:00", "2026-03-14 09:00"),
        ("2026-03-15 11:00", "2026-03-15 11:00"),
        ("2026-03-15 18:00", None),
        ("2026-03-16 09:00", None),
    ],
)
def test_one_that_was_missed_comes_by_day_or_not_at_all(now: str, chance: str | None) -> None:
    expected = local(chance, BERLIN) if chance else None
    assert next_chance(MONDAY, BERLIN, local(now, BERLIN)) == expected


def test_one_that_was_missed_waits_for_a_working_day_where_one_is_left() -> None:
    evening = MONDAY + 11 * HOUR
    saturday = local("2026-03-14 12:00", BERLIN)
    assert next_chance(evening, BERLIN, saturday) == MONDAY


def test_the_next_digest_is_that_of_a_week_without_one() -> None:
    scorecard = a_scorecard()
    now = MONDAY - DAY
    assert next_digest(scorecard, now, None) == MONDAY
    assert next_digest(scorecard, now, "2026-W11") == MONDAY
    assert next_digest(scorecard, now, "2026-W12") == MONDAY + 7 * DAY
    assert next_digest(scorecard, MONDAY, "2026-W12") == MONDAY + 7 * DAY


# --- of what ----------------------------------------------------------------------


def test_each_owner_hears_of_their_metrics_that_will_be_stale() -> None:
    old, older, fresh = NOW - 10 * DAY, NOW - 20 * DAY, NOW - 6 * DAY
    metrics = [
        a_metric("ageing", owner="U0ANA"),
        a_metric("stale", owner="U0ANA"),
        a_metric("fresh", owner="U0ANA"),
        a_metric("unread", owner="U0BOB"),
        a_metric("nobodys"),
    ]
    readings = {
        "ageing": [a_reading("12", old, metric="ageing")],
        "stale": [a_reading("12", older, metric="stale")],
        "fresh": [
            a_reading("12", older, id=1, metric="fresh"),
            a_reading("12", fresh, id=2, metric="fresh"),
        ],
    }
    found = ageing_by_owner(a_scorecard(metrics=metrics), readings, NOW, NOW + 7 * DAY)
    assert {owner: [each.metric.key for each in ageing] for owner, ageing in found.items()} == {
        "U0ANA": ["ageing", "stale"],
        "U0BOB": ["unread"],
    }
    assert found["U0BOB"][0].current is None


@given(st.integers(1, 30), st.timedeltas(timedelta(0), timedelta(days=60)), MOMENTS)
def test_who_is_not_reminded_has_nothing_stale_in_the_digest(
    fresh_days: int, age: timedelta, now: datetime
) -> None:
    metric = a_metric(owner="U0ANA", fresh_days=fresh_days)
    scorecard = a_scorecard(metrics=[metric], zone=UTC_ZONE)
    slot = next_digest(scorecard, now, None)
    readings = {metric.key: [a_reading("12", now - age)]}
    found = ageing_by_owner(scorecard, readings, now, slot)
    assert bool(found) is (slot - (now - age) > timedelta(days=fresh_days))


@pytest.mark.parametrize(
    ("fresh_days", "age_in_days", "is_asked_for"),
    [(14, 12, True), (3, 1, True), (1, 0, False), (2, 1, False), (1, 2, True)],
)
def test_what_no_reading_of_today_would_keep_fresh_is_asked_for_once_it_is_stale(
    fresh_days: int, age_in_days: int, *, is_asked_for: bool
) -> None:
    friday = MONDAY - 3 * DAY
    metric = a_metric(fresh_days=fresh_days)
    reading = a_reading("12", friday - age_in_days * DAY)
    assert Ageing(metric, reading).can_be_helped(friday, MONDAY) is is_asked_for
    assert Ageing(metric, None).can_be_helped(friday, MONDAY)


# --- whether ----------------------------------------------------------------------


def test_reminders_are_wanted_unless_they_are_off_or_snoozed() -> None:
    assert Preferences().want_one
    assert not Preferences(are_on=False).want_one
    snoozed = Preferences(snoozed_until=NOW)
    assert not snoozed.at(NOW - DAY).want_one
    assert snoozed.at(NOW).want_one
    assert not replace(snoozed, are_on=False).at(NOW).want_one


@given(zones, MOMENTS, st.integers(0, 6), st.times(time(0), time(23)))
def test_a_snooze_after_a_reminder_covers_that_of_the_next_week_and_no_more(
    zone: ZoneInfo, now: datetime, weekday: int, at: time
) -> None:
    schedule = DigestSchedule(weekday, at)
    slots = [next_slot(schedule, zone, now).astimezone(UTC)]
    for _ in range(2):
        slots.append(next_slot(schedule, zone, slots[-1]).astimezone(UTC))
    first, second, third = (reminder_at(slot, zone) for slot in slots)
    snoozed = Preferences(snoozed_until=first + 5 * HOUR + SNOOZE)
    assert not snoozed.at(second).want_one
    assert snoozed.at(third).want_one

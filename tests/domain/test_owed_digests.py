"""Which digest is owed: once for a week, whatever was missed, moved or run twice."""

from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.digests import DigestPeriod, last_slot, owed, period_now, week_of
from app.domain.scorecards import DigestSchedule
from tests.builders import ZONE, an_instant
from tests.domain.strategies import zones

LONG_AGO = an_instant("2025-01-01")
MONDAY_NINE = DigestSchedule(0, time(9))
SLOT = an_instant("2026-03-16 09:00", ZONE)
MOMENT = timedelta(microseconds=1)


def made(week: str, until: datetime) -> DigestPeriod:
    return DigestPeriod(week, until - timedelta(weeks=1), until)


LAST_WEEK = made("2026-W11", SLOT - timedelta(weeks=1))


def owed_at(
    now: datetime,
    last: DigestPeriod | None = LAST_WEEK,
    *,
    schedule: DigestSchedule = MONDAY_NINE,
    scheduled_since: datetime = LONG_AGO,
) -> DigestPeriod | None:
    return owed(schedule, ZONE, now, scheduled_since=scheduled_since, last=last)


def test_nothing_is_owed_before_the_slot() -> None:
    assert owed_at(SLOT - MOMENT) is None


def test_from_its_slot_on_a_digest_is_owed_for_the_time_since_the_last_one() -> None:
    assert owed_at(SLOT) == DigestPeriod("2026-W12", LAST_WEEK.until, SLOT)


def test_nothing_more_is_owed_for_a_week_that_has_its_digest() -> None:
    now = SLOT + timedelta(days=3)

    assert owed_at(now, made("2026-W12", SLOT)) is None
    assert owed_at(now, made("2026-W12", SLOT - timedelta(minutes=30))) is None


@pytest.mark.parametrize(("minutes", "is_late"), [(0, False), (15, False), (16, True)])
def test_a_digest_is_late_a_quarter_of_an_hour_after_its_slot(
    minutes: int, *, is_late: bool
) -> None:
    found = owed_at(SLOT + timedelta(minutes=minutes))

    assert found is not None
    assert found.is_late is is_late


def test_nothing_is_owed_for_a_slot_from_before_the_schedule() -> None:
    now = SLOT + timedelta(hours=1)

    assert owed_at(now, None, scheduled_since=SLOT + MOMENT) is None
    assert owed_at(now, None, scheduled_since=SLOT) is not None


def test_the_first_digest_after_scheduling_is_not_late_for_slots_before_it() -> None:
    found = owed_at(SLOT, None, scheduled_since=SLOT - timedelta(days=2))

    assert found == DigestPeriod("2026-W12", SLOT - timedelta(weeks=1), SLOT)


@pytest.mark.parametrize("delay", [timedelta(0), timedelta(days=2)])
def test_three_missed_weeks_owe_one_late_digest(delay: timedelta) -> None:
    now = SLOT + delay
    before = made("2026-W09", SLOT - timedelta(weeks=3))

    found = owed_at(now, before)
    assert found == DigestPeriod("2026-W12", before.until, now, is_late=True)
    assert owed_at(now, found) is None


def test_a_late_digest_belongs_to_the_week_of_its_slot() -> None:
    sunday_night = DigestSchedule(6, time(23))
    found = owed_at(an_instant("2026-03-16 01:00", ZONE), schedule=sunday_night)

    assert found is None  # last week's was made
    earlier = made("2026-W10", an_instant("2026-03-08 23:00", ZONE))
    found = owed_at(an_instant("2026-03-16 01:00", ZONE), earlier, schedule=sunday_night)
    assert found is not None
    assert (found.week, found.is_late) == ("2026-W11", True)


@pytest.mark.parametrize("weekday", range(7))
def test_another_weekday_owes_no_second_digest_in_the_same_week(weekday: int) -> None:
    this_week = made("2026-W12", SLOT)
    changed = DigestSchedule(weekday, time(9))
    end_of_week = an_instant("2026-03-22 23:59", ZONE)

    assert owed_at(end_of_week, this_week, schedule=changed) is None
    assert owed_at(end_of_week + timedelta(weeks=1), this_week, schedule=changed) is not None


def test_a_digest_made_by_hand_is_that_of_its_week() -> None:
    by_hand = period_now(SLOT - timedelta(hours=3), ZONE, LAST_WEEK)

    assert owed_at(SLOT, by_hand) is None
    next_week = owed_at(SLOT + timedelta(weeks=1), by_hand)
    assert next_week == DigestPeriod("2026-W13", by_hand.until, SLOT + timedelta(weeks=1))


def test_the_turn_of_the_year_is_a_week_like_any_other() -> None:
    last = made("2026-W53", an_instant("2026-12-28 09:00", ZONE))

    assert owed_at(an_instant("2027-01-03 23:00", ZONE), last) is None
    found = owed_at(an_instant("2027-01-04 09:00", ZONE), last)
    assert found is not None
    assert found.week == "2027-W01"


STEPS = st.one_of(
    st.integers(1, 120).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 72).map(lambda hours: timedelta(hours=hours)),
    st.integers(1, 30).map(lambda days: timedelta(days=days)),
)
SCHEDULES = st.builds(DigestSchedule, st.integers(0, 6), st.times())


@given(zones, st.lists(SCHEDULES, min_size=1, max_size=4), st.lists(STEPS, min_size=20))
def test_over_a_year_no_week_has_two_digests_and_periods_join(
    zone: ZoneInfo, schedules: list[DigestSchedule], steps: list[timedelta]
) -> None:
    """A clock walks in random steps, the schedule changes now and then, what is owed is made."""
    start = now = an_instant("2026-01-07")
    digests: list[DigestPeriod] = []

    for number, step in enumerate(steps * 3):
        if now > start + timedelta(days=366):
            break
        now += step
        schedule = schedules[number // 10 % len(schedules)]
        last = digests[-1] if digests else None
        found = owed(schedule, zone, now, scheduled_since=start, last=last)
        slot = last_slot(schedule, zone, now)
        if found is None:
            assert slot < start or (last is not None and last.week >= week_of(slot, zone))
            continue
        assert start <= slot <= found.until == now
        assert found.week == week_of(slot, zone)
        assert found.is_late or now - slot <= timedelta(minutes=15)
        digests.append(found)
        assert owed(schedule, zone, now, scheduled_since=start, last=found) is None

    weeks = [digest.week for digest in digests]
    assert weeks == sorted(set(weeks))
    for earlier, later in pairwise(digests):
        assert later.since == earlier.until
        assert earlier.since < earlier.until

"""When a source is asked, how that is written, and what becomes of its number."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.feeds import is_to_record
from app.domain.sources import (
    LONGEST_PAUSE,
    At,
    Every,
    Rhythm,
    SourceState,
    due_after,
    parse_rhythm,
)
from tests.builders import NOW, ZONE, a_reading, an_instant

HOURLY = Every(60)
NINE = Decimal(9)

instants = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 (the zone is given)
    datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
rhythms: st.SearchStrategy[Rhythm] = st.one_of(
    st.builds(Every, st.integers(5, 1439)),
    st.builds(
        At, st.times().map(lambda at: time(at.hour, at.minute)), st.none() | st.integers(0, 6)
    ),
)


@pytest.mark.parametrize(
    ("typed", "meant", "words"),
    [
        ("15m", Every(15), "every 15 minutes"),
        ("1h", Every(60), "every hour"),
        ("6h", Every(360), "every 6 hours"),
        ("every 90 minutes", Every(90), "every 90 minutes"),
        ("daily at 07:00", At(time(7)), "daily at 07:00"),
        ("Mondays at 7:30", At(time(7, 30), 0), "Mondays at 07:30"),
    ],
)
def test_a_rhythm_is_read_as_people_write_it(typed: str, meant: Rhythm, words: str) -> None:
    assert parse_rhythm(typed) == meant
    assert meant.words == words


@pytest.mark.parametrize("typed", ["", "4m", "24h", "hourly", "daily at 24:00", "mondays", "1d"])
def test_what_is_no_rhythm_is_refused_with_those_that_work(typed: str) -> None:
    with pytest.raises(BadInput, match="daily at 07:00"):
        parse_rhythm(typed)


@given(rhythms)
def test_a_rhythm_is_read_back_as_it_was_written(every: Rhythm) -> None:
    assert parse_rhythm(str(every)) == every


@given(rhythms, instants, zones)
def test_the_next_time_lies_ahead_and_no_other_is_passed_over(
    every: Rhythm, now: datetime, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    due = every.next_after(now, zone)
    assert due > now
    longest = timedelta(days=7, hours=2) if isinstance(every, At) else timedelta(days=1)
    assert due - now <= longest
    if isinstance(every, At):
        assert every.next_after(due - timedelta(microseconds=1), zone) == due
        local = due.astimezone(zone)
        assert every.weekday in {None, local.weekday()}


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-03-28 02:30", "2026-03-29 03:30"),  # the clock jumps over 02:30
        ("2026-03-29 03:30", "2026-03-30 02:30"),
        ("2026-10-24 02:30", "2026-10-25 02:30"),  # 02:30 comes twice, and counts once
        ("2026-10-25 02:30", "2026-10-26 02:30"),
    ],
)
def test_daily_is_once_a_day_when_the_clocks_change(asked: str, due: str) -> None:
    assert At(time(2, 30)).next_after(an_instant(asked, ZONE), ZONE) == an_instant(due, ZONE)


@given(rhythms, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_whatever_was_missed_is_asked_once(every: Rhythm, down: timedelta) -> None:
    asked = SourceState(NOW)
    woken = NOW + down
    due = due_after(every, asked, ZONE)
    assert due is not None
    if due <= woken:
        again = due_after(every, asked.answered(NINE, woken), ZONE)
        assert again is not None
        assert again > woken


def test_a_source_that_was_never_asked_is_asked_at_once() -> None:
    assert due_after(HOURLY, SourceState(), ZONE) is None


def test_what_fails_is_asked_again_sooner_and_then_less_often() -> None:
    state, pauses = SourceState(), []
    for _ in range(6):
        state = state.failed("It is away.", NOW)
        due = due_after(At(time(7)), state, ZONE)
        assert due is not None
        pauses.append((due - NOW) / timedelta(minutes=1))
    assert pauses == [5, 15, 45, 60, 60, 60]


@given(rhythms, st.integers(1, 10_000))
def test_what_fails_never_waits_longer_than_its_rhythm(every: Rhythm, failures: int) -> None:
    due = due_after(every, SourceState(NOW, None, failures, NOW, "It is away."), ZONE)
    assert due is not None
    assert NOW < due <= min(every.next_after(NOW, ZONE), NOW + LONGEST_PAUSE)


def test_one_failure_is_a_hiccup_two_are_told_and_an_answer_ends_them() -> None:
    once = SourceState(NOW, NINE).failed("It is away.", NOW)
    later = NOW + timedelta(minutes=5)
    twice = once.failed("It is still away.", later)
    assert not once.is_failing
    assert twice.is_failing
    assert (twice.failing_since, twice.reason, twice.number) == (NOW, "It is still away.", NINE)
    assert twice.answered(NINE, later) == SourceState(later, NINE)


# --- what becomes of a number ------------------------------------------------------


def test_a_first_number_is_recorded() -> None:
    assert is_to_record(NINE, None, None, NOW, ZONE)


def test_a_number_that_differs_is_recorded() -> None:
    assert is_to_record(NINE, Decimal(12), a_reading("12"), NOW, ZONE)


def test_the_same_number_is_recorded_once_a_day_of_the_scorecard() -> None:
    late = an_instant("2026-03-16 23:50", ZONE)
    current = a_reading("9", late)
    assert not is_to_record(NINE, NINE, current, late + timedelta(minutes=9), ZONE)
    assert is_to_record(NINE, NINE, current, late + timedelta(minutes=10), ZONE)


def test_a_persons_correction_stands_until_the_source_says_something_else() -> None:
    corrected = a_reading("8")
    week_later = NOW + timedelta(days=7)
    assert not is_to_record(NINE, NINE, corrected, week_later, ZONE)
    assert is_to_record(Decimal(10), NINE, corrected, week_later, ZONE)


def test_an_approximate_value_of_a_person_is_not_the_sources_number() -> None:
    assert is_to_record(NINE, None, a_reading("~9"), NOW, ZONE)

"""The weekly digest: its week, its slots, and what it says."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import digests
from app.domain.digests import (
    Digest,
    DigestPeriod,
    compose_digest,
    period_now,
    shipped_in,
    week_of,
)
from app.domain.milestones import Effect, Milestone, MilestoneStatus
from app.domain.roadmap import Phase
from app.domain.scorecards import DigestSchedule, Scorecard, take_snapshot
from tests.builders import (
    ZONE,
    a_metric,
    a_milestone,
    a_phase,
    a_reading,
    a_scorecard,
    a_value,
    an_instant,
    some_readings,
)
from tests.domain.strategies import instants, zones

UTC_ZONE = ZoneInfo("UTC")
NEW_YORK, LORD_HOWE = ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2025-12-28", "2025-W52"),
        ("2025-12-29", "2026-W01"),
        ("2026-01-01", "2026-W01"),
        ("2026-03-16", "2026-W12"),
        ("2026-12-31", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2027-01-04", "2027-W01"),
    ],
)
def test_a_week_belongs_to_the_year_of_its_thursday(day: str, week: str) -> None:
    assert week_of(an_instant(day, ZONE), ZONE) == week


def test_a_week_begins_on_monday_where_the_scorecard_is() -> None:
    assert week_of(an_instant("2026-03-15 23:30"), UTC_ZONE) == "2026-W11"
    assert week_of(an_instant("2026-03-15 23:30"), ZONE) == "2026-W12"


# --- slots -----------------------------------------------------------------

SUNDAY, MONDAY = 6, 0


def last_slot(schedule: DigestSchedule, zone: ZoneInfo, now: datetime) -> datetime:
    return digests.last_slot(schedule, zone, now).astimezone(UTC)


def next_slot(schedule: DigestSchedule, zone: ZoneInfo, now: datetime) -> datetime:
    return digests.next_slot(schedule, zone, now).astimezone(UTC)


def test_a_slot_is_told_in_the_zone_of_the_scorecard() -> None:
    now, schedule = an_instant("2026-03-17"), DigestSchedule(MONDAY, time(9))

    assert str(digests.last_slot(schedule, ZONE, now)) == "2026-03-16 09:00:00+01:00"
    assert str(digests.next_slot(schedule, ZONE, now)) == "2026-03-23 09:00:00+01:00"


def test_the_slot_itself_counts_as_come() -> None:
    schedule, slot = DigestSchedule(MONDAY, time(9)), an_instant("2026-03-16 09:00", ZONE)

    assert last_slot(schedule, ZONE, slot) == slot
    assert last_slot(schedule, ZONE, slot - MOMENT) == slot - timedelta(weeks=1)
    assert next_slot(schedule, ZONE, slot) == slot + timedelta(weeks=1)
    assert next_slot(schedule, ZONE, slot - MOMENT) == slot


@pytest.mark.parametrize(
    ("zone", "at", "slots"),
    [
        (ZONE, "09:00", ["03-22 08:00", "03-29 07:00", "04-05 07:00"]),
        (ZONE, "02:30", ["03-22 01:30", "03-29 01:30", "04-05 00:30"]),
        (ZONE, "02:30", ["10-18 00:30", "10-25 00:30", "11-01 01:30"]),
        (NEW_YORK, "02:30", ["03-01 07:30", "03-08 07:30", "03-15 06:30"]),
        (NEW_YORK, "01:30", ["10-25 05:30", "11-01 05:30", "11-08 06:30"]),
        (LORD_HOWE, "02:15", ["09-26 15:45", "10-03 15:45", "10-10 15:15"]),
        (UTC_ZONE, "02:30", ["03-22 02:30", "03-29 02:30", "04-05 02:30"]),
    ],
)
def test_slots_keep_their_local_time_over_clock_changes(
    zone: ZoneInfo, at: str, slots: list[str]
) -> None:
    schedule = DigestSchedule(SUNDAY, time.fromisoformat(at))
    first, second, third = (an_instant(f"2026-{slot}") for slot in slots)

    assert next_slot(schedule, zone, first) == second
    assert next_slot(schedule, zone, second) == third
    assert last_slot(schedule, zone, second - MOMENT) == first
    assert last_slot(schedule, zone, second) == second
    assert last_slot(schedule, zone, third - MOMENT) == second


def test_a_slot_in_the_hour_that_occurs_twice_comes_once_in_whatever_zone_one_asks() -> None:
    schedule = DigestSchedule(SUNDAY, time(2, 30))
    slot = an_instant("2026-10-25 00:30")
    second_time = an_instant("2026-10-25 01:10").astimezone(ZONE)  # 02:10 again

    assert last_slot(schedule, ZONE, second_time) == slot


def test_a_slot_that_a_clock_change_moves_past_midnight_keeps_its_weekday() -> None:
    """In Nuuk the hour before midnight on Saturday, 28 March 2026, was skipped."""
    nuuk, schedule = ZoneInfo("America/Nuuk"), DigestSchedule(5, time(23, 30))
    moved = an_instant("2026-03-29 01:30")

    assert last_slot(schedule, nuuk, moved) == moved
    assert next_slot(schedule, nuuk, moved) == an_instant("2026-04-04 23:30", nuuk)


@given(instants(), zones, st.integers(0, 6), st.times())
def test_now_lies_between_the_last_slot_and_the_next(
    now: datetime, zone: ZoneInfo, weekday: int, at: time
) -> None:
    schedule = DigestSchedule(weekday, at)
    last, following = last_slot(schedule, zone, now), next_slot(schedule, zone, now)

    assert last <= now < following
    assert abs(following - last - timedelta(weeks=1)) <= timedelta(hours=1)
    assert last_slot(schedule, zone, following - MOMENT) == last
    assert last_slot(schedule, zone, following) == following
    assert last_slot(schedule, zone, now.astimezone(zone)) == last


# --- a digest made by hand -------------------------------------------------


def test_the_first_digest_speaks_of_the_seven_days_before_it_by_the_local_clock() -> None:
    now = an_instant("2026-03-30 09:00", ZONE)  # the clocks went forward on the 29th
    period = period_now(now, ZONE, None)

    assert period == DigestPeriod("2026-W14", an_instant("2026-03-23 09:00", ZONE), now)
    assert period.until - period.since == timedelta(days=7, hours=-1)


def test_a_later_digest_speaks_of_the_time_since_the_last_one() -> None:
    last = DigestPeriod("2026-W11", an_instant("2026-03-02"), an_instant("2026-03-09 17:00"))
    now = an_instant("2026-03-17")

    assert period_now(now, ZONE, last) == DigestPeriod("2026-W12", last.until, now)


# --- what it says ----------------------------------------------------------

PERIOD = DigestPeriod(
    "2026-W12", an_instant("2026-03-09 09:00", ZONE), an_instant("2026-03-16 09:00", ZONE)
)
IN_PERIOD = an_instant("2026-03-12")


@pytest.mark.parametrize(
    ("logged_at", "shipped_on", "told"),
    [
        (PERIOD.since, date(2026, 3, 9), False),
        (PERIOD.since + MOMENT, date(2026, 3, 9), True),
        (PERIOD.until, date(2026, 3, 16), True),
        (PERIOD.until + MOMENT, date(2026, 3, 16), False),
        (IN_PERIOD, date(2026, 2, 20), True),
        (IN_PERIOD, date(2026, 2, 9), True),
        (IN_PERIOD, date(2026, 2, 8), False),
        (IN_PERIOD, None, False),
        (None, date(2026, 3, 12), False),
    ],
)
def test_what_was_logged_in_the_period_is_news_unless_it_is_history(
    logged_at: datetime | None, shipped_on: date | None, *, told: bool
) -> None:
    milestone = a_milestone(
        status=MilestoneStatus.SHIPPED, shipped_on=shipped_on, logged_at=logged_at
    )

    assert (shipped_in([milestone], PERIOD) == (milestone,)) is told


def test_what_is_only_planned_is_no_news() -> None:
    assert shipped_in([a_milestone(logged_at=IN_PERIOD)], PERIOD) == ()


def digest_of(scorecard: Scorecard, *, effects: dict[str, list[Effect]] | None = None) -> Digest:
    readings = {
        "moved": some_readings(("2026-03-01", "50"), ("2026-03-12", "40")),
        "still": some_readings(("2026-03-01", "50")),
        "old": some_readings(("2026-01-01", "50")),
        "reached": some_readings(("2026-03-01", "0")),
    }
    snapshot = take_snapshot(scorecard, readings, PERIOD.until, PERIOD.since)
    return compose_digest(PERIOD, snapshot, effects or {}, readings)


def test_a_digest_tells_which_metrics_moved_are_stale_or_without_a_driver() -> None:
    keys = ("moved", "still", "old", "reached", "never")
    metrics = [a_metric(key, fresh_days=30, drivers={"pde": ""}) for key in keys]
    metrics[1] = replace(metrics[1], drivers=())
    digest = digest_of(a_scorecard(metrics=metrics, work_streams=["pde"]))

    def named(group: str) -> list[str]:
        return [state.metric.key for state in getattr(digest, group)]

    assert named("moved") == ["moved"]
    assert named("stale") == ["old", "never"]
    assert named("without_driver") == ["still"]


def test_a_digest_tells_what_shipped_and_what_it_moved() -> None:
    news = a_milestone("news", shipped_on=date(2026, 3, 12), logged_at=IN_PERIOD)
    quiet = a_milestone("quiet", shipped_on=date(2026, 3, 12), logged_at=IN_PERIOD)
    old = a_milestone("old", shipped_on=date(2026, 1, 12), logged_at=an_instant("2026-01-12"))
    effect = Effect(a_metric(), a_value("20"), a_reading("12", milestone="news"))
    digest = digest_of(
        a_scorecard(milestones=[old, news, quiet]), effects={"news": [effect], "old": [effect]}
    )

    assert [(s.milestone.key, s.effects) for s in digest.shipped] == [
        ("news", (effect,)),
        ("quiet", ()),
    ]


def test_a_digest_tells_what_is_due_in_the_week_ahead_and_what_is_late() -> None:
    def due(key: str, day: date, status: MilestoneStatus | None = None) -> Milestone:
        return a_milestone(key, due_on=day, status=status)

    digest = digest_of(
        a_scorecard(
            milestones=[
                due("late", date(2026, 3, 15)),
                due("today", date(2026, 3, 16), MilestoneStatus.IN_PROGRESS),
                due("in-a-week", date(2026, 3, 23)),
                due("later", date(2026, 3, 24)),
                due("dropped", date(2026, 3, 15), MilestoneStatus.DROPPED),
                due("shipped", date(2026, 3, 17), MilestoneStatus.SHIPPED),
                a_milestone("some-day"),
            ]
        )
    )

    assert [milestone.key for milestone in digest.due] == ["today", "in-a-week"]
    assert [milestone.key for milestone in digest.late] == ["late"]


def ready_and_blocked(
    phases: list[Phase], milestones: list[Milestone]
) -> tuple[list[str], list[str]]:
    digest = digest_of(a_scorecard(phases=phases, milestones=milestones))
    return (
        [ready.outlook.phase.key for ready in digest.newly_ready],
        [outlook.phase.key for outlook in digest.blocked],
    )


def test_a_phase_is_newly_ready_when_what_it_waited_for_came_in_the_period() -> None:
    shipped = a_milestone("shipped", shipped_on=date(2026, 3, 12), logged_at=IN_PERIOD)
    ready, blocked = ready_and_blocked(
        [
            a_phase("done", done_on=date(2026, 3, 10)),
            a_phase("done-long-ago", done_on=date(2026, 3, 8)),
            a_phase("after-milestone", after_milestones=["shipped"]),
            a_phase("after-phase", after=["done"]),
            a_phase("after-both", after=["done-long-ago"], after_milestones=["shipped"]),
            a_phase("still-blocked", after=["done"], after_milestones=["planned"]),
            a_phase("ready-long-ago", after=["done-long-ago"]),
            a_phase("always-ready"),
        ],
        [shipped, a_milestone("planned")],
    )

    assert ready == ["after-milestone", "after-phase", "after-both"]
    assert blocked == ["still-blocked"]


def test_a_phase_that_is_newly_ready_names_what_it_had_waited_for() -> None:
    shipped = a_milestone("step", shipped_on=date(2026, 3, 12), logged_at=IN_PERIOD)
    before = a_milestone("before", shipped_on=date(2026, 1, 12))
    phases = [
        a_phase("pde", name="PDE", done_on=date(2026, 3, 10)),
        a_phase("checkout", after=["pde"], after_milestones=["before", "step"]),
    ]
    digest = digest_of(a_scorecard(phases=phases, milestones=[shipped, before]))

    assert [ready.through for ready in digest.newly_ready] == [("PDE", shipped.title)]


def test_a_phase_is_not_called_newly_ready_by_something_else_of_that_name() -> None:
    shipped = a_milestone("pde", shipped_on=date(2026, 3, 12), logged_at=IN_PERIOD)
    phases = [a_phase("pde", done_on=date(2026, 1, 10)), a_phase("later", after=["pde"])]

    assert ready_and_blocked(phases, [shipped]) == ([], [])


def test_periods_are_in_utc() -> None:
    local = an_instant("2026-03-16 09:00").astimezone(ZONE)
    period = period_now(local, ZONE, None)

    assert period.since.tzinfo is period.until.tzinfo is UTC

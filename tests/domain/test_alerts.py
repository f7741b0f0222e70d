"""Which alerts a metric's steps raise and clear, where they go, and when they may."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.alerts import (
    GATHERING,
    REPEAT_AFTER,
    AlertKind,
    AlertRules,
    Decision,
    Footing,
    Place,
    QuietHours,
    Standing,
    decide,
    due_at,
    went_stale,
)
from app.domain.errors import BadInput
from app.domain.metrics import Metric, MetricKind, Reading, newest
from tests.builders import NOW, ZONE, a_metric, a_reading, an_instant
from tests.domain.strategies import alert_rules, histories, metrics_of_all_kinds, zones

REACHED, FELL_BACK, UNUSUAL, STALE = AlertKind
OPPOSITES = {REACHED: FELL_BACK, FELL_BACK: REACHED}
DAY = timedelta(days=1)


def at(*, reached: bool = False, stale: bool = False, unusual: bool | None = None) -> Footing:
    return Footing(True, reached, stale, unusual)


AWAY, THERE = at(), at(reached=True)


class Told:
    """A metric's alerts over time: each step is decided, and then told or still waits."""

    def __init__(self) -> None:
        self.standing: list[Standing] = []
        self.told: list[AlertKind] = []

    def step(self, before: Footing, after: Footing, *, is_told: bool = True) -> Decision:
        decision = decide(before, after, self.standing)
        self.standing = [each for each in self.standing if each.kind not in decision.cleared]
        self.standing += [Standing(kind, is_told=False) for kind in decision.raised]
        if is_told:
            self.tell()
        return decision

    def tell(self) -> None:
        self.told += [each.kind for each in self.standing if not each.is_told]
        self.standing = [replace(each, is_told=True) for each in self.standing]


# --- target and limit -------------------------------------------------------------


def test_reaching_the_target_and_falling_back_are_each_told_once() -> None:
    metric = Told()
    for before, after in [(AWAY, THERE), (THERE, THERE), (THERE, AWAY), (AWAY, AWAY)]:
        metric.step(before, after)
    assert metric.told == [REACHED, FELL_BACK]


def test_what_nobody_was_told_of_is_withdrawn_and_so_is_not_taken_back_aloud() -> None:
    metric = Told()
    assert metric.step(AWAY, THERE, is_told=False).raised == (REACHED,)
    assert metric.step(THERE, AWAY) == Decision(cleared=(REACHED,))
    assert metric.told == []


def test_a_value_that_is_back_before_its_fall_was_told_has_not_reached_anything_anew() -> None:
    metric = Told()
    metric.step(AWAY, THERE)
    assert metric.step(THERE, AWAY, is_told=False).raised == (FELL_BACK,)
    assert metric.step(AWAY, THERE) == Decision(cleared=(FELL_BACK,))
    assert metric.told == [REACHED]


def test_a_fall_from_a_target_that_was_reached_before_there_were_alerts_is_told() -> None:
    assert decide(THERE, AWAY, []).raised == (FELL_BACK,)


def test_a_target_that_becomes_none_clears_what_waits() -> None:
    recorded_only = Footing(has_target=False, is_reached=False, is_stale=False)
    waiting = [Standing(REACHED, is_told=False)]
    assert decide(THERE, recorded_only, waiting) == Decision(cleared=(REACHED,))


# --- usual and stale --------------------------------------------------------------


def test_an_unusual_movement_is_told_until_the_metric_moves_as_usual() -> None:
    metric = Told()
    assert metric.step(AWAY, at(unusual=True)).raised == (UNUSUAL,)
    assert metric.step(AWAY, at(unusual=True)) == Decision()
    assert metric.step(AWAY, at(unusual=None)) == Decision()
    assert metric.step(AWAY, at(unusual=False)).cleared == (UNUSUAL,)
    assert metric.step(AWAY, at(unusual=True)).raised == (UNUSUAL,)


def test_a_stale_metric_is_told_until_it_has_a_fresh_reading() -> None:
    metric = Told()
    assert metric.step(AWAY, at(stale=True)).raised == (STALE,)
    assert metric.step(AWAY, at(stale=True)) == Decision()
    assert metric.step(at(stale=True), AWAY).cleared == (STALE,)


def test_what_was_old_when_it_came_or_went_stale_before_anybody_asked_is_history() -> None:
    metric = a_metric(fresh_days=14)
    reading = a_reading(at=NOW)
    later = NOW + 15 * DAY
    assert went_stale(metric, reading, NOW, later)
    assert not went_stale(metric, reading, NOW, NOW + 14 * DAY)
    assert not went_stale(metric, reading, NOW + 14.5 * DAY, later)
    assert not went_stale(metric, reading._replace(recorded_at=NOW + 14.5 * DAY), NOW, later)


# --- whatever is read -------------------------------------------------------------


def footings(metric: Metric, readings: list[Reading]) -> list[Footing]:
    """How the metric stands as each reading arrives, in whatever order of time."""
    stands = [Footing.of(metric, None, NOW)]
    for count in range(1, len(readings) + 1):
        arrived = readings[:count]
        now = max(each.at for each in arrived)
        stands.append(Footing.of(metric, newest(arrived, now), now))
    return stands


@given(metrics_of_all_kinds(), histories(), st.data())
def test_whatever_is_read_and_whenever_it_is_told(
    metric: Metric, readings: list[Reading], data: st.DataObject
) -> None:
    alerts = Told()
    stands = footings(metric, readings)
    for before, after in pairwise(stands):
        kinds = [each.kind for each in alerts.standing]
        decision = alerts.step(before, after, is_told=data.draw(st.booleans()))
        assert set(decision.cleared) <= set(kinds), "only what stands is cleared"
        still = [kind for kind in kinds if kind not in decision.cleared]
        assert not set(decision.raised) & set(still), "no second one without a clearing between"
        assert list(decision.raised) == sorted(decision.raised, key=list(AlertKind).index)
        for each in alerts.standing:
            assert each.is_told or after.holds(each.kind), "what waits is so"
    turns = [kind for kind in alerts.told if kind in OPPOSITES]
    assert all(turn is not then for turn, then in pairwise(turns))
    if metric.kind is MetricKind.RECORD:
        assert turns == []
    alerts.tell()
    if turns and alerts.told:
        assert stands[-1].holds([kind for kind in alerts.told if kind in OPPOSITES][-1])


@given(metrics_of_all_kinds(), histories())
def test_a_reading_from_before_the_newest_raises_nothing(
    metric: Metric, readings: list[Reading]
) -> None:
    if not readings:
        return
    now = max(each.at for each in readings)
    current = newest(readings, now)
    assert current is not None
    older = current._replace(id=10_000, at=current.at - DAY, value=metric.baseline.value)
    before, after = (
        Footing.of(metric, newest(known, now), now) for known in (readings, [*readings, older])
    )
    assert decide(before, after, []) == Decision()


# --- where ------------------------------------------------------------------------


def test_each_kind_goes_where_it_is_chosen_to() -> None:
    rules = AlertRules(Place.CHANNEL, Place.THREAD, Place.OWNER, Place.PERSON, person="U0BOB")
    owned = a_metric(owner="U0ANA")
    assert [rules.address(kind, owned) for kind in AlertKind] == [
        "channel",
        "thread",
        "U0ANA",
        "U0BOB",
    ]
    assert rules.address(UNUSUAL, a_metric()) == "thread"
    assert AlertRules().address(STALE, owned) is None


def test_a_person_has_to_be_named_where_alerts_go_to_one() -> None:
    with pytest.raises(BadInput) as refused:
        AlertRules(stale=Place.PERSON)
    assert refused.value.field == "person"


# --- when -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "ends"),
    [
        ("2026-03-19 19:59", "2026-03-19 19:59"),  # a Thursday
        ("2026-03-19 20:00", "2026-03-20 08:00"),
        ("2026-03-20 07:59", "2026-03-20 08:00"),
        ("2026-03-20 21:00", "2026-03-23 08:00"),  # a Friday: the weekend follows
        ("2026-03-21 12:00", "2026-03-23 08:00"),
    ],
)
def test_quiet_hours_go_over_midnight_and_weekends(instant: str, ends: str) -> None:
    begun, ended = an_instant(instant, ZONE), an_instant(ends, ZONE)
    assert AlertRules().end_of_quiet(begun, ZONE) == ended


def at_night(begins: time, ends: time) -> AlertRules:
    return AlertRules(quiet_hours=QuietHours(begins, ends), quiet_weekends=False)


def test_quiet_hours_end_by_the_clock_on_the_day_on_which_it_is_changed() -> None:
    night = at_night(time(22), time(7))
    for eve, hours in (("2026-03-28 22:00", 8), ("2026-10-24 22:00", 10)):  # instead of nine
        begun = an_instant(eve, ZONE)
        assert night.end_of_quiet(begun, ZONE) - begun == timedelta(hours=hours)


def test_an_end_that_the_clock_skips_comes_with_the_change_and_one_it_repeats_twice() -> None:
    skipped = at_night(time(1), time(2, 30)).end_of_quiet(
        an_instant("2026-03-29 01:10", ZONE), ZONE
    )
    assert skipped.astimezone(ZONE) == datetime(2026, 3, 29, 3, tzinfo=ZONE)
    repeated = at_night(time(1), time(2, 30))
    first = repeated.end_of_quiet(an_instant("2026-10-25 01:10", ZONE), ZONE)
    assert first == an_instant("2026-10-25 00:30")
    second = repeated.end_of_quiet(an_instant("2026-10-25 01:00"), ZONE)
    assert second == an_instant("2026-10-25 01:30")


@given(alert_rules, zones, st.integers(0, 60 * 24 * 365))
def test_what_goes_out_goes_out_when_it_is_not_quiet(
    rules: AlertRules, zone: ZoneInfo, minutes: int
) -> None:
    instant = an_instant("2026-01-01") + timedelta(minutes=minutes)
    ended = rules.end_of_quiet(instant, zone)
    assert rules.end_of_quiet(ended, zone) == ended
    assert timedelta(0) <= ended - instant <= 4 * DAY
    if ended > instant:
        assert rules.end_of_quiet(instant + (ended - instant) / 2, zone) == ended


@pytest.mark.parametrize(("begins", "ends"), [(time(8), time(8)), (time(0), time(0))])
def test_quiet_hours_of_no_length_are_refused_at_their_end(begins: time, ends: time) -> None:
    with pytest.raises(BadInput) as refused:
        QuietHours(begins, ends)
    assert refused.value.field == "quiet_until"


def test_an_alert_waits_for_others_and_for_a_week_after_the_last_of_its_kind() -> None:
    always = AlertRules(quiet_hours=None, quiet_weekends=False)
    assert due_at(always, ZONE, NOW, None) == (NOW, NOW + GATHERING)
    assert due_at(always, ZONE, NOW, NOW - 10 * DAY) == (NOW, NOW + GATHERING)
    week_later = NOW - DAY + REPEAT_AFTER
    assert due_at(always, ZONE, NOW, NOW - DAY) == (week_later, week_later)

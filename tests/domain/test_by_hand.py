"""Thirty cases computed by hand: what a metric stands at, its movement, pace, status and forecast.

Days are counted from the baseline on 1 January 2026, when the metric stood at 100; it shall be
at 0 in a hundred days, at the end of 10 April. Day 59 is 1 March, day 90 is 1 April. The zone is
UTC, so that no day is shorter than another. A pace is shown with two digits.
The arithmetic stands above each case.

For four readings the Student t of a forecast has two degrees of freedom, where

    P(t) = 1/2 + t / (2·√(2 + t²)),   and 4 of 5 futures lie within t = ±√(32/9) = ±1.8856

so that the ends of the range, √(32/9)·√(σ²(h + h²/T)) = |gap − μ·h|, are the roots of

    (μ² − k/T)·h² − (2·μ·gap + k)·h + gap² = 0,   k = 32/9 · σ²
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.metrics import WEEK, Metric, MetricKind, movement, newest
from app.domain.paces import pace
from app.domain.prospects import prospect
from app.domain.statuses import Status, Thresholds, verdict
from tests.builders import a_metric, a_reading

START, TARGET_DAY = date(2026, 1, 1), date(2026, 4, 10)
ZONE = ZoneInfo("UTC")

IN_TIME = a_metric(baseline="100", target="0", baseline_on=START, target_on=TARGET_DAY)
SOME_TIME = a_metric(baseline="100", target="0", baseline_on=START)
UPWARDS = a_metric(
    baseline="0", target="100", unit="%", name="Coverage", baseline_on=START, target_on=TARGET_DAY
)
BELOW_40 = a_metric(baseline="100", target="40", baseline_on=START, kind=MetricKind.STAY_BELOW)
ABOVE_90 = a_metric(baseline="100", target="90", baseline_on=START, kind=MetricKind.STAY_ABOVE)
RECORDED = a_metric(baseline="100", target=None, baseline_on=START, kind=MetricKind.RECORD)


@dataclass(frozen=True)
class Case:
    """`readings` and `day` in days since the baseline; what follows is what people read."""

    what: str
    day: float
    readings: Mapping[float, str]
    status: Status
    pace: str = ""
    forecast: str = ""
    movement: str = "none"
    metric: Metric = field(default=IN_TIME)


TOO_EARLY = "too early: {} of the 4 readings that it takes"

CASES = [
    Case("nothing read", 50, {}, Status.NO_PACE, "", TOO_EARLY.format(0)),
    # Half of the time, half of the way: needed (0 − 50)/50 d · 7 = −7; seen (50 − 100)/50 d · 7.
    Case(
        "exactly as expected",
        50,
        {50: "50"},
        Status.ON_TRACK,
        "needs −7.0 a week, seen −7.0 over 7 weeks",
        TOO_EARLY.format(1),
    ),
    # 45% of the way in 50% of the time are 90% of what is expected. −55/50·7 = −7.7; −45/50·7.
    Case(
        "just on track",
        50,
        {50: "55"},
        Status.ON_TRACK,
        "needs −7.7 a week, seen −6.3 over 7 weeks",
        TOO_EARLY.format(1),
    ),
    # 44.5/50 = 89%. −55.5/50·7 = −7.77; −44.5/50·7 = −6.23.
    Case(
        "just at risk",
        50,
        {50: "55.5"},
        Status.AT_RISK,
        "needs −7.8 a week, seen −6.2 over 7 weeks",
        TOO_EARLY.format(1),
    ),
    # 35/50 = 70%. −65/50·7 = −9.1; −35/50·7 = −4.9.
    Case(
        "the last that is at risk",
        50,
        {50: "65"},
        Status.AT_RISK,
        "needs −9.1 a week, seen −4.9 over 7 weeks",
        TOO_EARLY.format(1),
    ),
    # 34/50 = 68%. −66/50·7 = −9.24; −34/50·7 = −4.76.
    Case(
        "off track",
        50,
        {50: "66"},
        Status.OFF_TRACK,
        "needs −9.2 a week, seen −4.8 over 7 weeks",
        TOO_EARLY.format(1),
    ),
    # 100 in 50 days are 14 a week; nothing is needed any more, and nothing to foresee.
    Case("at the target", 50, {50: "0"}, Status.AT_TARGET, "seen −14 a week over 7 weeks"),
    # −105/50·7 = −14.7.
    Case("beyond the target", 50, {50: "−5"}, Status.AT_TARGET, "seen −15 a week over 7 weeks"),
    # Ten away from the target: −110/50·7 = −15.4; 10/50·7 = 1.4.
    Case(
        "worse than the baseline",
        50,
        {50: "110"},
        Status.OFF_TRACK,
        "needs −15 a week, seen +1.4 over 7 weeks",
        TOO_EARLY.format(1),
    ),
    # 60% of the way in half of the time: −40/50·7 = −5.6; −60/50·7 = −8.4, all of it about.
    Case(
        "an approximate value",
        50,
        {50: "~40"},
        Status.ON_TRACK,
        "needs ~−5.6 a week, seen ~−8.4 over 7 weeks",
        TOO_EARLY.format(1),
    ),
    # At least 0 may be 50: not surely at the target. The way is 100% in 95% of the time. Nothing
    # more is needed if it is 0: no pace is asked for. −100/95·7 = −7.37, or less: about.
    Case(
        "at least the target",
        95,
        {95: "0+"},
        Status.ON_TRACK,
        "seen ~−7.4 a week over 14 weeks",
        TOO_EARLY.format(1),
    ),
    # 60 to 50 in a week is both the movement and the pace: fewer than four readings, so the last
    # four weeks count, which begin with the first of the two.
    Case(
        "a week between two readings",
        50,
        {43: "60", 50: "50"},
        Status.ON_TRACK,
        "needs −7.0 a week, seen −10 over 1 week",
        TOO_EARLY.format(2),
        "−10",
    ),
    # Three days are too short for a pace: it is that since the baseline, −50/50·7.
    Case(
        "three days between two readings",
        50,
        {47: "60", 50: "50"},
        Status.ON_TRACK,
        "needs −7.0 a week, seen −7.0 over 7 weeks",
        TOO_EARLY.format(2),
        "−10",
    ),
    # The week and the four weeks both begin with the newest reading before them, day 10:
    # −40 in 40 days = −7 a week over 5.7 weeks.
    Case(
        "a long gap",
        50,
        {10: "90", 50: "50"},
        Status.ON_TRACK,
        "needs −7.0 a week, seen −7.0 over 6 weeks",
        TOO_EARLY.format(2),
        "−40",
    ),
    # Twenty days old, fresh for 14. −70/50·7 = −9.8; −30/30·7 = −7 over 4.3 weeks. No movement.
    Case(
        "a stale reading",
        50,
        {30: "70"},
        Status.STALE,
        "needs −9.8 a week, seen −7.0 over 4 weeks",
        TOO_EARLY.format(1),
        "0",
    ),
    # Day 101 is after the end of 10 April: no pace is of any help. −98/98·7 = −7.
    Case(
        "after the target date",
        101,
        {98: "2"},
        Status.OFF_TRACK,
        "seen −7.0 a week over 14 weeks",
        TOO_EARLY.format(1),
    ),
    Case(
        "no target date",
        50,
        {50: "50"},
        Status.NO_PACE,
        "seen −7.0 a week over 7 weeks",
        TOO_EARLY.format(1),
        metric=SOME_TIME,
    ),
    # One a day without a deviation: 50 more days lead to day 100, 11 April at midnight, in time.
    Case(
        "a straight line in time",
        50,
        {29: "71", 36: "64", 43: "57", 50: "50"},
        Status.ON_TRACK,
        "needs −7.0 a week, seen −7.0 over 3 weeks",
        "at target on 11 Apr 2026, over 99% likely in time",
        "−7",
    ),
    # The same, all of it about.
    Case(
        "a straight line of approximate values",
        50,
        {29: "~71", 36: "~64", 43: "~57", 50: "~50"},
        Status.ON_TRACK,
        "needs ~−7.0 a week, seen ~−7.0 over 3 weeks",
        "at target on 11 Apr 2026, over 99% likely in time",
        "~−7",
    ),
    # The line goes on from today: 57 more days lead to day 107, 18 April. −57/50·7 = −7.98.
    Case(
        "a straight line that nobody continued",
        50,
        {22: "78", 29: "71", 36: "64", 43: "57"},
        Status.AT_RISK,
        "needs −8.0 a week, seen −7.0 over 3 weeks",
        "at target on 18 Apr 2026, under 1% likely in time",
        "0",
    ),
    # Steps of 10, 12 and 8 in 7 days each, T = 21: μ = 30/21 = 1.4286, deviations 0, 2 and −2,
    # σ² = (4/7 + 4/7)/2 = 0.5714, k = 2.0317. With gap 70: 1.94407·h² − 202.0317·h + 4900 = 0,
    # h = (202.0317 ± 52.087)/3.88814 = 38.56 and 65.36: days 88 and 115, 30 March and 26 April.
    # In time, h = 50: t = (71.429 − 70)/√(0.5714·(50 + 2500/21)) = 0.14535, P = 0.5511.
    # 30% of the way in 50% of the time: 60%.
    Case(
        "late, and fast enough by now",
        50,
        {29: "100", 36: "90", 43: "78", 50: "70"},
        Status.OFF_TRACK,
        "needs −9.8 a week, seen −10 over 3 weeks",
        "at target between 30 Mar 2026 and 26 Apr 2026 (4 of 5), 55% likely in time",
        "−8",
    ),
    # The mirror image of it: 0 to 100%, in points.
    Case(
        "late upwards, and fast enough by now",
        50,
        {29: "0", 36: "10", 43: "22", 50: "30"},
        Status.OFF_TRACK,
        "needs +9.8 points a week, seen +10 points over 3 weeks",
        "at target between 30 Mar 2026 and 26 Apr 2026 (4 of 5), 55% likely in time",
        "+8 points",
        UPWARDS,
    ),
    # Steps of 10, 20 and 0: deviations 0, 10 and −10, σ² = 14.286, k = 50.794. μ² − k/T is
    # 2.0408 − 2.4188 < 0: no latest date. −0.37793·h² − 250.794·h + 4900 = 0 gives h = 18.99:
    # day 68, 10 March. t = 1.4286/√(14.286·169.048) = 0.02907, P = 0.5103.
    Case(
        "an uneven way",
        50,
        {29: "100", 36: "90", 43: "70", 50: "70"},
        Status.OFF_TRACK,
        "needs −9.8 a week, seen −10 over 3 weeks",
        "at target from 10 Mar 2026 on, no end to tell, 51% likely in time",
        "0",
    ),
    # Five a week away from the target, without a deviation. −65/50·7 = −9.1.
    Case(
        "away from the target",
        50,
        {29: "50", 36: "55", 43: "60", 50: "65"},
        Status.AT_RISK,
        "needs −9.1 a week, seen +5.0 over 3 weeks",
        "not at target at this rate, under 1% likely in time",
        "+5",
    ),
    # Four readings in three days: no pace but that since the baseline, −50/50·7.
    Case(
        "four readings at once",
        50,
        {47: "53", 48: "52", 49: "51", 50: "50"},
        Status.ON_TRACK,
        "needs −7.0 a week, seen −7.0 over 7 weeks",
        "too early: the readings span less than a week",
        "−3",
    ),
    # A limit that is kept has nothing to reach. −70/50·7 = −9.8.
    Case(
        "a limit that is kept",
        50,
        {50: "30"},
        Status.AT_TARGET,
        "seen −9.8 a week over 7 weeks",
        metric=BELOW_40,
    ),
    # Ten above the limit, one a day: ten days from day 50 on are day 60, 2 March.
    Case(
        "a limit that is broken, and not for long",
        50,
        {29: "71", 36: "64", 43: "57", 50: "50"},
        Status.OFF_TRACK,
        "seen −7.0 a week over 3 weeks",
        "at target on 2 Mar 2026",
        "−7",
        BELOW_40,
    ),
    # Five below the limit and five a week nearer to it.
    Case(
        "a limit that is kept, and not for long",
        50,
        {29: "20", 36: "25", 43: "30", 50: "35"},
        Status.AT_TARGET,
        "seen +5.0 a week over 3 weeks",
        "",
        "+5",
        BELOW_40,
    ),
    # −5/50·7 = −0.7.
    Case(
        "a lower limit that is kept",
        50,
        {50: "95"},
        Status.AT_TARGET,
        "seen −0.70 a week over 7 weeks",
        metric=ABOVE_90,
    ),
    Case(
        "a record",
        50,
        {50: "50"},
        Status.NO_PACE,
        "seen −7.0 a week over 7 weeks",
        metric=RECORDED,
    ),
]


def _instant(day: float) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_case_computed_by_hand(case: Case) -> None:
    metric, as_of = case.metric, _instant(case.day)
    readings = [
        a_reading(value, _instant(day), id=number)
        for number, (day, value) in enumerate(case.readings.items(), start=1)
    ]
    current = newest(readings, as_of)
    moved = movement(metric, readings, as_of - WEEK, as_of, ZONE)
    seen = pace(metric, readings, as_of, ZONE)
    judged = verdict(metric, current, seen, as_of, ZONE, thresholds=Thresholds())

    assert ([str(current.value)] if current else []) == list(case.readings.values())[-1:]
    assert (metric.shown_change(moved.change) if moved else "none") == case.movement
    assert seen.in_words(metric.unit) == case.pace
    assert judged.status is case.status
    foreseen = prospect(metric, readings, as_of, ZONE).in_words(ZONE)
    assert foreseen.partition(", if it goes on")[0] == case.forecast


def test_there_are_thirty() -> None:
    assert len(CASES) == 30

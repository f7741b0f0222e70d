"""What a digest puts first, and what kind of week it was."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from app.domain.digests import Digest, compose_digest, moved_back
from app.domain.metrics import Metric, MetricKind, Reading
from app.domain.milestones import Milestone
from app.domain.scorecards import MetricState, take_snapshot
from app.domain.statuses import Status
from tests.builders import (
    a_metric,
    a_milestone,
    a_scorecard,
    a_value,
    an_instant,
    some_readings,
)
from tests.domain.test_digests import IN_PERIOD, PERIOD


def a_week_of(
    *metrics: Metric,
    readings: Mapping[str, Sequence[Reading]] | None = None,
    milestones: Sequence[Milestone] = (),
) -> Digest:
    """The digest of these metrics, with the readings of each by its key."""
    readings = readings or {}
    scorecard = a_scorecard(metrics=metrics, milestones=milestones)
    snapshot = take_snapshot(scorecard, readings, PERIOD.until, PERIOD.since)
    return compose_digest(PERIOD, snapshot, {}, readings)


def keys(states: Sequence[MetricState]) -> list[str]:
    return [state.metric.key for state in states]


def test_those_that_need_someone_come_first_then_those_that_moved() -> None:
    target_on = date(2026, 9, 30)
    names = ("still", "moved", "stale", "never", "off-track")
    digest = a_week_of(
        *(a_metric(key, target_on=target_on, fresh_days=20) for key in names),
        readings={
            "still": some_readings(("2026-03-01", "50")),
            "moved": some_readings(("2026-03-01", "50"), ("2026-03-12", "40")),
            "stale": some_readings(("2026-02-01", "50")),
            "off-track": some_readings(("2026-03-01", "190")),
        },
    )

    assert keys(digest.by_urgency) == ["stale", "never", "off-track", "moved", "still"]


@pytest.mark.parametrize(("last", "needs"), [("55", False), ("90", True), ("10", False)])
def test_a_metric_on_track_needs_someone_where_it_went_back_beyond_the_usual(
    last: str, *, needs: bool
) -> None:
    weeks = ("72", "69", "65", "62", "58", "54", "52")
    days = ("01-26", "02-02", "02-09", "02-16", "02-23", "03-02", "03-09")
    readings = some_readings(
        *((f"2026-{day}", value) for day, value in zip(days, weeks, strict=True)),
        ("2026-03-15", last),
    )
    digest = a_week_of(a_metric(target_on=date(2026, 12, 31)), readings={"rollbacks": readings})
    [state] = digest.snapshot.metrics

    assert state.status is Status.ON_TRACK
    assert digest.needs_someone(state) is needs


@pytest.mark.parametrize(
    ("kind", "target", "moves", "back"),
    [
        (MetricKind.REACH, "0", ("40", "45"), True),
        (MetricKind.REACH, "0", ("40", "35"), False),
        (MetricKind.REACH, "0", ("40", "40"), False),
        (MetricKind.REACH, "300", ("240", "235"), True),
        (MetricKind.REACH, "0", ("-5", "-3"), False),
        (MetricKind.STAY_BELOW, "50", ("40", "45"), False),
        (MetricKind.STAY_BELOW, "50", ("55", "60"), True),
        (MetricKind.STAY_ABOVE, "50", ("45", "40"), True),
        (MetricKind.RECORD, None, ("40", "45"), False),
    ],
)
def test_a_metric_went_back_where_it_moved_away_and_is_not_where_it_should_be(
    kind: MetricKind, target: str | None, moves: tuple[str, str], *, back: bool
) -> None:
    metric = replace(a_metric(), kind=kind, target=a_value(target).number if target else None)
    before, after = moves
    readings = some_readings(("2026-03-01", before), ("2026-03-12", after))
    digest = a_week_of(metric, readings={"rollbacks": readings})
    [state] = digest.snapshot.metrics

    assert moved_back(state) is back
    assert digest.only_lost is back


def test_a_week_is_quiet_unless_something_was_read_shipped_or_falls_due() -> None:
    before, within = ("2026-03-01", "50"), ("2026-03-12", "50")
    due = a_milestone(due_on=date(2026, 3, 20))
    late = a_milestone(due_on=date(2026, 3, 10))
    far = a_milestone(due_on=date(2026, 5, 20))
    news = a_milestone(shipped_on=date(2026, 3, 12), logged_at=IN_PERIOD)

    assert a_week_of(a_metric(), readings={"rollbacks": some_readings(before)}).is_quiet
    assert a_week_of(
        a_metric(), milestones=[far], readings={"rollbacks": some_readings(before)}
    ).is_quiet
    assert not a_week_of(a_metric(), readings={"rollbacks": some_readings(before, within)}).is_quiet
    assert not a_week_of(a_metric(), readings={"rollbacks": some_readings(within)}).is_quiet
    for milestone in (due, late, news):
        assert not a_week_of(a_metric(), milestones=[milestone]).is_quiet


def test_the_goal_is_reached_since_the_last_metric_came_to_its_target_to_stay() -> None:
    digest = a_week_of(
        a_metric("early"),
        a_metric("back-again"),
        replace(a_metric("recorded"), kind=MetricKind.RECORD, target=None),
        readings={
            "early": some_readings(("2026-01-05", "0"), ("2026-03-12", "0")),
            "back-again": some_readings(
                ("2026-02-01", "0"), ("2026-02-10", "5"), ("2026-03-03", "0"), ("2026-03-10", "0")
            ),
            "recorded": some_readings(("2026-03-12", "7")),
        },
    )

    assert digest.reached_at == an_instant("2026-03-03")
    still_open = a_week_of(
        a_metric("early"), readings={"early": some_readings(("2026-03-05", "1"))}
    )
    assert still_open.reached_at is None

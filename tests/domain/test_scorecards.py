"""The scorecard, what it refuses, and its snapshot."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.domain.errors import BadInput, NotFound
from app.domain.roadmap import PhaseStatus
from app.domain.scorecards import Scorecard, Snapshot, take_snapshot
from app.domain.statuses import Status
from app.domain.values import format_share
from tests.builders import (
    NOW,
    REAL_METRICS,
    a_metric,
    a_milestone,
    a_phase,
    a_reading,
    a_scorecard,
    an_instant,
    known,
    some_readings,
    the_real_readings,
    the_real_scorecard,
)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: a_scorecard(metrics=[a_metric("errors"), a_metric("errors")]),
            "The metric key “errors” is used twice.",
        ),
        (
            lambda: a_scorecard(work_streams=["pde", "pde"]),
            "The work stream key “pde” is used twice.",
        ),
        (
            lambda: a_scorecard(milestones=[a_milestone("step"), a_milestone("step")]),
            "The milestone key “step” is used twice.",
        ),
        (
            lambda: a_scorecard(phases=[a_phase("one"), a_phase("one")]),
            "The phase key “one” is used twice.",
        ),
        (
            lambda: a_scorecard(metrics=[a_metric("update")]),
            "“update” is a word of /kpi and can't be a metric's key.",
        ),
        (
            lambda: a_scorecard(
                work_streams=["reco", "pde"],
                metrics=[a_metric(drivers={"rec": ""})],
            ),
            "“Rollbacks” names the work stream “rec”, which doesn't exist: did you mean reco?",
        ),
        (
            lambda: a_scorecard(milestones=[a_milestone(title="Step", work_streams=["pde"])]),
            "“Step” names the work stream “pde”, which doesn't exist: there is none.",
        ),
        (
            lambda: a_scorecard(
                milestones=[a_milestone("step-2c"), a_milestone("pde")],
                phases=[a_phase(name="Later", after_milestones=["billing"])],
            ),
            "“Later” names the milestone “billing”, which doesn't exist: there is step-2c, pde.",
        ),
        (
            lambda: a_scorecard(
                phases=[a_phase("pde-steps"), a_phase(name="Late", after=["pde-step"])]
            ),
            "“Late” names the phase “pde-step”, which doesn't exist: did you mean pde-steps?",
        ),
        (
            lambda: a_scorecard(phases=[a_phase("a", name="A", after=["a"])]),
            "Phases can't wait for each other in a circle: A → A. Remove one of these needs.",
        ),
    ],
)
def test_a_scorecard_that_does_not_hang_together_is_refused(
    build: Callable[[], Scorecard], message: str
) -> None:
    with pytest.raises(BadInput) as refused:
        build()

    assert refused.value.message == message


def test_a_phase_and_a_milestone_may_share_a_key() -> None:
    scorecard = a_scorecard(
        milestones=[a_milestone("shore-up")],
        phases=[a_phase("shore-up"), a_phase("later", after_milestones=["shore-up"])],
    )

    assert set(scorecard.phases_by_key) == {"shore-up", "later"}


def test_work_streams_are_named_in_the_order_asked() -> None:
    assert the_real_scorecard().stream_names(["recompute-engine", "pde"]) == (
        "Recompute engine",
        "Pde",
    )


# --- finding a metric ------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Rollbacks", "rollbacks"),
        ("rollbacks/day", "rollbacks"),
        ("BAD DEBT", "bad-debt"),
        ("disagreeing", "disagreeing-accounts"),
        ("invoice-coverage", "invoice-coverage"),
        ("Dunning code", "dunning-code-paths"),
    ],
)
def test_a_metric_is_found_however_it_is_typed(typed: str, key: str) -> None:
    assert the_real_scorecard().metric(typed).key == key


def test_a_metric_that_is_not_there_is_answered_with_those_that_come_close() -> None:
    with pytest.raises(NotFound) as missing:
        the_real_scorecard().metric("rolbaks")

    assert missing.value.message == (
        "There is no metric “rolbaks” in Billing. Did you mean rollbacks?"
    )
    assert missing.value.suggestions == ("rollbacks",)
    assert missing.value.field == "metric"


def test_where_nothing_comes_close_all_metrics_are_named() -> None:
    with pytest.raises(NotFound, match=r"There are errors, waits\.$"):
        a_scorecard(metrics=[a_metric("errors"), a_metric("waits")]).metric("xyz")
    with pytest.raises(NotFound, match="It has no metrics yet"):
        a_scorecard().metric("xyz")


# --- the snapshot ----------------------------------------------------------


def the_real_snapshot() -> Snapshot:
    return take_snapshot(the_real_scorecard(), the_real_readings(), NOW)


def test_the_real_scorecard_has_closed_four_fifths_of_the_way() -> None:
    snapshot = the_real_snapshot()

    assert round(known(snapshot.progress).number, 4) == Decimal("0.8094")
    assert format_share(known(snapshot.progress)) == "~81%"
    assert snapshot.at_target == 0
    assert not snapshot.goal_reached
    assert {state.status for state in snapshot.metrics} == {Status.NO_PACE}
    assert not any(state.is_stale for state in snapshot.metrics)


def test_the_real_scorecard_has_gained_nothing_known_in_its_first_week() -> None:
    snapshot = the_real_snapshot()

    assert all(state.week is None for state in snapshot.metrics)
    assert known(snapshot.progress_gained).number == 0
    assert known(snapshot.progress_gained).is_exact


def test_the_next_week_gains_what_its_metrics_gained() -> None:
    readings = the_real_readings()
    readings["dunning-code-paths"] += some_readings(
        ("2026-03-20", "2"), metric="dunning-code-paths"
    )
    later = take_snapshot(the_real_scorecard(), readings, NOW + timedelta(days=7))

    assert known(later.progress_gained).number == Decimal("0.25") / 5
    before = the_real_snapshot()
    assert known(later.progress).number - known(before.progress).number == Decimal("0.05")


def test_what_goes_beyond_the_target_is_no_gain() -> None:
    scorecard = a_scorecard(metrics=[a_metric()])
    readings = {"rollbacks": some_readings(("2026-03-01", "0"), ("2026-03-15", "-98"))}
    snapshot = take_snapshot(scorecard, readings, NOW)

    week = snapshot.state("rollbacks").week
    assert week is not None
    assert known(week.share).number == Decimal("0.5")
    assert known(snapshot.progress_gained).number == 0


def test_a_loss_is_a_negative_gain() -> None:
    scorecard = a_scorecard(metrics=[a_metric(), a_metric("waits")])
    readings = {"rollbacks": some_readings(("2026-03-01", "~98"), ("2026-03-15", "147"))}
    gained = known(take_snapshot(scorecard, readings, NOW).progress_gained)

    assert gained.number == Decimal("-0.125")
    assert not gained.is_exact


def test_a_metric_without_a_reading_counts_as_not_begun() -> None:
    scorecard = a_scorecard(metrics=[a_metric(), a_metric("waits")])
    snapshot = take_snapshot(scorecard, {"rollbacks": [a_reading("98")]}, NOW)
    waits = snapshot.state("waits")

    assert known(snapshot.progress).number == Decimal("0.25")
    assert (waits.current, waits.progress, waits.week) == (None, None, None)
    assert waits.status is Status.NO_PACE
    assert waits.is_stale


def test_the_goal_is_reached_when_every_metric_is_at_target() -> None:
    at_target = {metric.key: [a_reading(f"{metric.target}")] for metric in REAL_METRICS}
    snapshot = take_snapshot(the_real_scorecard(), at_target, NOW)
    one_short = at_target | {"rollbacks": [a_reading("1")]}

    assert snapshot.goal_reached
    assert snapshot.at_target == 5
    assert format_share(known(snapshot.progress)) == "~100%"  # the baseline 5+ is no exact start
    assert not take_snapshot(the_real_scorecard(), one_short, NOW).goal_reached
    assert not take_snapshot(a_scorecard(), {}, NOW).goal_reached


def test_a_snapshot_shows_its_instant_and_nothing_later() -> None:
    readings = {"rollbacks": some_readings(("2026-03-10", "20"), ("2026-03-17", "5"))}
    state = take_snapshot(a_scorecard(metrics=[a_metric()]), readings, NOW).state("rollbacks")

    assert state.current == readings["rollbacks"][0]


def test_a_snapshot_may_look_back_to_another_day_than_a_week_ago() -> None:
    readings = {"rollbacks": some_readings(("2026-02-01", "60"), ("2026-03-10", "20"))}
    scorecard = a_scorecard(metrics=[a_metric()])
    since = an_instant("2026-03-12")

    movement = take_snapshot(scorecard, readings, NOW, since).state("rollbacks").week
    assert movement is not None
    assert movement.change.number == 0
    assert take_snapshot(scorecard, readings, NOW).since == NOW - timedelta(days=7)


def test_today_is_the_day_where_the_scorecard_is() -> None:
    snapshot = take_snapshot(a_scorecard(), {}, an_instant("2026-03-16 23:30"))

    assert snapshot.today == date(2026, 3, 17)


def test_a_snapshot_tells_where_each_phase_stands() -> None:
    scorecard = a_scorecard(
        milestones=[a_milestone("shore-up")],
        phases=[a_phase("one-code-path", after_milestones=["shore-up"]), a_phase("pde")],
    )
    statuses = [outlook.status for outlook in take_snapshot(scorecard, {}, NOW).phases]

    assert statuses == [PhaseStatus.BLOCKED, PhaseStatus.READY]


def test_a_state_is_asked_for_by_its_key() -> None:
    with pytest.raises(KeyError):
        the_real_snapshot().state("weather")

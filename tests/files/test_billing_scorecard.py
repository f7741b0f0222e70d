"""The billing team's scorecard, whole: its figures, its references, its roadmap."""

from datetime import UTC, date, datetime
from pathlib import Path

import app.demo
from app.domain.metrics import Reading, progress
from app.domain.milestones import MilestoneStatus
from app.domain.roadmap import PhaseStatus
from app.domain.scorecards import take_snapshot
from app.domain.values import format_share, format_value
from app.files import read_scorecard_path
from tests.builders import known

SCORECARD, READINGS = read_scorecard_path(
    Path(app.demo.__file__).with_name("billing.yaml")
).to_domain()

ASSUMED = datetime(2026, 3, 16, tzinfo=UTC)


def test_it_is_the_billing_scorecard() -> None:
    assert (SCORECARD.key, SCORECARD.name) == ("billing", "Billing Platform")
    assert SCORECARD.zone.key == "UTC"
    assert SCORECARD.goal
    assert SCORECARD.possibilities == ()


def test_each_metric_has_its_baseline_current_value_and_target() -> None:
    current = {reading.metric: reading.value for reading in READINGS}
    shown = [
        (
            metric.key,
            metric.name,
            metric.shown(metric.baseline.value),
            metric.shown(current[metric.key]),
            metric.shown_target,
            format_share(known(progress(metric, current[metric.key]))),
        )
        for metric in SCORECARD.metrics
    ]
    assert shown == [
        ("rollbacks", "Rollbacks / day", "196", "~12", "0", "~94%"),
        ("bad-debt", "Bad debt from upgrades", "48 / day", "~3 / day", "0 / day", "~94%"),
        ("disagreeing-accounts", "Disagreeing accounts", "691", "~40", "0", "~94%"),
        ("invoice-coverage", "Invoice coverage", "19%", "~78%", "100%", "~73%"),
        ("dunning-paths", "Dunning code paths", "5+", "3", "1", "~50%"),
    ]


def test_baselines_and_current_values_have_their_dates() -> None:
    starts = {(metric.baseline.label, metric.baseline.on) for metric in SCORECARD.metrics}
    assert starts == {("Q3 '25", date(2025, 9, 30))}
    assert [(reading.metric, reading.at) for reading in READINGS] == [
        (metric.key, ASSUMED) for metric in SCORECARD.metrics
    ]


def test_no_target_date_and_no_owner_is_made_up() -> None:
    assert {(metric.target_on, metric.owner) for metric in SCORECARD.metrics} == {(None, None)}


def test_values_carry_their_units() -> None:
    units = {key: metric.unit for key, metric in SCORECARD.metrics_by_key.items()}
    assert units == {
        "rollbacks": "/ day",
        "bad-debt": "/ day",
        "disagreeing-accounts": "accounts",
        "invoice-coverage": "%",
        "dunning-paths": "paths",
    }
    start = SCORECARD.metrics_by_key["dunning-paths"].baseline.value
    assert format_value(start, "paths") == "5+ paths"


def test_each_metric_traces_to_its_work_streams() -> None:
    drivers = {
        metric.key: [(driver.work_stream, driver.focus) for driver in metric.drivers]
        for metric in SCORECARD.metrics
    }
    assert drivers == {
        "rollbacks": [("pde", "remaining off-session flows")],
        "bad-debt": [("pde", "reversal logic elimination")],
        "disagreeing-accounts": [("recompute-engine", "edge case coverage")],
        "invoice-coverage": [("recompute-engine", ""), ("domain-events", "")],
        "dunning-paths": [("one-code-path", "full consolidation")],
    }
    assert SCORECARD.stream_names(SCORECARD.streams_by_key) == (
        "PDE",
        "Recompute engine",
        "Domain events",
        "One Code Path",
    )


def test_twelve_milestones_are_told_of_and_four_more_are_needed() -> None:
    statuses = [milestone.status for milestone in SCORECARD.milestones]
    shipped, in_progress = MilestoneStatus.SHIPPED, MilestoneStatus.IN_PROGRESS
    assert (
        statuses
        == [shipped] * 8 + [in_progress] * 2 + [shipped] * 2 + [MilestoneStatus.PLANNED] * 4
    )
    assert [milestone.title for milestone in SCORECARD.milestones[12:]] == [
        "PDE step 2c",
        "PDE step 2d",
        "Shore Up",
        "Checkout V1 stable",
    ]


def test_the_one_date_that_is_known_is_that_of_dunning_reliability() -> None:
    dated = {m.key: m.due_on for m in SCORECARD.milestones if m.due_on is not None}
    assert dated == {"dunning-reliability": date(2026, 3, 28)}
    assert all(milestone.shipped_on is None for milestone in SCORECARD.milestones)


def test_counts_of_tickets_and_merge_requests_are_kept() -> None:
    milestones = SCORECARD.milestones_by_key
    assert "13 tickets" in milestones["pay-first-on-session"].detail
    assert "196" in milestones["pay-first-on-session"].detail
    assert "55 MRs" in milestones["stabilisation"].detail
    assert milestones["stabilisation"].tickets == ("BILLACCT-1185",)


def test_the_roadmap_has_five_phases_that_wait_for_named_things() -> None:
    snapshot = take_snapshot(SCORECARD, {}, ASSUMED)
    roadmap = [
        (phase.phase.name, str(phase.phase.window), [blocker.name for blocker in phase.blocked_by])
        for phase in snapshot.phases
    ]
    assert roadmap == [
        ("PDE Steps 3–4", "Q2 2026", ["PDE step 2c", "PDE step 2d"]),
        ("Deferred Collection", "Q2 2026", ["PDE Steps 3–4"]),
        ("One Code Path", "Q2–Q3 2026", ["Shore Up"]),
        ("Checkout V2", "Q3 2026", ["Deferred Collection", "Checkout V1 stable"]),
        ("Stripe Consolidation", "Q3 2026", ["PDE Steps 3–4", "One Code Path"]),
    ]
    assert {phase.status for phase in snapshot.phases} == {PhaseStatus.BLOCKED}


def test_no_metric_is_at_its_target_yet() -> None:
    readings = {
        reading.metric: [
            Reading(1, reading.metric, reading.value, reading.at, reading.at, "billing.yaml")
        ]
        for reading in READINGS
    }
    snapshot = take_snapshot(SCORECARD, readings, ASSUMED)
    assert snapshot.at_target == 0
    assert format_share(known(snapshot.progress)) == "~81%"

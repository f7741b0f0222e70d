"""`kpi show`: what programs rely on, and what people read."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kpi

pytestmark = pytest.mark.usefixtures("billing")


def _metric(kpi: Kpi, key: str) -> dict[str, Any]:
    [found] = [metric for metric in kpi("show", "--json").data["metrics"] if metric["key"] == key]
    return dict(found)


def test_the_scorecard_has_the_fields_that_programs_rely_on(kpi: Kpi) -> None:
    data = kpi("show", "--json").data
    assert list(data) == [
        "key",
        "name",
        "goal",
        "at_target",
        "progress",
        "metrics",
        "milestones",
        "phases",
    ]
    assert (data["key"], data["name"], data["at_target"]) == ("billing", "Billing Platform", 0)
    assert data["goal"].startswith("Money and account state stop contradicting each other.")
    assert [list(metric) for metric in data["metrics"]] == 5 * [
        [
            "key",
            "name",
            "unit",
            "kind",
            "direction",
            "baseline",
            "current",
            "target",
            "progress",
            "drivers",
            "pace",
            "status",
            "status_reason",
            "source",
        ]
    ]


def test_a_metric_has_its_values_as_exact_decimals_with_qualifier_label_and_time(kpi: Kpi) -> None:
    coverage = _metric(kpi, "invoice-coverage")
    assert coverage | {"progress": "", "status_reason": ""} == {
        "key": "invoice-coverage",
        "name": "Invoice coverage",
        "unit": "%",
        "kind": "reach",
        "direction": "up",
        "baseline": {
            "value": "19",
            "qualifier": "exact",
            "label": "Q3 '25",
            "at": "2025-09-30",
        },
        "current": {
            "value": "78",
            "qualifier": "about",
            "label": None,
            "at": "2026-03-16T00:00:00+00:00",
        },
        "target": {"value": "100", "qualifier": "exact", "label": None, "at": None},
        "progress": "",
        "drivers": [
            {"work_stream": "Recompute engine", "focus": ""},
            {"work_stream": "Domain events", "focus": ""},
        ],
        "pace": {
            "needed": None,
            "seen": {"value": "2.473054", "qualifier": "about"},
            "seen_over_days": 167.0,
        },
        "status": "no_pace",
        "status_reason": "",
        "source": None,
    }
    assert coverage["status_reason"]


def test_qualifiers_directions_and_drivers_of_all_metrics(kpi: Kpi) -> None:
    rows = [
        (
            metric["key"],
            metric["direction"],
            metric["baseline"]["value"],
            metric["baseline"]["qualifier"],
            metric["current"]["value"],
            metric["current"]["qualifier"],
            metric["target"]["value"],
        )
        for metric in kpi("show", "--json").data["metrics"]
    ]
    assert rows == [
        ("rollbacks", "down", "196", "exact", "12", "about", "0"),
        ("bad-debt", "down", "48", "exact", "3", "about", "0"),
        ("disagreeing-accounts", "down", "691", "exact", "40", "about", "0"),
        ("invoice-coverage", "up", "19", "exact", "78", "about", "100"),
        ("dunning-paths", "down", "5", "at_least", "3", "exact", "1"),
    ]
    assert _metric(kpi, "dunning-paths")["drivers"] == [
        {"work_stream": "One Code Path", "focus": "full consolidation"}
    ]


def test_progress_is_an_unrounded_share_of_one(kpi: Kpi) -> None:
    data = kpi("show", "--json").data
    progress = {metric["key"]: metric["progress"] for metric in data["metrics"]}
    for key, share in {
        "rollbacks": Decimal(184) / 196,
        "bad-debt": Decimal(45) / 48,
        "disagreeing-accounts": Decimal(651) / 691,
        "invoice-coverage": Decimal(59) / 81,
        "dunning-paths": Decimal(2) / 4,
    }.items():
        assert abs(Decimal(progress[key]) - share) < Decimal("0.0000005"), key
    mean = sum(map(Decimal, progress.values()), Decimal()) / 5
    assert abs(Decimal(data["progress"]) - mean) < Decimal("0.0000005")


@pytest.mark.parametrize(("value", "progress"), [("-3", "1"), ("0", "1"), ("245", "-0.25")])
def test_progress_is_at_most_one_and_may_be_negative(kpi: Kpi, value: str, progress: str) -> None:
    assert kpi("record", "rollbacks", value).status == 0
    assert _metric(kpi, "rollbacks")["progress"] == progress


def test_a_metric_without_a_reading_has_no_current_value_and_no_progress(
    kpi: Kpi, tmp_path: Path
) -> None:
    file = tmp_path / "tiny.yaml"
    file.write_text(
        "{key: tiny, name: Tiny, goal: Less, metrics: [{key: errors, name: Errors, "
        "baseline: {value: 0.50, label: Q1, on: 2026-01-01}, target: 0.1}]}"
    )
    assert kpi("load", str(file)).status == 0
    data = kpi("show", "--json", "--scorecard", "tiny").data
    [errors] = data["metrics"]
    assert (errors["current"], errors["progress"], errors["drivers"]) == (None, None, [])
    assert (errors["baseline"]["value"], errors["target"]["value"]) == ("0.50", "0.1")
    assert (data["progress"], data["milestones"], data["phases"]) == ("0", [], [])


def test_milestones_have_state_dates_and_work_streams(kpi: Kpi) -> None:
    milestones = {each["key"]: each for each in kpi("show", "--json").data["milestones"]}
    assert len(milestones) == 16
    assert milestones["dunning-reliability"] == {
        "key": "dunning-reliability",
        "title": "Reliable dunning on the recompute engine",
        "status": "in_progress",
        "shipped_on": None,
        "due_on": "2026-03-28",
        "work_streams": ["Recompute engine"],
    }
    assert milestones["single-checkout"]["status"] == "shipped"
    assert milestones["shore-up"]["status"] == "planned"


def test_phases_have_window_status_and_what_blocks_them(kpi: Kpi) -> None:
    phases = kpi("show", "--json").data["phases"]
    assert [
        (each["key"], each["window"], each["status"], each["blocked_by"]) for each in phases
    ] == [
        ("pde-steps-3-4", "Q2 2026", "blocked", ["pde-step-2c", "pde-step-2d"]),
        ("deferred-collection", "Q2 2026", "blocked", ["pde-steps-3-4"]),
        ("one-code-path", "Q2–Q3 2026", "blocked", ["shore-up"]),
        ("checkout-v2", "Q3 2026", "blocked", ["deferred-collection", "checkout-v1-stable"]),
        ("stripe-consolidation", "Q3 2026", "blocked", ["pde-steps-3-4", "one-code-path"]),
    ]


def test_people_read_the_whole_scorecard(kpi: Kpi) -> None:
    shown = kpi("show")
    assert shown.status == 0
    for words in ("0 of 5 at target, ~81%", "disagreeing-accounts", "~78%", "Q2–Q3 2026"):
        assert words in shown.out
    assert "…" not in shown.out


def test_one_metric_with_its_drivers_and_readings(kpi: Kpi) -> None:
    assert kpi("record", "rollbacks", "~9", "--note", "after the fix").status == 0
    shown = kpi("show", "Rollb").out
    for words in ("~9", "196 (Q3 '25)", "PDE: remaining off-session flows", "after the fix"):
        assert words in shown
    data = kpi("show", "rollbacks", "--json").data
    assert data["current"]["value"] == "9"
    assert [reading["value"] for reading in data["readings"]] == ["9", "12"]

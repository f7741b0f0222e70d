"""A snapshot as JSON-ready data: the form that programs rely on."""

from decimal import Decimal
from typing import Any

from app.domain.metrics import Metric, Reading
from app.domain.milestones import Milestone
from app.domain.roadmap import PhaseOutlook
from app.domain.scorecards import MetricState, Scorecard, Snapshot
from app.domain.values import Value


def scorecard_data(snapshot: Snapshot) -> dict[str, Any]:
    """The whole scorecard.

    Numbers are strings of exact decimals; a share is one of 1, unrounded. Work
    streams go by name, what blocks a phase by its key.
    """
    scorecard = snapshot.scorecard
    return {
        "key": scorecard.key,
        "name": scorecard.name,
        "goal": scorecard.goal,
        "at_target": snapshot.at_target,
        "progress": _number(snapshot.progress.number) if snapshot.progress else None,
        "metrics": [metric_data(state, scorecard) for state in snapshot.metrics],
        "milestones": [_milestone_data(item, scorecard) for item in scorecard.milestones],
        "phases": [_phase_data(outlook) for outlook in snapshot.phases],
    }


def metric_data(state: MetricState, scorecard: Scorecard) -> dict[str, Any]:
    """One metric with where it stands."""
    metric = state.metric
    return {
        "key": metric.key,
        "name": metric.name,
        "unit": metric.unit,
        "kind": metric.kind.value,
        "direction": metric.direction.value if metric.direction else None,
        "baseline": _baseline_data(metric),
        "current": reading_data(state.current),
        "target": _target_data(metric),
        "progress": _number(state.progress.number) if state.progress else None,
        "drivers": [
            {
                "work_stream": scorecard.streams_by_key[driver.work_stream].name,
                "focus": driver.focus,
            }
            for driver in metric.drivers
        ],
        "status": state.status.value,
        "status_reason": state.verdict.reason,
    }


def reading_data(reading: Reading | None) -> dict[str, Any] | None:
    if reading is None:
        return None
    return _value_data(reading.value, label=None, at=reading.at.isoformat())


def _baseline_data(metric: Metric) -> dict[str, Any]:
    baseline = metric.baseline
    return _value_data(baseline.value, label=baseline.label, at=baseline.on.isoformat())


def _target_data(metric: Metric) -> dict[str, Any] | None:
    if metric.target is None:
        return None
    at = metric.target_on.isoformat() if metric.target_on else None
    return _value_data(Value(metric.target), label=None, at=at)


def _value_data(value: Value, *, label: str | None, at: str | None) -> dict[str, Any]:
    return {
        "value": _number(value.number),
        "qualifier": value.qualifier.value,
        "label": label,
        "at": at,
    }


def _milestone_data(milestone: Milestone, scorecard: Scorecard) -> dict[str, Any]:
    return {
        "key": milestone.key,
        "title": milestone.title,
        "status": milestone.status.value,
        "shipped_on": milestone.shipped_on.isoformat() if milestone.shipped_on else None,
        "due_on": milestone.due_on.isoformat() if milestone.due_on else None,
        "work_streams": list(scorecard.stream_names(milestone.work_streams)),
    }


def _phase_data(outlook: PhaseOutlook) -> dict[str, Any]:
    return {
        "key": outlook.phase.key,
        "name": outlook.phase.name,
        "window": outlook.phase.window.text,
        "status": outlook.status.value,
        "blocked_by": [blocker.need.key for blocker in outlook.blocked_by],
    }


def _number(number: Decimal) -> str:
    return f"{number:f}"

"""A snapshot as JSON-ready data: the form that programs rely on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from app.domain.access import Token
from app.domain.forecasts import Forecast
from app.domain.metrics import Metric, Reading
from app.domain.milestones import Milestone
from app.domain.outcomes import MetricHistory
from app.domain.roadmap import PhaseOutlook
from app.domain.scorecards import MetricState, Scorecard, Snapshot
from app.domain.sources import SourceState
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
        "pace": {
            "needed": change_data(state.pace.needed),
            "seen": change_data(state.pace.seen),
            "seen_over_days": _days(state.pace.seen_over),
        },
        "status": state.status.value,
        "status_reason": state.verdict.reason,
        "source": source_data(state),
    }


def history_data(history: MetricHistory) -> dict[str, Any]:
    """One metric with its forecast and its last readings, the newest first.

    `forecast` is null where there is none: at the target, without one, too early, or stale.
    """
    return {
        **metric_data(history.state, history.snapshot.scorecard),
        "forecast": forecast_data(history.prospect.forecast),
        "readings": [reading_data(reading) for reading in history.readings],
    }


def sources_data(snapshots: Sequence[Snapshot]) -> dict[str, Any]:
    """The metrics that a source feeds, and how that goes."""
    return {
        "sources": [
            {
                "scorecard": snapshot.scorecard.key,
                "metric": state.metric.key,
                **(source_data(state) or {}),
            }
            for snapshot in snapshots
            for state in snapshot.metrics
            if state.metric.source
        ]
    }


def source_data(state: MetricState) -> dict[str, Any] | None:
    """What a metric is fed by, and how that goes; null for one without a source.

    `failing_since` and `reason` are null while it answers.
    """
    source, goes = state.metric.source, state.source or SourceState()
    if source is None:
        return None
    return {
        "kind": source.question.kind.value,
        "every": str(source.every),
        "asked_at": _instant(goes.asked_at),
        "failing_since": _instant(goes.failing_since),
        "reason": goes.reason or None,
    }


def tokens_data(tokens: Sequence[Token]) -> dict[str, Any]:
    """The tokens, without anything secret."""
    return {
        "tokens": [
            {
                "id": token.id,
                "name": token.name,
                "writes": token.writes,
                "scorecards": list(token.scorecards),
                "made_by": token.made_by,
                "made_at": token.made_at.isoformat(),
                "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
            }
            for token in tokens
        ]
    }


def forecast_data(found: object) -> dict[str, Any] | None:
    """`chance` is that of being at the target in time; four of five futures get there between
    `earliest` and `latest`, which are null where they never do."""
    if not isinstance(found, Forecast):
        return None
    return {
        "chance": None if found.chance is None else round(found.chance, 4),
        "earliest": _instant(found.earliest),
        "median": _instant(found.median),
        "latest": _instant(found.latest),
        "readings": found.readings,
        "since": found.since.isoformat(),
    }


def _instant(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="minutes") if instant else None


def change_data(change: Value | None) -> dict[str, Any] | None:
    """A movement a week, in the metric's unit, with more digits than anybody reads."""
    if change is None:
        return None
    return {"value": _number(round(change.number, 6)), "qualifier": change.qualifier.value}


def _days(span: timedelta | None) -> float | None:
    return None if span is None else round(span / timedelta(days=1), 3)


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

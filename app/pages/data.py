"""The progress page for programs: JSON-ready data with the same figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from app.documents.data import change_data, forecast_data, scorecard_data
from app.domain.metrics import Movement
from app.domain.milestones import Effect, Milestone
from app.domain.outcomes import MetricHistory, Report
from app.domain.roadmap import PhaseOutlook
from app.domain.schedules import Schedule, schedule
from app.domain.values import Value


def report_data(report: Report) -> dict[str, Any]:
    """A report, as docs/progress-page.md describes it.

    Numbers are strings of exact decimals with their qualifier beside them, a share is one of 1,
    instants and days are in ISO 8601, and parts refer to each other by key.
    """
    snapshot = report.snapshot
    scorecard = snapshot.scorecard
    known = scorecard_data(snapshot)
    planned = schedule(scorecard.phases, scorecard.milestones_by_key, snapshot.today)
    around = _around(report)
    return {
        "as_of": snapshot.as_of.isoformat(),
        "since": snapshot.since.isoformat(),
        "zone": scorecard.zone.key,
        **known,
        "judged": len(snapshot.judged),
        "goal_reached": snapshot.goal_reached,
        "progress": _value(snapshot.progress),
        "progress_gained": _value(snapshot.progress_gained),
        "possibilities": list(scorecard.possibilities),
        "metrics": [
            {**data, **_metric(history)}
            for data, history in zip(known["metrics"], report.histories, strict=True)
        ],
        "milestones": [
            {
                **data,
                **_milestone(milestone, report.effects.get(milestone.key, ())),
                "around": around[milestone.key],
            }
            for data, milestone in zip(known["milestones"], scorecard.milestones, strict=True)
        ],
        "phases": [
            {**data, **_phase(outlook, planned)}
            for data, outlook in zip(known["phases"], snapshot.phases, strict=True)
        ],
        "roadmap_ends_on": planned.ends_on.isoformat() if planned.ends_on else None,
    }


def _value(value: Value | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"value": f"{value.number:f}", "qualifier": value.qualifier.value}


def _metric(history: MetricHistory) -> dict[str, Any]:
    state = history.state
    return {
        "standing": state.standing,
        "progress": _value(state.progress),
        "movement": _movement(state.week),
        "is_beyond_usual": history.prospect.is_exceeded,
        "is_stale": state.is_stale,
        "forecast": forecast_data(history.prospect.forecast),
    }


def _movement(moved: Movement | None) -> dict[str, Any] | None:
    """A movement, from when until when; None where one value alone is known."""
    if moved is None:
        return None
    return {
        "change": change_data(moved.change),
        "share": _value(moved.share),
        "from": moved.start.at.isoformat(),
        "to": moved.end.at.isoformat(),
    }


def _milestone(milestone: Milestone, effects: Iterable[Effect]) -> dict[str, Any]:
    return {
        "detail": milestone.detail,
        "links": list(milestone.links),
        "tickets": list(milestone.tickets),
        "moved": [
            {
                "metric": effect.metric.key,
                "before": _value(effect.before),
                "after": _value(effect.after.value),
                "change": change_data(effect.change),
            }
            for effect in effects
        ],
    }


def _around(report: Report) -> Mapping[str, list[dict[str, Any]]]:
    """What metrics did in the four weeks before each milestone and after it, by its key."""
    found = defaultdict(list)
    for history in report.histories:
        for tied in history.milestones:
            found[tied.milestone.key].append(
                {
                    "metric": history.state.metric.key,
                    "before": _movement(tied.before),
                    "after": _movement(tied.after),
                    "shared_with": [other.key for other in tied.shared_with],
                }
            )
    return found


def _phase(outlook: PhaseOutlook, planned: Schedule) -> dict[str, Any]:
    phase = outlook.phase
    timing = planned.timings.get(phase.key)
    return {
        "description": phase.description,
        "first_day": phase.window.first.isoformat(),
        "last_day": phase.window.last.isoformat(),
        "done_on": phase.done_on.isoformat() if phase.done_on else None,
        "needs": [{"kind": need.kind.value, "key": need.key} for need in phase.needs],
        "ends_on": timing.ends_on.isoformat() if timing else None,
    }

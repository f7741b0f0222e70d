"""What the charts are drawn from: made-up histories, and the billing scorecard with its quarter."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from app.demo.quarter import ROUNDS, with_quarter
from app.demo.stage import BILLING
from app.domain.associations import associations, on_line
from app.domain.metrics import Metric, Reading, baseline_fact, fact_of
from app.domain.milestones import Effect, Milestone
from app.domain.outcomes import MetricHistory
from app.domain.prospects import prospect
from app.domain.scorecards import Scorecard, Snapshot, take_snapshot
from app.domain.trajectories import Trajectory, trajectory
from app.domain.values import parse_value
from app.files import read_scorecard_path
from tests.builders import NOW, a_scorecard

THE_QUARTERS_END = datetime(2026, 3, 19, 9, tzinfo=UTC)


def a_history(
    metric: Metric,
    readings: Sequence[Reading] = (),
    milestones: Sequence[Milestone] = (),
    *,
    as_of: datetime = NOW,
) -> MetricHistory:
    """The history of the only metric of a scorecard with one work stream, `pde`."""
    scorecard = a_scorecard(
        metrics=[metric],
        milestones=milestones,
        work_streams=["pde"],
    )
    return history_of(scorecard, metric.key, {metric.key: readings}, as_of)


def history_of(
    scorecard: Scorecard, key: str, readings: Mapping[str, Sequence[Reading]], as_of: datetime
) -> MetricHistory:
    """The history of a metric as the bot would show it, with its trajectory."""
    snapshot = take_snapshot(scorecard, readings, as_of)
    metric, zone = scorecard.metrics_by_key[key], scorecard.zone
    known = in_order(readings.get(key, ()))
    effects = [
        Effect(metric, before.value if before else metric.baseline.value, reading)
        for before, reading in zip([None, *known], known, strict=False)
        if reading.milestone
    ]
    tied = on_line(metric, scorecard.milestones, effects)
    return MetricHistory(
        snapshot,
        snapshot.state(key),
        known[::-1],
        associations(metric, tied, effects, known, zone),
        prospect(metric, known, as_of, zone),
        trajectory_of(scorecard, metric, known),
    )


def trajectory_of(scorecard: Scorecard, metric: Metric, readings: Sequence[Reading]) -> Trajectory:
    start = baseline_fact(metric, scorecard.zone).at
    since = [reading for reading in in_order(readings) if fact_of(reading).at >= start]
    return trajectory(metric, since, scorecard.zone)


def in_order(readings: Sequence[Reading]) -> list[Reading]:
    return sorted(readings, key=lambda reading: (reading.at, reading.id))


def the_billing_quarter() -> tuple[Scorecard, dict[str, list[Reading]]]:
    """The real scorecard, with the readings that the demo fills its quarter with."""
    scorecard, filed = with_quarter(read_scorecard_path(BILLING)).to_domain()
    found: dict[str, list[Reading]] = {metric.key: [] for metric in scorecard.metrics}
    for entry in filed:
        _add(found, entry.metric, entry.at, milestone=entry.milestone, text=str(entry.value))
    for one in ROUNDS:
        for key, text in one.values.items():
            _add(found, key, one.at, text=text, note=one.note)
    return scorecard, found


def _add(
    found: dict[str, list[Reading]],
    metric: str,
    at: datetime,
    *,
    text: str,
    note: str = "",
    milestone: str | None = None,
) -> None:
    number = sum(map(len, found.values())) + 1
    value = parse_value(text.removesuffix("%"))
    found[metric].append(Reading(number, metric, value, at, at, "ana", note, milestone))


def the_billing_snapshot() -> tuple[Snapshot, list[Trajectory]]:
    scorecard, readings = the_billing_quarter()
    snapshot = take_snapshot(scorecard, readings, THE_QUARTERS_END)
    drawn = [trajectory_of(scorecard, each, readings[each.key]) for each in scorecard.metrics]
    return snapshot, drawn

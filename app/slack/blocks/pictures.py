"""Metrics as tables and charts that Slack draws."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.domain.metrics import Metric
from app.domain.outcomes import MetricHistory
from app.domain.scorecards import MetricState
from app.domain.trajectories import Point, Trajectory
from app.domain.values import Qualifier
from app.slack.blocks import figures, kit, native
from app.slack.blocks.kit import Block, escaped
from app.slack.blocks.sources import failing

COLUMNS = ("Metric", "Now", "Target", "Movement", "Way", "Status", "Pace")
READINGS = "readings"
LINE = "line to the target"
TARGET = "target"
LIMIT = "limit"
_SIGNS = {Qualifier.ABOUT: " (~)", Qualifier.AT_LEAST: " (+)"}


def metric_table(states: Sequence[MetricState], since: datetime) -> list[Block]:
    """Metrics with the figures that their lines have; empty without metrics."""
    rows = [_row(state, since) for state in states]
    return native.table("Metrics against their targets", COLUMNS, rows, rest="metrics")


def _row(state: MetricState, since: datetime) -> native.Row:
    words = (
        state.metric.name,
        native.literal(figures.current(state)),
        state.metric.shown_target,
        native.literal(figures.movement(state, since)),
    )
    return [
        *map(native.text_cell, words),
        _way_cell(state),
        native.text_cell(figures.beside(figures.status(state), failing(state))),
        native.text_cell(native.literal(figures.pace(state))),
    ]


def _way_cell(state: MetricState) -> Block:
    shown = native.literal(figures.share(state))
    if state.progress is None:
        return native.text_cell(shown)
    return native.number_cell(_percent(state), shown)


def ways_chart(states: Sequence[MetricState]) -> list[Block]:
    """The way closed by each metric that has one to go, where there are several and no more than
    Slack draws.

    A metric without a reading has closed none of it, as in the way closed overall.
    """
    states = [state for state in states if state.metric.way is not None]
    if not 1 < len(states) <= native.MOST_POINTS:
        return []
    labels = native.labels([f"{_share(state)} {state.metric.name}" for state in states])
    drawn = dict(zip(labels, map(_percent, states), strict=True))
    return [native.chart("bar", "Way closed from baseline to target", {"% of the way": drawn})]


def _share(state: MetricState) -> str:
    return native.literal(figures.share(state)) if state.progress else "–"


def _percent(state: MetricState) -> Decimal:
    return round(state.progress.number * 100, 1) if state.progress else Decimal(0)


def trajectory_chart(history: MetricHistory) -> list[Block]:
    """The readings of a metric beside the line to its target; empty where there is no reading.

    A value that isn't exact says so at its label: `16 Mar 26 (~)`.
    """
    points = {
        f"{day}{_SIGNS.get(point.value.qualifier, '')}": point
        for day, point in by_day(history).items()
    }
    if len(points) < 2 or history.trajectory is None:
        return []
    metric = history.state.metric
    line = {label: point.line for label, point in points.items() if point.line is not None}
    series = {
        READINGS: {label: point.value.number for label, point in points.items()},
        **({_line_name(metric): line} if line else {}),
    }
    chart = native.chart("line", _title(history.trajectory), series, y_label=metric.unit)
    return [chart, kit.context(_legend(history.trajectory))]


def _line_name(metric: Metric) -> str:
    if metric.target_on:
        return LINE
    return TARGET if metric.way is not None else LIMIT


def by_day(history: MetricHistory) -> dict[str, Point]:
    """The points of a trajectory by day, or by minute where a day has several.

    Of those within a minute the last counts, as everywhere.
    """
    points = history.trajectory.points if history.trajectory else ()
    zone = history.snapshot.scorecard.zone
    days = {_local(point, zone).date() for point in points}
    form = "%d %b %y" if len(days) == len(points) else "%d %b %y %H:%M"
    return {f"{_local(point, zone):{form}}": point for point in points}


def _local(point: Point, zone: ZoneInfo) -> datetime:
    return point.at.astimezone(zone)


def _title(trajectory: Trajectory) -> str:
    """The name and the figures at both ends; figures are never cut, a name that is long is."""
    metric, points = trajectory.metric, trajectory.points
    ends = f": {metric.shown(points[0].value)} → {metric.shown(points[-1].value)}"
    room = native.MOST_CHART_TITLE_LENGTH - len(ends)
    return f"{kit.shortened(metric.name, room)}{ends}" if room > 10 else metric.name


def _legend(trajectory: Trajectory) -> str:
    metric = trajectory.metric
    start = f"{metric.shown(metric.baseline.value)} ({metric.baseline.label})"
    if metric.target_on:
        by = f" by {kit.calendar_day(metric.target_on)}"
        told = [f"The line leads from {escaped(start)} to {escaped(metric.shown_target)}{by}."]
    elif metric.way is not None:
        told = [f"From {escaped(start)}; no target date is set."]
    else:
        told = [f"From {escaped(start)}; {escaped(metric.spoken_target)}."]
    if any(not point.value.is_exact for point in trajectory.points):
        told.append("(~) is about, (+) at least.")
    if not trajectory.is_whole:
        told.append("Of its many readings some are shown, evenly over time.")
    return " ".join(told)

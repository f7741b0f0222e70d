"""Figures in words, the same on every surface; each surface escapes them in its own way."""

from datetime import datetime, timedelta

from app.domain.associations import Association
from app.domain.metrics import WEEK, Metric, Movement
from app.domain.prospects import Prospect
from app.domain.scorecards import MetricState, Snapshot
from app.domain.values import Value, difference, format_change, format_share, rounded


def headline(snapshot: Snapshot) -> str:
    """`2 of 5 at target · ~84% of the way`; only what has a target is counted."""
    parts = [f"{snapshot.at_target} of {len(snapshot.judged)} at target"]
    if snapshot.progress is not None:
        parts.append(f"{format_share(snapshot.progress)} of the way")
    return " · ".join(parts)


def gained(snapshot: Snapshot) -> str:
    """How much of the way the period closed: `~+2.3 points this week`; empty for none."""
    gained_share = snapshot.progress_gained
    if gained_share is None:
        return ""
    points = rounded(Value(gained_share.number * 100, gained_share.qualifier))
    return f"{format_change(points, '%')} this week" if points.number else ""


def movement(state: MetricState, since: datetime) -> str:
    """How a metric moved in a period, in its unit: `~−3 this week`, `no new reading`."""
    moved = state.week
    if state.current is None:
        return "no reading yet"
    if moved is None:
        return "first reading"
    if not moved.span:
        return "no new reading"
    return f"{change(state.metric, moved)} {_span(moved, since)}"


def _span(moved: Movement, since: datetime) -> str:
    """`this week`, unless the movement began well before the period did."""
    if moved.start.at >= since - timedelta(days=7):
        return "this week"
    return f"since {moved.start.at:%d %b %Y}"


def judged_movement(state: MetricState, since: datetime, expected: Prospect) -> str:
    """The movement, and whether it is more than this metric usually moves:
    `~−30 this week, beyond the usual ~±12 a week`."""
    moved = movement(state, since)
    if not expected.is_exceeded or state.week is None or not state.week.span:
        return moved
    return f"{moved}, {expected.exceeded_in_words(state.metric)}"


def change(metric: Metric, moved: Movement) -> str:
    """`~−3`, or `unchanged`."""
    return metric.shown_change(moved.change) if moved.change.number else "unchanged"


def before_and_after(metric: Metric, before: Value, after: Value) -> str:
    """`~12 → ~9, ~−3`; every `~` stands behind a blank."""
    moved = difference(after, before)
    shown = f", {metric.shown_change(moved)}" if moved.number else ""
    return f"{metric.shown(before)} → {metric.shown(after)}{shown}"


def turn(metric: Metric, *, is_reached: bool) -> str:
    """That a metric has reached its target or fallen back from it; of a limit, that it is kept
    again or broken: `has reached its target of 0`, `has broken its limit, at most 2%`."""
    if metric.way is not None:
        verb = "has reached" if is_reached else "has fallen back from"
        return f"{verb} its target of {metric.shown_target}"
    verb = "is back within" if is_reached else "has broken"
    return f"{verb} its limit, {metric.spoken_target}"


def moves_around(metric: Metric, tied: Association) -> str:
    """`~12 → ~9; −4 in 4 weeks before, −12 in 3 weeks after`.

    Empty where nothing is known of the weeks around the milestone.
    """
    parts = []
    if tied.effect is not None:
        before, after = metric.shown(tied.effect.before), metric.shown(tied.effect.after.value)
        parts.append(f"{before} → {after}")
    around = [(tied.before, "before"), (tied.after, "after")]
    moves = [_in_weeks(metric, moved, when) for moved, when in around if moved is not None]
    parts += [", ".join(moves)] if moves else []
    return "; ".join(parts)


def _in_weeks(metric: Metric, moved: Movement, when: str) -> str:
    """`−4 in 4 weeks before`."""
    if not moved.span:
        return f"no reading {when}"
    weeks = max(1, round(moved.span / WEEK))
    span = "1 week" if weeks == 1 else f"{weeks} weeks"
    return f"{change(metric, moved)} in {span} {when}"

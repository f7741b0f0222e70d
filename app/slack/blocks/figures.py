"""Figures in words and signs, the same on every screen. All of it is mrkdwn."""

from collections.abc import Sequence
from datetime import datetime

from app.domain import wording
from app.domain.metrics import Metric
from app.domain.milestones import Effect
from app.domain.prospects import Prospect
from app.domain.scorecards import MetricState, Snapshot, progress_of
from app.domain.statuses import Status
from app.domain.values import Value, format_bar, format_share
from app.slack.blocks.kit import bold, escaped

STATUS_SIGNS = {
    Status.AT_TARGET: "✓",
    Status.ON_TRACK: "▲",
    Status.AT_RISK: "◆",
    Status.OFF_TRACK: "▼",
    Status.NO_PACE: "–",
    Status.STALE: "◷",
}


def status(state: MetricState) -> str:
    """Sign and word: `▲ on track`."""
    return f"{STATUS_SIGNS[state.status]} {state.standing}"


def way(state: MetricState) -> str:
    """The way closed as a bar and a share: `█████████░ ~94%`; empty where there is none to go."""
    return bar(state.metric, state.progress)


def bar(metric: Metric, progress: Value | None) -> str:
    return "" if metric.way is None else f"{format_bar(progress)} {_share(progress)}"


def share(state: MetricState) -> str:
    """`~94%`; empty where there is no way to go."""
    return "" if state.metric.way is None else _share(state.progress)


def way_in_words(state: MetricState) -> str:
    """`~94% of the way`; empty where there is none to go."""
    return f"{share(state)} of the way" if share(state) else ""


def _share(progress: Value | None) -> str:
    return escaped(format_share(progress)) if progress else "no reading"


def share_of_all(states: Sequence[MetricState]) -> str:
    """The way closed by several metrics: `~84%`; empty where none has one to go."""
    progress = progress_of(states)
    return escaped(format_share(progress)) if progress else ""


def beside(*parts: str) -> str:
    """Parts of a line side by side, without the empty ones: `█████████░ ~94% · ▲ on track`."""
    return " · ".join(filter(None, parts))


def in_a_row(*parts: str) -> str:
    """The same as words read aloud: `target 0, ~94% of the way, on track`."""
    return ", ".join(filter(None, parts))


def current(state: MetricState) -> str:
    return escaped(state.metric.shown(state.current.value)) if state.current else "no reading"


def target(state: MetricState) -> str:
    """`target 0`, `limit ≤ 2%`, `no target`."""
    metric = state.metric
    if not metric.has_target:
        return "no target"
    return f"{'limit' if metric.way is None else 'target'} {escaped(metric.shown_target)}"


def movement(state: MetricState, since: datetime) -> str:
    """How a metric moved in a period, in its unit: `~−3 this week`, `no new reading`."""
    return escaped(wording.movement(state, since))


def pace(state: MetricState) -> str:
    """`needs ~−2.0 a week, seen ~−3.1 over 4 weeks`; empty where neither is known."""
    return escaped(state.pace.in_words(state.metric.unit))


def judged_movement(state: MetricState, since: datetime, expected: Prospect) -> str:
    """The movement, and whether it is more than this metric usually moves:
    `~−30 this week, beyond the usual ~±12 a week`."""
    return escaped(wording.judged_movement(state, since, expected))


def effect(moved: Effect) -> str:
    """`*Rollbacks / day*  ~12 → ~9, ~−3`."""
    metric = moved.metric
    return f"{bold(metric.name)}  {before_and_after(metric, moved.before, moved.after.value)}"


def before_and_after(metric: Metric, before: Value, after: Value) -> str:
    """`~12 → ~9, ~−3`; every `~` stands behind a blank, where it is no sign of struck text."""
    return escaped(wording.before_and_after(metric, before, after))


def turn(metric: Metric, *, is_reached: bool) -> str:
    """`has reached its target of 0`, `has broken its limit, at most 2%`."""
    return escaped(wording.turn(metric, is_reached=is_reached))


def headline(snapshot: Snapshot) -> str:
    """`2 of 5 at target · ~84% of the way`; only what has a target is counted."""
    return escaped(wording.headline(snapshot))


def gained(snapshot: Snapshot) -> str:
    """How much of the way the period closed: `~+2.3 points this week`; empty for none."""
    return escaped(wording.gained(snapshot))

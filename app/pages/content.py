"""What a progress page says, in words that each format escapes in its own way."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.charts.headings import day_name, first_capital
from app.domain import wording
from app.domain.associations import Association
from app.domain.metrics import Metric
from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.outcomes import MetricHistory, Report
from app.domain.roadmap import NeedKind, PhaseOutlook, PhaseStatus, in_order
from app.domain.schedules import Schedule, schedule
from app.domain.scorecards import MetricState, Scorecard, Snapshot
from app.domain.statuses import Status
from app.domain.tickets import ticket_link
from app.domain.values import format_share

NOTHING = "–"
MOST_SHARING = 2
ASSOCIATED = (
    "What a metric did around a milestone is associated with it; whether it was caused by it, "
    "nobody can tell from this."
)


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands above all: the goal, how far it is, and as of when."""

    name: str
    goal: str
    at_target: str
    way: str
    gained: str
    reached: str
    as_of: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A metric in words; `share` is that of the way closed, None where there is none to go.

    `drivers` are pairs of a work stream and its focus.
    """

    key: str
    name: str
    start: str
    start_label: str
    current: str
    read_on: str
    target: str
    target_on: str
    way: str
    share: Decimal | None
    movement: str
    pace: str
    status: Status
    standing: str
    reason: str
    forecast: str
    drivers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a metric did around a milestone."""

    metric: str
    told: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket's key, and its address if it has one."""

    key: str
    address: str | None


@dataclass(frozen=True, slots=True)
class MilestoneItem:
    """A milestone in words; `work_streams` are names, `links` addresses."""

    title: str
    when: str
    is_late: bool
    detail: str
    work_streams: tuple[str, ...]
    tickets: tuple[Ticket, ...]
    links: tuple[str, ...]
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class MilestoneGroup:
    """The milestones of one status, those that shipped last or are due first at the top."""

    title: str
    status: MilestoneStatus
    items: tuple[MilestoneItem, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """What a phase needs, and how that stands."""

    name: str
    standing: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class PhaseItem:
    """A phase in words; `standing` is its status with what blocks it."""

    name: str
    window: str
    description: str
    status: PhaseStatus
    standing: str
    needs: tuple[Needed, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A progress page, part by part."""

    headline: Headline
    metrics: tuple[MetricRow, ...]
    milestones: tuple[MilestoneGroup, ...]
    phases: tuple[PhaseItem, ...]
    roadmap: str
    possibilities: tuple[str, ...]


def content_of(report: Report) -> Content:
    """The whole page in words."""
    snapshot = report.snapshot
    standing, phases = roadmap_of(snapshot)
    return Content(
        headline_of(snapshot),
        tuple(metric_row(history) for history in report.histories),
        tuple(_groups(report)),
        phases,
        standing,
        snapshot.scorecard.possibilities,
    )


# --- the headline and the metrics -------------------------------------------


def headline_of(snapshot: Snapshot) -> Headline:
    scorecard, progress = snapshot.scorecard, snapshot.progress
    local = snapshot.as_of.astimezone(scorecard.zone)
    count = len(snapshot.judged)
    return Headline(
        scorecard.name,
        scorecard.goal,
        f"{snapshot.at_target} of {count}" if count else NOTHING,
        format_share(progress) if progress else NOTHING,
        wording.gained(snapshot) or _standstill(snapshot),
        "The goal is reached: every metric is at its target." if snapshot.goal_reached else "",
        f"{day_name(local)}, {local:%H:%M} ({scorecard.zone.key})",
        progress.number if progress else Decimal(0),
    )


def _standstill(snapshot: Snapshot) -> str:
    """What is said of a week in which no way was gained, as in the digest."""
    moved = any(state.week and state.week.span for state in snapshot.metrics)
    return "no way gained this week" if moved else "no movement this week"


def metric_row(history: MetricHistory) -> MetricRow:
    """A metric in words."""
    state, snapshot = history.state, history.snapshot
    metric, scorecard = state.metric, snapshot.scorecard
    current = state.current
    return MetricRow(
        metric.key,
        metric.name,
        metric.shown(metric.baseline.value),
        metric.baseline.label,
        metric.shown(current.value) if current else "no reading",
        day_name(current.at.astimezone(scorecard.zone)) if current else "",
        metric.shown_target,
        f"by {day_name(metric.target_on)}" if metric.target_on else "",
        _way(state),
        None if metric.way is None else _share(state),
        wording.judged_movement(state, snapshot.since, history.prospect),
        state.pace.in_words(metric.unit),
        state.status,
        state.standing,
        _reason(state),
        history.prospect.in_words(scorecard.zone),
        tuple((scorecard.streams_by_key[d.work_stream].name, d.focus) for d in metric.drivers),
    )


def _reason(state: MetricState) -> str:
    """Why a status is what it is, without the pace, which stands beside it, unless that is all."""
    parts = state.verdict.reason.split("; ")
    pace = state.pace.in_words(state.metric.unit)
    return "; ".join(part for part in parts if part != pace) or state.verdict.reason


def _way(state: MetricState) -> str:
    """`~94%`; a dash where there is no way to go."""
    if state.metric.way is None:
        return NOTHING
    return format_share(state.progress) if state.progress else "no reading"


def _share(state: MetricState) -> Decimal:
    return state.progress.number if state.progress else Decimal(0)


# --- the milestones ----------------------------------------------------------

_GROUPS = {
    MilestoneStatus.SHIPPED: "Shipped",
    MilestoneStatus.IN_PROGRESS: "In progress",
    MilestoneStatus.PLANNED: "Planned",
}


def _groups(report: Report) -> Iterator[MilestoneGroup]:
    """The milestones by status, without those that were dropped."""
    moved = _moved(report)
    for status, title in _GROUPS.items():
        those = [each for each in report.snapshot.scorecard.milestones if each.status is status]
        if those:
            items = (
                _milestone(each, report.snapshot, moved[each.key])
                for each in sorted(those, key=_place)
            )
            yield MilestoneGroup(title, status, tuple(items))


def _place(milestone: Milestone) -> tuple[bool, timedelta]:
    """What shipped last and what is due first comes first, what has no date last."""
    if milestone.shipped_on is not None:
        return False, date.max - milestone.shipped_on
    if milestone.due_on is not None:
        return False, milestone.due_on - date.min
    return True, timedelta(0)


def _milestone(
    milestone: Milestone, snapshot: Snapshot, moved: Mapping[str, Moved]
) -> MilestoneItem:
    address = snapshot.scorecard.ticket_address
    return MilestoneItem(
        milestone.title,
        when(milestone),
        milestone.is_late(snapshot.today),
        milestone.detail,
        snapshot.scorecard.stream_names(milestone.work_streams),
        tuple(Ticket(key, ticket_link(address, key)) for key in milestone.tickets),
        milestone.links,
        tuple(moved.values()),
    )


def when(milestone: Milestone) -> str:
    """`9 Mar 2026`, `due 28 Mar 2026`; empty where no date is known."""
    if milestone.is_shipped:
        return day_name(milestone.shipped_on) if milestone.shipped_on else ""
    return f"due {day_name(milestone.due_on)}" if milestone.due_on else ""


def _moved(report: Report) -> Mapping[str, Mapping[str, Moved]]:
    """What each metric did around each milestone; of one without a date, what it is said to have
    moved. By the keys of milestones and metrics."""
    found: dict[str, dict[str, Moved]] = defaultdict(dict)
    for history in report.histories:
        metric = history.state.metric
        for tied in history.milestones:
            if told := around(metric, tied):
                found[tied.milestone.key][metric.key] = Moved(metric.name, told)
    for milestone, effects in report.effects.items():
        for effect in effects:
            metric = effect.metric
            told = wording.before_and_after(metric, effect.before, effect.after.value)
            found[milestone].setdefault(metric.key, Moved(metric.name, told))
    return found


def around(metric: Metric, tied: Association) -> str:
    """`~12 → ~9; −4 in 4 weeks before, −12 in 3 weeks after; shared with Stabilisation`."""
    return "; ".join(filter(None, [wording.moves_around(metric, tied), _shared(tied)]))


def _shared(tied: Association) -> str:
    """The others that shipped in the same week; empty where nothing is known to share."""
    if not tied.shared_with or (tied.effect is None and not (tied.before or tied.after)):
        return ""
    others = ", ".join(other.title for other in tied.shared_with[:MOST_SHARING])
    more = len(tied.shared_with) - MOST_SHARING
    return f"shared with {others}{f' and {more} more' if more > 0 else ''}"


# --- the roadmap -------------------------------------------------------------


def roadmap_of(snapshot: Snapshot) -> tuple[str, tuple[PhaseItem, ...]]:
    """How the roadmap stands as a whole, and its phases, each behind those that it needs."""
    scorecard = snapshot.scorecard
    planned = schedule(scorecard.phases, scorecard.milestones_by_key, snapshot.today)
    outlooks = {outlook.phase.key: outlook for outlook in snapshot.phases}
    phases = (
        _phase(outlooks[phase.key], outlooks, planned, snapshot)
        for phase in in_order(scorecard.phases)
    )
    return _roadmap(snapshot, planned), tuple(phases)


def _roadmap(snapshot: Snapshot, planned: Schedule) -> str:
    """`5 blocked, ends 30 Sep 2026 at the earliest`; empty without a phase."""
    counts = [
        f"{count} {status.words}"
        for status in PhaseStatus
        if (count := sum(outlook.status is status for outlook in snapshot.phases))
    ]
    ends = [f"ends {day_name(planned.ends_on)} at the earliest"] if planned.ends_on else []
    return " · ".join([*counts, *ends])


def _phase(
    outlook: PhaseOutlook,
    outlooks: dict[str, PhaseOutlook],
    planned: Schedule,
    snapshot: Snapshot,
) -> PhaseItem:
    phase, scorecard = outlook.phase, snapshot.scorecard
    return PhaseItem(
        phase.name,
        phase.window.text,
        phase.description,
        outlook.status,
        _phase_standing(outlook),
        tuple(_needs(outlook, outlooks, scorecard)),
        tuple(_notes(outlook, planned, snapshot)),
    )


def _phase_standing(outlook: PhaseOutlook) -> str:
    """`blocked by PDE step 2c, PDE step 2d`, `in progress, still needs Shore Up`, `ready`."""
    names = ", ".join(blocker.name for blocker in outlook.blocked_by)
    if outlook.status is PhaseStatus.BLOCKED:
        return f"blocked by {names}"
    return f"{outlook.status.words}, still needs {names}" if names else outlook.status.words


def _needs(
    outlook: PhaseOutlook, outlooks: dict[str, PhaseOutlook], scorecard: Scorecard
) -> Iterator[Needed]:
    open_needs = {blocker.need for blocker in outlook.blocked_by}
    for need in outlook.phase.needs:
        if need.kind is NeedKind.PHASE:
            phase = outlooks[need.key]
            name, standing = phase.phase.name, phase.status.words
        else:
            milestone = scorecard.milestones_by_key[need.key]
            name = milestone.title
            standing = ", ".join(filter(None, [milestone.status.words, when(milestone)]))
        yield Needed(name, standing, need not in open_needs)


def _notes(outlook: PhaseOutlook, planned: Schedule, snapshot: Snapshot) -> Iterator[str]:
    """When it was done, that its window is over, or how far it slips for what it needs."""
    phase = outlook.phase
    if outlook.status is PhaseStatus.DONE:
        if phase.done_on is not None:
            yield f"Done on {day_name(phase.done_on)}"
        return
    if phase.window.last < snapshot.today:
        yield "Late: its window is over"
    timing = planned.timings[phase.key]
    if timing.is_pushed and timing.latest_need is not None:
        days = timing.slip_days
        yield first_capital(
            f"slips {'1 day' if days == 1 else f'{days} days'} for what it needs, "
            f"to {day_name(timing.ends_on)}"
        )

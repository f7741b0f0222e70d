"""The roadmap's screen: phases in order, what blocks them, and what waits for them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from app.domain.edits import PartKind
from app.domain.metrics import days_words
from app.domain.milestones import Milestone
from app.domain.roadmap import (
    Blocker,
    Need,
    NeedKind,
    Phase,
    PhaseOutlook,
    PhaseState,
    PhaseStatus,
    depths,
    followers,
    in_order,
)
from app.domain.schedules import Schedule, Timing, schedule
from app.domain.scorecards import Scorecard, Snapshot
from app.slack.blocks import kit, pages
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.part_names import edit_button
from app.slack.ids import Action, about

MOST_DESCRIPTION_LENGTH = 300
MOST_INDENT = 4

STATUS_SIGNS = {
    PhaseStatus.DONE: "✓",
    PhaseStatus.IN_PROGRESS: "▶",
    PhaseStatus.READY: "○",
    PhaseStatus.BLOCKED: "✕",
}


def roadmap_screen(
    snapshot: Snapshot,
    page: int = 0,
    *,
    can_edit: bool = False,
    can_share: bool = False,
    picture: Block | None = None,
) -> Message:
    """The phases, each behind those it needs; pages count from 0 and stay within bounds."""
    scorecard = snapshot.scorecard
    entries = [
        kit.section(text, accessory=_edit(scorecard, phase) if can_edit else None)
        for phase, text in _entries(snapshot)
    ]
    shown = pages.paged(entries, page)
    summary = " · ".join([_summary(snapshot), *_end(snapshot, schedule_of(snapshot))])
    this_page = about(scorecard.key, str(shown.number))
    share = kit.button("Share in the channel", Action.SHARE_ROADMAP, this_page)
    above = [
        kit.header(f"Roadmap of {scorecard.name}"),
        kit.context(kit.shortened(summary, kit.MOST_SECTION_LENGTH)),
    ]
    below = [
        *shown.entries,
        kit.actions(
            *shown.buttons(Action.SHOW_ROADMAP, lambda number: about(scorecard.key, str(number))),
            kit.button("Milestones", Action.SHOW_MILESTONES, about(scorecard.key, "0")),
            kit.button("Whole scorecard", Action.SHOW_PAGE, about(scorecard.key, "0")),
            *([share] if can_share else []),
        ),
    ]
    title = f"Roadmap of {escaped(scorecard.name)}: {summary}"
    in_words = [title, *(pages.wording(entry) for entry in shown.entries)]
    return Message(
        kit.in_words(in_words, "phases: see the message"),
        (*above, *below),
        pictured=(*above, picture, *below) if picture else (),
    )


def roadmap_picture(snapshot: Snapshot, picture: Block) -> Message:
    """The picture of a roadmap by itself."""
    words = f"Roadmap of {escaped(snapshot.scorecard.name)}: {escaped(picture['alt_text'])}"
    return Message(kit.in_words([words]), pictured=(picture,))


def _summary(snapshot: Snapshot) -> str:
    if not snapshot.phases:
        return "No phases yet. An owner adds them: `/kpi setup`, Phases."
    counts = Counter(outlook.status for outlook in snapshot.phases)
    return " · ".join(
        f"{counts[status]} {status.words}" for status in PhaseStatus if counts[status]
    )


def schedule_of(snapshot: Snapshot) -> Schedule:
    """When the phases of a snapshot end at the earliest, as of its day."""
    scorecard = snapshot.scorecard
    return schedule(scorecard.phases, scorecard.milestones_by_key, snapshot.today)


def _end(snapshot: Snapshot, planned: Schedule) -> list[str]:
    """When the roadmap ends at the earliest, and the way that leads there."""
    if planned.ends_on is None:
        return []
    ends = f"ends {kit.calendar_day(planned.ends_on)} at the earliest"
    if len(planned.critical) == 1:
        return [ends]
    names = [_name(need, snapshot.scorecard) for need in planned.critical]
    return [f"{ends}, by way of {' → '.join(names)}"]


def _name(need: Need, scorecard: Scorecard) -> str:
    if need.kind is NeedKind.PHASE:
        return escaped(scorecard.phases_by_key[need.key].name)
    return escaped(scorecard.milestones_by_key[need.key].title)


def slip(timing: Timing, scorecard: Scorecard) -> str:
    """`slips 12 days, to Sun 12 Jul 2026: PDE step 2c is due then`; empty for one that isn't
    pushed."""
    need = timing.latest_need
    if need is None or not timing.is_pushed:
        return ""
    ends = "ends" if need.kind is NeedKind.PHASE else "is due"
    days = days_words(timing.slip_days)
    return (
        f"slips {days}, to {kit.calendar_day(timing.ends_on)}: {_name(need, scorecard)} {ends} then"
    )


def pushed(timings: Sequence[Timing]) -> str:
    """`pushes Deferred Collection by 12 days`; empty for none."""
    named = (f"{bold(each.phase.name)} by {days_words(each.slip_days)}" for each in timings)
    return f"pushes {', '.join(named)}" if timings else ""


def waiting_metrics(phase: Phase, scorecard: Scorecard) -> list[str]:
    """The names of the metrics that are driven by a work stream whose open milestones a phase
    needs."""
    needed = (
        scorecard.milestones_by_key[need.key]
        for need in phase.needs
        if need.kind is NeedKind.MILESTONE
    )
    streams = {key for milestone in needed if milestone.is_open for key in milestone.work_streams}
    driven = frozenset[str]().union(*(scorecard.driven_by.get(key, ()) for key in streams))
    return [metric.name for metric in scorecard.metrics if metric.key in driven] if driven else []


def _edit(scorecard: Scorecard, phase: Phase) -> Block:
    return edit_button(scorecard.key, PartKind.PHASE, phase.key)


def _entries(snapshot: Snapshot) -> list[tuple[Phase, str]]:
    """Each phase with a text that fits one section."""
    ordered = in_order(snapshot.scorecard.phases)
    outlooks = {outlook.phase.key: outlook for outlook in snapshot.phases}
    waiting, depth = followers(ordered), depths(ordered)
    planned = schedule_of(snapshot)
    return [
        (
            phase,
            kit.in_words(
                [
                    _title(place, depth[phase.key], outlooks[phase.key], snapshot.today),
                    *_description(phase),
                    *_slips(phase, planned, snapshot.scorecard),
                    *_blockers(outlooks[phase.key], outlooks, snapshot),
                    *_followers(waiting[phase.key]),
                    *_metrics(phase, snapshot.scorecard),
                ],
                "that it waits for or that wait for it",
                most=kit.MOST_SECTION_LENGTH,
            ),
        )
        for place, phase in enumerate(ordered, start=1)
    ]


def _title(place: int, depth: int, outlook: PhaseOutlook, today: date) -> str:
    phase = outlook.phase
    indent = "\u2003" * min(depth, MOST_INDENT) + "↳ " if depth else ""
    parts = [escaped(phase.window.text), f"{STATUS_SIGNS[outlook.status]} {outlook.status.words}"]
    if phase.done_on is not None:
        parts.append(kit.calendar_day(phase.done_on))
    elif outlook.status is not PhaseStatus.DONE and phase.window.last < today:
        parts.append("late: its window is over")
    return f"{indent}{place}. {bold(phase.name)}   {' · '.join(parts)}"


def _description(phase: Phase) -> list[str]:
    """The description on one line, and as much of it as leaves room for what blocks the phase."""
    text = " ".join(phase.description.split())
    return [escaped(kit.shortened(text, MOST_DESCRIPTION_LENGTH))] if text else []


def _blockers(
    outlook: PhaseOutlook, outlooks: Mapping[str, PhaseOutlook], snapshot: Snapshot
) -> list[str]:
    words = "Blocked by" if outlook.status is PhaseStatus.BLOCKED else "Still needs"
    milestones = snapshot.scorecard.milestones_by_key
    return [
        f"• {words} {_needed_phase(blocker, outlooks)}"
        if blocker.need.kind is NeedKind.PHASE
        else f"• {words} {_needed_milestone(milestones[blocker.need.key], snapshot.today)}"
        for blocker in outlook.blocked_by
    ]


def _needed_phase(blocker: Blocker, outlooks: Mapping[str, PhaseOutlook]) -> str:
    needed = outlooks[blocker.need.key]
    return f"the phase {bold(blocker.name)} ({needed.status.words})"


def _needed_milestone(milestone: Milestone, today: date) -> str:
    due = f"due {kit.calendar_day(milestone.due_on)}" if milestone.due_on else "no due date"
    late = ", late" if milestone.is_late(today) else ""
    return f"the milestone {bold(milestone.title)} ({milestone.status.words}, {due}{late})"


def _slips(phase: Phase, planned: Schedule, scorecard: Scorecard) -> list[str]:
    timing = planned.timings.get(phase.key)
    if timing is None or not timing.slip_days:
        return []
    pushes = pushed(planned.pushed_by(phase.key))
    line = "; ".join(filter(None, [slip(timing, scorecard), pushes]))
    return [f"• {line[0].upper()}{line[1:]}"] if line else []


def _metrics(phase: Phase, scorecard: Scorecard) -> list[str]:
    if phase.state is PhaseState.DONE:
        return []
    waiting = waiting_metrics(phase, scorecard)
    return [f"• Metrics that wait for it: {', '.join(map(bold, waiting))}"] if waiting else []


def _followers(waiting: Sequence[Phase]) -> list[str]:
    return [f"• {bold(phase.name)} waits for it" for phase in waiting]

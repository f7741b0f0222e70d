"""The roadmap's screen: phases in order, what blocks them, and what waits for them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from app.domain.edits import PartKind
from app.domain.milestones import Milestone
from app.domain.roadmap import (
    Blocker,
    NeedKind,
    Phase,
    PhaseOutlook,
    PhaseStatus,
    depths,
    followers,
    in_order,
)
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


def roadmap_screen(snapshot: Snapshot, page: int = 0, *, can_edit: bool = False) -> Message:
    """The phases, each behind those it needs; pages count from 0 and stay within bounds."""
    scorecard = snapshot.scorecard
    entries = [
        kit.section(text, accessory=_edit(scorecard, phase) if can_edit else None)
        for phase, text in _entries(snapshot)
    ]
    shown = pages.paged(entries, page)
    summary = _summary(snapshot)
    blocks = [
        kit.header(f"Roadmap of {scorecard.name}"),
        kit.context(summary),
        *shown.entries,
        kit.actions(
            *shown.buttons(Action.SHOW_ROADMAP, lambda number: about(scorecard.key, str(number))),
            kit.button("Milestones", Action.SHOW_MILESTONES, about(scorecard.key, "0")),
            kit.button("Whole scorecard", Action.SHOW_PAGE, about(scorecard.key, "0")),
        ),
    ]
    title = f"Roadmap of {escaped(scorecard.name)}: {summary}"
    in_words = [title, *(pages.wording(entry) for entry in shown.entries)]
    return Message(kit.in_words(in_words, "phases: see the message"), tuple(blocks))


def _summary(snapshot: Snapshot) -> str:
    if not snapshot.phases:
        return "No phases yet. An owner adds them: `/kpi setup`, Phases."
    counts = Counter(outlook.status for outlook in snapshot.phases)
    return " · ".join(
        f"{counts[status]} {status.words}" for status in PhaseStatus if counts[status]
    )


def _edit(scorecard: Scorecard, phase: Phase) -> Block:
    return edit_button(scorecard.key, PartKind.PHASE, phase.key)


def _entries(snapshot: Snapshot) -> list[tuple[Phase, str]]:
    """Each phase with a text that fits one section."""
    ordered = in_order(snapshot.scorecard.phases)
    outlooks = {outlook.phase.key: outlook for outlook in snapshot.phases}
    waiting, depth = followers(ordered), depths(ordered)
    return [
        (
            phase,
            kit.in_words(
                [
                    _title(place, depth[phase.key], outlooks[phase.key], snapshot.today),
                    *_description(phase),
                    *_blockers(outlooks[phase.key], outlooks, snapshot),
                    *_followers(waiting[phase.key]),
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


def _followers(waiting: Sequence[Phase]) -> list[str]:
    return [f"• {bold(phase.name)} waits for it" for phase in waiting]

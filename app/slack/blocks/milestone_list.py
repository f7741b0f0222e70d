"""The list of milestones: what each moved, when, and where to read more."""

from datetime import date

from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.outcomes import MilestoneEntry, MilestoneList
from app.domain.scorecards import Scorecard
from app.slack.blocks import figures, filters, kit, pages
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.milestones import link, tickets
from app.slack.ids import NO_METRIC, Action, about

MOST_DETAIL_LENGTH = 200
MOST_DRIVEN = 5
HINT = "Narrow it down with words, such as `/kpi milestones shipped this month` or `late`."

STATUS_SIGNS = {
    MilestoneStatus.SHIPPED: "✓",
    MilestoneStatus.IN_PROGRESS: "▶",
    MilestoneStatus.PLANNED: "○",
    MilestoneStatus.DROPPED: "✕",
}


def milestones_screen(listed: MilestoneList, page: int = 0) -> Message:
    """The milestones that pass the filters; pages count from 0 and stay within bounds."""
    scorecard = listed.snapshot.scorecard
    today = listed.snapshot.today
    entries = [_entry(entry, scorecard, today) for entry in listed.entries]
    shown = pages.paged(entries, page)
    summary = _summary(listed)
    blocks = [
        kit.header(f"Milestones of {scorecard.name}"),
        kit.context(summary),
        *shown.entries,
        *_buttons(listed, shown),
        kit.context(HINT),
    ]
    title = f"Milestones of {escaped(scorecard.name)}: {summary}"
    in_words = [title, *(pages.wording(entry) for entry in shown.entries)]
    return Message(kit.in_words(in_words, "milestones: see the message"), tuple(blocks))


def _summary(listed: MilestoneList) -> str:
    scorecard = listed.snapshot.scorecard
    everything, passing = len(scorecard.milestones), len(listed.entries)
    if not everything:
        return "No milestones yet. Log the first one that ships: `/kpi ship`."
    narrowed = filters.described(listed.filters, scorecard)
    if not narrowed:
        return f"{passing} in all"
    if not passing:
        return f"{narrowed}: none of {everything}. Look at all of them, or type other words."
    return f"{narrowed}: {passing} of {everything}{_driven(listed)}"


def _driven(listed: MilestoneList) -> str:
    """What the work stream that is looked at drives, and how far that is."""
    if listed.filters.work_stream is None:
        return ""
    states = listed.snapshot.driven_by(listed.filters.work_stream)
    if not states:
        return " · drives no metric yet"
    names = ", ".join(escaped(state.metric.name) for state in states[:MOST_DRIVEN])
    more = f" and {len(states) - MOST_DRIVEN} more" if len(states) > MOST_DRIVEN else ""
    way = figures.share_of_all(states)
    return f" · drives {names}{more}{f': {way} of their way closed' if way else ''}"


def _buttons(listed: MilestoneList, shown: pages.Page) -> list[Block]:
    scorecard = listed.snapshot.scorecard
    narrowed = filters.described(listed.filters, scorecard)
    everything = kit.button(
        "All milestones", f"{Action.SHOW_MILESTONES}:all", filters.place(scorecard.key, "0")
    )
    turning = shown.buttons(
        Action.SHOW_MILESTONES,
        lambda number: filters.place(scorecard.key, str(number), listed.filters),
    )
    return [
        kit.actions(
            *turning,
            *([everything] if narrowed else []),
            kit.button("Log a milestone", Action.SHIP, about(scorecard.key, NO_METRIC)),
            kit.button("Roadmap", Action.SHOW_ROADMAP, about(scorecard.key, "0")),
            kit.button("Whole scorecard", Action.SHOW_PAGE, about(scorecard.key, "0")),
        )
    ]


def _entry(entry: MilestoneEntry, scorecard: Scorecard, today: date) -> Block:
    milestone = entry.milestone
    detail = " ".join(milestone.detail.split())
    lines = [
        f"{bold(milestone.title)}   {_standing(milestone, today)}",
        _facts(milestone, scorecard),
        *(figures.effect(moved) for moved in entry.effects),
        escaped(kit.shortened(detail, MOST_DETAIL_LENGTH)),
        *(link(address) for address in milestone.links),
    ]
    text = kit.in_words(
        [line for line in lines if line],
        "metrics and links of this milestone",
        most=kit.MOST_SECTION_LENGTH,
    )
    subject = about(scorecard.key, milestone.key)
    return kit.section(text, accessory=kit.button("Details", Action.SHOW_MILESTONE, subject))


def _standing(milestone: Milestone, today: date) -> str:
    """`✓ shipped · Mon 16 Mar 2026`, `○ planned · due Sat 28 Mar 2026, late`."""
    status = f"{STATUS_SIGNS[milestone.status]} {milestone.status.words}"
    if milestone.is_shipped:
        on = kit.calendar_day(milestone.shipped_on) if milestone.shipped_on else "no ship date"
        return f"{status} · {on}"
    if milestone.due_on is None:
        return status
    late = ", late" if milestone.is_late(today) else ""
    return f"{status} · due {kit.calendar_day(milestone.due_on)}{late}"


def _facts(milestone: Milestone, scorecard: Scorecard) -> str:
    facts = [
        escaped(", ".join(scorecard.stream_names(milestone.work_streams))),
        tickets(scorecard, milestone.tickets),
        f"logged by {kit.person(milestone.logged_by)}" if milestone.logged_by else "",
    ]
    return " · ".join(fact for fact in facts if fact)

"""The Home tab: the scorecards that a person may see, and what is theirs in them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from app.domain.digests import next_slot
from app.domain.milestones import Milestone
from app.domain.reminders import Preferences
from app.domain.scorecards import MetricState, Snapshot
from app.slack.blocks import figures, kit
from app.slack.blocks.kit import Block, bold, escaped
from app.slack.blocks.offers import scorecard_row
from app.slack.blocks.reminders import reminders_at_home
from app.slack.blocks.sources import source_line
from app.slack.ids import Action, about

SCORECARDS_A_PAGE = 20
MOST_OWN_METRICS = 20
MOST_RECENT = 5
MOST_DIGESTS = 5


def home_view(
    snapshots: Sequence[Snapshot],
    person: str,
    now: datetime,
    preferences: Preferences,
    page: int = 0,
) -> dict[str, Any]:
    """The Home tab of a person; pages of scorecards count from 0."""
    blocks = [
        *_scorecards(snapshots, page),
        *_own_metrics(snapshots, person, preferences),
        *_listed("Your milestones in progress", _own_milestones(snapshots, person)),
        *_listed("Recent milestones", _recent_milestones(snapshots)),
        *_listed("Next digests", _next_digests(snapshots, now)),
    ]
    return {"type": "home", "blocks": blocks}


def trouble_view(text: str) -> dict[str, Any]:
    """What the Home tab says when it can't be made."""
    return {"type": "home", "blocks": kit.sections([text])}


def _scorecards(snapshots: Sequence[Snapshot], page: int) -> list[Block]:
    if not snapshots:
        nothing = (
            "There is no scorecard that you may see. Each is open to who is in its channel; type "
            "`/kpi setup` in your team's to make one."
        )
        return [kit.header("Scorecards"), kit.section(nothing)]
    pages = -(-len(snapshots) // SCORECARDS_A_PAGE)
    page = max(0, min(page, pages - 1))
    shown = snapshots[page * SCORECARDS_A_PAGE : (page + 1) * SCORECARDS_A_PAGE]
    turning = list(_page_buttons(page, pages))
    return [
        kit.header("Scorecards"),
        *map(scorecard_row, shown),
        *([kit.actions(*turning)] if turning else []),
    ]


def _page_buttons(page: int, pages: int) -> Iterator[Block]:
    if page > 0:
        yield kit.button("Previous", f"{Action.HOME_PAGE}:previous", str(page - 1))
    if page < pages - 1:
        label = f"Next ({page + 2} of {pages})"
        yield kit.button(label, f"{Action.HOME_PAGE}:next", str(page + 1))


def _own_metrics(
    snapshots: Sequence[Snapshot], person: str, preferences: Preferences
) -> list[Block]:
    """The metrics that the person owns, stale ones first, each with the form that updates it;
    and whether they are reminded of them."""
    owned = [
        (snapshot, state)
        for snapshot in snapshots
        for state in snapshot.metrics
        if state.metric.owner == person
    ]
    if not owned:
        return []
    owned.sort(key=lambda each: not each[1].is_stale)
    rest = len(owned) - MOST_OWN_METRICS
    more = [kit.context(f"… and {rest} more metrics of yours: see the scorecards")]
    return [
        kit.header("Your metrics"),
        *(_own_metric(*each) for each in owned[:MOST_OWN_METRICS]),
        *(more if rest > 0 else []),
        reminders_at_home(preferences),
    ]


def _own_metric(snapshot: Snapshot, state: MetricState) -> Block:
    metric = state.metric
    lines = [
        f"{bold(metric.name)}   {figures.current(state)}  →  {figures.target(state)}",
        figures.beside(
            figures.way(state), f"{figures.status(state)}: {escaped(state.verdict.reason)}"
        ),
        *filter(None, [source_line(state)]),
    ]
    subject = about(snapshot.scorecard.key, metric.key)
    return kit.section("\n".join(lines), accessory=kit.button("Update", Action.UPDATE, subject))


def _own_milestones(snapshots: Sequence[Snapshot], person: str) -> list[str]:
    return [
        f"• {bold(milestone.title)} ({milestone.status.words}{_due(milestone, snapshot.today)})"
        for snapshot in snapshots
        for milestone in snapshot.scorecard.milestones
        if milestone.is_open and milestone.logged_by == person
    ]


def _due(milestone: Milestone, today: date) -> str:
    if milestone.due_on is None:
        return ""
    late = ", late" if milestone.is_late(today) else ""
    return f", due {kit.calendar_day(milestone.due_on)}{late}"


def _recent_milestones(snapshots: Sequence[Snapshot]) -> list[str]:
    shipped = [
        (milestone.shipped_on, milestone.title, snapshot.scorecard.name)
        for snapshot in snapshots
        for milestone in snapshot.scorecard.milestones
        if milestone.shipped_on is not None
    ]
    return [
        f"• {kit.calendar_day(on)}  {bold(title)}  {escaped(scorecard)}"
        for on, title, scorecard in sorted(shipped, reverse=True)[:MOST_RECENT]
    ]


def _next_digests(snapshots: Sequence[Snapshot], now: datetime) -> list[str]:
    slots = sorted(
        (next_slot(each.scorecard.digest, each.scorecard.zone, now), each.scorecard.key, each)
        for each in snapshots
        if each.scorecard.channel
    )
    return [
        f"• {kit.moment(at)}  {bold(each.scorecard.name)} in "
        f"{kit.channel(each.scorecard.channel or '')}"
        for at, _, each in slots[:MOST_DIGESTS]
    ]


def _listed(title: str, lines: Sequence[str]) -> list[Block]:
    return [kit.header(title), *kit.sections(lines, most=6_000)] if lines else []

"""The progress page as Markdown, as GitHub and GitLab read it (github.github.com/gfm)."""

import re
from collections.abc import Iterable, Sequence

from app.domain.values import Value, format_bar
from app.pages.content import (
    ASSOCIATED,
    NOTHING,
    Content,
    Headline,
    MetricRow,
    MilestoneGroup,
    MilestoneItem,
    PhaseItem,
    Ticket,
)

_OF_A_VALUE = r"(?<!\S)~(?=[−+\d-])"
_MARKS_UP = re.compile(rf"[\\`*{{}}\[\]<>|#!&]|(?<!\w)_|_(?!\w)|(?!{_OF_A_VALUE})~")
_BEGINS_A_LIST = re.compile(r"^([-+=]|\d+(?=[.)]))")


def markdown(content: Content) -> str:
    """The whole page."""
    parts = [
        head(content.headline),
        _section("Metrics", [metrics_table(content.metrics), *map(details, content.metrics)]),
        _section("Milestones", [*map(_group, content.milestones), f"*{ASSOCIATED}*"])
        if content.milestones
        else "",
        _section("Roadmap", [escaped(content.roadmap), phases_table(content.phases)])
        if content.phases
        else "",
        _section("What becomes possible", [listed(map(escaped, content.possibilities))])
        if content.possibilities
        else "",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def escaped(text: str) -> str:
    """Text from people on one line, which formats nothing and links nowhere.

    The `~` of a value such as `~12` is left alone: behind a blank it can only open struck text,
    and nothing is left to close it.
    """
    line = " ".join(text.split())
    return _BEGINS_A_LIST.sub(_after_backslash, _MARKS_UP.sub(r"\\\g<0>", line))


def _after_backslash(found: re.Match[str]) -> str:
    """A number that would begin a list has its backslash behind it, before the point."""
    sign = found[0]
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"


def _section(title: str, parts: Sequence[str]) -> str:
    return "\n\n".join([f"## {title}", *parts])


def listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def head(headline: Headline) -> str:
    stand = [f"**{headline.at_target} at target**", f"**{headline.way} of the way**"]
    return "\n\n".join(
        filter(
            None,
            [
                f"# {escaped(headline.name)}",
                escaped(headline.goal),
                " · ".join([*stand, headline.gained]),
                headline.reached,
                f"As of {escaped(headline.as_of)}.",
            ],
        )
    )


# --- metrics -----------------------------------------------------------------


def metrics_table(rows: Sequence[MetricRow]) -> str:
    if not rows:
        return "No metrics yet."
    titles = ("Metric", "Start", "Current", "Target", "Way closed", "Movement", "Status", "Driver")
    return _table(titles, [_metric(row) for row in rows])


def _metric(row: MetricRow) -> list[str]:
    return [
        escaped(row.name),
        f"{escaped(row.start)} ({escaped(row.start_label)})",
        escaped(row.current),
        escaped(f"{row.target} {row.target_on}".rstrip()),
        _way(row),
        escaped(row.movement),
        row.standing,
        "<br>".join(driver(*each) for each in row.drivers) or NOTHING,
    ]


def _way(row: MetricRow) -> str:
    return row.way if row.share is None else f"{format_bar(Value(row.share))} {row.way}"


def driver(work_stream: str, focus: str) -> str:
    return f"{escaped(work_stream)}: {escaped(focus)}" if focus else escaped(work_stream)


def details(row: MetricRow) -> str:
    facts = {"Why": row.reason, "Pace": row.pace, "Forecast": row.forecast}
    told = (f"{name}: {escaped(fact)}" for name, fact in facts.items() if fact)
    return "\n".join([f"**{escaped(row.name)}** ({row.standing})", "", listed(told)])


# --- milestones and phases ---------------------------------------------------


def _group(group: MilestoneGroup) -> str:
    return f"### {group.title}\n\n{listed(map(_milestone, group.items))}"


def _milestone(item: MilestoneItem) -> str:
    """A milestone with what belongs to it in a list of its own below."""
    late = ", late" if item.is_late else ""
    when = f" ({item.when}{late})" if item.when else ""
    streams = f" · {escaped(', '.join(item.work_streams))}" if item.work_streams else ""
    below = [
        escaped(item.detail),
        f"Tickets: {', '.join(map(_ticket, item.tickets))}" if item.tickets else "",
        *(f"Link: {escaped(link)}" for link in item.links),
        *(f"Around it: {escaped(each.metric)} {escaped(each.told)}" for each in item.moved),
    ]
    lines = [f"**{escaped(item.title)}**{when}{streams}", *filter(None, below)]
    return "\n  - ".join(lines)


def _ticket(ticket: Ticket) -> str:
    key = escaped(ticket.key)
    return f"[{key}](<{ticket.address}>)" if ticket.address else key


def phases_table(phases: Sequence[PhaseItem]) -> str:
    return _table(("Phase", "Window", "Status", "Needs"), [_phase(phase) for phase in phases])


def _phase(phase: PhaseItem) -> list[str]:
    standing = "; ".join([phase.standing, *phase.notes])
    needs = [f"{escaped(each.name)} ({each.standing})" for each in phase.needs]
    return [
        "<br>".join(filter(None, [f"**{escaped(phase.name)}**", escaped(phase.description)])),
        escaped(phase.window),
        escaped(standing),
        "<br>".join(needs) or NOTHING,
    ]


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

"""The lists of a scorecard's metrics, work streams and phases, and what was changed in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.domain.edits import PartKind, dependants, parts, title_of
from app.domain.outcomes import Edited, Reverted
from app.domain.roadmap import NeedKind, Phase, PhaseOutlook
from app.domain.scorecards import MetricState, Scorecard, Snapshot, WorkStream
from app.slack.blocks import figures, kit, pages
from app.slack.blocks.history import difference
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.part_names import edit_button, part_name, read_part
from app.slack.blocks.roadmap import STATUS_SIGNS as PHASE_SIGNS
from app.slack.blocks.setup_fields import confirmed
from app.slack.blocks.sources import source_button, source_line
from app.slack.ids import Action, Form, about

PARTS_A_PAGE = 12
MOST_NAMED = 5
MOST_CHANGES_LENGTH = 6_000
MOST_CONFIRM_LENGTH = 300
"""https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object"""

HEADINGS: Mapping[PartKind, str] = {
    PartKind.METRIC: "Metrics",
    PartKind.WORK_STREAM: "Work streams",
    PartKind.PHASE: "Phases",
}
_EMPTY: Mapping[PartKind, str] = {
    PartKind.METRIC: "No metrics yet. Each is a number that proves whether the goal is met.",
    PartKind.WORK_STREAM: "No work streams yet. Each is a line of work that moves metrics.",
    PartKind.PHASE: "No phases yet. Together they are the roadmap.",
}
_AFTER_RETIRING: Mapping[PartKind, str] = {
    PartKind.METRIC: "It is shown no more. Its readings stay on record.",
    PartKind.WORK_STREAM: "It is shown no more.",
    PartKind.PHASE: "It is shown no more.",
}


def parts_view(snapshot: Snapshot, place: FormPlace, told: Message | None = None) -> dict[str, Any]:
    """A page of the list of one kind of parts; `told` is what was just changed in it.

    `place` names the kind and the page; a page beyond the last is the last.
    """
    kind, _ = read_part(place.part)
    page = _page(snapshot, kind, place.page or 0)
    add = part_name(kind)
    scorecard = snapshot.scorecard
    return {
        "type": "modal",
        "callback_id": Form.PARTS,
        "title": {"type": "plain_text", "text": HEADINGS[kind]},
        "close": {"type": "plain_text", "text": "Back"},
        "private_metadata": replace(place, page=page.number).as_metadata(),
        "blocks": [
            *([*told.blocks, kit.divider()] if told else []),
            *(page.entries or [kit.section(_EMPTY[kind])]),
            kit.divider(),
            kit.actions(
                kit.button(f"Add a {kind.value}", Action.OPEN_PART_FORM, about(scorecard.key, add)),
                *page.buttons(Action.SHOW_PARTS, str),
            ),
        ],
    }


def page_of(scorecard: Scorecard, subject: str, *, otherwise: int) -> int:
    """The page on which a part stands; of one that was retired, another."""
    kind, key = read_part(subject)
    keys = [part.key for part in parts(scorecard, kind)]
    return keys.index(key) // PARTS_A_PAGE if key in keys else otherwise


def _page(snapshot: Snapshot, kind: PartKind, number: int) -> pages.Page:
    known = parts(snapshot.scorecard, kind)
    count = max(1, -(-len(known) // PARTS_A_PAGE))
    number = min(number, count - 1)
    first = number * PARTS_A_PAGE
    blocks: list[Block] = []
    for place, part in enumerate(known[first : first + PARTS_A_PAGE], start=first):
        blocks.append(kit.section(_entry(snapshot, kind, part.key)))
        blocks.append(_buttons(snapshot.scorecard, kind, part, place))
    return pages.Page(blocks, number, count)


def _buttons(scorecard: Scorecard, kind: PartKind, part: Any, place: int) -> Block:
    """What can be done with a part.

    Not an overflow menu: there Slack would ask of every choice whether it is meant.
    https://docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element
    """
    key = part_name(kind, part.key)
    is_last = place == len(parts(scorecard, kind)) - 1
    up = kit.button("Move up", f"{Action.MOVE_PART}:up", key)
    down = kit.button("Move down", f"{Action.MOVE_PART}:down", key)
    retire = confirmed(
        kit.button("Retire", Action.RETIRE_PART, key),
        f"Retire this {kind.value}?",
        _retiring(scorecard, kind, part),
        "Retire",
    )
    is_metric = kind is PartKind.METRIC
    return kit.actions(
        edit_button(scorecard.key, kind, part.key),
        *([source_button(scorecard.key, part.key)] if is_metric else []),
        *([up] if place else []),
        *([] if is_last else [down]),
        retire,
    )


def _retiring(scorecard: Scorecard, kind: PartKind, part: Any) -> str:
    """What retiring a part means, with those that refer to it, as many as fit."""
    referring = dependants(scorecard, kind, part.key)
    start, end = f"“{title_of(part)}”. {_AFTER_RETIRING[kind]}", "It can be undone."
    for named in range(len(referring), -1, -1):
        told = " ".join([start, *_no_longer(referring, named), end])
        if len(told) <= MOST_CONFIRM_LENGTH:
            return told
    return end


def _no_longer(referring: Sequence[str], named: int) -> list[str]:
    if not referring:
        return []
    rest = len(referring) - named
    names = [
        *referring[:named],
        *([f"{rest} others" if named else f"{rest} parts"] if rest else []),
    ]
    return [f"No longer referring to it: {', '.join(names)}."]


# --- entries ---------------------------------------------------------------


def _entry(snapshot: Snapshot, kind: PartKind, key: str) -> str:
    scorecard = snapshot.scorecard
    if kind is PartKind.METRIC:
        return _metric(snapshot.state(key), scorecard)
    if kind is PartKind.WORK_STREAM:
        return _work_stream(scorecard.streams_by_key[key], scorecard)
    outlook = next(each for each in snapshot.phases if each.phase.key == key)
    return _phase(outlook, scorecard)


def _metric(state: MetricState, scorecard: Scorecard) -> str:
    metric = state.metric
    now = f"now {escaped(metric.shown(state.current.value))}" if state.current else "no reading"
    by = f" by {kit.calendar_day(metric.target_on)}" if metric.target_on else ""
    facts = [
        now,
        f"{figures.target(state)}{by}",
        f"owner {kit.person(metric.owner)}" if metric.owner else "no owner",
    ]
    drivers = scorecard.stream_names(driver.work_stream for driver in metric.drivers)
    driven = f"Driven by {_some(drivers)}" if drivers else "No work stream drives it yet."
    source = source_line(state)
    return "\n".join(filter(None, [f"{bold(metric.name)}  {' · '.join(facts)}", driven, source]))


def _work_stream(stream: WorkStream, scorecard: Scorecard) -> str:
    driven = [
        metric.name
        for metric in scorecard.metrics
        if any(driver.work_stream == stream.key for driver in metric.drivers)
    ]
    drives = f"Drives {_some(driven)}" if driven else "It drives no metric yet."
    return f"{bold(stream.name)}\n{drives}"


def _phase(outlook: PhaseOutlook, scorecard: Scorecard) -> str:
    phase = outlook.phase
    status = f"{PHASE_SIGNS[outlook.status]} {outlook.status.words}"
    needs = f"\nNeeds {_some(need_names(phase, scorecard))}" if phase.needs else ""
    return f"{bold(phase.name)}  {escaped(phase.window.text)} · {status}{needs}"


def need_names(phase: Phase, scorecard: Scorecard) -> list[str]:
    """What people call that which a phase needs."""
    return [
        scorecard.phases_by_key[need.key].name
        if need.kind is NeedKind.PHASE
        else scorecard.milestones_by_key[need.key].title
        for need in phase.needs
    ]


def _some(named: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return escaped(", ".join(named[:MOST_NAMED])) + more


# --- what was changed --------------------------------------------------------


def changed_reply(edited: Edited, done: str) -> Message:
    """What was `done` to a part, thing by thing, with the way back."""
    lines = _changes(edited, done)
    if edited.change is None:
        return Message(kit.in_words(lines))
    scorecard = edited.snapshot.scorecard.key
    kind, key = read_part(edited.subject)
    buttons = [kit.button("Undo", Action.UNDO, str(edited.change))]
    if kind is PartKind.METRIC:
        buttons.append(kit.button("Details", Action.SHOW_METRIC, about(scorecard, key)))
    elif kind is PartKind.PHASE:
        buttons.append(kit.button("Roadmap", Action.SHOW_ROADMAP, about(scorecard, "0")))
    return _told(lines, buttons)


def changed_notice(edited: Edited, done: str) -> Message:
    """The same above the list in which it was done."""
    buttons = [_undo("Undo", edited.change)] if edited.change is not None else []
    return _told(_changes(edited, done), buttons)


def undone_notice(reverted: Reverted) -> Message:
    """What was taken back in the list."""
    lines = ["*Undone*", *(difference(each, each.subject) for each in reverted.revisions)]
    return _told(lines, [_undo("Undo this", reverted.change)])


def refused_notice(text: str) -> Message:
    """Why something could not be done in the list."""
    return _told([escaped(text)], [])


def _undo(label: str, change: int) -> Block:
    return kit.button(label, Action.UNDO_PART, str(change))


def _told(lines: Sequence[str], buttons: Sequence[Block]) -> Message:
    text = kit.sections(lines, most=MOST_CHANGES_LENGTH, rest="things")
    return Message(kit.in_words(lines), (*text, *([kit.actions(*buttons)] if buttons else [])))


def _changes(edited: Edited, done: str) -> list[str]:
    title = bold(_title(edited))
    if edited.change is None:
        return [f"{title} is as it was: nothing was changed."]
    own = [each for each in edited.revisions if each.subject in {edited.subject, ""}]
    others = [each for each in edited.revisions if each not in own]
    return [
        f"{done}: {title}",
        *(difference(each) for each in own if each.before is not None and each.after is not None),
        *(difference(each, each.subject) for each in others),
    ]


def _title(edited: Edited) -> str:
    """What people call a part, also one that was just retired."""
    kind, key = read_part(edited.subject)
    known = parts(edited.snapshot.scorecard, kind)
    retired = [
        each.before for each in edited.revisions if each.subject == edited.subject and each.before
    ]
    return next((title_of(part) for part in known if part.key == key), next(iter(retired), key))

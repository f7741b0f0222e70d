"""The history's screen: who changed what, when and from where, with the way back."""

from collections.abc import Iterator

from app.domain.outcomes import Change, History
from app.domain.scorecards import Scorecard
from app.slack.blocks import filters, kit, pages
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.ids import Action, about

MOST_ENTRY_LENGTH = 800
"""Ten entries make a page, and a page is no longer than Slack takes."""
MOST_SAID_LENGTH = 100
HINT = "Narrow it down with words, such as `/kpi history rollbacks this week` or `me`."


def history_screen(history: History) -> Message:
    """A page of changes, newest first; what can be undone has the button for it."""
    scorecard = history.snapshot.scorecard
    summary = _summary(history)
    entries = [_entry(change, scorecard) for change in history.changes]
    blocks = [
        kit.header(f"History of {scorecard.name}"),
        kit.context(summary),
        *entries,
        kit.actions(*_buttons(history)),
        kit.context(HINT),
    ]
    title = f"History of {escaped(scorecard.name)}: {summary}"
    in_words = [title, *(pages.wording(entry) for entry in entries)]
    return Message(kit.in_words(in_words, "changes: see the message"), tuple(blocks))


def _summary(history: History) -> str:
    narrowed = filters.described(history.filters, history.snapshot.scorecard)
    if history.changes:
        return f"{narrowed or 'All changes'}, newest first"
    if narrowed:
        return f"{narrowed}: no such change. Look at all of them, or type other words."
    return "No changes yet. Record a value: `/kpi update`."


def _buttons(history: History) -> list[Block]:
    scorecard = history.snapshot.scorecard
    buttons = []
    if history.has_newer and history.changes:
        newer = f"newer:{history.changes[0].id}"
        buttons.append(_turn(history, "Newer", newer))
    if history.has_older and history.changes:
        older = f"older:{history.changes[-1].id}"
        buttons.append(_turn(history, "Older", older))
    if filters.described(history.filters, scorecard):
        everything = filters.place(scorecard.key, "newest")
        buttons.append(kit.button("All changes", f"{Action.SHOW_HISTORY}:all", everything))
    return [
        *buttons,
        kit.button("Milestones", Action.SHOW_MILESTONES, about(scorecard.key, "0")),
        kit.button("Whole scorecard", Action.SHOW_PAGE, about(scorecard.key, "0")),
    ]


def _turn(history: History, label: str, page: str) -> Block:
    value = filters.place(history.snapshot.scorecard.key, page, history.filters)
    return kit.button(label, f"{Action.SHOW_HISTORY}:{label.lower()}", value)


def _entry(change: Change, scorecard: Scorecard) -> Block:
    undone = " · undone" if change.is_undone else ""
    byline = " · ".join(
        [kit.moment(change.at), kit.person(change.actor), change.surface, change.action]
    )
    lines = [_title(change, scorecard), f"{byline}{undone}", *_differences(change)]
    text = kit.in_words(lines, "things that changed", most=MOST_ENTRY_LENGTH)
    undo = kit.button("Undo", Action.UNDO, str(change.id)) if change.can_undo else None
    return kit.section(text, accessory=undo)


def _title(change: Change, scorecard: Scorecard) -> str:
    """What was changed; for a reading also what the metric went from and to."""
    metric = scorecard.metrics_by_key.get(change.subject)
    if metric is not None and change.reading is not None:
        before, after = (
            _short(metric.shown(value)) if value else "no reading"
            for value in (change.reading.before, change.reading.after)
        )
        return f"{bold(_short(metric.name))}  {escaped(f'{before} → {after}')}"
    milestone = scorecard.milestones_by_key.get(change.subject)
    is_scorecard = change.subject == scorecard.key
    name = scorecard.name if is_scorecard else milestone.title if milestone else change.subject
    return bold(_short(name))


def _differences(change: Change) -> Iterator[str]:
    """Each thing that differs, before and after; of a reading its note."""
    if change.reading is not None:
        if change.reading.note:
            yield escaped(_short(change.reading.note))
        return
    for name in {**change.after, **change.before}:
        before, after = (_said(said.get(name)) for said in (change.before, change.after))
        if before != after:
            yield f"• {escaped(_short(name.replace('_', ' ')))}: {escaped(f'{before} → {after}')}"


def _said(value: object) -> str:
    if value in (None, "", [], ()):
        return "nothing"
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return _short(said.replace("_", " ") if said == "in_progress" else said)


def _short(text: str) -> str:
    return kit.shortened(" ".join(text.split()), MOST_SAID_LENGTH)

"""The history's screen: who changed what, when and from where, with the way back."""

from collections.abc import Iterator

from app.domain.edits import PartKind, parts, title_of
from app.domain.outcomes import Change, History, Reverted
from app.domain.revisions import Revision
from app.domain.scorecards import Scorecard
from app.slack.blocks import filters, kit, pages
from app.slack.blocks.access import named
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.ids import Action, about

MOST_ENTRY_LENGTH = 800
"""Ten entries make a page, and a page is no longer than Slack takes."""
MOST_SAID_LENGTH = 100
MOST_REVERTED_LENGTH = 6_000
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
    return bold(_short(_subject(change, scorecard)))


def _subject(change: Change, scorecard: Scorecard) -> str:
    """What people call that which was changed, also where it is retired by now."""
    if change.action.startswith("milestone"):
        milestone = scorecard.milestones_by_key.get(change.subject)
        return milestone.title if milestone else change.subject
    if change.subject in {scorecard.key, "scorecard"}:
        return scorecard.name
    kind = next((kind for kind in PartKind if change.subject.startswith(f"{kind} ")), None)
    key = change.subject.removeprefix(f"{kind} ")
    known = (
        next((part for part in parts(scorecard, kind) if part.key == key), None) if kind else None
    )
    return f"{kind} {title_of(known)}" if known else change.subject


def _differences(change: Change) -> Iterator[str]:
    """Each thing that differs, before and after; of a reading its note."""
    if change.reading is not None:
        if change.reading.note:
            yield escaped(_short(change.reading.note))
        return
    for revision in change.revisions:
        yield difference(revision, "" if _is_own(revision, change) else revision.subject)


def _is_own(revision: Revision, change: Change) -> bool:
    """Whether it is about the very thing that the entry names."""
    named = (change.subject, f"{PartKind.MILESTONE} {change.subject}", "")
    return revision.subject in named


_ROLES = frozenset({"owners", "editors", "viewers"})
"""What is told of a scorecard's access in Slack ids."""


def difference(revision: Revision, subject: str = "") -> str:
    """What became of something, in words; of what it is, is said where `subject` names it."""
    what = escaped(_short(f"{subject}: {revision.what}" if subject else revision.what))
    if revision.before is None:
        return f"• {what}: {escaped(_said(revision.after))} is new"
    if revision.after is None:
        return f"• {what}: {escaped(_said(revision.before))} is retired"
    if revision.what in {"owner", "person to alert"}:
        return f"• {what}: {kit.person(revision.before)} → {kit.person(revision.after)}"
    if revision.what == "channel":
        return f"• {what}: {_home(revision.before)} → {_home(revision.after)}"
    if revision.what in _ROLES:
        was, now = (named(said.split(", ")) for said in (revision.before, revision.after))
        return f"• {what}: {was} → {now}"
    return f"• {what}: {escaped(f'{_said(revision.before)} → {_said(revision.after)}')}"


def _home(channel: str) -> str:
    return channel if channel == "nothing" else kit.channel(channel)


def reverted_reply(reverted: Reverted) -> Message:
    """What was taken back, thing by thing, and the way back from that."""
    scorecard = reverted.snapshot.scorecard
    told = f"Undone in {bold(scorecard.name)}:"
    lines = [difference(revision, revision.subject) for revision in reverted.revisions]
    undo = kit.button("Undo this", Action.UNDO, str(reverted.change))
    history = kit.button("History", Action.SHOW_HISTORY, about(scorecard.key, "newest"))
    whole = kit.button("Whole scorecard", Action.SHOW_PAGE, about(scorecard.key, "0"))
    return Message(
        kit.in_words([told, *lines]),
        (
            *kit.sections([told, *lines], most=MOST_REVERTED_LENGTH, rest="things"),
            kit.actions(undo, history, whole),
        ),
    )


def _said(text: str | None) -> str:
    return _short(text or "nothing")


def _short(text: str) -> str:
    return kit.shortened(" ".join(text.split()), MOST_SAID_LENGTH)

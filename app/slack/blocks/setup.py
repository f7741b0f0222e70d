"""The set-up of a scorecard: the menu from which all that it is can be changed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.domain.digests import next_slot
from app.domain.edits import PartKind, parts
from app.domain.outcomes import SetUp
from app.domain.revisions import Revision
from app.domain.scorecards import WEEKDAYS, Scorecard, Snapshot
from app.slack.blocks import kit
from app.slack.blocks.access import ALLOWED, named
from app.slack.blocks.alert_form import alerts_in_short
from app.slack.blocks.history import difference
from app.slack.blocks.hooks import TITLE as HOOKS
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.part_names import part_name
from app.slack.blocks.setup_fields import confirmed
from app.slack.blocks.troubles import stuck_rows
from app.slack.ids import Action, Form, about

TITLE = "Set up"
MOST_NAMED = 5
MOST_GOAL_LENGTH = 400
"""Escaped it takes five times as much, which still fits a section."""
_LISTS = {
    PartKind.METRIC: Action.SETUP_METRICS,
    PartKind.WORK_STREAM: Action.SETUP_STREAMS,
    PartKind.PHASE: Action.SETUP_PHASES,
}
"""The kinds of parts that the menu shows, and what opens the list of each."""
FILES = "Readings from a table, or out as one; the scorecard as a file."
NO_HOME = "It has no home channel, so no digest goes out. Choose one under Digest."


def setup_menu(setup: SetUp, channel: str | None, trouble: str = "") -> dict[str, Any]:
    """What a scorecard is, part by part, each with the way to change it.

    `channel` is the one from which it was asked for. `trouble` is what keeps the bot out of
    the scorecard's home, in mrkdwn.
    """
    scorecard = setup.snapshot.scorecard
    lacking = [*_lacking(scorecard), *_digest_troubles(setup, trouble)]
    missing = ["*Still to do*", *(f"• {line}" for line in lacking)]
    return setup_view(
        FormPlace(scorecard.key, channel).as_metadata(),
        [
            _itself(scorecard),
            *(kit.sections(missing) if lacking else []),
            *stuck_rows(setup.stuck),
            kit.divider(),
            *(_parts(scorecard, kind, list_) for kind, list_ in _LISTS.items()),
            _row("Digest", _digest(setup), _edit(Action.SETUP_SCHEDULE, scorecard)),
            _row(
                "Alerts", alerts_in_short(scorecard.alerts), _edit(Action.SETUP_ALERTS, scorecard)
            ),
            _row("Access", _access(scorecard), _edit(Action.SETUP_ACCESS, scorecard)),
            _row("Progress page", _links(setup), _links_button(scorecard)),
            _row("Files", FILES, kit.button("Files", Action.FILES, scorecard.key)),
            _row("Tokens", _tokens(setup), _tokens_button(scorecard)),
            _row(HOOKS, _hooks(setup), kit.button("Hooks", Action.SETUP_HOOKS, scorecard.key)),
            kit.divider(),
            kit.actions(_retire(scorecard)),
        ],
    )


def setup_view(metadata: str, blocks: Sequence[Block]) -> dict[str, Any]:
    """A modal of the set-up that is clicked through, not sent."""
    return {
        "type": "modal",
        "callback_id": Form.SETUP,
        "title": {"type": "plain_text", "text": TITLE},
        "close": {"type": "plain_text", "text": "Close"},
        "private_metadata": metadata,
        "blocks": list(blocks),
    }


def _itself(scorecard: Scorecard) -> Block:
    goal = escaped(kit.shortened(scorecard.goal, MOST_GOAL_LENGTH))
    possible = len(scorecard.possibilities)
    things = "1 thing" if possible == 1 else f"{possible} things"
    more = f"\nIt makes {things} possible." if possible else ""
    text = f"{bold(scorecard.name)}\n{goal}{more}"
    return kit.section(text, accessory=_edit(Action.SETUP_EDIT, scorecard))


def _row(what: str, text: str, button: Block) -> Block:
    return kit.section(f"*{what}*\n{text}", accessory=button)


def _edit(action: Action, scorecard: Scorecard) -> Block:
    return kit.button("Edit", action, scorecard.key)


def _parts(scorecard: Scorecard, kind: PartKind, list_: Action) -> Block:
    """The parts of one kind with the way to their list, or the way to add the first."""
    what, named = f"{kind.value.capitalize()}s", _names(parts(scorecard, kind))
    if not named:
        new = about(scorecard.key, part_name(kind))
        add = kit.button(f"Add a {kind.value}", Action.OPEN_PART_FORM, new)
        return _row(what, "None yet.", add)
    button = kit.button(what, list_, scorecard.key)
    return _row(f"{what} ({len(named)})", _some(named), button)


def _names(those: Iterable[Any]) -> list[str]:
    return [part.name for part in those]


def _some(named: Sequence[str]) -> str:
    """The first few of some names, and how many more there are."""
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return escaped(", ".join(named[:MOST_NAMED])) + more


def _lacking(scorecard: Scorecard) -> Iterator[str]:
    """What keeps a scorecard from telling whether its goal is met, in mrkdwn."""
    if not scorecard.metrics:
        yield "It has no metric yet, so there is nothing to see: add the first one."
    undriven = [metric for metric in scorecard.metrics if not metric.drivers]
    if undriven:
        yield f"Without a work stream that moves it: {_some(_names(undriven))}"
    unowned = [metric for metric in scorecard.metrics if metric.owner is None]
    if unowned:
        yield f"Without an owner: {_some(_names(unowned))}"


def _digest_troubles(setup: SetUp, trouble: str) -> Iterator[str]:
    if setup.snapshot.scorecard.channel is None:
        yield NO_HOME
    elif trouble:
        yield f"The digest can't be posted. {trouble}"
    elif setup.digest_trouble:
        yield f"The last digest could not be posted yet. {setup.digest_trouble}"


def _digest(setup: SetUp) -> str:
    scorecard = setup.snapshot.scorecard
    schedule = scorecard.digest
    when = f"{WEEKDAYS[schedule.weekday]} {schedule.at:%H:%M} ({escaped(scorecard.zone.key)})"
    if scorecard.channel is None:
        return when
    return f"{when} in {kit.channel(scorecard.channel)}\n{next_digest(setup.snapshot)}"


def next_digest(snapshot: Snapshot) -> str:
    """When the next digest goes out, in the reader's own zone."""
    scorecard = snapshot.scorecard
    at = next_slot(scorecard.digest, scorecard.zone, snapshot.as_of)
    return f"The next one goes out {kit.moment(at)}."


def _access(scorecard: Scorecard) -> str:
    access = scorecard.access
    home = f"everybody in {kit.channel(scorecard.channel)}" if scorecard.channel else "everybody"
    lines = [
        f"Owned by {named(access.owners) if access.owners else 'the admins of this workspace'}",
        f"Edited by {named(access.editors) if access.editors else 'everybody who sees it'}",
        f"Seen by {named(access.viewers) if access.viewers else home}",
        *(said for allowed, said in ALLOWED.items() if getattr(access, allowed)),
    ]
    return "\n".join(lines)


def _links(setup: SetUp) -> str:
    if not setup.links:
        return "A page with all of it, to show to others. It has no link yet."
    count = len(setup.links)
    return f"A page with all of it. Open: {'1 link' if count == 1 else f'{count} links'}."


def _links_button(scorecard: Scorecard) -> Block:
    return kit.button("Progress page", Action.SETUP_LINKS, scorecard.key)


def _tokens(setup: SetUp) -> str:
    if not setup.tokens:
        return "None yet. A program needs one to read or report."
    return _some([token.name for token in setup.tokens])


def _tokens_button(scorecard: Scorecard) -> Block:
    return kit.button("Tokens", Action.SETUP_TOKENS, scorecard.key)


def _hooks(setup: SetUp) -> str:
    """How many hooks there are, and the last that was told, or what is wrong with the last."""
    if not setup.hooks:
        return "What is merged with a label makes a milestone. No hook yet."
    count = len(setup.hooks)
    troubled = [hook for hook in setup.hooks if hook.is_troubled]
    words = ["1 hook" if count == 1 else f"{count} hooks"]
    words += [escaped(kit.shortened(hook.trouble, 200)) for hook in troubled[:1]]
    return ". ".join(words)


def _retire(scorecard: Scorecard) -> Block:
    button = kit.button("Retire", Action.SETUP_RETIRE, scorecard.key, style="danger")
    return confirmed(
        button,
        "Retire this scorecard?",
        "It is shown nowhere any more and posts no digest. Nothing is deleted: it can be brought "
        "back with /kpi setup in its channel.",
        "Retire",
    )


def saved_reply(
    snapshot: Snapshot, revisions: Sequence[Revision], change: int | None, *, more: str = ""
) -> Message:
    """What was changed of a scorecard itself, with the way back."""
    name = bold(snapshot.scorecard.name)
    if change is None:
        return Message(f"{name} is as it was: nothing was changed.")
    lines = [f"Saved: {name}.", *map(difference, revisions), *([more] if more else [])]
    return undoable(lines, change)


def retired_reply(snapshot: Snapshot, change: int) -> Message:
    told = (
        f"{bold(snapshot.scorecard.name)} is retired: it is shown nowhere any more and posts no "
        "digest. Undo brings it back."
    )
    return undoable([told], change)


def undoable(lines: Sequence[str], change: int) -> Message:
    """A reply, in mrkdwn, with the way back from the change that it tells of."""
    return Message(
        kit.in_words(lines),
        (
            *kit.sections(lines, most=6_000, rest="things"),
            kit.actions(kit.button("Undo", Action.UNDO, str(change))),
        ),
    )


def trial_post(scorecard: Scorecard, sender: str) -> Message:
    """What the test post of a digest's schedule says."""
    schedule = scorecard.digest
    when = f"on {WEEKDAYS[schedule.weekday]}s at {schedule.at:%H:%M} ({scorecard.zone.key})"
    return Message(
        f"Test: the weekly digest of {bold(scorecard.name)} can be posted here. It goes out "
        f"{escaped(when)}, as {kit.person(sender)} is setting it up."
    )

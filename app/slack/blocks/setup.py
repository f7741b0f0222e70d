"""The set-up of a scorecard: the menu from which all that it is can be changed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.domain.digests import next_slot
from app.domain.outcomes import SetUp
from app.domain.revisions import Revision
from app.domain.scorecards import WEEKDAYS, Scorecard, Snapshot
from app.slack.blocks import kit
from app.slack.blocks.history import difference
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.setup_fields import confirmed, mentioned
from app.slack.ids import Action, Form

TITLE = "Set up"
MOST_NAMED = 5
MOST_GOAL_LENGTH = 400
"""Escaped it takes five times as much, which still fits a section."""
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
            kit.divider(),
            _parts(scorecard, "Metrics", _names(scorecard.metrics), Action.SETUP_METRICS),
            _parts(scorecard, "Work streams", _names(scorecard.work_streams), Action.SETUP_STREAMS),
            _parts(scorecard, "Phases", _names(scorecard.phases), Action.SETUP_PHASES),
            _row(scorecard, "Digest", _digest(setup), Action.SETUP_SCHEDULE),
            _row(scorecard, "Access", _access(scorecard), Action.SETUP_ACCESS),
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
    more = f"\nIt makes {possible} things possible." if possible > 1 else ""
    text = f"{bold(scorecard.name)}\n{goal}{more}"
    return kit.section(text, accessory=kit.button("Edit", Action.SETUP_EDIT, scorecard.key))


def _row(scorecard: Scorecard, what: str, text: str, action: str, label: str = "Edit") -> Block:
    button = kit.button(label, action, scorecard.key)
    return kit.section(f"*{what}*\n{text}", accessory=button)


def _parts(scorecard: Scorecard, what: str, named: Sequence[str], action: str) -> Block:
    if not named:
        singular = what.removesuffix("s").lower()
        return _row(scorecard, what, "None yet.", action, label=f"Add a {singular}")
    return _row(scorecard, f"{what} ({len(named)})", _some(named), action, label=what)


def _names(parts: Iterable[Any]) -> list[str]:
    return [part.name for part in parts]


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
        yield f"The last digest could not be posted. {setup.digest_trouble}"


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
        f"Owned by {_people(access.owners) or 'the admins of this workspace'}",
        f"Edited by {_people(access.editors) or 'everybody who sees it'}",
        f"Seen by {_people(access.viewers) or home}",
    ]
    return "\n".join(lines)


def _people(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return ", ".join(mentioned(each) for each in ids[:MOST_NAMED]) + more


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

"""Scorecards to choose from, where none is at home."""

from collections.abc import Sequence

from app.domain.scorecards import Snapshot
from app.slack.blocks import figures, kit
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.ids import Action, about

MOST_OFFERED = 20


def offer(snapshots: Sequence[Snapshot]) -> Message:
    """The scorecards that the asker may see, in a channel that has none."""
    title = "This channel has no scorecard. You may see these:"
    offered = snapshots[:MOST_OFFERED]
    rest = len(snapshots) - len(offered)
    more = [f"… and {rest} more: see the Home tab of the bot"] if rest else []
    begin = "Or make one: `/kpi setup`"
    lines = [
        f"{escaped(each.scorecard.name)}: {figures.headline(each)}{_home(each)}" for each in offered
    ]
    return Message(
        kit.in_words([title, *lines, *more, begin], "scorecards"),
        (kit.section(title), *map(scorecard_row, offered), *map(kit.context, [*more, begin])),
    )


def scorecard_row(snapshot: Snapshot) -> Block:
    """A scorecard in one line, with the button that shows it."""
    scorecard = snapshot.scorecard
    gained = figures.gained(snapshot)
    stand = f"{figures.headline(snapshot)}{f' · {gained}' if gained else ''}"
    return kit.section(
        f"{bold(scorecard.name)}{_home(snapshot)}\n{stand}",
        accessory=kit.button("Show", Action.SHOW_PAGE, about(scorecard.key, "0")),
    )


def _home(snapshot: Snapshot) -> str:
    channel = snapshot.scorecard.channel
    return f" in {kit.channel(channel)}" if channel else ""

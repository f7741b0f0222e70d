"""What could not be posted: told to an owner, and in the menu of the set-up."""

from collections.abc import Iterator, Sequence

from app.domain.outcomes import Stuck
from app.slack.blocks import kit
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.ids import Action

DECISION_BLOCK = "decision"


def trouble_notice(scorecard: str, stuck: Stuck) -> Message:
    """What an owner is told, by the scorecard's name, with what they can do about it."""
    told = f"{bold(scorecard)}: {_told(stuck)}"
    return Message(told, (kit.section(told), _decision(stuck)))


def settled_notice(told: str, done: str) -> Message:
    """What an owner was told, once something was done about it."""
    return Message(f"{told}\n{done}", (kit.section(told), kit.context(done)))


def stuck_rows(rests: Sequence[Stuck]) -> Iterator[Block]:
    """What rests, each with what can be done about it."""
    for stuck in rests:
        yield kit.section(_told(stuck))
        yield {**_decision(stuck), "block_id": f"{DECISION_BLOCK}:{stuck.id}"}


def _told(stuck: Stuck) -> str:
    what, channel = escaped(stuck.what), kit.channel(stuck.channel)
    if not stuck.is_unsure:
        return f"{what} could not be posted in {channel}. {stuck.why}"
    return (
        f"{what} may or may not stand in {channel}: Slack's answer to it was lost, and the bot "
        f"can't look there. {stuck.why}\nPlease look there yourself; until you have said, it is "
        "not posted again."
    )


def _decision(stuck: Stuck) -> Block:
    value = str(stuck.id)
    if not stuck.is_unsure:
        return kit.actions(kit.button("Try again", Action.SEND_AGAIN, value))
    return kit.actions(
        kit.button("Post it", Action.SEND_AGAIN, value),
        kit.button("It's there", Action.IS_THERE, value),
    )

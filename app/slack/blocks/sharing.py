"""A screen that somebody shows to a whole channel."""

from app.slack.blocks import kit
from app.slack.blocks.kit import Block, Message


def shared(screen: Message, by: str) -> Message:
    """The screen as the channel sees it, with who shared it."""
    who = f"Shared by {kit.person(by)}"
    lines = [who, *screen.text.splitlines()]
    return Message(
        kit.in_words(lines),
        (*screen.blocks, kit.context(who)),
        native=(*screen.native, kit.context(who)) if screen.native else (),
        pictured=(*screen.pictured, kit.context(who)) if screen.pictured else (),
    )


def shared_reply(link: str | None, back: Block) -> Message:
    """What the one who shared a screen sees in its place, so that it isn't shared twice."""
    text = f"Shared in the channel: <{link}|see it there>." if link else "Shared in the channel."
    return Message(text, (kit.section(text), kit.actions(back)))

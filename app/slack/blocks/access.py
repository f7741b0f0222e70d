"""Who may do what: refusals that say who can help."""

from collections.abc import Sequence

from app.slack.blocks import kit
from app.slack.blocks.kit import Message, escaped

MOST_NAMED = 3


def refusal(told: str, who_can_help: Sequence[str]) -> Message:
    """A refusal that mentions those who can help; it is for the one who asked alone."""
    return Message(f"{escaped(told)} Ask {named(who_can_help)}.")


def named(ids: Sequence[str], *, last: str = "or") -> str:
    """People and user groups as mentions, the first few of them and the number of the others."""
    mentions = [_mention(each) for each in ids[:MOST_NAMED]]
    if len(ids) > MOST_NAMED:
        mentions.append(f"one of {len(ids) - MOST_NAMED} more")
    return f" {last} ".join(part for part in (", ".join(mentions[:-1]), mentions[-1]) if part)


def _mention(named_id: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text"""
    return f"<!subteam^{named_id}>" if named_id.startswith("S") else kit.person(named_id)

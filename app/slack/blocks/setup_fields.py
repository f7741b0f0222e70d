"""Fields that the forms of the set-up share."""

from datetime import time

from app.slack.blocks import kit
from app.slack.blocks.kit import Block
from app.slack.ids import Action


def confirmed(button: Block, title: str, text: str, yes: str) -> Block:
    """A button of which Slack asks whether it is meant.

    https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
    """
    words = {"title": title, "text": text, "confirm": yes, "deny": "Cancel"}
    plain = {name: {"type": "plain_text", "text": said} for name, said in words.items()}
    return {**button, "confirm": {**plain, "style": "danger"}}


def mentioned(named: str) -> str:
    """A person or a user group that a scorecard's access names."""
    return f"<!subteam^{named}>" if named.startswith("S") else kit.person(named)


def home_input(initial: str | None) -> Block:
    """Slack's own picker of channels, public and private; people see those that they may.

    https://docs.slack.dev/reference/block-kit/composition-objects/conversation-filter-object
    """
    block: Block = {
        "type": "conversations_select",
        "action_id": Action.INPUT,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return {**block, "initial_conversation": initial} if initial else block


def time_input(initial: time) -> Block:
    return {"type": "timepicker", "action_id": Action.INPUT, "initial_time": f"{initial:%H:%M}"}

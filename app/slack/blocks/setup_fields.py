"""Fields that the forms of the set-up share."""

from collections.abc import Sequence
from datetime import time

from app.domain.access import is_group
from app.domain.scorecards import WEEKDAYS
from app.slack.blocks import kit
from app.slack.blocks.kit import Block
from app.slack.ids import Action

MOST_THEIRS_LENGTH = 6_000


def confirmed(button: Block, title: str, text: str, yes: str) -> Block:
    """A button of which Slack asks whether it is meant.

    https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
    """
    words = {"title": title, "text": text, "confirm": yes, "deny": "Cancel"}
    plain = {name: {"type": "plain_text", "text": said} for name, said in words.items()}
    return {**button, "confirm": {**plain, "style": "danger"}}


def mentioned(named: str) -> str:
    """A person or a user group that a scorecard's access names."""
    return f"<!subteam^{named}>" if is_group(named) else kit.person(named)


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


def weekday_input(initial: int) -> Block:
    """The days of the week, 0 for Monday."""
    options = [kit.option(str(number), day) for number, day in enumerate(WEEKDAYS)]
    return {
        "type": "static_select",
        "action_id": Action.INPUT,
        "options": options,
        "initial_option": options[initial],
    }


def zone_input(initial: str) -> Block:
    """A search over the time zones, for which Slack asks us."""
    return {
        "type": "external_select",
        "action_id": Action.CHOOSE_ZONE,
        "min_query_length": 2,
        "initial_option": zone_option(initial),
    }


def zone_option(zone: str) -> Block:
    return kit.option(zone, zone.replace("_", " "))


def changed_meanwhile(present: Sequence[str], *, most: int = MOST_THEIRS_LENGTH) -> list[Block]:
    """What somebody else has changed while a form was open, as it is now, in mrkdwn."""
    if not present:
        return []
    title = "Somebody changed this while you were writing. Save again to write what stands below."
    return [
        kit.section(title),
        *kit.sections(present, most=most, rest="fields"),
        kit.divider(),
    ]

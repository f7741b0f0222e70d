"""Builders of modals and of the fields in them, within the limits of Slack.

https://docs.slack.dev/reference/views and https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.slack.blocks.kit import (
    MOST_HEADER_LENGTH,
    MOST_LABEL_LENGTH,
    MOST_SECTION_LENGTH,
    MOST_TITLE_LENGTH,
    MOST_VIEW_BLOCKS,
    Block,
    Message,
    plain_text,
    section,
    sections,
    shortened,
)

FormState = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What stands in a form: by block id and action id, as Slack sends it."""


def modal(
    title: str,
    callback: str,
    blocks: Sequence[Block],
    *,
    submit: str,
    metadata: str,
) -> dict[str, Any]:
    if len(blocks) > MOST_VIEW_BLOCKS:
        raise ValueError(f"a view has at most {MOST_VIEW_BLOCKS} blocks")
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain_text(title, MOST_TITLE_LENGTH),
        "submit": plain_text(submit, MOST_TITLE_LENGTH),
        "close": plain_text("Cancel", MOST_TITLE_LENGTH),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }


def told(title: str, text: str) -> dict[str, Any]:
    """A modal that only says something."""
    return {
        "type": "modal",
        "title": plain_text(title, MOST_TITLE_LENGTH),
        "close": plain_text("Close", MOST_TITLE_LENGTH),
        "blocks": sections([text]),
    }


def screen(title: str, message: Message) -> dict[str, Any]:
    """A modal that shows what a message would."""
    return {
        "type": "modal",
        "title": plain_text(title, MOST_TITLE_LENGTH),
        "close": plain_text("Close", MOST_TITLE_LENGTH),
        "blocks": list(message.blocks) or [section(message.text)],
    }


def field(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str = "",
    optional: bool = False,
    dispatches: bool = False,
) -> Block:
    """An input of a form; one that dispatches tells us at once what is chosen in it."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, MOST_LABEL_LENGTH),
        "element": element,
        "optional": optional,
        "dispatch_action": dispatches,
    }
    return {**block, "hint": plain_text(hint, MOST_LABEL_LENGTH)} if hint else block


def text_input(
    action: str,
    *,
    initial: str = "",
    most: int,
    multiline: bool = False,
    placeholder: str = "",
) -> Block:
    block: Block = {
        "type": "plain_text_input",
        "action_id": action,
        "multiline": multiline,
        "max_length": min(most, MOST_SECTION_LENGTH),
    }
    if initial:
        block["initial_value"] = shortened(initial, most)
    if placeholder:
        block["placeholder"] = plain_text(placeholder, MOST_HEADER_LENGTH)
    return block


def date_input(action: str, initial: date | None = None) -> Block:
    block: Block = {"type": "datepicker", "action_id": action}
    return {**block, "initial_date": initial.isoformat()} if initial else block


def instant_input(action: str) -> Block:
    """A date and a time of day in the reader's own zone."""
    return {"type": "datetimepicker", "action_id": action}


_INITIALS = {
    "value": "initial_value",
    "selected_date": "initial_date",
    "selected_date_time": "initial_date_time",
    "selected_time": "initial_time",
    "selected_conversation": "initial_conversation",
    "selected_users": "initial_users",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
}


def keeping_state(view: dict[str, Any], state: FormState) -> dict[str, Any]:
    """The view with what stands in its fields as their initial values.

    Slack keeps what was typed when a view is updated, but shows the new initial
    value of a field that nobody touched.
    """
    blocks = [
        _with_initial(block, state.get(block.get("block_id", ""), {})) for block in view["blocks"]
    ]
    return {**view, "blocks": blocks}


def _with_initial(block: Block, state: Mapping[str, Mapping[str, Any]]) -> Block:
    for given in state.values():
        initials = {_INITIALS[key]: value for key, value in given.items() if key in _INITIALS}
        element = {key: value for key, value in block["element"].items() if key not in initials}
        most = element.get("max_length", MOST_SECTION_LENGTH)
        # Text that is too long stays with the person; as an initial value it would be refused.
        kept = {key: value for key, value in initials.items() if value and _fits(value, most)}
        return {**block, "element": {**element, **kept}}
    return block


def _fits(value: object, most: int) -> bool:
    return not isinstance(value, str) or len(value) <= most

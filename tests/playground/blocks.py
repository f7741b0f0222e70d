"""The blocks that the tests' apps send."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    """A section with mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action_id: str, text: str = "Go", **more: Any) -> Json:
    """A button."""
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: Json, block_id: str = "actions") -> Json:
    """A row of elements."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def options(*values: str) -> list[Json]:
    """Options whose values are their texts in small letters."""
    return [{"text": plain(value.title()), "value": value} for value in values]


def text_input(block_id: str, *, optional: bool = False, **element: Any) -> Json:
    """An input block with a text field."""
    return input_block(block_id, "plain_text_input", optional=optional, **element)


def input_block(
    block_id: str, kind: str, *, optional: bool = False, dispatch: bool = False, **element: Any
) -> Json:
    """An input block; its element's action id is `value`."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id.title()),
        "optional": optional,
        "dispatch_action": dispatch,
        "element": {"type": kind, "action_id": "value", **element},
    }


def modal(*blocks: Json, title: str = "Milestone", **more: Any) -> Json:
    """A modal with a submit button; it says something if it is given nothing."""
    return {
        "type": "modal",
        "callback_id": "milestone",
        "title": plain(title),
        "submit": plain("Save"),
        "blocks": list(blocks) or [section("Nothing to fill in")],
        **more,
    }


def home(*blocks: Json) -> Json:
    """An App Home."""
    return {"type": "home", "blocks": list(blocks)}

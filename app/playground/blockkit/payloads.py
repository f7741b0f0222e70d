"""Whole payloads: a message, a modal, an App Home view, and what their blocks owe each other.

Sources: docs.slack.dev/reference/block-kit/blocks (50 and 100 blocks, unique block ids),
.../reference/methods/chat.postMessage (40,000 characters), .../reference/views/modal-views and
.../home-tab-views, .../messaging/message-metadata.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from app.playground.blockkit.blocks import BLOCKS
from app.playground.blockkit.checks import (
    Check,
    any_object,
    array,
    boolean,
    by_type,
    exactly_one_of,
    objects,
    repeated,
    shape,
    text,
)
from app.playground.blockkit.objects import MENU_OPTION, OPTION_GROUP, plain_text
from app.playground.blockkit.problem import Problem
from app.playground.blocks import INNER_BLOCKS

MOST_MARKDOWN_CHARACTERS = 12_000
_MOST_OF_A_TYPE = {"table": 1, "data_visualization": 2}


def _unique_block_ids(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    yield from repeated(
        (
            (block.get("block_id"), f"{pointer}{place}/block_id")
            for place, block in _every_block(value, "blocks")
        ),
        "`block_id` {value} already exists for another block",
    )


def _every_block(holder: Mapping[str, Any], field: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The blocks with their places, each followed by those inside it."""
    for index, block in objects(holder.get(field)):
        yield f"/{field}/{index}", block
        inner = INNER_BLOCKS.get(str(block.get("type")), "")
        for place, each in _every_block(block, inner):
            yield f"/{field}/{index}{place}", each


def _few_of_a_type(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """A message holds one table (table-block) and two charts (data-visualization-block)."""
    for kind, most in _MOST_OF_A_TYPE.items():
        places = [
            place for place, block in _every_block(value, "blocks") if block.get("type") == kind
        ]
        for place in places[most:]:
            yield Problem(f"{pointer}{place}", f"no more than {most} {kind} blocks allowed")


def _markdown_together(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """All markdown blocks of a payload together hold 12,000 characters (markdown-block)."""
    texts = [
        block.get("text")
        for _, block in objects(value.get("blocks"))
        if block.get("type") == "markdown"
    ]
    if sum(len(each) for each in texts if isinstance(each, str)) > MOST_MARKDOWN_CHARACTERS:
        yield Problem(
            f"{pointer}/blocks",
            f"markdown must be less than {MOST_MARKDOWN_CHARACTERS + 1} characters in all",
        )


def _focus_once(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """One element of a view may take the focus (focus_on_load, on the page of each element)."""
    focused = [place for place, element in _elements(value) if element.get("focus_on_load") is True]
    for place in focused[1:]:
        yield Problem(f"{pointer}{place}/focus_on_load", "only one element can have focus")


def _elements(value: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for place, block in _every_block(value, "blocks"):
        for field in ("element", "accessory"):
            if isinstance(block.get(field), Mapping):
                yield f"{place}/{field}", block[field]
        for index, element in objects(block.get("elements")):
            yield f"{place}/elements/{index}", element


def _input_needs_submit(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """A modal that asks for something needs a button that sends it (modal-views, `submit`)."""
    asks = any(block.get("type") == "input" for _, block in objects(value.get("blocks")))
    if asks and "submit" not in value:
        yield Problem(pointer, "missing required field: submit")


def _files_in_modals_only(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """Outside modals nobody can upload a file (block-elements/file-input-element)."""
    for place, element in _elements(value):
        if element.get("type") == "file_input":
            yield Problem(f"{pointer}{place}/type", "unsupported type: file_input")


_METADATA = shape(required={"event_type": text(), "event_payload": any_object})

_MESSAGE_FIELDS: dict[str, Check] = {"text": text(40_000, least=0), "metadata": _METADATA}
_MESSAGE_RULES = (_unique_block_ids, _few_of_a_type, _markdown_together, _files_in_modals_only)


def _message(surface: Literal["message", "ack"]) -> Check:
    blocks = array(BLOCKS[surface], least=0, most=50)
    return shape(optional=_MESSAGE_FIELDS | {"blocks": blocks}, rules=_MESSAGE_RULES)


_MESSAGES: Mapping[str, Check] = {"message": _message("message"), "ack": _message("ack")}

_VIEW_FIELDS: dict[str, Check] = {
    "private_metadata": text(3000, least=0),
    "callback_id": text(255, least=0),
    "external_id": text(255, least=0),
}
_VIEW = by_type(
    {
        "modal": shape(
            required={"title": plain_text(24), "blocks": array(BLOCKS["modal"], most=100)},
            optional=_VIEW_FIELDS
            | {
                "submit": plain_text(24),
                "close": plain_text(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
            },
            rules=[_unique_block_ids, _focus_once, _input_needs_submit],
        ),
        "home": shape(
            required={"blocks": array(BLOCKS["home"], most=100)},
            optional=_VIEW_FIELDS,
            rules=[_unique_block_ids, _focus_once, _files_in_modals_only],
        ),
    },
)


def problems_in_message(
    message: Mapping[str, Any],
    surface: Literal["message", "ack"] = "message",
) -> list[Problem]:
    """What Slack would refuse in a message's text, blocks and metadata; empty if all is well.

    The message may carry any other arguments of chat.postMessage, which are not looked at, and
    fields that are None count as absent. Whether it says anything at all (`no_text`) is not asked
    either. With `surface="ack"` only classic blocks pass: the answer to a command or an
    interaction is refused silently, so nothing that is new or limited to messages belongs there.
    """
    looked_at = ("text", "blocks", "metadata")
    content = {field: message[field] for field in looked_at if message.get(field) is not None}
    return list(_MESSAGES[surface](content, ""))


def problems_in_attachments(attachments: object) -> list[Problem]:
    """What Slack would refuse in the blocks of a message's attachments; empty if all is well.

    Pointers start at the message. Other fields of an attachment are not looked at.
    """
    return list(_ATTACHMENTS(attachments, "/attachments"))


_ATTACHED = shape(optional={"blocks": array(BLOCKS["message"], least=0, most=50)})


def _attachment(value: object, pointer: str) -> Iterator[Problem]:
    """An attachment, of which only the blocks are looked at."""
    blocks = {"blocks": value["blocks"]} if isinstance(value, Mapping) and "blocks" in value else {}
    yield from _ATTACHED(blocks if isinstance(value, Mapping) else value, pointer)


_ATTACHMENTS = array(_attachment, least=0)

_SUGGESTIONS = shape(
    optional={
        "options": array(MENU_OPTION, least=0, most=100),
        "option_groups": array(OPTION_GROUP, least=0, most=100),
    },
    rules=[exactly_one_of("options", "option_groups")],
)


def problems_in_suggestions(answer: Mapping[str, Any]) -> list[Problem]:
    """What Slack would refuse in the options that an app suggests for an external select
    (block-elements/select-menu-element); empty if all is well."""
    return list(_SUGGESTIONS(answer, ""))


def problems_in_view(view: Mapping[str, Any]) -> list[Problem]:
    """What Slack would refuse in a modal or an App Home view; empty if all is well.

    Pointers start at the view; views.open and views.publish put "/view" before them.
    """
    return list(_VIEW(view, ""))

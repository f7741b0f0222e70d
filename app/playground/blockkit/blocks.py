"""Blocks, and the surfaces that show them.

Source: docs.slack.dev/reference/block-kit/blocks, one page for each `type` below.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from app.playground.blockkit.charts import DATA_VISUALIZATION
from app.playground.blockkit.checks import (
    Check,
    Rule,
    array,
    at_least_one_of,
    at_most_one_of,
    boolean,
    by_type,
    exactly_one_of,
    matching,
    objects,
    repeated,
    shape,
    text,
    word,
)
from app.playground.blockkit.elements import (
    ACCESSORY,
    ACTION_ELEMENT,
    BUTTON_ELEMENT,
    CONTEXT_ACTION_ELEMENT,
    CONTEXT_ELEMENT,
    IMAGE_ELEMENT,
    INPUT_ELEMENT,
    URL_SOURCE_ELEMENT,
)
from app.playground.blockkit.objects import (
    ALT_TEXT,
    BLOCK_ID,
    PICTURE_URL,
    SLACK_FILE,
    SLACK_ICON,
    any_text,
    plain_text,
)
from app.playground.blockkit.problem import Problem
from app.playground.blockkit.richtext import RICH_TEXT
from app.playground.blockkit.tables import DATA_TABLE, TABLE

Surface = Literal["message", "ack", "modal", "home"]


def _block(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    rules: tuple[Rule, ...] = (),
) -> Check:
    return shape(
        required=required,
        optional={"block_id": BLOCK_ID, **(optional or {})},
        rules=rules,
    )


def _unique_action_ids(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """An action_id names one element of its block."""
    yield from repeated(
        (
            (element.get("action_id"), f"{pointer}/{field}/{index}/action_id")
            for field in ("elements", "actions")
            for index, element in objects(value.get(field))
        ),
        "`action_id` {value} already exists for another element",
    )


def _collapses_only_if_it_can(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """`default_collapsed` requires `is_collapsible` (container-block)."""
    if value.get("default_collapsed") is True and value.get("is_collapsible") is not True:
        yield Problem(f"{pointer}/default_collapsed", "requires `is_collapsible`")


_RICH_TEXT = by_type({"rich_text": RICH_TEXT})
_HTTPS_URL = matching(r"https://\S+", "a HTTPS URL")

_CLASSIC: dict[str, Check] = {
    "section": _block(
        optional={
            "text": any_text(3000),
            "fields": array(any_text(2000), most=10),
            "accessory": ACCESSORY,
            "expand": boolean,
        },
        rules=(at_least_one_of("text", "fields"),),
    ),
    "context": _block(required={"elements": array(CONTEXT_ELEMENT, most=10)}),
    "actions": _block(
        required={"elements": array(ACTION_ELEMENT, most=25)},
        rules=(_unique_action_ids,),
    ),
    "image": _block(
        required={"alt_text": ALT_TEXT},
        optional={"image_url": PICTURE_URL, "slack_file": SLACK_FILE, "title": plain_text(2000)},
        rules=(exactly_one_of("image_url", "slack_file"),),
    ),
    "divider": _block(),
    "header": _block(required={"text": plain_text(150)}),
    "rich_text": RICH_TEXT,
}

_INPUT: dict[str, Check] = {
    "input": _block(
        required={"label": plain_text(2000), "element": INPUT_ELEMENT},
        optional={"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
}

_VIDEO: dict[str, Check] = {
    # "Less than" 200 and 50 characters, in the words of video-block.
    "video": _block(
        required={
            "alt_text": text(),
            "title": plain_text(199),
            "thumbnail_url": PICTURE_URL,
            "video_url": _HTTPS_URL,
        },
        optional={
            "author_name": text(49),
            "description": plain_text(),
            "provider_icon_url": PICTURE_URL,
            "provider_name": text(),
            "title_url": _HTTPS_URL,
        },
    ),
}

# An icon and a Slack icon would stand in the same place.
_CARD = _block(
    optional={
        "hero_image": IMAGE_ELEMENT,
        "icon": IMAGE_ELEMENT,
        "slack_icon": SLACK_ICON,
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "subtext": any_text(200),
        "actions": array(BUTTON_ELEMENT, most=3),
    },
    rules=(
        at_least_one_of("hero_image", "title", "actions", "body"),
        at_most_one_of("icon", "slack_icon"),
        _unique_action_ids,
    ),
)

# SDKs require the status (slackapi/python-slack-sdk), the page doesn't.
_TASK_CARD = _block(
    required={
        "task_id": text(),
        "title": text(),
        "status": word("pending", "in_progress", "complete", "error"),
    },
    optional={
        "details": _RICH_TEXT,
        "output": _RICH_TEXT,
        "sources": array(URL_SOURCE_ELEMENT),
    },
)

_MESSAGES_ONLY: dict[str, Check] = {
    "markdown": _block(required={"text": text(12_000)}),
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "context_actions": _block(
        required={"elements": array(CONTEXT_ACTION_ELEMENT, most=5)},
        rules=(_unique_action_ids,),
    ),
    "file": _block(required={"external_id": text(), "source": word("remote")}),
    "card": _CARD,
    "carousel": _block(required={"elements": array(by_type({"card": _CARD}), most=10)}),
    "task_card": _TASK_CARD,
    "plan": _block(
        required={"title": text()},
        optional={"tasks": array(by_type({"task_card": _TASK_CARD}), least=0)},
    ),
}

_MODALS_ONLY: dict[str, Check] = {
    "alert": _block(
        required={"text": any_text(200)},
        optional={"level": word("default", "info", "warning", "error", "success")},
    ),
}

_MESSAGE_BLOCKS = _CLASSIC | _INPUT | _VIDEO | _MESSAGES_ONLY
_INSIDE_A_CONTAINER = (
    *("actions", "context", "divider", "file", "header", "image", "input", "rich_text"),
    *("section", "table", "video"),
)

# The page of the container doesn't name its surfaces: here it belongs into messages.
_CONTAINER: dict[str, Check] = {
    "container": _block(
        required={
            "child_blocks": array(
                by_type({kind: _MESSAGE_BLOCKS[kind] for kind in _INSIDE_A_CONTAINER}), most=10
            ),
        },
        optional={
            "title": plain_text(150),
            "rich_text_title": _RICH_TEXT,
            "subtitle": any_text(150),
            "width": word("narrow", "standard", "wide", "full"),
            "icon": IMAGE_ELEMENT,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        rules=(at_least_one_of("title", "rich_text_title"), _collapses_only_if_it_can),
    ),
}

# A file is asked for in modals only (block-elements/file-input-element). An ack takes the blocks
# that every workspace has had for years: nobody would hear of a refusal there.
BLOCKS: Mapping[Surface, Check] = {
    "message": by_type(_MESSAGE_BLOCKS | _CONTAINER),
    "ack": by_type(_CLASSIC),
    "modal": by_type(_CLASSIC | _INPUT | _VIDEO | _MODALS_ONLY),
    "home": by_type(_CLASSIC | _INPUT | _VIDEO),
}

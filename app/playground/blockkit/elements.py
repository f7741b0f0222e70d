"""Block elements: buttons, menus, pickers and inputs, and which block takes which.

Source: docs.slack.dev/reference/block-kit/block-elements, one page for each `type` below, with
the blocks that the page names under "works with block types".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.playground.blockkit.checks import (
    Check,
    Rule,
    array,
    boolean,
    by_type,
    exactly_one_of,
    in_order,
    integer,
    items,
    matching,
    objects,
    shape,
    text,
    word,
)
from app.playground.blockkit.objects import (
    ACTION_ID,
    ALT_TEXT,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_ACTION_CONFIG,
    LISTED_OPTION,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    PICTURE_URL,
    SLACK_FILE,
    URL,
    WORKFLOW,
    mrkdwn_fields,
    plain_text,
    plain_text_fields,
)
from app.playground.blockkit.problem import Problem
from app.playground.blockkit.richtext import RICH_TEXT

_IDENTIFIED = {"action_id": ACTION_ID}
_CONFIRMED = _IDENTIFIED | {"confirm": CONFIRM}
_CHOOSING = _CONFIRMED | {"focus_on_load": boolean}
_TYPING = _IDENTIFIED | {
    "focus_on_load": boolean,
    "placeholder": plain_text(150),
    "dispatch_action_config": DISPATCH_ACTION_CONFIG,
}
_SELECTING = _CHOOSING | {"placeholder": plain_text(150)}
_SELECTING_MANY = _SELECTING | {"max_selected_items": integer(1)}

_ID = text()
_IDS = array(_ID, least=0)
_BUTTON_STYLE = word("primary", "danger")


def _initially_offered(field: str) -> Rule:
    """What is chosen at first has to be, exactly, one of the options that are offered."""

    def rule(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
        if field not in value:
            return
        groups = (items(group.get("options")) for _, group in objects(value.get("option_groups")))
        offered = [*items(value.get("options")), *(option for group in groups for option in group)]
        chosen = value[field]
        places = (
            [(each, f"{pointer}/{field}/{i}") for i, each in enumerate(chosen)]
            if isinstance(chosen, list)
            else [(chosen, f"{pointer}/{field}")]
        )
        for option, place in places:
            if option not in offered:
                yield Problem(place, "must exactly match one of the provided options")

    return rule


def _static_menu(initial: str, initial_check: Check, fields: Mapping[str, Check]) -> Check:
    return shape(
        optional={
            **fields,
            "options": array(MENU_OPTION, most=100),
            "option_groups": array(OPTION_GROUP, most=100),
            initial: initial_check,
        },
        rules=[exactly_one_of("options", "option_groups"), _initially_offered(initial)],
    )


_BUTTONS: dict[str, Check] = {
    "button": shape(
        required={"text": plain_text(75)},
        optional=_CONFIRMED
        | {
            "url": URL,
            "value": text(2000, least=0),
            "style": _BUTTON_STYLE,
            "accessibility_label": text(75),
            "agent_prompt": text(4000),
            "agent_prompt_display": text(),
            "visible_to_user_ids": _IDS,
        },
    ),
    "workflow_button": shape(
        required={"text": plain_text(75), "workflow": WORKFLOW},
        optional=_IDENTIFIED | {"style": _BUTTON_STYLE, "accessibility_label": text(75)},
    ),
    "overflow": shape(
        required={"options": array(OVERFLOW_OPTION, most=5)},
        optional=_CONFIRMED,
    ),
}

_CHOICES: dict[str, Check] = {
    "checkboxes": shape(
        required={"options": array(LISTED_OPTION, most=10)},
        optional=_CHOOSING | {"initial_options": array(LISTED_OPTION, most=10)},
        rules=[_initially_offered("initial_options")],
    ),
    "radio_buttons": shape(
        required={"options": array(LISTED_OPTION, most=10)},
        optional=_CHOOSING | {"initial_option": LISTED_OPTION},
        rules=[_initially_offered("initial_option")],
    ),
}

_MENUS: dict[str, Check] = {
    "static_select": _static_menu("initial_option", MENU_OPTION, _SELECTING),
    "external_select": shape(
        optional=_SELECTING | {"initial_option": MENU_OPTION, "min_query_length": integer(0)},
    ),
    "users_select": shape(optional=_SELECTING | {"initial_user": _ID}),
    "conversations_select": shape(
        optional=_SELECTING
        | {
            "initial_conversation": _ID,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": CONVERSATION_FILTER,
        },
    ),
    "channels_select": shape(
        optional=_SELECTING | {"initial_channel": _ID, "response_url_enabled": boolean},
    ),
}

_MULTI_MENUS: dict[str, Check] = {
    "multi_static_select": _static_menu(
        "initial_options", array(MENU_OPTION, most=100), _SELECTING_MANY
    ),
    "multi_external_select": shape(
        optional=_SELECTING_MANY
        | {"initial_options": array(MENU_OPTION, most=100), "min_query_length": integer(0)},
    ),
    "multi_users_select": shape(optional=_SELECTING_MANY | {"initial_users": _IDS}),
    "multi_conversations_select": shape(
        optional=_SELECTING_MANY
        | {
            "initial_conversations": _IDS,
            "default_to_current_conversation": boolean,
            "filter": CONVERSATION_FILTER,
        },
    ),
    "multi_channels_select": shape(optional=_SELECTING_MANY | {"initial_channels": _IDS}),
}

_DATE = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date: YYYY-MM-DD")
_TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time: HH:mm")

_PICKERS: dict[str, Check] = {
    "datepicker": shape(optional=_SELECTING | {"initial_date": _DATE}),
    "timepicker": shape(optional=_SELECTING | {"initial_time": _TIME, "timezone": text()}),
}

_DATETIME_PICKER: dict[str, Check] = {
    # A UNIX time in seconds, ten digits.
    "datetimepicker": shape(
        optional=_CHOOSING | {"initial_date_time": integer(10**9, 10**10 - 1)},
    ),
}

_NUMERAL = matching(r"[+-]?(\d+(\.\d*)?|\.\d+)", "a number, as a string")

_INPUTS: dict[str, Check] = {
    "plain_text_input": shape(
        optional=_TYPING
        | {
            "initial_value": text(3000, least=0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        rules=[in_order("min_length", "max_length")],
    ),
    "number_input": shape(
        required={"is_decimal_allowed": boolean},
        optional=_TYPING
        | {"initial_value": _NUMERAL, "min_value": _NUMERAL, "max_value": _NUMERAL},
        rules=[in_order("min_value", "max_value")],
    ),
    "email_text_input": shape(optional=_TYPING | {"initial_value": text(least=0)}),
    "url_text_input": shape(optional=_TYPING | {"initial_value": text(least=0)}),
    "rich_text_input": shape(
        optional=_TYPING | {"initial_value": by_type({"rich_text": RICH_TEXT})},
    ),
    "file_input": shape(
        optional=_IDENTIFIED | {"filetypes": array(text()), "max_files": integer(1, 10)},
    ),
}

_IMAGE: dict[str, Check] = {
    "image": shape(
        required={"alt_text": ALT_TEXT},
        optional={"image_url": PICTURE_URL, "slack_file": SLACK_FILE},
        rules=[exactly_one_of("image_url", "slack_file")],
    ),
}

_FEEDBACK_BUTTON = shape(
    required={"text": plain_text(75), "value": text(2000)},
    optional={"accessibility_label": text(75)},
)

URL_SOURCE_ELEMENT = by_type({"url": shape(required={"url": URL, "text": text()})})
IMAGE_ELEMENT = by_type(_IMAGE)
BUTTON_ELEMENT = by_type({"button": _BUTTONS["button"]})
ACCESSORY = by_type(_BUTTONS | _CHOICES | _MENUS | _MULTI_MENUS | _PICKERS | _IMAGE)
ACTION_ELEMENT = by_type(_BUTTONS | _CHOICES | _MENUS | _PICKERS | _DATETIME_PICKER)
INPUT_ELEMENT = by_type(
    _CHOICES | _MENUS | _MULTI_MENUS | _PICKERS | _DATETIME_PICKER | _INPUTS,
)
CONTEXT_ELEMENT = by_type(
    _IMAGE | {"plain_text": plain_text_fields(), "mrkdwn": mrkdwn_fields()},
)
CONTEXT_ACTION_ELEMENT = by_type(
    {
        "feedback_buttons": shape(
            required={"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON},
            optional=_IDENTIFIED,
        ),
        "icon_button": shape(
            required={"icon": word("trash"), "text": plain_text(75)},
            optional=_CONFIRMED
            | {
                "value": text(2000, least=0),
                "accessibility_label": text(75),
                "visible_to_user_ids": _IDS,
            },
        ),
    },
)

"""Composition objects: the parts that blocks and elements are made of.

Source: docs.slack.dev/reference/block-kit/composition-objects and the pages below it.
"""

import re
from collections.abc import Iterator

from app.playground.blockkit.checks import (
    Check,
    array,
    at_least_one_of,
    boolean,
    by_type,
    exactly_one_of,
    shape,
    text,
    word,
)
from app.playground.blockkit.problem import Problem

BLOCK_ID = text(255)
ACTION_ID = text(255)
LONGEST_URL = 3000
ALT_TEXT = text(2000)


def _address(pattern: str) -> Check:
    """An address of up to 3,000 characters. What is none Slack calls `invalid url`
    (MacPaw/together-app#4)."""
    length = text(LONGEST_URL)

    def check(value: object, pointer: str) -> Iterator[Problem]:
        problems = list(length(value, pointer))
        yield from problems
        if not problems and not re.fullmatch(pattern, str(value), re.IGNORECASE):
            yield Problem(pointer, "invalid url")

    return check


_WEB = r"https?://[^\s/]\S*"
PICTURE_URL = _address(_WEB)
URL = _address(rf"{_WEB}|(?!https?:)[a-z][a-z0-9+.-]*:\S+")


def plain_text_fields(most: int = 3000) -> Check:
    """What a `plain_text` object holds beside its type (composition-objects/text-object)."""
    return shape(required={"text": text(most)}, optional={"emoji": boolean})


def mrkdwn_fields(most: int = 3000) -> Check:
    """What a `mrkdwn` object holds beside its type (composition-objects/text-object)."""
    return shape(required={"text": text(most)}, optional={"verbatim": boolean})


def plain_text(most: int = 3000) -> Check:
    """A text object without formatting, 1 to `most` characters."""
    return by_type({"plain_text": plain_text_fields(most)})


def any_text(most: int = 3000) -> Check:
    """A text object with or without formatting, 1 to `most` characters."""
    return by_type({"plain_text": plain_text_fields(most), "mrkdwn": mrkdwn_fields(most)})


# composition-objects/option-object. Menus take plain text, checkboxes and radio buttons both; only
# overflow menus take a URL.
_OPTION_VALUE = text(150)
MENU_OPTION = shape(
    required={"text": plain_text(75), "value": _OPTION_VALUE},
    optional={"description": plain_text(75)},
)
OVERFLOW_OPTION = shape(
    required={"text": plain_text(75), "value": _OPTION_VALUE},
    optional={"description": plain_text(75), "url": URL},
)
LISTED_OPTION = shape(
    required={"text": any_text(75), "value": _OPTION_VALUE},
    optional={"description": any_text(75)},
)

# composition-objects/option-group-object
OPTION_GROUP = shape(
    required={"label": plain_text(75), "options": array(MENU_OPTION, most=100)},
)

# composition-objects/confirmation-dialog-object
CONFIRM = shape(
    required={
        "title": plain_text(100),
        "text": plain_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    optional={"style": word("primary", "danger")},
)

# composition-objects/conversation-filter-object: an empty object filters nothing and is refused.
CONVERSATION_FILTER = shape(
    optional={
        "include": array(word("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    rules=[
        at_least_one_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
    ],
)

# composition-objects/dispatch-action-configuration-object
DISPATCH_ACTION_CONFIG = shape(
    optional={
        "trigger_actions_on": array(word("on_enter_pressed", "on_character_entered"), most=2),
    },
)

# composition-objects/slack-file-object
SLACK_FILE = shape(
    optional={"id": text(), "url": text()},
    rules=[exactly_one_of("id", "url")],
)

# composition-objects/slack-icon-object
SLACK_ICON = by_type(
    {
        "icon": shape(
            required={
                "name": word(
                    *(
                        "archive",
                        "book",
                        "bookmark",
                        "bot",
                        "bug",
                        "calendar",
                        "call",
                        "caret-left",
                    ),
                    *("caret-right", "check", "clipboard", "code", "comment", "compass", "copy"),
                    *(
                        "cube",
                        "download",
                        "edit",
                        "email",
                        "eye-closed",
                        "eye-open",
                        "file",
                        "flag",
                    ),
                    *("folder", "gear", "globe", "heart", "help", "image", "info", "key", "link"),
                    *("lightbulb", "map", "mobile", "new-window", "pin", "plus", "refine", "star"),
                    *("refresh", "rocket", "save", "screen", "share", "sparkle", "star-filled"),
                    *("tag", "thumbs-down", "thumbs-up", "trash", "upload", "user", "warning"),
                ),
            },
        ),
    },
)

# composition-objects/workflow-object and trigger-object
WORKFLOW = shape(
    required={
        "trigger": shape(
            required={"url": text()},
            optional={
                "customizable_input_parameters": array(
                    shape(required={"name": text(), "value": text(least=0)}), least=0
                ),
            },
        ),
    },
)

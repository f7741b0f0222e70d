"""What Slack's own pickers offer: conversations, channels, people, files, dates and times.

Sources: docs.slack.dev/reference/block-kit/block-elements (select-menu-element,
multi-select-menu-element, file-input-element) and
.../composition-objects/conversation-filter-object
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.playground.blocks import Json
from app.playground.files import File
from app.playground.inputs import name_of
from app.playground.users import User
from app.playground.workspace import Channel, Workspace

MOST_FILES = 10
MOST_BYTES = 10 * 1024 * 1024

_FORMS: dict[str, tuple[Callable[[str], object], str]] = {
    "datepicker": (datetime.date.fromisoformat, "2026-03-16"),
    "timepicker": (datetime.time.fromisoformat, "09:30"),
}
_FAMILIES = {"channels": "public", "groups": "private", "im": "im"}


def require_offer(workspace: Workspace, user: User, element: Json, choice: Any) -> None:
    """Raise LookupError when a person could not pick that in this element."""
    kind = element["type"].removeprefix("multi_")
    choices = choice if isinstance(choice, list | tuple) else [choice]
    if len(choices) > element.get("max_selected_items", len(choices)):
        raise LookupError(f"at most {element['max_selected_items']} in {element['action_id']}")
    match kind:
        case "datepicker" | "timepicker":
            _require_form(choice, *_FORMS[kind])
        case "file_input":
            _require_files(element, choices)
        case "users_select":
            _require_all(choices, workspace.users, "person")
        case "conversations_select" | "channels_select":
            _require_all(choices, workspace.channels, "conversation")
            _require_conversations(workspace, user, element, choices)


def offers(workspace: Workspace, user: User, element: Json, channel: Channel) -> bool:
    """Whether a conversation stands in the menu of this person."""
    if user.id not in channel.members and (channel.is_private or user.is_guest):
        return False
    if element["type"].endswith("channels_select"):
        return channel.kind == "channels"
    conditions = element.get("filter", {})
    family = _FAMILIES[channel.kind]
    if family not in conditions.get("include", [family]):
        return False
    if conditions.get("exclude_external_shared_channels") and workspace.is_shared(channel):
        return False
    return not (conditions.get("exclude_bot_users") and _is_with_a_bot(workspace, channel))


def _is_with_a_bot(workspace: Workspace, channel: Channel) -> bool:
    return channel.kind == "im" and any(workspace.users[each].bot for each in channel.members)


def _require_all(choices: Iterable[Any], known: dict[str, Any], what: str) -> None:
    for each in choices:
        if name_of(each) not in known:
            raise LookupError(f"no {what} {name_of(each)!r}")


def _require_conversations(
    workspace: Workspace, user: User, element: Json, choices: Iterable[Any]
) -> None:
    for each in choices:
        channel = workspace.channels[name_of(each)]
        if not offers(workspace, user, element, channel):
            name = channel.name or channel.id
            raise LookupError(f"{name} is not offered in {element['action_id']}")


def _require_form(choice: Any, read: Callable[[str], object], example: str) -> None:
    try:
        read(str(choice))
        is_of_form = len(str(choice)) == len(example)
    except ValueError:
        is_of_form = False
    if not is_of_form:
        raise LookupError(f"{choice!r} is not of the form {example}")


def _require_files(element: Json, files: Sequence[File]) -> None:
    most = element.get("max_files", MOST_FILES)
    if len(files) > most:
        raise LookupError(f"at most {most} files in {element['action_id']}")
    allowed = [each.lower().removeprefix(".") for each in element.get("filetypes", [])]
    for file in files:
        if allowed and file.extension not in allowed:
            raise LookupError(f"{file.name} is none of {', '.join(allowed)}")
        if file.length > MOST_BYTES:
            raise LookupError(f"{file.name} is larger than {MOST_BYTES} bytes")

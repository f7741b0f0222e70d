"""One call of the Web API: its arguments, and who may make it."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.playground.blockkit import Problem
from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.events import Events
from app.playground.workspace import Channel, Workspace

COMMON_ERRORS = (
    "unknown_method",
    "not_authed",
    "invalid_auth",
    "not_allowed_token_type",
    "missing_scope",
    "invalid_arguments",
    "invalid_json",
    "json_not_object",
    "missing_post_type",
    "invalid_post_type",
)
"""What every method may answer besides the errors that its docstring lists; and `ratelimited`, or
whatever else is asked for, by a fault (docs.slack.dev/apis/web-api, .../web-api/rate-limits)."""

MAX_PAGE = 1000
"""docs.slack.dev/apis/web-api/pagination: no page holds more."""

_CURSOR = "next:"


@dataclass(frozen=True)
class Call:
    """What a method works with: `events` tells the app what comes of it, `problems` takes what is
    wrong with the blocks that were sent."""

    arguments: Mapping[str, Any]
    workspace: Workspace
    events: Events
    problems: list[Problem]

    def optional(self, name: str) -> str | None:
        """A string argument, or None when it is missing or empty."""
        value = self.arguments.get(name)
        return None if value in (None, "") else str(value)

    def required(self, name: str, otherwise: str = "invalid_arguments") -> str:
        """A string argument. Raises SlackError `otherwise` when it is missing."""
        value = self.optional(name)
        if value is None:
            raise SlackError(otherwise, messages=[f"[ERROR] missing required field: {name}"])
        return value

    def listed(self, name: str) -> list[str]:
        """An argument of several values with commas between them, or a JSON array of them."""
        value = self.arguments.get(name)
        values = value if isinstance(value, list) else str(value or "").split(",")
        return [str(each).strip() for each in values if str(each).strip()]

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """A JSON argument, which may come as an encoded string; None when it is missing."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def flag(self, name: str) -> bool:
        """A boolean argument in any of the forms that Slack takes."""
        return str(self.arguments.get(name, "")).lower() in ("1", "true")

    def page(
        self, size: int, *, most: int = MAX_PAGE, refusal: str = "invalid_arguments"
    ) -> tuple[int, int]:
        """Where the asked page starts, and how many items it holds: `size`, or up to `most`.

        Raises SlackError `invalid_cursor`, or `refusal` for a limit that makes no sense.
        """
        limit = self.optional("limit") or str(size)
        if not limit.isdigit() or not 0 < int(limit) <= most:
            raise SlackError(refusal, messages=[f"[ERROR] limit must be from 1 to {most}"])
        cursor = self.optional("cursor")
        return 0 if cursor is None else _start_of(cursor), int(limit)

    def require_scope(self, *scopes: str) -> None:
        """Raise SlackError `missing_scope` unless the bot has one of the scopes."""
        granted = self.workspace.installation.manifest.scopes
        if not set(scopes) & set(granted):
            raise SlackError("missing_scope", needed=",".join(scopes), provided=",".join(granted))

    def channel(self) -> Channel:
        """The channel argument, by its id, as far as the bot can see.

        Raises SlackError `channel_not_found`.
        """
        channel = self.workspace.channels.get(self.required("channel"))
        if channel is None or (channel.is_private and not self.is_member(channel)):
            raise SlackError("channel_not_found")
        return channel

    def visible_channel(self, permission: str) -> Channel:
        """The channel argument, if the bot has `channels:<permission>` or the like.

        Raises SlackError `channel_not_found`, `missing_scope`.
        """
        channel = self.channel()
        self.require_scope(f"{channel.kind}:{permission}")
        return channel

    def is_member(self, channel: Channel) -> bool:
        """Whether the bot is in the channel."""
        return self.workspace.bot.id in channel.members


@dataclass(frozen=True)
class Method:
    """A method's code, the bot scope that it always needs, and who may call it."""

    run: Callable[[Call], Json]
    scope: str | None = None
    caller: Literal["bot", "app", "anybody"] = "bot"


def page_of(items: list[Any], start: int, limit: int) -> tuple[list[Any], Json]:
    """One page of items, and the response fields that lead to the next."""
    end = start + limit
    cursor = base64.b64encode(f"{_CURSOR}{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": cursor}}


def _start_of(cursor: str) -> int:
    try:
        decoded = base64.b64decode(cursor, validate=True).decode()
        return int(decoded.removeprefix(_CURSOR))
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None

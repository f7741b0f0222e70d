"""One call of the Web API: its arguments, and who may make it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.playground.blockkit import Problem
from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.events import Events
from app.playground.workspace import Channel, Workspace

MAX_PAGE = 1000
"""docs.slack.dev/apis/web-api/pagination: no page holds more."""


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

    def required(self, name: str) -> str:
        """A string argument. Raises SlackError `invalid_arguments` when it is missing."""
        value = self.optional(name)
        if value is None:
            raise SlackError(
                "invalid_arguments", messages=[f"[ERROR] missing required field: {name}"]
            )
        return value

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

    def page(self, size: int) -> tuple[int, int]:
        """Where the asked page starts, and how many items it holds at most.

        Raises SlackError `invalid_limit`, `invalid_cursor`.
        """
        limit = self.optional("limit") or str(size)
        cursor = self.optional("cursor") or "0"
        if not limit.isdigit() or not 0 < int(limit) <= MAX_PAGE:
            raise SlackError("invalid_limit")
        if not cursor.isdigit():
            raise SlackError("invalid_cursor")
        return int(cursor), int(limit)

    def require_scope(self, scope: str) -> None:
        """Raise SlackError `missing_scope` unless the bot has the scope."""
        granted = self.workspace.installation.manifest.scopes
        if scope not in granted:
            raise SlackError("missing_scope", needed=scope, provided=",".join(granted))

    def visible_channel(self, permission: str) -> Channel:
        """The channel argument, if the bot may see it with `channels:<permission>` and the like.

        Raises SlackError `channel_not_found`, `missing_scope`.
        """
        channel = self.workspace.channel(self.required("channel"))
        if channel.is_private and self.workspace.bot.id not in channel.members:
            raise SlackError("channel_not_found")
        self.require_scope(f"{channel.kind}:{permission}")
        return channel


@dataclass(frozen=True)
class Method:
    """A method's code, the bot scope that it always needs, and who may call it."""

    run: Callable[[Call], Json]
    scope: str | None = None
    caller: Literal["bot", "app", "anybody"] = "bot"


def page_of(items: list[Any], start: int, limit: int) -> tuple[list[Any], Json]:
    """One page of items, and the response fields that lead to the next."""
    end = start + limit
    cursor = str(end) if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": cursor}}

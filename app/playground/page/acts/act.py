"""One act: who does it, where, and with what."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.playground.local_slack import LocalSlack
from app.playground.messages import Message
from app.playground.page.screen import Screen
from app.playground.people import Person
from app.playground.views import View
from app.playground.workspace import Channel


class ActFailed(Exception):
    """What was tried did not work; the words say why, to the person who tried."""


@dataclass(frozen=True)
class Act:
    """An act on the page. `body` is what was sent with it: JSON, or the bytes of a file, of which
    `query` tells the rest."""

    screen: Screen
    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def slack(self) -> LocalSlack:
        """The workspace."""
        return self.screen.slack

    @property
    def person(self) -> Person:
        """Who does it."""
        return self.screen.person

    @property
    def channel(self) -> Channel:
        """Where it is done."""
        return self.screen.channel

    def given(self, name: str, default: Any = None) -> Any:
        """What was sent under a name. Raises ActFailed, ValueError when it is no JSON object."""
        content = json.loads(self.body or b"{}")
        if not isinstance(content, dict):
            raise ActFailed("An act takes a JSON object")
        return content.get(name, default)

    def surface(self) -> Message | View:
        """The message or view that was acted on: `surface` is `channel:ts`, or a view's id.

        Raises LookupError when it is gone.
        """
        name = str(self.given("surface", ""))
        channel_id, _, ts = name.partition(":")
        if ts:
            channel = self.slack.workspace.channels.get(channel_id)
            message = channel.message(ts) if channel else None
            if message is None:
                raise LookupError("That message is gone")
            return message
        return self.view(name)

    def view(self, view_id: str) -> View:
        """An open view of this person. Raises LookupError when it is gone."""
        views = self.slack.workspace.views
        mine = [views.top(self.person.id), views.home(self.person.id)]
        for view in mine:
            if view is not None and view.id == view_id:
                return view
        raise LookupError("That form is gone")


Handler = Callable[[Act], Awaitable[dict[str, Any] | None]]
"""Does an act. What it gives goes back to the browser beside `ok`.

Raises ActFailed, LookupError, PermissionError or ValueError with words for the person.
"""

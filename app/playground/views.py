"""Modals and App Homes as the workspace keeps them. No I/O."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from app.playground.blocks import Json, Place, with_ids, words_in
from app.playground.changes import Changes
from app.playground.errors import SlackError
from app.playground.inputs import state_values
from app.playground.installation import Installation

STACK_LIMIT = 3
"""docs.slack.dev/reference/methods/views.push: a view and two more on top of it."""


@dataclass(eq=False)
class View:
    """A modal or an App Home. It changes in place when the app updates it.

    `chosen` is what the person has filled in so far, by block id and action id.
    """

    id: str
    user_id: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    chosen: dict[Place, Json] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, each with its id."""
        blocks: list[Json] = self.content["blocks"]
        return blocks

    @property
    def all_blocks(self) -> list[Json]:
        """Its blocks: a view has no attachments beside them."""
        return self.blocks

    @property
    def callback_id(self) -> str:
        """The app's own name for it; empty if it has none."""
        return str(self.content.get("callback_id", ""))

    @property
    def title(self) -> str:
        """The words in its head."""
        return str(self.content.get("title", {}).get("text", ""))

    @property
    def private_metadata(self) -> str:
        """What the app keeps in it, unseen by people."""
        return str(self.content.get("private_metadata", ""))

    @property
    def wording(self) -> str:
        """Everything in it that can be read, line by line."""
        return "\n".join([self.title, *words_in(self.blocks)])


class Views:
    """Every person's open modals, the newest last, and their App Home."""

    def __init__(
        self,
        installation: Installation,
        clock: Callable[[], float],
        new_id: Callable[[str], str],
        team_of: Callable[[str], str],
        changes: Changes,
    ) -> None:
        self._installation = installation
        self._clock = clock
        self._new_id = new_id
        self._team_of = team_of
        self._changes = changes
        self._versions = itertools.count(1)
        self._open: list[View] = []
        self._homes: dict[str, View] = {}

    def open(self, user_id: str, content: Json) -> View:
        """Show a modal. Raises SlackError `duplicate_external_id`."""
        view = self._new(user_id, content)
        self._open.append(view)
        return view

    def push(self, below: View, content: Json) -> View:
        """Show a modal on top of another.

        Raises SlackError `push_limit_reached`, `duplicate_external_id`.
        """
        if len(self._stack(below)) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        view = self._new(below.user_id, content)
        view.root_id, view.previous_id = below.root_id, below.id
        self._open.append(view)
        return view

    def update(self, view: View, content: Json) -> None:
        """Show something else in an open view. What was typed stays where block id, action id and
        type of the element are the same, whatever the new element's initial value.

        Raises SlackError `duplicate_external_id`.
        """
        self._refuse_duplicate(content, besides=view)
        view.content = self._prepared(content)
        view.hash = self._new_hash()
        self._changes.happened()

    def publish(self, user_id: str, content: Json) -> View:
        """Set a person's App Home. Raises SlackError `duplicate_external_id`."""
        home = self._homes.get(user_id)
        if home is None:
            home = self._homes[user_id] = self._new(user_id, content)
        else:
            self.update(home, content)
        return home

    def home(self, user_id: str) -> View | None:
        """The person's App Home, once it has been published."""
        return self._homes.get(user_id)

    def top(self, user_id: str) -> View | None:
        """The modal that the person looks at."""
        return next((view for view in reversed(self._open) if view.user_id == user_id), None)

    def is_open(self, view: View) -> bool:
        """Whether people still see it."""
        return view in self._open or view in self._homes.values()

    def find(self, *, view_id: str | None = None, external_id: str | None = None) -> View:
        """An open view by one of its names. Raises SlackError `not_found`."""
        for view in [*self._open, *self._homes.values()]:
            if view.id == view_id or (
                external_id and view.content.get("external_id") == external_id
            ):
                return view
        raise SlackError("not_found")

    def close(self, view: View) -> None:
        """Take one modal away, if it is still there; the one below it shows again."""
        if view in self._open:
            self._open.remove(view)
            self._changes.happened()

    def clear(self, view: View) -> list[View]:
        """Take a modal away with all that are stacked with it; returns them, the top one first."""
        stack = self._stack(view)
        self._open = [other for other in self._open if other not in stack]
        self._changes.happened()
        return stack[::-1]

    def payload(self, view: View) -> Json:
        """The view object (docs.slack.dev/reference/views) with what has been filled in.

        `team_id` is the workspace of who looks at it, `app_installed_team_id` that of the app,
        which differ in channels shared with another organisation (slackapi/bolt-js#1614).
        """
        installation = self._installation
        return {
            "id": view.id,
            "team_id": self._team_of(view.user_id),
            "app_id": installation.app_id,
            "bot_id": installation.bot_id,
            "app_installed_team_id": installation.team_id,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": None,
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **view.content,
            "state": {"values": state_values(view.blocks, view.chosen)},
            "hash": view.hash,
            "root_view_id": view.root_id,
            "previous_view_id": view.previous_id,
        }

    def _new(self, user_id: str, content: Json) -> View:
        self._refuse_duplicate(content)
        view_id = self._new_id("V")
        self._changes.happened()
        return View(view_id, user_id, self._prepared(content), self._new_hash(), root_id=view_id)

    def _prepared(self, content: Json) -> Json:
        return {**content, "blocks": with_ids(content.get("blocks", []), self._new_id)}

    def _new_hash(self) -> str:
        return f"{int(self._clock())}.{next(self._versions):08x}"

    def _stack(self, view: View) -> list[View]:
        return [other for other in self._open if other.root_id == view.root_id]

    def _refuse_duplicate(self, content: Json, besides: View | None = None) -> None:
        external_id = content.get("external_id")
        others = [view for view in [*self._open, *self._homes.values()] if view is not besides]
        if external_id and any(o.content.get("external_id") == external_id for o in others):
            raise SlackError("duplicate_external_id")

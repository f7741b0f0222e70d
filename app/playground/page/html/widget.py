"""An interactive element as every renderer needs it: what names it, what stands in it."""

import json
from dataclasses import dataclass
from typing import Any

import htpy as h

from app.playground.blocks import Json
from app.playground.inputs import Field, state_of
from app.playground.page.html.reader import Reader, Surface
from app.playground.page.html.text import render_inline, words_of

Attributes = dict[str, str | bool | None]

TYPED = frozenset(
    {
        "plain_text_input",
        "number_input",
        "email_text_input",
        "url_text_input",
        "rich_text_input",
    }
)
"""Elements whose `dispatch_action_config` says when the app is told."""

UNNAMED = {
    "users_select": "Select a person",
    "conversations_select": "Select a conversation",
    "channels_select": "Select a channel",
    "datepicker": "Select a date",
    "timepicker": "Select a time",
    "datetimepicker": "Select a date and time",
}
"""What stands in elements of which the app says nothing; in all others it is an option."""

_ENTERING = {"on_enter_pressed": "enter", "on_character_entered": "characters"}


@dataclass(frozen=True)
class Widget:
    """An element on the surface where it stands, for who uses it."""

    field: Field
    reader: Reader
    surface: Surface

    @property
    def element(self) -> Json:
        """The element as the app sent it."""
        return self.field.element

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.element["type"])

    @property
    def id(self) -> str:
        """Its id in the document."""
        return self.surface.element_id(*self.field.place)

    @property
    def value(self) -> Any:
        """What stands in it, as its state keeps it."""
        return state_of(self.field, self.surface.chosen)[self.field.state_key]

    @property
    def problem(self) -> str | None:
        """What is wrong with what stands in it."""
        return self.surface.errors.get(self.field.block["block_id"])

    @property
    def placeholder(self) -> str | None:
        """What stands in it while it is empty, if the app says so."""
        return words_of(self.element["placeholder"]) if "placeholder" in self.element else None

    @property
    def hint(self) -> str:
        """What an element asks for while it is empty."""
        unnamed = UNNAMED.get(self.kind.removeprefix("multi_"), "Select an option")
        return self.placeholder or unnamed

    @property
    def tells(self) -> str | None:
        """When the app hears of it: at each `choice`, on `enter`, at `characters`; or not."""
        if not self.field.dispatches:
            return None
        if self.kind not in TYPED:
            return "choice"
        wished = self.element.get("dispatch_action_config", {}).get("trigger_actions_on")
        return " ".join(_ENTERING[each] for each in wished or ["on_enter_pressed"])

    @property
    def attributes(self) -> Attributes:
        """What the page's scripts know it by."""
        block_id, action_id = self.field.place
        confirm = self.element.get("confirm")
        return {
            "id": self.id,
            "data-block": block_id,
            "data-action": action_id,
            "data-tells": self.tells,
            "data-confirm": json.dumps(confirm) if confirm and self.field.dispatches else None,
            "data-focus": bool(self.element.get("focus_on_load")),
        }

    @property
    def naming(self) -> Attributes:
        """What a screen reader says of it: an input's label is tied to it by its id."""
        if not self.field.is_input:
            return {"aria-label": self.label}
        required = not self.field.block.get("optional")
        return {
            "aria-required": "true" if required else None,
            "aria-invalid": "true" if self.problem else None,
            "aria-describedby": self.described_by,
        }

    @property
    def described_by(self) -> str | None:
        """The ids of the hint and the problem that stand below an input."""
        ids = [
            *([f"{self.id}/hint"] if "hint" in self.field.block else []),
            *([f"{self.id}/problem"] if self.problem else []),
        ]
        return " ".join(ids) or None

    @property
    def label(self) -> str:
        """Words that name it: an input's label; else its placeholder, or what stands beside it."""
        block = self.field.block
        if self.field.is_input:
            return words_of(block["label"])
        beside = words_of(block["text"]).partition("\n")[0] if "text" in block else ""
        return self.placeholder or beside or self.hint

    def words(self, holder: Json) -> h.Node:
        """A text object of it, as who uses it reads it."""
        return render_inline(holder, self.reader)

"""The lines of a select when somebody opens it or types into it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.playground.blocks import Json
from app.playground.inputs import grouped_options
from app.playground.pickers import offers
from app.playground.users import User
from app.playground.workspace import Channel, Workspace

OfferKind = Literal["option", "person", "app", "public", "private", "direct"]

_KINDS: dict[str, OfferKind] = {"channels": "public", "groups": "private", "im": "direct"}


@dataclass(frozen=True)
class Offer:
    """One line of a select: `choice` is what is chosen by it, an option's value or an id."""

    choice: str
    label: str
    detail: str = ""
    group: str = ""
    kind: OfferKind = "option"

    def has(self, words: Iterable[str]) -> bool:
        """Whether all of these words, in small letters, stand in it."""
        wording = f"{self.label} {self.detail}".casefold()
        return all(word in wording for word in words)


@dataclass(frozen=True)
class Menu:
    """What is offered; `error` is why an app's suggestions are missing, as in a Reaction."""

    offers: list[Offer]
    error: str | None = None


def offers_for(workspace: Workspace, user: User, element: Json, text: str) -> list[Offer]:
    """The lines of a select, other than an external one, that have the words typed into it."""
    kind = element["type"].removeprefix("multi_")
    if kind == "users_select":
        people = sorted(workspace.users.values(), key=lambda each: each.bot is not None)
        lines = [_person(each) for each in people if not each.has_left]
    elif kind in ("conversations_select", "channels_select"):
        lines = [
            _conversation(workspace, user, channel)
            for channel in workspace.channels.values()
            if not channel.is_archived and offers(workspace, user, element, channel)
        ]
    else:
        lines = [offer_of(group, option) for group, option in grouped_options(element)]
    words = text.casefold().split()
    return [line for line in lines if line.has(words)]


def offer_of(group: str, option: Json) -> Offer:
    """An option as a line of a select."""
    detail = option.get("description", {}).get("text", "")
    return Offer(option["value"], option["text"]["text"], detail, group)


def conversation_name(workspace: Workspace, user: User, channel: Channel) -> str:
    """What a person calls a conversation: a direct message has the name of the other one."""
    if channel.kind != "im":
        return channel.name
    others = [each for each in channel.members if each != user.id]
    return workspace.users[others[0] if others else user.id].real_name


def _person(user: User) -> Offer:
    return Offer(user.id, user.real_name, f"@{user.name}", kind="app" if user.bot else "person")


def _conversation(workspace: Workspace, user: User, channel: Channel) -> Offer:
    name = conversation_name(workspace, user, channel)
    return Offer(channel.id, name, kind=_KINDS[channel.kind])

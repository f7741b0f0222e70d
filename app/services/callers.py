"""Who asks, from where and when; and what they may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Protocol

from app.domain.errors import NotAllowed


class Surface(StrEnum):
    """Where a change came from."""

    COMMAND = "command"
    FORM = "form"
    BUTTON = "button"
    MENTION = "mention"
    HOME = "home"
    TERMINAL = "terminal"
    FILE = "file"
    SCHEDULE = "schedule"


class Role(Enum):
    PERSON = "person"
    OPERATOR = "operator"
    """Who holds the machine and its database: the command line and the schedule."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a Slack user in the channel where they ask, or the operator.

    `channels` are others that the user is proven to be able to read.
    """

    id: str
    role: Role = Role.PERSON
    channel: str | None = None
    channels: frozenset[str] = frozenset()


OPERATOR = Actor("operator", Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Caller:
    """One request to a service: the actor, the surface, and the present instant."""

    actor: Actor
    surface: Surface
    now: datetime


class Right(Enum):
    SEE = "see"
    SHARE = "share"
    """Show it to everybody in the channel from which one asks."""
    RECORD = "record readings in"
    SHIP = "log milestones in"
    POST_DIGEST = "post digests of"
    EDIT = "edit"


class AtHome(Protocol):
    """A scorecard, or its row: what has a home channel, or none yet."""

    @property
    def channel(self) -> str | None: ...


def may(actor: Actor, right: Right, scorecard: AtHome) -> bool:
    """The one place that decides on rights.

    A person has the rights of those who can read a scorecard's home: the channel
    they ask from, or one that they are proven to be able to read. A scorecard that
    has no home yet is everybody's. A channel is shown no scorecard of another.
    Only the operator edits.
    """
    if actor.role is Role.OPERATOR:
        return True
    if right is Right.EDIT:
        return False
    home = scorecard.channel
    if home is None or home == actor.channel:
        return True
    return right is not Right.SHARE and home in actor.channels


def demand(caller: Caller, right: Right, scorecard: AtHome) -> None:
    """Raises `NotAllowed` with who can help, unless the caller may."""
    if not may(caller.actor, right, scorecard):
        raise NotAllowed(
            f"You can't {right.value} this scorecard from here. Ask in its own channel, "
            "or ask whoever runs this bot."
        )

"""Who asks, from where and when; and what they may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Protocol

from app.domain.access import Access
from app.domain.errors import NotAllowed


class Surface(StrEnum):
    """Where a change came from."""

    COMMAND = "command"
    FORM = "form"
    BUTTON = "button"
    MENTION = "mention"
    HOME = "home"
    WORKFLOW = "workflow"
    API = "API"
    ASSISTANT = "assistant"
    TERMINAL = "terminal"
    FILE = "file"
    SCHEDULE = "schedule"
    PAGE = "progress page"
    SOURCE = "source"
    HOOK = "hook"


class Role(Enum):
    PERSON = "person"
    WORKFLOW = "workflow"
    """A step of a workflow, which somebody built."""
    TOKEN = "token"  # noqa: S105 (a word)
    """A program, by the token that somebody made for it."""
    HOOK = "hook"
    """A git server, by the hook that somebody made for it."""
    OPERATOR = "operator"
    """Who holds the machine and its database: the command line, the schedule and what it asks."""


class Standing(Enum):
    """What a person is in the workspace, as Slack says; until it was asked, it is unknown."""

    UNKNOWN = "unknown"
    MEMBER = "member"
    """Guests too: what they may do follows from the channels that they are in."""
    ADMIN = "admin"
    STRANGER = "stranger"
    """Of another organisation, in a shared channel; or a bot that isn't ours."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a Slack user in the channel where they ask, a program, or the operator.

    `channels` are others that the user is proven to be able to read, `groups` those user
    groups that scorecards name and the user is proven to be in. Where Slack was asked and
    gave no answer, `unanswered` says in words why not. `reach` are the keys of the scorecards
    that a token or a hook reaches, and it `writes` if it may do more than read.
    """

    id: str
    role: Role = Role.PERSON
    channel: str | None = None
    channels: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    standing: Standing = Standing.UNKNOWN
    unanswered: str = ""
    reach: frozenset[str] = frozenset()
    writes: bool = False

    @property
    def ids(self) -> frozenset[str]:
        """What a scorecard's access may name them by."""
        return self.groups | {self.id}


OPERATOR = Actor("operator", Role.OPERATOR)
SOURCE = Actor("source", Role.OPERATOR)
"""A metric's source, which reports what it is asked for."""


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
    """Change what it is: its metrics, its schedule, who may do what."""

    @property
    def is_change(self) -> bool:
        """Whether it takes more than being a viewer."""
        return self not in _OF_VIEWERS


_OF_VIEWERS = frozenset({Right.SEE, Right.SHARE})
_OF_PROGRAMS = frozenset({Right.SEE, Right.RECORD, Right.SHIP})


class Guarded(Protocol):
    """A scorecard, or its row: what has a home channel, or none yet, and names people."""

    @property
    def key(self) -> str: ...
    @property
    def channel(self) -> str | None: ...
    @property
    def access(self) -> Access: ...


def may(actor: Actor, right: Right, scorecard: Guarded) -> bool:
    """The one place that decides on rights.

    Whoever can read a scorecard's home may see it and record in it, unless its access
    names fewer; its owners and the workspace's admins edit it. The home is the channel
    that they ask from, or one that they are proven to be able to read; a scorecard that
    has none yet is everybody's in the workspace. A channel is shown no scorecard of
    another. Strangers and workflows change nothing unless an owner lets them, and a token
    does what it was made for. What isn't known counts as no.
    """
    if actor.role is Role.OPERATOR:
        return True
    if actor.role is not Role.PERSON:
        return _may_program(actor, right, scorecard)
    access = scorecard.access
    if not can_read_home(actor, scorecard):
        return False
    if right is Right.SHARE and scorecard.channel not in {None, actor.channel}:
        return False
    is_owner = actor.standing is Standing.ADMIN or access.is_owner(actor.ids)
    if not right.is_change:
        return is_owner or access.is_viewer(actor.ids)
    if actor.standing is Standing.UNKNOWN:
        return False
    if actor.standing is Standing.STRANGER and not access.strangers_edit:
        return False
    return is_owner or (right is not Right.EDIT and access.is_editor(actor.ids))


def _may_program(actor: Actor, right: Right, scorecard: Guarded) -> bool:
    """What a workflow, a token or a hook may do: never change what the scorecard is."""
    if right not in _OF_PROGRAMS:
        return False
    if actor.role is Role.WORKFLOW:
        return scorecard.access.workflows_edit
    return scorecard.key in actor.reach and (actor.writes or not right.is_change)


def can_read_home(actor: Actor, scorecard: Guarded) -> bool:
    """Whether somebody is in the channel of a scorecard or proven to be able to read it."""
    home = scorecard.channel
    if home is None:
        return actor.standing in {Standing.MEMBER, Standing.ADMIN}
    return home == actor.channel or home in actor.channels


def demand(caller: Caller, right: Right, scorecard: Guarded) -> None:
    """Raises `NotAllowed`, with those who can help, unless the caller may."""
    actor, owners = caller.actor, scorecard.access.owners
    if may(actor, right, scorecard):
        return
    if actor.unanswered:
        raise NotAllowed(
            f"Slack did not say what you may do here, so nothing was changed. {actor.unanswered}"
        )
    helpers = "one of its owners" if owners else "an admin of this workspace"
    if actor.role is Role.WORKFLOW:
        raise NotAllowed(
            f"Workflows can't {right.value} this scorecard until an owner lets them: "
            "/kpi setup, Access.",
            f"Ask {helpers}.",
            who_can_help=owners,
        )
    if actor.role is Role.TOKEN:
        raise NotAllowed(
            f"This token can't {right.value} this scorecard.",
            "Make one that may: /kpi setup, Tokens.",
        )
    if not may(actor, Right.SEE, scorecard):
        raise NotAllowed(
            f"You can't {right.value} this scorecard from here.",
            "Ask in its own channel, or ask whoever runs this bot.",
        )
    is_stranger = actor.standing is Standing.STRANGER
    who = "People of other organisations and bots" if is_stranger else "You"
    raise NotAllowed(
        f"{who} can't {right.value} this scorecard.", f"Ask {helpers}.", who_can_help=owners
    )

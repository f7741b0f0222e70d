"""Who is in a workspace: its own people, people of another organisation, bots."""

from dataclasses import dataclass

from app.playground.installation import Team

ELSEWHERE = Team("T0ELSEWHERE", "elsewhere")
"""The other organisation, with which channels can be shared."""


@dataclass(frozen=True)
class Standing:
    """What somebody is in their own workspace, under the names of the user object.

    Owners are admins too, one of them is the primary owner; `is_restricted` is a guest, who with
    `is_ultra_restricted` is in a single channel (docs.slack.dev/reference/objects/user-object).
    """

    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False


MEMBER = Standing()


@dataclass(frozen=True)
class BotIdentity:
    """What makes a user a bot: its bot id, and the app that it belongs to."""

    id: str
    app_id: str


@dataclass(eq=False)
class User:
    """A person or a bot. `tz` is an IANA zone; `standing` may change, as when somebody becomes an
    admin; who `has_left` is deactivated."""

    id: str
    name: str
    real_name: str
    team: Team
    tz: str = "Europe/Berlin"
    email: str = ""
    standing: Standing = MEMBER
    bot: BotIdentity | None = None
    has_left: bool = False

    @property
    def is_guest(self) -> bool:
        """Whether it is a person who sees only some channels."""
        return self.standing.is_restricted

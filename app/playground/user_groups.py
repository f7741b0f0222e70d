"""User groups: people who are named together, as `@billing-team`.

docs.slack.dev/reference/objects/usergroup-object
"""

from dataclasses import dataclass, field

from app.playground.blocks import Json

MAKER = "USLACKBOT"
"""Who is said to have made a group that nobody in the workspace made."""


@dataclass(eq=False)
class UserGroup:
    """A user group. `members` are user ids; `disabled` is when it was disabled, 0 while it isn't.

    Times are seconds since 1970.
    """

    id: str
    team_id: str
    handle: str
    name: str
    created: int
    updated: int
    members: list[str] = field(default_factory=list)
    disabled: int = 0

    def payload(self, *, with_users: bool, with_count: bool) -> Json:
        """The user group object. Members and their number come only when they are asked for."""
        payload: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "is_usergroup": True,
            "is_subteam": True,
            "name": self.name,
            "description": "",
            "handle": self.handle,
            "is_external": False,
            "date_create": self.created,
            "date_update": self.updated,
            "date_delete": self.disabled,
            "auto_type": None,
            "created_by": MAKER,
            "updated_by": MAKER,
            "deleted_by": MAKER if self.disabled else None,
            "prefs": {"channels": [], "groups": []},
        }
        if with_users:
            payload["users"] = list(self.members)
        if with_count:
            payload["user_count"] = len(self.members)
        return payload

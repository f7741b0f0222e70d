"""Who may do what with a scorecard: its viewers, its editors and its owners."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class Access:
    """Whom a scorecard names; each is the Slack id of a person (`U…`) or of a user group (`S…`).

    Owners change what the scorecard is, editors what it says: readings and milestones.
    Where no editors are named, everybody who may see it is one; where no viewers are
    named, everybody who can read its home channel is one. Who is an owner is an
    editor, who is an editor is a viewer.

    `strangers_edit` lets people of other organisations and other bots be editors too,
    `workflows_edit` the steps of workflows.
    """

    owners: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()
    strangers_edit: bool = False
    workflows_edit: bool = False

    def is_owner(self, ids: Collection[str]) -> bool:
        """Whether somebody is an owner; `ids` are their own and those of their groups."""
        return _names(self.owners, ids)

    def is_editor(self, ids: Collection[str]) -> bool:
        """Whether somebody is an editor, given that they can read the home channel."""
        if self.is_owner(ids) or _names(self.editors, ids):
            return True
        return not self.editors and self.is_viewer(ids)

    def is_viewer(self, ids: Collection[str]) -> bool:
        """Whether somebody is a viewer, given that they can read the home channel."""
        named = (*self.owners, *self.editors, *self.viewers)
        return not self.viewers or _names(named, ids)

    @property
    def groups(self) -> frozenset[str]:
        """The user groups that are named: who is in them has to be asked of Slack."""
        named = (*self.owners, *self.editors, *self.viewers)
        return frozenset(each for each in named if is_group(each))


@dataclass(frozen=True, slots=True)
class Token:
    """What a program reports with; `scorecards` are the keys of those that it reaches.

    It `writes` if it may do more than read. `made_by` is a Slack user id or the operator.
    """

    id: int
    name: str
    scorecards: tuple[str, ...]
    writes: bool
    made_by: str
    made_at: datetime
    last_used_at: datetime | None = None

    @property
    def reporter(self) -> str:
        """What it is called as the reporter of a reading: never like a person or another token."""
        return f"token “{self.name}” ({self.id})"

    @property
    def rights(self) -> str:
        return "reads and writes" if self.writes else "reads"


def refuse_no_owner_left(before: Access, after: Access) -> None:
    """Raises `BadInput` at the field `owners` where a scorecard would lose all that it has."""
    if before.owners and not after.owners:
        raise BadInput("Name at least one owner, a person or a user group.", field="owners")


def is_group(named: str) -> bool:
    """Whether the id that is named is that of a user group."""
    return named.startswith("S")


def _names(named: Collection[str], ids: Collection[str]) -> bool:
    return any(each in named for each in ids)

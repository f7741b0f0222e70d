"""What the operator allows sources to reach, and by which secrets."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from app.sources.addresses import AllowList

AT_ONCE = 3
"""So many sources are asked at a time; others wait for their turn."""

DEADLINE_SECONDS = 15.0


@dataclass(frozen=True)
class Places:
    """What may be asked. One instance serves a whole process, for it holds the turns.

    `addresses` is the text of the list: hosts and networks with commas between them. `databases`
    are addresses by name, `secrets` values by name, which a header has as `${NAME}`.
    """

    addresses: str = ""
    databases: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    seconds: float = DEADLINE_SECONDS
    turns: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(AT_ONCE), repr=False, compare=False
    )

    @property
    def allowed(self) -> AllowList:
        return AllowList.of(self.addresses)

    @property
    def hidden(self) -> list[str]:
        """What must stand in no log and in no failure."""
        passwords = (form for url in self.databases.values() for form in passwords_of(url))
        return [*self.secrets.values(), *passwords]


def passwords_of(database_url: str) -> list[str]:
    """The passwords in a database's address, as they are and as they stand there."""
    parts = urlsplit(database_url)
    given = (each.partition("=") for each in parts.query.split("&"))
    written = [parts.password, *(value for name, _, value in given if "password" in name)]
    return sorted({form for each in written if each for form in (each, unquote(each))})

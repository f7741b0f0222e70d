"""Where a browser is: who it acts as, which channel, thread, tab and panel it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from urllib.parse import urlencode


@dataclass(frozen=True)
class Place:
    """What stands in the page's address, so that a reload and a link lead to the same place.

    `person` and `channel` are ids; `thread` is the timestamp of the message that heads it; `tab` is
    `home` or `about` where that is shown of the app instead of messages; `panel` is `inspector`
    while that is open, and `entry` the number of the exchange that it shows; `most` is how many of
    the channel's messages are shown, if more than usual. All may be missing.
    """

    person: str = ""
    channel: str = ""
    thread: str = ""
    tab: str = ""
    panel: str = ""
    entry: str = ""
    most: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """Take a place from an address's query; what is missing or unknown is left out."""
        return cls(**{each.name: query.get(each.name, "") for each in fields(cls)})

    @property
    def address(self) -> str:
        """The page's address with this place in it."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return f"/?{urlencode({name: value for name, value in given.items() if value})}"

    def but(self, **changed: Any) -> Self:
        """The same place with some of it changed."""
        return replace(self, **changed)

    def at(self, channel: str, *, thread: str = "", tab: str = "") -> Self:
        """Another channel, seen by the same person with the same panel open."""
        return self.but(channel=channel, thread=thread, tab=tab, most="")

    @property
    def shown(self) -> int:
        """How many messages it asks for; 0 where it doesn't say."""
        return int(self.most) if self.most.isdecimal() else 0

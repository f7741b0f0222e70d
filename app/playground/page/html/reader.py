"""Who reads what is rendered, and the surface that it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from app.playground.blocks import Json
from app.playground.blocks import Place as ElementPlace


@dataclass(frozen=True)
class Reader:
    """A person who looks at something: by their id, with what others are called (by the id of a
    user, channel or user group), their time zone, and the workspace's time in it."""

    id: str
    names: Mapping[str, str]
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """Their time zone."""
        zone = self.now.tzinfo
        assert isinstance(zone, ZoneInfo)  # noqa: S101
        return zone


@dataclass(frozen=True)
class Surface:
    """A message, modal or home whose elements can be used.

    `id` is `channel:ts` of a message or a view's id, which an act gives back. `chosen` is what the
    person has filled in so far; `errors` stand below inputs, by block id. `where` tells two
    showings of one message apart: in its channel and in its thread.
    """

    id: str
    chosen: Mapping[ElementPlace, Json] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    where: str = ""

    def element_id(self, block_id: str, action_id: str) -> str:
        """The id that an element has in the document, the same after every update.

        Apps may write anything into their own ids, but lists of ids are parted by spaces.
        """
        return self.where + quote(f"{self.id}/{block_id}/{action_id}", safe=":/")

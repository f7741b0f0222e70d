"""Lists that come page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.assistants.outputs import PageOut
from app.domain.errors import BadInput

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some of a list, and which of its pages it is."""

    items: Sequence[Item]
    place: PageOut

    def under(self, text: str) -> str:
        """The text, with where it stands in the list, unless it is all of it."""
        place = self.place
        if place.pages == 1:
            return text
        return f"{text}\n\nPage {place.number} of {place.pages}, {place.items} in all."


def paged(items: Sequence[Item], number: int, size: int) -> Page[Item]:
    """A page of the list, from 1; a list of nothing has one. Raises `BadInput` beyond the last."""
    pages = max(1, -(-len(items) // size))
    if number > pages:
        last = "There is only one page." if pages == 1 else f"The last page is {pages}."
        raise BadInput(last, field="page")
    start = (number - 1) * size
    place = PageOut(number=number, pages=pages, items=len(items))
    return Page(items[start : start + size], place)

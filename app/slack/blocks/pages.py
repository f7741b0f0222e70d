"""Long lists, page by page: as many entries as one message takes, and the buttons to turn over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.slack.blocks import kit
from app.slack.blocks.kit import Block

ENTRIES_A_PAGE = 12
MOST_PAGE_LENGTH = kit.MOST_POST_LENGTH - 1_000
"""What the entries of a page may take; the rest is for what stands around them."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the entries of a list, numbered from 0."""

    entries: Sequence[Block]
    number: int
    count: int

    def buttons(self, action: str, value: Callable[[int], str]) -> list[Block]:
        """To the page before and to the next; `value` gives what a button to a page carries."""
        buttons = []
        if self.number > 0:
            previous = value(self.number - 1)
            buttons.append(kit.button("Previous", f"{action}:previous", previous))
        if self.number < self.count - 1:
            label = f"Next ({self.number + 2} of {self.count})"
            buttons.append(kit.button(label, f"{action}:next", value(self.number + 1)))
        return buttons


def paged(entries: Sequence[Block], number: int) -> Page:
    """The page of this number, or the nearest there is; no entry is split."""
    pages = list(_pages(entries)) or [[]]
    number = max(0, min(number, len(pages) - 1))
    return Page(pages[number], number, len(pages))


def _pages(entries: Sequence[Block]) -> Iterator[list[Block]]:
    held: list[Block] = []
    taken = 0
    for entry in entries:
        length = len(wording(entry))
        if held and (len(held) == ENTRIES_A_PAGE or taken + length > MOST_PAGE_LENGTH):
            yield held
            held, taken = [], 0
        held.append(entry)
        taken += length
    if held:
        yield held


def wording(entry: Block) -> str:
    """What a section says."""
    text: str = entry["text"]["text"]
    return text

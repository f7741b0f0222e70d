"""How pieces are put beside and below each other, and how all of it becomes plain text."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from app.playground.terminal.safe import clean


@dataclass(frozen=True)
class Hanging:
    """Content behind a sign (a bullet, the bar of a quote) that its further lines line up with.

    Further lines begin with `rest`, which is as wide as `first`; the default is blank.
    """

    first: str
    content: RenderableType
    rest: str | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        rest = " " * Text(self.first).cell_len if self.rest is None else self.rest
        narrower = options.update(width=max(options.max_width - Text(self.first).cell_len, 1))
        lines = console.render_lines(self.content, narrower, pad=False)
        for place, line in enumerate(lines):
            yield Segment(rest if place else self.first)
            yield from line
            yield Segment.line()


@dataclass(frozen=True)
class Flow:
    """Pieces in a row that break between each other before they break inside."""

    pieces: Sequence[Text]
    gap: int = 2

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        row = Text()
        for piece in self.pieces:
            if row and row.cell_len + self.gap + piece.cell_len > options.max_width:
                yield row
                row = Text()
            row.append(" " * self.gap if row else "").append_text(piece)
        yield row


def beside(left: RenderableType, right: RenderableType) -> Table:
    """Content with something small at its right edge."""
    row = Table.grid(expand=True, padding=(0, 2, 0, 0))
    row.add_column(ratio=1)
    row.add_column(justify="right")
    row.add_row(left, right)
    return row


def in_columns(cells: Sequence[RenderableType], columns: int = 2) -> Table:
    """Cells from left to right in columns of one width."""
    grid = Table.grid(expand=True, padding=(0, 2, 0, 0))
    for _ in range(columns):
        grid.add_column(ratio=1)
    for start in range(0, len(cells), columns):
        grid.add_row(*cells[start : start + columns])
    return grid


def stacked(parts: Iterable[RenderableType]) -> RenderableType:
    """Parts below each other."""
    return Group(*parts)


def plain_text(renderable: RenderableType, width: int = 88) -> str:
    """What a terminal of `width` cells shows, without colours and trailing blanks."""
    page = Console(
        file=io.StringIO(), width=width, color_system=None, legacy_windows=False, emoji=False
    )
    with page.capture() as capture:
        page.print(renderable)
    return "\n".join(line.rstrip() for line in capture.get().split("\n")).rstrip("\n") + "\n"


def noted(text: object) -> Text:
    """A quiet remark of the terminal itself."""
    return Text(clean(text), style="dim")

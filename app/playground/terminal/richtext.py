"""The `rich_text` block in a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from app.playground.passages import Names
from app.playground.richtext import read_rich_text
from app.playground.terminal.mrkdwn import below_each_other, styled


def rich_text(block: Mapping[str, Any], names: Names) -> RenderableType:
    """Sections, lists, quotes and preformatted passages below each other."""
    return below_each_other(read_rich_text(block), names)


def rich_line(block: Mapping[str, Any], names: Names) -> Text:
    """All of a rich text as one styled text, for a cell of a table."""
    return Text("\n").join(styled(each.spans, names) for each in read_rich_text(block))

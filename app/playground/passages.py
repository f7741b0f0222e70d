"""What formatted text says, however it was written: passages below each other, made of spans.

Pure data. `mrkdwn` and `richtext` read it; the terminal and the page render it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Style = frozenset[str]
"""Any of bold, italic, strike, underline, code and highlight."""

PLAIN: Style = frozenset()

DEEPEST = 8
"""How deep an item of a list stands at most."""

Names = Mapping[str, str]
"""What people, channels and user groups are called, by their ids."""


@dataclass(frozen=True)
class Words:
    """Text as it is shown."""

    text: str
    style: Style = PLAIN


@dataclass(frozen=True)
class Sign:
    """An emoji, and the code without colons that it was written as."""

    sign: str
    code: str
    style: Style = PLAIN


@dataclass(frozen=True)
class Link:
    """A link; without a label its address is shown. Its scheme may be any."""

    url: str
    label: str = ""
    style: Style = PLAIN


@dataclass(frozen=True)
class Mention:
    """A mention of somebody or something by its id; of a broadcast by its range, such as `here`.

    The label is what the app calls it, for where the id is unknown.
    """

    kind: Literal["user", "channel", "group", "team", "broadcast"]
    id: str
    label: str = ""
    style: Style = PLAIN

    def words(self, names: Names) -> str:
        """What people read: `@Ana Beck`, `#billing`, `@here`. Who can't name a channel isn't in it;
        anything else without a name is its bare id."""
        sign = "#" if self.kind == "channel" else "@"
        name = names.get(self.id) or self.label
        if not name and self.kind == "channel":
            return "private channel"
        return sign + (name or self.id).removeprefix(sign)


@dataclass(frozen=True)
class Date:
    """An instant (seconds since 1970, None if it is no number) for the reader's own clock.

    `pattern` has tokens such as `{date_short}` in it; `fallback` is for who can't show dates; `url`
    makes a link of it.
    """

    seconds: int | None
    pattern: str
    fallback: str = ""
    url: str = ""
    style: Style = PLAIN


@dataclass(frozen=True)
class Colour:
    """A colour by its value, such as `#2eb67d`."""

    value: str
    style: Style = PLAIN


Span = Words | Sign | Link | Mention | Date | Colour
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Paragraph:
    """A line of mrkdwn, which may be empty, or a section of rich text, which may have several."""

    spans: Spans


@dataclass(frozen=True)
class CodeBlock:
    """Lines that keep their spaces."""

    spans: Spans


@dataclass(frozen=True)
class Quote:
    """What somebody else said."""

    spans: Spans


@dataclass(frozen=True)
class ListItem:
    """An item with the sign before it, such as `•` or `2.`; one of depth 1 belongs to another."""

    sign: str
    spans: Spans
    depth: int = 0
    is_quoted: bool = False


Passage = Paragraph | CodeBlock | Quote | ListItem
Passages = tuple[Passage, ...]

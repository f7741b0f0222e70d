"""How wide texts are, and how they are made to fit.

The font is Liberation Sans, which vl-convert bundles and which has the widths of Arial, so that a
text is as wide in a container without fonts, and in a browser that shows the SVG.
"""

import unicodedata
from functools import lru_cache

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
ELLIPSIS = "…"

ASCENT, DESCENT = 0.74, 0.22
"""How far letters reach above and below the line they stand on, in sizes of the font."""

_REGULAR = {
    191: "'",
    222: "ijl‘’",
    278: " !,./:;I[\\]ft|·",
    334: "()-`r{}“”",
    400: '"*°',
    500: "Jcksvxyz^",
    556: "#$0123456789?L_abdeghnopqu–€≤≥±≈",
    584: "+<=>~−×",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@—…→",
}
_BOLD = {
    238: "'",
    280: " ,./I\\ijl|‘’·",
    334: "!()-:;[]`ft",
    400: "*r{}°",
    500: '"z“”',
    556: "#$0123456789J_aceksvxy–€≤≥±≈",
    584: "+<=>^~−×",
    611: "?FLTZbdghnopqu",
    667: "EPSVXY",
    722: "&ABCDHKNRU",
    778: "GOQw",
    833: "M",
    889: "%m",
    944: "W",
    1000: "@—…→",
}
_WIDEST = 1_120
"""Of the letters of the font that aren't listed, none is wider."""
_EMOJI = 1_400
"""Emoji and ideographs come from other fonts, whose widest are taken."""


def _by_letter(widths: dict[int, str]) -> dict[str, int]:
    return {letter: width for width, letters in widths.items() for letter in letters}


_WIDTHS = {False: _by_letter(_REGULAR), True: _by_letter(_BOLD)}


@lru_cache(maxsize=4_096)
def _letter_width(letter: str, bold: bool) -> int:
    known = _WIDTHS[bold].get(letter)
    if known is not None:
        return known
    category = unicodedata.category(letter)
    if category in {"Mn", "Me", "Cf"}:
        return 0
    is_foreign = category == "So" or unicodedata.east_asian_width(letter) in {"W", "F"}
    return _EMOJI if is_foreign else _WIDEST


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How many pixels wide a text is at most, in a font of so many pixels."""
    return sum(_letter_width(letter, bold) for letter in text) * size / 1_000


def has_exact_width(text: str, *, bold: bool = False) -> bool:
    """Whether all letters are of the font, in widths that are known and not just bounded."""
    return _WIDTHS[bold].keys() >= set(text)


def shortened(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """As much of a text as the room has place for, and `…` where that isn't all."""
    if width(text, size, bold=bold) <= room:
        return text
    left = room - width(ELLIPSIS, size, bold=bold)
    return f"{text[: _fitting(text, size, left, bold)].rstrip()}{ELLIPSIS}"


def _fitting(text: str, size: float, room: float, bold: bool) -> int:
    """How many letters of a text fit, without tearing what is written as one."""
    used = 0.0
    count = len(text)
    for place, letter in enumerate(text):
        used += _letter_width(letter, bold) * size / 1_000
        if used > room:
            count = place
            break
    while 0 < count < len(text) and _belongs_to_the_last(text, count):
        count -= 1
    return count


def _belongs_to_the_last(text: str, place: int) -> bool:
    """Whether the letter here is one with that before: an accent, a part or shade of an emoji."""
    is_shade = "\U0001f3fb" <= text[place] <= "\U0001f3ff"
    is_joined = text[place - 1] == "\u200d"
    return is_shade or is_joined or _letter_width(text[place], bold=False) == 0


def wrapped(text: str, size: float, room: float, lines: int, *, bold: bool = False) -> list[str]:
    """A text in so many lines at most, broken between words if it can be, the last shortened."""
    found: list[str] = []
    rest = text
    while rest and len(found) < lines - 1 and width(rest, size, bold=bold) > room:
        count = max(_fitting(rest, size, room, bold), 1)
        blank = rest.rfind(" ", 0, count + 1)
        count = blank if blank > 0 else count
        found.append(rest[:count].rstrip())
        rest = rest[count:].lstrip()
    return [*found, shortened(rest, size, room, bold=bold)] if rest else found


def one_line(text: str) -> str:
    """What people wrote without its line breaks and needless blanks."""
    return " ".join(text.split())

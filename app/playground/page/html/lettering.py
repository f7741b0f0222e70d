"""How the names of a chart's categories are written below it, in the room that there is."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

LINE_HEIGHT = 15
_LONGEST_LINE = 12
_MOST_UPRIGHT = 12


@dataclass(frozen=True)
class Lettering:
    """Which names are written in a kind of room, from left to right or upright, and how high that
    is in pixels."""

    kind: str
    places: range
    is_upright: bool
    height: int


def lettering(names: Sequence[str], kind: str, room: float, *, in_order: bool) -> Lettering:
    """All names beside each other where there is room for them, otherwise upright. Of many names,
    and of those that follow `in_order`, only every how manyth has room beside the others.

    `room` is the width of all together in pixels.
    """
    lines = [lines_of(each) for each in names]
    widest = max(_width(line) for label in lines for line in label) + 8
    step = max(1, -(-int(widest) * len(names) // int(room)))
    if step > 1 and not in_order and len(names) <= _MOST_UPRIGHT:
        return Lettering(kind, range(len(names)), True, int(max(map(_width, names))) + 4)
    # A name in the middle of those that it stands for stays within the chart at both ends.
    first = min(step - 1, len(names) - 1) // 2
    places = range(first, max(first + 1, len(names) - (step - 1) // 2), step)
    return Lettering(kind, places, False, LINE_HEIGHT * max(map(len, lines)))


def lines_of(name: str) -> list[str]:
    """A name in lines of a few words."""
    return textwrap.wrap(name, _LONGEST_LINE) or [" "]


def _width(text: str) -> float:
    """How many pixels wide a text is at most, in any usual font."""
    return sum(map(_width_of_sign, text))


def _width_of_sign(sign: str) -> float:
    if ord(sign) > 0x2E7F or sign in "MW@%…—":
        return 13.0
    return 10.0 if sign.isupper() or sign in "mw" else 7.7

"""Texts on a picture and the room that they take."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from app.charts.lettering import ASCENT, DESCENT, width
from app.charts.looks import SMALL

Align = Literal["left", "center", "right"]
Spot = tuple[float, float]

GAP = 4


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box", gap: float = GAP) -> bool:
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def nearest(self, spot: Spot) -> Spot:
        """The point of the box that is nearest to a spot."""
        x, y = spot
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text at a point: `y` is where its letters stand, `x` its left end, middle or right
    end. `colour` None is that of the text."""

    text: str
    x: float
    y: float
    size: int = SMALL
    align: Align = "left"
    bold: bool = False
    colour: str | None = None

    @property
    def width(self) -> float:
        return width(self.text, self.size, bold=self.bold)

    @property
    def box(self) -> Box:
        left = self.x - {"left": 0.0, "center": 0.5, "right": 1.0}[self.align] * self.width
        top, bottom = self.y - ASCENT * self.size, self.y + DESCENT * self.size
        return Box(left, top, left + self.width, bottom)


def along(spots: Sequence[Spot], step: float = 6) -> list[Spot]:
    """Points on the way through the spots, so close that no text fits between them."""
    found = list(spots[:1])
    for (x, y), (next_x, next_y) in pairwise(spots):
        count = max(1, math.ceil(math.hypot(next_x - x, next_y - y) / step))
        found += [
            (x + (next_x - x) * number / count, y + (next_y - y) * number / count)
            for number in range(1, count + 1)
        ]
    return found

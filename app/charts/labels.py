"""Texts on a picture, and finding them places where they cover nothing."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from app.charts.lettering import ASCENT, DESCENT, width
from app.charts.looks import SMALL

Align = Literal["left", "center", "right"]
Spot = tuple[float, float]

GAP = 4
_RINGS = (12, 30, 54, 84, 120)
_DIRECTIONS = ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))
_STEP = 12
_COST_OF_INK = 20


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

    def covers(self, spot: Spot) -> bool:
        x, y = spot
        return self.left - 2 < x < self.right + 2 and self.top - 2 < y < self.bottom + 2


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


@dataclass(slots=True)
class Places:
    """Where texts can stand inside `bounds`: not on each other, and as little as can be on the ink,
    the points of the lines and marks."""

    bounds: Box
    ink: Sequence[Spot]
    taken: list[Box] = field(default_factory=list)

    def beside(
        self,
        spot: Spot,
        text: str,
        *,
        bold: bool = False,
        colour: str | None = None,
        must: bool = False,
    ) -> Label | None:
        """The text near a spot, or None where there is no room for it.

        What must be there may stand farther off, and on ink if all else is taken.
        """
        rings = _RINGS if must else _RINGS[:1]
        options = self._free(_around(spot, Label(text, 0, 0, bold=bold, colour=colour), rings))
        ranked = sorted((self._cost(label, spot), place) for place, label in enumerate(options))
        if ranked and (must or ranked[0][0] < _COST_OF_INK):
            return self._take(options[ranked[0][1]])
        if not must:
            return None
        anywhere = self._free(self._everywhere(text, bold, colour))
        best = min(anywhere, key=lambda label: self._cost(label, spot), default=None)
        return None if best is None else self._take(best)

    def one_of(self, labels: Iterable[Label]) -> Label | None:
        """The first of some labels that stands on the least ink, or None where none has room."""
        best = min(self._free(labels), key=self._inked, default=None)
        return None if best is None else self._take(best)

    def _take(self, label: Label) -> Label:
        self.taken.append(label.box)
        return label

    def _free(self, labels: Iterable[Label]) -> list[Label]:
        return [label for label in labels if self._is_free(label.box)]

    def _is_free(self, box: Box) -> bool:
        return self.bounds.holds(box) and not any(box.overlaps(other) for other in self.taken)

    def _cost(self, label: Label, spot: Spot) -> float:
        box = label.box
        middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        return self._inked(label) * _COST_OF_INK + math.dist(middle, spot) / 20

    def _inked(self, label: Label) -> int:
        box = label.box
        return sum(box.covers(point) for point in self.ink)

    def _everywhere(self, text: str, bold: bool, colour: str | None) -> Iterator[Label]:
        area = self.bounds
        for y in range(math.ceil(area.top + SMALL), math.floor(area.bottom), _STEP):
            for x in range(math.ceil(area.left), math.floor(area.right), _STEP):
                yield Label(text, x, y, bold=bold, colour=colour)


def _around(spot: Spot, label: Label, rings: Iterable[int]) -> Iterator[Label]:
    """The label above, below, right and left of a spot and between these, nearest first."""
    x, y = spot
    aligns: dict[int, Align] = {-1: "right", 0: "center", 1: "left"}
    middle = (ASCENT - DESCENT) / 2 * label.size
    half = (ASCENT + DESCENT) / 2 * label.size
    for ring in rings:
        for across, down in _DIRECTIONS:
            yield Label(
                label.text,
                x + across * ring,
                y + middle + down * (ring + half),
                label.size,
                aligns[across],
                label.bold,
                label.colour,
            )


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

"""Finding texts a place in a plot, beside what they speak of and on nothing else."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from app.charts.labels import Align, Box, Label, Spot
from app.charts.lettering import ASCENT, DESCENT
from app.charts.looks import SMALL

_RINGS = (12, 30, 54, 84, 120)
_DIRECTIONS = ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))
_STEP = 12
_COST_OF_INK = 20
_MARGIN_OF_INK = 2
_FAR = 22


class Places:
    """The texts of a plot, which stand inside `bounds`: not on each other, and as little as can be
    on the ink, the points of the lines and marks.

    `leaders` are the lines to what a text speaks of, where it stands far from it.
    """

    def __init__(self, bounds: Box, ink: Iterable[Spot]) -> None:
        self.labels: list[Label] = []
        self.leaders: list[tuple[Spot, Spot]] = []
        self._bounds = bounds
        self._ink = sorted(ink)
        self._columns = [x for x, _ in self._ink]

    def must_name(
        self, spot: Spot, text: str, *, bold: bool = False, colour: str | None = None
    ) -> None:
        """Write a text as near to a spot as can be, on ink only where all else is taken."""
        label = Label(text, 0, 0, bold=bold, colour=colour)
        best = self._best(spot, _around(spot, label, _RINGS))
        best = best or self._best(spot, self._everywhere(label))
        if best is not None:
            self.labels.append(best)
            near = best.box.nearest(spot)
            if math.dist(near, spot) > _FAR:
                self.leaders.append((spot, near))

    def may_name(self, spot: Spot, text: str) -> None:
        """Write a text beside a spot if there is room that is free of ink."""
        best = self._best(spot, _around(spot, Label(text, 0, 0), _RINGS[:1]))
        if best is not None and not self._inked(best.box):
            self.labels.append(best)

    def write_one(self, labels: Iterable[Label]) -> bool:
        """Write the first of those labels that stand on the least ink; says whether any has
        room."""
        best = min(self._free(labels), key=lambda label: self._inked(label.box), default=None)
        if best is not None:
            self.labels.append(best)
        return best is not None

    def _best(self, spot: Spot, labels: Iterable[Label]) -> Label | None:
        return min(self._free(labels), key=lambda label: self._cost(label.box, spot), default=None)

    def _free(self, labels: Iterable[Label]) -> list[Label]:
        taken = [label.box for label in self.labels]
        return [
            label
            for label in labels
            if self._bounds.holds(box := label.box)
            and not any(box.overlaps(other) for other in taken)
        ]

    def _cost(self, box: Box, spot: Spot) -> float:
        middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        return self._inked(box) * _COST_OF_INK + math.dist(middle, spot) / 20

    def _inked(self, box: Box) -> int:
        """How many points of the ink a text in this box would cover."""
        first = bisect_right(self._columns, box.left - _MARGIN_OF_INK)
        last = bisect_left(self._columns, box.right + _MARGIN_OF_INK)
        top, bottom = box.top - _MARGIN_OF_INK, box.bottom + _MARGIN_OF_INK
        return sum(top < y < bottom for _, y in self._ink[first:last])

    def _everywhere(self, label: Label) -> Iterator[Label]:
        bounds = self._bounds
        for y in range(math.ceil(bounds.top + SMALL), math.floor(bounds.bottom), _STEP):
            for x in range(math.ceil(bounds.left), math.floor(bounds.right), _STEP):
                yield replace(label, x=x, y=y)


def _around(spot: Spot, label: Label, rings: Sequence[int]) -> Iterator[Label]:
    """The label above, below, right and left of a spot and between these, nearest first."""
    x, y = spot
    aligns: dict[int, Align] = {-1: "right", 0: "center", 1: "left"}
    middle = (ASCENT - DESCENT) / 2 * label.size
    half = (ASCENT + DESCENT) / 2 * label.size
    for ring in rings:
        for across, down in _DIRECTIONS:
            yield replace(
                label,
                x=x + across * ring,
                y=y + middle + down * (ring + half),
                align=aligns[across],
            )

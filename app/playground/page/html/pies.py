"""Pie charts as SVG. Slices are told apart by letters, which the legend explains."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import htpy as h

from app.playground.blocks import Json
from app.playground.page.html.scales import exact

_RADIUS, _LETTERS_AT = 100, 116
_LEAST_APART = 0.16
"""Radians between two letters, so that thin slices beside each other can be told."""


@dataclass(frozen=True)
class Slice:
    """A slice by its letter, from one share of the whole to another."""

    letter: str
    label: str
    value: float
    start: float
    end: float

    @property
    def percent(self) -> str:
        """Its share as it is written."""
        share = (self.end - self.start) * 100
        return "less than 1%" if share < 1 else f"{share:.0f}%"

    @property
    def looks(self) -> str:
        """The class that gives it its colour."""
        return f"series-{'ABCDEF'.index(self.letter) + 1}"


def slices_of(chart: Json) -> list[Slice]:
    """The slices of a pie, from the top on clockwise."""
    values = [exact(each["value"]) for each in chart["segments"]]
    whole = sum(values)
    ends = [float(sum(values[: place + 1]) / whole) for place in range(len(values))]
    return [
        Slice("ABCDEF"[place], each["label"], each["value"], start, end)
        for place, (each, start, end) in enumerate(
            zip(chart["segments"], [0.0, *ends], ends, strict=False)
        )
    ]


def draw(slices: Sequence[Slice], words: str) -> h.Element:
    """The drawing, said in words to those who can't see it."""
    around = _apart([math.tau * (each.start + each.end) / 2 for each in slices])
    return h.svg(".pie", viewBox="-130 -130 260 260", role="img", aria_label=words)[
        (_slice(each) for each in slices),
        (
            h.text(x=x, y=y, dy="0.35em", text_anchor="middle")[each.letter]
            for each, (x, y) in zip(
                slices, (_at(angle, _LETTERS_AT) for angle in around), strict=True
            )
        ),
    ]


def _slice(slice_: Slice) -> h.Element:
    title = h.title[f"{slice_.label}: {slice_.percent}"]
    if slice_.end - slice_.start > 0.9999:
        return h.circle(class_=slice_.looks, r=_RADIUS)[title]
    (x1, y1), (x2, y2) = (_at(math.tau * each, _RADIUS) for each in (slice_.start, slice_.end))
    large = int(slice_.end - slice_.start > 0.5)
    return h.path(
        class_=slice_.looks, d=f"M0 0L{x1} {y1}A{_RADIUS} {_RADIUS} 0 {large} 1 {x2} {y2}Z"
    )[title]


def _apart(angles: Sequence[float]) -> list[float]:
    """The angles, moved on where they would be too close, and back where that goes past the top."""
    moved: list[float] = []
    for angle in angles:
        moved.append(max(angle, moved[-1] + _LEAST_APART) if moved else angle)
    limit = math.tau + moved[0] - _LEAST_APART
    for place in reversed(range(len(moved))):
        moved[place] = min(moved[place], limit)
        limit = moved[place] - _LEAST_APART
    return moved


def _at(angle: float, radius: float) -> tuple[str, str]:
    return f"{radius * math.sin(angle):.1f}", f"{-radius * math.cos(angle):.1f}"

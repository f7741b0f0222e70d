"""Which phase waits for which, as lines beside the timeline that cross no text.

From each phase that others need one line goes down a lane at the left, with an arrow to each of
those that need it. Lines that are drawn at the same height have lanes of their own, the shortest
next to the phases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.charts.labels import Box
from app.charts.looks import MARGIN
from app.charts.rows import THICK, THIN, draw_way
from app.charts.sheets import Sheet
from app.domain.roadmap import Need, NeedKind, Phase, followers

_LANE = 14
_MOST_WIDTH = 140
_APART = 5


@dataclass(frozen=True, slots=True)
class Trunk:
    """The line from a phase to those that need it, all as places in the order drawn; of these
    `critical` is the one that the end of the roadmap depends on."""

    source: int
    targets: tuple[int, ...]
    critical: int | None

    @property
    def last(self) -> int:
        return max(self.targets)

    @property
    def length(self) -> int:
        return self.last - self.source


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The lanes from the innermost to the outermost, each with lines that don't meet."""

    lanes: Sequence[Sequence[Trunk]]

    @property
    def width(self) -> float:
        return min(len(self.lanes) * _LANE, _MOST_WIDTH)

    def draw(self, sheet: Sheet, bars: Sequence[Box]) -> None:
        """The lines from and to the left ends of the phases' bars."""
        pitch = self.width / max(len(self.lanes), 1)
        edge = MARGIN + self.width
        needs = [
            (trunk, target, edge - pitch * (number + 0.5))
            for number, lane in enumerate(self.lanes)
            for trunk in lane
            for target in trunk.targets
        ]
        needs.sort(key=lambda need: need[1] == need[0].critical)  # what is critical, above all else
        for trunk, target, x in needs:
            _draw(sheet, trunk, target, x, bars)


def dependencies(phases: Sequence[Phase], critical: Sequence[Need]) -> Dependencies:
    """The lines between the phases, given in the order in which they are drawn."""
    places = {phase.key: place for place, phase in enumerate(phases)}
    follows = _critical_steps(critical, places)
    trunks = [
        Trunk(
            places[key],
            tuple(places[phase.key] for phase in waiting),
            follows.get(places[key]),
        )
        for key, waiting in followers(phases).items()
        if waiting
    ]
    lanes: list[list[Trunk]] = []
    for trunk in sorted(trunks, key=lambda trunk: (trunk.length, trunk.source)):
        free = (lane for lane in lanes if all(_are_apart(trunk, other) for other in lane))
        lane = next(free, None)
        if lane is None:
            lane = []
            lanes.append(lane)
        lane.append(trunk)
    return Dependencies(lanes)


def _critical_steps(critical: Sequence[Need], places: Mapping[str, int]) -> dict[int, int]:
    keys = [need.key for need in critical if need.kind is NeedKind.PHASE]
    chain = [places[key] for key in keys if key in places]
    return dict(pairwise(chain))


def _are_apart(one: Trunk, other: Trunk) -> bool:
    return one.last <= other.source or other.last <= one.source


def _draw(sheet: Sheet, trunk: Trunk, target: int, x: float, bars: Sequence[Box]) -> None:
    """An elbow from the lower part of one bar to the upper part of another."""
    start, end = bars[trunk.source], bars[target]
    leaves, arrives = _middle(start) + _APART, _middle(end) - _APART
    way = [(start.left, leaves), (x, leaves), (x, arrives), (end.left, arrives)]
    look, is_critical = sheet.look, target == trunk.critical
    colour, thickness = (look.ink, THICK) if is_critical else (look.quiet, THIN)
    draw_way(sheet, f"need-{trunk.source}-{target}", way, colour, thickness)


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2

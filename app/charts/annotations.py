"""The names and values inside the plot of a metric, each beside what it speaks of."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.charts.labels import Align, Box, Label, Places, Spot
from app.charts.lettering import one_line, shortened
from app.charts.looks import SMALL, Look
from app.charts.plots import Plot, ink
from app.charts.scales import Frame
from app.domain.metrics import Metric, MetricKind
from app.domain.trajectories import Point
from app.domain.values import Value, format_value

_MOST_VALUES = 8
_MOST_NAME_WIDTH = 160
_TARGET_WORDS = {
    MetricKind.REACH: "target",
    MetricKind.STAY_BELOW: "limit: at most",
    MetricKind.STAY_ABOVE: "limit: at least",
}


def annotations(plot: Plot, frame: Frame, look: Look) -> list[Label]:
    """What must be named first, then as many readings as there is room for."""
    places = Places(frame.area, ink(plot, frame))
    named = [*_ends(plot, frame, places), *_lines(plot, frame, look, places)]
    return [*named, *_between(plot, frame, places)]


def short_annotations(plot: Plot, frame: Frame) -> list[Label]:
    """The values between which a small plot goes, at its edges: its target and its baseline."""
    metric, baseline = plot.metric, plot.trajectory.points[0].value
    area = frame.area
    around = Box(area.left, area.top - SMALL / 2, area.right, area.bottom + SMALL / 2)
    places = Places(around, ink(plot, frame))
    found: list[Label] = []
    if metric.target is not None:
        words = shown(metric, Value(metric.target))
        at_target = _above_or_below(words, area.right, frame, metric.target, "right")
        found += _known(places.one_of(at_target))
    left = max(frame.times.x(plot.trajectory.points[0].at) - SMALL / 2, area.left)
    words = shown(metric, baseline)
    found += _known(places.one_of(_above_or_below(words, left, frame, baseline.number, "left")))
    return found


def _above_or_below(
    words: str, x: float, frame: Frame, number: Decimal, align: Align
) -> Iterator[Label]:
    """A text at one side of a plot, on the outer side of its value's height or else the inner."""
    height = frame.y(number)
    sides = (height - SMALL * 0.6, height + SMALL * 1.15)
    is_upper = height < (frame.area.top + frame.area.bottom) / 2
    for y in sides if is_upper else reversed(sides):
        yield Label(words, x, y, align=align)


def shown(metric: Metric, value: Value) -> str:
    """A value beside its mark: with its sign, and without the unit that stands above."""
    return format_value(value, "%" if metric.unit == "%" else "")


def _ends(plot: Plot, frame: Frame, places: Places) -> Iterator[Label]:
    """The last reading, the baseline and the first reading, or that there is none."""
    metric, (baseline, *readings) = plot.metric, plot.trajectory.points
    if readings:
        last = places.beside(
            _spot(frame, readings[-1]), shown(metric, readings[-1].value), bold=True, must=True
        )
        yield from _known(last)
    name = shortened(one_line(metric.baseline.label), SMALL, _MOST_NAME_WIDTH)
    words = f"{name}: {shown(metric, baseline.value)}"
    yield from _known(places.beside(_spot(frame, baseline), words, must=True))
    if len(readings) > 1:
        first = shown(metric, readings[0].value)
        yield from _known(places.beside(_spot(frame, readings[0]), first, must=True))
    if not readings:
        area = frame.area
        middle = ((area.left + area.right) / 2, (area.top + area.bottom) / 2)
        yield from _known(places.beside(middle, "no reading yet", bold=True, must=True))


def _lines(plot: Plot, frame: Frame, look: Look, places: Places) -> Iterator[Label]:
    yield from _known(_target(plot, frame, look, places))
    if plot.line:
        (start, first), (end, target) = plot.line
        spot = frame.spot(start + (end - start) * 0.5, first + (target - first) * 0.5)
        yield from _known(places.beside(spot, "line to target", colour=look.quiet, must=True))
    band = plot.band
    if band is not None:
        place = len(band.instants) // 4
        edge = min(max(band.highs[place], frame.low), frame.high)
        spot = frame.spot(band.instants[place], edge)
        words = "4 of 5 futures"
        yield from _known(places.beside(spot, words, colour=look.reading, must=True))


def _target(plot: Plot, frame: Frame, look: Look, places: Places) -> Label | None:
    metric = plot.metric
    if metric.target is None:
        return None
    words = f"{_TARGET_WORDS[metric.kind]} {shown(metric, Value(metric.target))}"
    half = Label(words, 0, 0).width / 2
    spot = (frame.area.right - half - SMALL / 2, frame.y(metric.target))
    return places.beside(spot, words, colour=look.ink, must=True)


def _between(plot: Plot, frame: Frame, places: Places) -> Iterator[Label]:
    """The readings between the first and the last, spread over time, where there is room."""
    for point in _spread(plot.trajectory.points[2:-1])[:_MOST_VALUES]:
        yield from _known(places.beside(_spot(frame, point), shown(plot.metric, point.value)))


def _spread(points: Sequence[Point]) -> list[Point]:
    """Those in the middle of what is left, again and again."""
    spans = [(0, len(points))]
    found = []
    for low, high in spans:
        if low < high:
            middle = (low + high) // 2
            found.append(points[middle])
            spans += [(low, middle), (middle + 1, high)]
    return found


def _spot(frame: Frame, point: Point) -> Spot:
    return frame.spot(point.at, point.value.number)


def _known(label: Label | None) -> Iterator[Label]:
    if label is not None:
        yield label

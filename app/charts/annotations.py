"""The names and values inside the plot of a metric, each beside what it speaks of."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.charts.labels import Align, Box, Label, Spot
from app.charts.lettering import one_line, shortened, width
from app.charts.looks import SMALL
from app.charts.places import Places
from app.charts.plots import Plot, ink
from app.charts.scales import Frame
from app.charts.sheets import Sheet, always, field
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


def annotate(sheet: Sheet, plot: Plot, frame: Frame) -> None:
    """Name what must be named first, then as many readings as there is room for."""
    places = Places(frame.area, ink(plot, frame))
    _name_ends(plot, frame, places)
    _name_lines(plot, frame, places, sheet)
    for point in _spread(plot.trajectory.points[2:-1])[:_MOST_VALUES]:
        places.may_name(_spot(frame, point), shown(plot.metric, point.value))
    sheet.write(*places.labels)
    sheet.draw(
        "leaders",
        "rule",
        [
            {"x": round(x, 1), "y": round(y, 1), "x2": round(end_x, 1), "y2": round(end_y, 1)}
            for (x, y), (end_x, end_y) in places.leaders
        ],
        x=field("x"),
        y=field("y"),
        x2=field("x2"),
        y2=field("y2"),
        stroke=always(sheet.look.quiet),
    )


def annotate_briefly(sheet: Sheet, plot: Plot, frame: Frame) -> None:
    """Name the values between which a small plot goes, at its edges: its target and baseline."""
    metric, baseline, area = plot.metric, plot.trajectory.points[0], frame.area
    around = Box(area.left, area.top - SMALL / 2, area.right, area.bottom + SMALL / 2)
    places = Places(around, ink(plot, frame))
    if metric.target is not None:
        words = shown(metric, Value(metric.target))
        places.write_one(_above_or_below(words, area.right, frame, metric.target, "right"))
    left = max(frame.times.x(baseline.at) - SMALL / 2, area.left)
    words = shown(metric, baseline.value)
    places.write_one(_above_or_below(words, left, frame, baseline.value.number, "left"))
    sheet.write(*places.labels)


def _above_or_below(
    words: str, x: float, frame: Frame, number: Decimal, align: Align
) -> Iterator[Label]:
    """A text at one side of a plot, on the outer side of its value's height or else the inner."""
    height = frame.y(number)
    sides = (height - SMALL * 0.6, height + SMALL * 1.15)
    is_upper = height < (frame.top + frame.bottom) / 2
    for y in sides if is_upper else reversed(sides):
        yield Label(words, x, y, align=align)


def shown(metric: Metric, value: Value) -> str:
    """A value beside its mark: with its sign, and without the unit that stands above."""
    return format_value(value, "%" if metric.unit == "%" else "")


def _name_ends(plot: Plot, frame: Frame, places: Places) -> None:
    """The last reading, the baseline and the first reading, or that there is none."""
    metric, (baseline, *readings) = plot.metric, plot.trajectory.points
    if readings:
        last = shown(metric, readings[-1].value)
        places.must_name(_spot(frame, readings[-1]), last, bold=True)
    else:
        places.write_one(_centred("no reading yet", frame))
    name = shortened(one_line(metric.baseline.label), SMALL, _MOST_NAME_WIDTH)
    places.must_name(_spot(frame, baseline), f"{name}: {shown(metric, baseline.value)}")
    if len(readings) > 1:
        is_new = readings[0].value != baseline.value
        name_first = places.must_name if is_new else places.may_name
        name_first(_spot(frame, readings[0]), shown(metric, readings[0].value))


def _centred(words: str, frame: Frame) -> Iterator[Label]:
    """A text in the middle of a plot, or above or below it."""
    x = (frame.times.left + frame.times.right) / 2
    for share in (0.5, 0.3, 0.7):
        yield Label(words, x, frame.top + frame.height * share, align="center", bold=True)


def _name_lines(plot: Plot, frame: Frame, places: Places, sheet: Sheet) -> None:
    """The target or limit, the line that leads there, and the range of the forecast."""
    metric, band = plot.metric, plot.band
    if metric.target is not None:
        _name_target(metric, metric.target, frame, places)
    if plot.line:
        (start, first), (end, target) = plot.line
        spot = frame.spot(start + (end - start) / 2, (first + target) / 2)
        places.must_name(spot, "line to target", colour=sheet.look.quiet)
    if band is not None:
        place = len(band.instants) // 4
        edge = min(max(band.highs[place], frame.low), frame.high)
        spot = frame.spot(band.instants[place], edge)
        places.must_name(spot, "4 of 5 futures", colour=sheet.look.reading)


def _name_target(metric: Metric, target: Decimal, frame: Frame, places: Places) -> None:
    """The target or limit on its line, as far to the right as there is room."""
    words = f"{_TARGET_WORDS[metric.kind]} {shown(metric, Value(target))}"
    height, times = frame.y(target), frame.times
    spots = [
        (times.right - SMALL / 2 - step * SMALL, y)
        for step in range(int(times.width / SMALL))
        for y in (height - SMALL * 0.4, height + SMALL * 1.1)
    ]
    if not places.write_one(Label(words, x, y, align="right") for x, y in spots):
        places.must_name((times.right - width(words, SMALL) / 2, height), words)


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

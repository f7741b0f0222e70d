"""The drawn part of a trajectory: readings, the line to the target, what may be expected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.charts.calendars import milliseconds
from app.charts.labels import Box, Spot, along
from app.charts.looks import Look
from app.charts.scales import Frame
from app.charts.sheets import Layers, always, field
from app.domain.forecasts import Forecast
from app.domain.metrics import Direction, Metric, baseline_fact, end_of
from app.domain.trajectories import Point, Trajectory
from app.domain.values import Qualifier

MARKS = {Qualifier.EXACT: "circle", Qualifier.ABOUT: "circle", Qualifier.AT_LEAST: "triangle-up"}
_STEPS = 24
_MOST_MARK = 11.0


@dataclass(frozen=True, slots=True)
class Band:
    """Between which values a metric is in four of five futures, over time."""

    instants: Sequence[datetime]
    lows: Sequence[float]
    middles: Sequence[float]
    highs: Sequence[float]


@dataclass(frozen=True, slots=True)
class Plot:
    """What a plot shows of one metric, oldest points first."""

    trajectory: Trajectory
    zone: ZoneInfo
    as_of: datetime
    band: Band | None = None

    @property
    def metric(self) -> Metric:
        return self.trajectory.metric

    @property
    def is_guarded(self) -> bool:
        """Whether there is a limit to keep, and so a side where the metric must not be."""
        return self.metric.has_target and self.metric.way is None

    @property
    def points(self) -> Sequence[Point]:
        """Baseline and readings in the order of time."""
        return sorted(self.trajectory.points, key=lambda point: point.at)

    @property
    def line(self) -> Sequence[tuple[datetime, float]]:
        """The way from the baseline to the target in time; empty where none is set."""
        metric = self.metric
        if metric.way is None or metric.target is None or metric.target_on is None:
            return ()
        start = baseline_fact(metric, self.zone)
        return (
            (start.at, float(start.value.number)),
            (end_of(metric.target_on, self.zone), float(metric.target)),
        )

    @property
    def numbers(self) -> list[float]:
        """All values that the plot must show."""
        found = [float(point.value.number) for point in self.points]
        return found if self.metric.target is None else [*found, float(self.metric.target)]


def band_of(forecast: Forecast, start: datetime, end: datetime) -> Band:
    """The forecast's range between two instants."""
    step = (end - start) / _STEPS
    instants = [start + step * number for number in range(_STEPS + 1)]
    lows, middles, highs = zip(*(forecast.values_at(each) for each in instants), strict=True)
    return Band(instants, lows, middles, highs)


def panel(plot: Plot, frame: Frame, look: Look, name: str) -> dict[str, Any]:
    """The plot as a group of marks with scales of its own."""
    layers = Layers()
    _draw_forbidden(layers, plot, frame, look, name)
    _draw_band(layers, plot, look, name)
    _draw_target(layers, plot, frame, look, name)
    _draw_line(layers, plot, look, name)
    _draw_readings(layers, plot, frame, look, name)
    return {
        "type": "group",
        "name": name,
        "encode": {
            "enter": {
                "x": always(frame.area.left),
                "y": always(frame.area.top),
                "width": always(frame.times.width),
                "height": always(frame.height),
            }
        },
        "scales": frame.scales(),
        "data": layers.data,
        "marks": layers.marks,
    }


def _draw_forbidden(layers: Layers, plot: Plot, frame: Frame, look: Look, name: str) -> None:
    """The side of a limit where a metric must not be, hatched."""
    metric = plot.metric
    if metric.target is None or not plot.is_guarded:
        return
    limit = frame.y(metric.target) - frame.top
    is_above = metric.direction is Direction.DOWN
    top, bottom = (0.0, limit) if is_above else (limit, frame.height)
    layers.hatch(f"{name}-forbidden", Box(0, top, frame.times.width, bottom), look.faint)


def _draw_band(layers: Layers, plot: Plot, look: Look, name: str) -> None:
    band = plot.band
    if band is None:
        return
    rows = [
        {"at": milliseconds(at), "low": low, "middle": middle, "high": high}
        for at, low, middle, high in zip(
            band.instants, band.lows, band.middles, band.highs, strict=True
        )
    ]
    at = field("at", "time")
    layers.draw(
        f"{name}-forecast",
        "area",
        rows,
        clip=True,
        x=at,
        y=field("low", "value"),
        y2=field("high", "value"),
        fill=always(look.forecast),
    )
    layers.draw(
        f"{name}-middle",
        "line",
        rows,
        clip=True,
        x=at,
        y=field("middle", "value"),
        stroke=always(look.reading),
        strokeWidth=always(2),
        strokeDash=always([2, 5]),
        strokeCap=always("round"),
    )


def _draw_target(layers: Layers, plot: Plot, frame: Frame, look: Look, name: str) -> None:
    if plot.metric.target is None:
        return
    layers.draw(
        f"{name}-target",
        "rule",
        [{"target": float(plot.metric.target)}],
        x=always(0),
        x2=always(frame.times.width),
        y=field("target", "value"),
        stroke=always(look.ink if plot.is_guarded else look.quiet),
        strokeWidth=always(2 if plot.is_guarded else 1),
    )


def _draw_line(layers: Layers, plot: Plot, look: Look, name: str) -> None:
    layers.draw(
        f"{name}-line",
        "line",
        [{"at": milliseconds(at), "value": number} for at, number in plot.line],
        clip=True,
        x=field("at", "time"),
        y=field("value", "value"),
        stroke=always(look.quiet),
        strokeWidth=always(2),
        strokeDash=always([9, 6]),
    )


def _draw_readings(layers: Layers, plot: Plot, frame: Frame, look: Look, name: str) -> None:
    baseline = plot.trajectory.points[0]
    size = mark_size(len(plot.points), frame)
    rows = [
        {
            "at": milliseconds(point.at),
            "value": float(point.value.number),
            "shown": plot.metric.shown(point.value),
            "shape": "square" if point is baseline else MARKS[point.value.qualifier],
            "fill": look.reading if point.value.is_exact else look.ground,
        }
        for point in plot.points
    ]
    at, number = field("at", "time"), field("value", "value")
    layers.draw(
        f"{name}-readings",
        "line",
        rows,
        x=at,
        y=number,
        stroke=always(look.reading),
        strokeWidth=always(3),
        strokeJoin=always("round"),
    )
    layers.draw(
        f"{name}-points",
        "symbol",
        rows,
        x=at,
        y=number,
        shape=field("shape"),
        size=always(size),
        fill=field("fill"),
        stroke=always(look.reading),
        strokeWidth=always(2.5),
    )


def mark_size(count: int, frame: Frame) -> float:
    """The area of a mark, small enough that many stand beside each other."""
    across = min(max(frame.times.width / count * 0.8, 3.0), _MOST_MARK, frame.height / 12)
    return round(across * across, 1)


def ink(plot: Plot, frame: Frame) -> list[Spot]:
    """The points of the lines that a text should not stand on."""
    drawn = along([frame.spot(point.at, point.value.number) for point in plot.points])
    drawn += along([frame.spot(at, number) for at, number in plot.line])
    if plot.metric.target is not None:
        height = frame.y(plot.metric.target)
        drawn += along([(frame.area.left, height), (frame.area.right, height)])
    if plot.line:
        deadline = frame.times.x(plot.line[-1][0])
        drawn += along([(deadline, frame.area.top), (deadline, frame.area.bottom)])
    if plot.band is not None:
        middle = zip(plot.band.instants, plot.band.middles, strict=True)
        drawn += along([frame.spot(at, number) for at, number in middle])
    return drawn


def times_of(plots: Sequence[Plot]) -> tuple[datetime, datetime]:
    """From the first to the last that plots must show: points, the present, target dates, what is
    to be expected; a week at least."""
    instants = [instant for plot in plots for instant in _instants(plot)]
    first, last = min(instants), max(instants)
    return first, max(last, first + timedelta(weeks=1))


def _instants(plot: Plot) -> Iterator[datetime]:
    yield plot.as_of
    yield from (point.at for point in plot.points)
    yield from (at for at, _ in plot.line)
    if plot.band is not None:
        yield plot.band.instants[-1]

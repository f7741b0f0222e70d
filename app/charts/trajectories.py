"""The trajectory of one metric, with its milestones and its forecast."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.charts.charts import Chart, alternative_text
from app.charts.headings import (
    LEADING,
    day_name,
    local_day,
    now_and_target,
    paragraph,
    standing,
    write_state,
)
from app.charts.labels import Box, Label, Places
from app.charts.lettering import one_line, shortened, width
from app.charts.looks import LARGE, LIGHT, MARGIN, SMALL, WIDTH, Look
from app.charts.milestones import lane, write_key
from app.charts.plots import Band, Plot, band_of, ink, panel, times_of
from app.charts.scales import Frame, padded, round_days, round_values, short_number
from app.charts.sheets import Sheet, always, field
from app.domain.forecasts import Forecast
from app.domain.metrics import end_of
from app.domain.outcomes import MetricHistory
from app.domain.trajectories import Point, trajectory
from app.domain.values import format_value

_HEIGHT = 340
_LANE = 36
_MOST_TICKS = 5
_MOST_VALUES = 8
_MOST_BEYOND = 0.5
"""How far a forecast may stretch the values shown, as a share of what was read."""
_LEAST_AHEAD = timedelta(weeks=4)
_ROOM = WIDTH - 2 * MARGIN


def metric_chart(history: MetricHistory, look: Look = LIGHT) -> Chart:
    """A metric's readings with the line to its target, its milestones and its forecast."""
    plot = _plot(history)
    sheet = Sheet(look)
    top = _write_head(sheet, history)
    marked = lane(history.milestones, times_of(plot)[0], plot.zone)
    frame = _frame(plot, top + _LANE * (2 if marked.shipped else 1))
    marked.draw(sheet, frame, frame.area.top - _LANE / 2)
    _draw_days(sheet, plot, frame, top + SMALL)
    _draw_axes(sheet, plot, frame)
    sheet.place(panel(plot, frame, look, "plot"))
    _write_labels(sheet, plot, frame)
    bottom = write_key(sheet, marked, frame.area.bottom + SMALL * 2)
    title, words = one_line(plot.metric.name), _in_words(history, plot)
    return Chart(title, words, sheet.specification(bottom + MARGIN, words))


def _plot(history: MetricHistory) -> Plot:
    snapshot, metric = history.snapshot, history.state.metric
    zone = snapshot.scorecard.zone
    drawn = history.trajectory or trajectory(metric, history.readings[::-1], zone)
    plot = Plot(drawn, zone, snapshot.as_of)
    expected = history.prospect.forecast
    if not isinstance(expected, Forecast):
        return plot
    band = band_of(expected, snapshot.as_of, _forecast_end(plot, expected))
    return Plot(drawn, zone, snapshot.as_of, band)


def _forecast_end(plot: Plot, expected: Forecast) -> datetime:
    """The target date or the end of the range, but no farther ahead than the plot goes back."""
    metric, as_of = plot.metric, plot.as_of
    if metric.target_on is not None and (deadline := end_of(metric.target_on, plot.zone)) > as_of:
        return deadline
    ahead = max(as_of - plot.points[0].at, _LEAST_AHEAD)
    return min(expected.latest or as_of + ahead, as_of + ahead)


def _write_head(sheet: Sheet, history: MetricHistory) -> float:
    metric, zone = history.state.metric, history.snapshot.scorecard.zone
    labels, top = paragraph(metric.name, MARGIN, MARGIN / 2, _ROOM, size=LARGE, lines=2, bold=True)
    sheet.write(*labels)
    top = write_state(sheet, history.state, MARGIN, top + MARGIN / 4, _ROOM)
    expected = history.prospect.in_short(zone)
    labels, top = paragraph(expected, MARGIN, top, _ROOM, lines=2, colour=sheet.look.quiet)
    sheet.write(*labels)
    return top + MARGIN / 2


def _frame(plot: Plot, top: float) -> Frame:
    start, end = times_of(plot)
    if plot.band is not None:
        end = max(end, plot.band.instants[-1])
    low, high = _values(plot)
    ticks = (short_number(each, plot.metric.unit) for each in round_values(low, high, _MOST_TICKS))
    gutter = max((width(words, SMALL) for words in ticks), default=0.0)
    area = Box(MARGIN + gutter + SMALL / 2, top, WIDTH - MARGIN, top + _HEIGHT)
    edge = (end - start) * 0.03
    return Frame(area, start - edge, end + edge, low, high)


def _values(plot: Plot) -> tuple[float, float]:
    """Between which values the plot goes: those read, and as much of the forecast as fits."""
    low, high = padded(plot.numbers)
    if plot.band is None:
        return low, high
    most = (high - low) * _MOST_BEYOND
    return max(min(low, *plot.band.lows), low - most), min(max(high, *plot.band.highs), high + most)


def _draw_axes(sheet: Sheet, plot: Plot, frame: Frame) -> None:
    area, look = frame.area, sheet.look
    ticks = round_values(frame.low, frame.high, _MOST_TICKS)
    sheet.draw(
        "values",
        "rule",
        [{"y": round(frame.y(tick), 1)} for tick in ticks],
        x=always(area.left),
        x2=always(area.right),
        y=field("y"),
        stroke=always(look.faint),
    )
    for tick in ticks:
        words = short_number(tick, plot.metric.unit)
        place = frame.y(tick) + SMALL * 0.36
        sheet.write(Label(words, area.left - SMALL / 2, place, align="right", colour=look.quiet))
    days = round_days(frame, plot.zone, area.bottom + SMALL * LEADING)
    sheet.write(
        *(Label(each.text, each.x, each.y, align="center", colour=look.quiet) for _, each in days)
    )


def _draw_days(sheet: Sheet, plot: Plot, frame: Frame, height: float) -> None:
    """The day of the picture and the target date as lines, named above the plot."""
    area, look, target_on = frame.area, sheet.look, plot.metric.target_on
    now = _day_label(local_day(plot.as_of, plot.zone), frame.x(plot.as_of), height, area)
    days = [(now, frame.x(plot.as_of), [1, 0])]
    if target_on is not None:
        x = frame.x(end_of(target_on, plot.zone))
        label = _day_label(f"target date {day_name(target_on)}", x, height, area)
        if label.box.overlaps(now.box):
            days = []
        days.append((label, x, [9, 6]))
    sheet.write(*(label for label, _, _ in days))
    sheet.draw(
        "days",
        "rule",
        [{"x": round(x, 1), "dash": dash} for _, x, dash in days],
        x=field("x"),
        y=always(height + SMALL * 0.4),
        y2=always(area.bottom),
        stroke=always(look.quiet),
        strokeDash=field("dash"),
    )


def _day_label(words: str, x: float, y: float, area: Box) -> Label:
    half = width(words, SMALL) / 2
    return Label(words, min(max(x, MARGIN + half), area.right - half), y, align="center")


def _write_labels(sheet: Sheet, plot: Plot, frame: Frame) -> None:
    """What must be named first, then as many readings as there is room for."""
    places = Places(frame.area, ink(plot, frame))
    metric, look = plot.metric, sheet.look
    baseline, *readings = plot.trajectory.points
    if readings:
        last = readings[-1]
        sheet.write(places.beside(_spot(frame, last), _shown(plot, last), bold=True, must=True))
    name = shortened(one_line(metric.baseline.label), SMALL, _ROOM / 4)
    words = f"{name}: {_shown(plot, baseline)}"
    sheet.write(places.beside(_spot(frame, baseline), words, must=True))
    if metric.target is not None:
        is_reach = metric.way is not None
        words = f"{'target' if is_reach else 'limit'} {one_line(metric.shown_target)}"
        words = words if width(words, SMALL) < _ROOM / 2 else metric.shown_target.split(" ")[0]
        spot = (frame.area.right - width(words, SMALL) / 2, frame.y(metric.target))
        sheet.write(places.beside(spot, words, colour=look.quiet, must=True))
    if plot.line:
        (start, first), (end, target) = plot.line
        spot = frame.spot(start + (end - start) * 0.6, first + (target - first) * 0.6)
        sheet.write(places.beside(spot, "line to the target", colour=look.quiet, must=True))
    if plot.band is not None:
        sheet.write(_band_label(places, plot.band, frame))
    if not readings:
        middle = (
            (frame.area.left + frame.area.right) / 2,
            (frame.area.top + frame.area.bottom) / 2,
        )
        sheet.write(places.beside(middle, "no reading yet", bold=True, must=True))
    for number, point in enumerate(_spread(readings[:-1])):
        if number <= _MOST_VALUES:
            label = places.beside(_spot(frame, point), _shown(plot, point), must=number == 0)
            sheet.write(label)


def _band_label(places: Places, band: Band, frame: Frame) -> Label | None:
    place = len(band.instants) * 2 // 3
    spot = frame.spot(band.instants[place], band.middles[place])
    return places.beside(spot, "4 of 5 futures", must=True)


def _shown(plot: Plot, point: Point) -> str:
    """A value beside its mark: with its sign, and without the unit that stands above."""
    return format_value(point.value, "%" if plot.metric.unit == "%" else "")


def _spot(frame: Frame, point: Point) -> tuple[float, float]:
    return frame.spot(point.at, point.value.number)


def _spread(points: "list[Point]") -> Iterator[Point]:
    """The first point, then those in the middle of what is left, again and again."""
    yield from points[:1]
    spans = [(0, len(points))]
    for low, high in spans:
        middle = (low + high) // 2
        if middle > low:
            yield points[middle]
            spans += [(low, middle), (middle, high)]


def _in_words(history: MetricHistory, plot: Plot) -> str:
    state, zone = history.state, plot.zone
    metric, count = state.metric, len(plot.trajectory.points) - 1
    baseline = metric.baseline
    expected = history.prospect.in_words(zone)
    return alternative_text(
        f"{one_line(metric.name)}: {one_line(now_and_target(state))}, {standing(state)}.",
        f"{'1 reading' if count == 1 else f'{count} readings'} since "
        f"{one_line(baseline.label)} ({metric.shown(baseline.value)}, {day_name(baseline.on)}).",
        f"Target date {day_name(metric.target_on)}." if metric.target_on else "",
        f"Forecast: {expected}." if expected else "",
        f"{len(history.milestones)} milestones on its line." if history.milestones else "",
    )

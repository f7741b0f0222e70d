"""The trajectory of one metric, with its milestones and its forecast."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.charts.annotations import annotate
from app.charts.calendars import with_edges
from app.charts.captions import write_caption
from app.charts.charts import Chart, alternative_text
from app.charts.headings import (
    day_name,
    first_capital,
    now_and_target,
    paragraph,
    write_state,
)
from app.charts.labels import Label
from app.charts.lettering import one_line, width
from app.charts.looks import LARGE, LIGHT, MARGIN, SMALL, WIDTH, Look
from app.charts.milestones import lane, write_key
from app.charts.plots import Plot, band_of, panel, times_of
from app.charts.scales import Frame, padded, round_values, short_number
from app.charts.sheets import Sheet, always, field
from app.domain.forecasts import Forecast
from app.domain.metrics import end_of
from app.domain.outcomes import MetricHistory
from app.domain.trajectories import trajectory

_HEIGHT = 340
_LANE = 36
_MOST_TICKS = 5
_MOST_BEYOND = 0.35
"""How far a forecast may stretch the values shown, as a share of what was read."""
_LEAST_AHEAD = timedelta(weeks=4)
_ROOM = WIDTH - 2 * MARGIN


def metric_chart(history: MetricHistory, look: Look = LIGHT) -> Chart:
    """A metric's readings with the line to its target, its milestones and its forecast."""
    plot = _plot(history)
    sheet = Sheet(look)
    top = _write_head(sheet, history)
    marked = lane(history.milestones, times_of([plot])[0], plot.zone)
    lanes = bool(marked.shipped) + (plot.metric.target_on is not None)
    frame = _frame(plot, top + _LANE * lanes)
    marked.draw(sheet, frame, frame.top - _LANE / 2)
    _draw_axes(sheet, plot, frame)
    sheet.place(panel(plot, frame, look, "plot"))
    _draw_target_date(sheet, plot, frame, top + SMALL)
    annotate(sheet, plot, frame)
    bottom = write_key(sheet, marked, frame.bottom + SMALL * 2.5)
    bottom = write_caption(sheet, [plot], bottom + SMALL / 2)
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
    return replace(plot, band=band)


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
    labels, top = paragraph(
        first_capital(expected), MARGIN, top, _ROOM, lines=2, colour=sheet.look.quiet
    )
    sheet.write(*labels)
    return top + MARGIN / 2


def _frame(plot: Plot, top: float) -> Frame:
    start, end = times_of([plot])
    low, high = _values(plot)
    ticks = (short_number(each, plot.metric.unit) for each in round_values(low, high, _MOST_TICKS))
    gutter = max((width(words, SMALL) for words in ticks), default=0.0)
    left = MARGIN + gutter + SMALL / 2
    times = with_edges(left, WIDTH - MARGIN, start, end, plot.zone)
    return Frame(times, top, top + _HEIGHT, low, high)


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
    sheet.write(*frame.times.named_days(area.bottom + SMALL * 1.5, look.quiet))


def _draw_target_date(sheet: Sheet, plot: Plot, frame: Frame, height: float) -> None:
    """The target date as a line that is named above the plot."""
    target_on, area = plot.metric.target_on, frame.area
    if target_on is None:
        return
    x = frame.times.x(end_of(target_on, plot.zone))
    words = f"target date {day_name(target_on)}"
    half = width(words, SMALL) / 2
    middle = min(max(x, MARGIN + half), area.right - half)
    sheet.write(Label(words, middle, height, align="center"))
    sheet.draw(
        "target-date",
        "rule",
        [{"x": round(x, 1)}],
        x=field("x"),
        y=always(height + SMALL * 0.4),
        y2=always(area.bottom),
        stroke=always(sheet.look.quiet),
        strokeWidth=always(2),
        strokeDash=always([2, 4]),
    )


def _in_words(history: MetricHistory, plot: Plot) -> str:
    state, zone = history.state, plot.zone
    metric, count = state.metric, len(plot.trajectory.points) - 1
    baseline = metric.baseline
    expected = history.prospect.in_words(zone)
    return alternative_text(
        f"{one_line(metric.name)}: {one_line(now_and_target(state))}.",
        f"{first_capital(state.standing)}: {one_line(state.verdict.reason)}.",
        f"{'1 reading' if count == 1 else f'{count} readings'} since "
        f"{one_line(baseline.label)} ({metric.shown(baseline.value)}, {day_name(baseline.on)}).",
        f"Target date {day_name(metric.target_on)}." if metric.target_on else "",
        f"Forecast: {expected}." if expected else "",
        _milestones(history),
    )


def _milestones(history: MetricHistory) -> str:
    """The milestones on the metric's line, newest first."""
    named = (
        f"{day_name(each.milestone.shipped_on)} {one_line(each.milestone.title)}"
        for each in history.milestones
        if each.milestone.shipped_on
    )
    return f"Milestones: {'; '.join(named)}." if history.milestones else ""

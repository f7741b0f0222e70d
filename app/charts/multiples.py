"""The scorecard as small multiples: a panel for each metric, all over the same time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.charts.annotations import annotate_briefly
from app.charts.calendars import with_edges
from app.charts.captions import write_caption
from app.charts.charts import Chart, alternative_text
from app.charts.headings import (
    day_name,
    local_day,
    now_and_target,
    paragraph,
    write_state,
)
from app.charts.lettering import one_line
from app.charts.looks import LARGE, LIGHT, MARGIN, SMALL, WIDTH, Look
from app.charts.plots import Plot, panel, times_of
from app.charts.scales import Frame, padded
from app.charts.sheets import Sheet
from app.domain.scorecards import MetricState, Snapshot
from app.domain.trajectories import Trajectory

MOST_PANELS = 24
_COLUMNS = 2
_HEIGHT = 130
_GUTTER = 32
_MOMENT = timedelta(microseconds=1)
_ROOM = WIDTH - 2 * MARGIN


@dataclass(frozen=True, slots=True)
class _Panel:
    """One metric's part of the picture: what it shows, and where it stands."""

    plot: Plot
    state: MetricState
    left: float
    room: float

    def write_head(self, sheet: Sheet, top: float) -> float:
        """Name, values and status; gives where the plot may begin."""
        name = self.plot.metric.name
        labels, top = paragraph(name, self.left, top, self.room, lines=2, bold=True)
        sheet.write(*labels)
        return write_state(sheet, self.state, self.left, top, self.room)

    def draw(self, sheet: Sheet, top: float, start: datetime, end: datetime) -> None:
        times = with_edges(self.left, self.left + self.room, start, end, self.plot.zone)
        low, high = padded(self.plot.numbers, 0.35)
        frame = Frame(times, top, top + _HEIGHT, low, high)
        sheet.place(panel(self.plot, frame, sheet.look, self.plot.metric.key))
        annotate_briefly(sheet, self.plot, frame)


def scorecard_chart(
    snapshot: Snapshot, trajectories: Sequence[Trajectory], look: Look = LIGHT
) -> Chart:
    """The trajectories of a scorecard's metrics side by side, in the order given.

    The first 24 are drawn; the caption says how many more there are.
    """
    name = one_line(snapshot.scorecard.name)
    sheet = Sheet(look)
    labels, top = paragraph(name, MARGIN, MARGIN / 2, _ROOM, size=LARGE, lines=2, bold=True)
    sheet.write(*labels)
    panels = _panels(snapshot, trajectories[:MOST_PANELS])
    top = _draw_panels(sheet, panels, top + SMALL / 2)
    left_out = len(trajectories) - len(panels)
    more = f"{left_out} more metrics aren't drawn." if left_out else ""
    if panels:
        plots = [each.plot for each in panels]
        top = write_caption(sheet, plots, top, f"{_span(plots)} {more}".rstrip())
    else:
        labels, top = paragraph("No metrics yet.", MARGIN, top, _ROOM)
        sheet.write(*labels)
    words = _in_words(snapshot, panels, more)
    return Chart(name, words, sheet.specification(top + MARGIN / 2, words))


def _span(plots: Sequence[Plot]) -> str:
    first, last = times_of(plots)
    start, end = (local_day(each, plots[0].zone) for each in (first, last - _MOMENT))
    meanings = ["each on a scale of its own"]
    if any(plot.line for plot in plots):
        meanings.append("dashed: the line to the target")
    if any(plot.is_guarded for plot in plots):
        meanings.append("hatched: beyond the limit")
    return f"From {start} to {end}, {'; '.join(meanings)}."


def _panels(snapshot: Snapshot, trajectories: Sequence[Trajectory]) -> list[_Panel]:
    columns = min(max(len(trajectories), 1), _COLUMNS)
    room = (_ROOM - _GUTTER * (columns - 1)) / columns
    return [
        _Panel(
            Plot(drawn, snapshot.scorecard.zone, snapshot.as_of),
            snapshot.state(drawn.metric.key),
            MARGIN + place % columns * (room + _GUTTER),
            room,
        )
        for place, drawn in enumerate(trajectories)
    ]


def _draw_panels(sheet: Sheet, panels: Sequence[_Panel], top: float) -> float:
    """The panels in rows, whose plots stand at one height; gives where what comes below begins."""
    if not panels:
        return top
    start, end = times_of([each.plot for each in panels])
    for place in range(0, len(panels), _COLUMNS):
        row = panels[place : place + _COLUMNS]
        top = max(each.write_head(sheet, top) for each in row) + SMALL / 2
        for each in row:
            each.draw(sheet, top, start, end)
        top += _HEIGHT + SMALL
    return top


def _in_words(snapshot: Snapshot, panels: Sequence[_Panel], more: str) -> str:
    metrics = (
        f"{one_line(each.state.metric.name)}: {one_line(now_and_target(each.state))}, "
        f"{each.state.standing}."
        for each in panels
    )
    heading = f"{one_line(snapshot.scorecard.name)} on {day_name(snapshot.today)}."
    return alternative_text(heading, *metrics, more)

"""The scorecard as small multiples: a panel for each metric."""

from collections.abc import Sequence

from app.charts.charts import Chart, alternative_text
from app.charts.headings import LEADING, local_day, now_and_target, paragraph, standing, write_state
from app.charts.labels import Box
from app.charts.lettering import one_line
from app.charts.looks import LARGE, LIGHT, MARGIN, SMALL, WIDTH, Look
from app.charts.plots import Plot, panel, times_of
from app.charts.scales import Frame, padded
from app.charts.sheets import Sheet
from app.domain.scorecards import Snapshot
from app.domain.trajectories import Trajectory

MOST_PANELS = 24
_HEIGHT = 120
_ROOM = WIDTH - 2 * MARGIN


def scorecard_chart(
    snapshot: Snapshot, trajectories: Sequence[Trajectory], look: Look = LIGHT
) -> Chart:
    """The trajectories of a scorecard's metrics side by side, in the order given."""
    sheet = Sheet(look)
    scorecard = snapshot.scorecard
    labels, top = paragraph(
        scorecard.name, MARGIN, MARGIN / 2, _ROOM, size=LARGE, lines=2, bold=True
    )
    sheet.write(*labels)
    shown = trajectories[:MOST_PANELS]
    columns = 1 if len(shown) < 2 else 2
    room = (_ROOM - MARGIN * (columns - 1)) / columns
    for start in range(0, len(shown), columns):
        row = shown[start : start + columns]
        top = max(
            _draw(sheet, snapshot, each, MARGIN + place * (room + MARGIN), top, room)
            for place, each in enumerate(row)
        )
    caption = f"As of {local_day(snapshot.as_of, scorecard.zone)}."
    if len(trajectories) > len(shown):
        caption += f" {len(trajectories) - len(shown)} more metrics aren't shown."
    labels, top = paragraph(caption, MARGIN, top, _ROOM, lines=2, colour=look.quiet)
    sheet.write(*labels)
    words = _in_words(snapshot, shown, caption)
    return Chart(one_line(scorecard.name), words, sheet.specification(top + MARGIN, words))


def _draw(
    sheet: Sheet, snapshot: Snapshot, drawn: Trajectory, left: float, top: float, room: float
) -> float:
    state = snapshot.state(drawn.metric.key)
    labels, top = paragraph(drawn.metric.name, left, top, room, lines=2, bold=True)
    sheet.write(*labels)
    top = write_state(sheet, state, left, top, room) + SMALL / 2
    plot = Plot(drawn, snapshot.scorecard.zone, snapshot.as_of)
    start, end = times_of(plot)
    low, high = padded(plot.numbers)
    frame = Frame(Box(left, top, left + room, top + _HEIGHT), start, end, low, high)
    sheet.place(panel(plot, frame, sheet.look, drawn.metric.key))
    return top + _HEIGHT + SMALL * LEADING


def _in_words(snapshot: Snapshot, shown: Sequence[Trajectory], caption: str) -> str:
    states = (snapshot.state(each.metric.key) for each in shown)
    metrics = (
        f"{one_line(state.metric.name)}: {one_line(now_and_target(state))}, {standing(state)}."
        for state in states
    )
    return alternative_text(f"{one_line(snapshot.scorecard.name)}.", caption, *metrics)

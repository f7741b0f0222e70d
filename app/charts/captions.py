"""What stands below a plot: its day, and what its marks mean."""

from collections.abc import Sequence

from app.charts.headings import LEADING, local_day, paragraph
from app.charts.labels import Label
from app.charts.lettering import width
from app.charts.looks import MARGIN, SMALL, WIDTH
from app.charts.plots import MARKS, Plot
from app.charts.sheets import Sheet, always, field
from app.domain.values import Qualifier

_MARK = 11
_MEANINGS = {Qualifier.ABOUT: "about (~)", Qualifier.AT_LEAST: "at least (+)"}


def write_caption(sheet: Sheet, plots: Sequence[Plot], top: float, words: str = "") -> float:
    """The day of the plots, one for all, further words, and the marks of inexact values where there
    are any; gives where what comes below begins."""
    quiet = sheet.look.quiet
    parts = [f"As of {local_day(plots[0].as_of, plots[0].zone)}.", words]
    if not all(plot.trajectory.is_whole for plot in plots):
        parts.append("Not every reading is drawn.")
    room = WIDTH - 2 * MARGIN
    lines, _ = paragraph(" ".join(filter(None, parts)), MARGIN, top, room, lines=4, colour=quiet)
    sheet.write(*lines)
    return _write_marks(sheet, plots, lines[-1]) + SMALL * (LEADING - 1)


def _write_marks(sheet: Sheet, plots: Sequence[Plot], line: Label) -> float:
    """The meanings of the marks behind a line of text, or below it where the room is too small;
    gives where the last line stands."""
    drawn = {point.value.qualifier for plot in plots for point in plot.trajectory.points}
    shown = [qualifier for qualifier in _MEANINGS if qualifier in drawn]
    needed = sum(_MARK * 3 + width(_MEANINGS[each], SMALL) for each in shown)
    x, y = line.box.right + SMALL, line.y
    if x + needed > WIDTH - MARGIN:
        x, y = MARGIN, y + SMALL * LEADING
    rows = []
    for each in shown:
        rows.append({"x": x + _MARK / 2, "y": y - SMALL * 0.36, "shape": MARKS[each]})
        label = Label(_MEANINGS[each], x + _MARK * 1.7, y, colour=sheet.look.quiet)
        sheet.write(label)
        x = label.box.right + SMALL
    sheet.draw(
        "meanings",
        "symbol",
        rows,
        x=field("x"),
        y=field("y"),
        shape=field("shape"),
        size=always(_MARK * _MARK),
        stroke=always(sheet.look.reading),
        strokeWidth=always(2.5),
    )
    return y if shown else line.y

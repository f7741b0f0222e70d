"""What stands above a plot: the name of the metric, where it is and goes, its status."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.charts.labels import Label, Spot
from app.charts.lettering import one_line, shortened, width, wrapped
from app.charts.looks import MEDIUM, SMALL
from app.charts.sheets import Layers, Sheet, always, field
from app.charts.signs import STATUS_SHAPES, status_colour
from app.domain.scorecards import MetricState

LEADING = 1.3
_SIGN = 8


def day_name(day: date | datetime) -> str:
    """`16 Mar 2026`."""
    return f"{day.day} {day:%b %Y}"


def local_day(instant: datetime, zone: ZoneInfo) -> str:
    return day_name(instant.astimezone(zone))


def first_capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def paragraph(
    text: str,
    left: float,
    top: float,
    room: float,
    *,
    size: int = SMALL,
    lines: int = 1,
    bold: bool = False,
    colour: str | None = None,
) -> tuple[list[Label], float]:
    """A text in some lines at most, as labels, and where what comes below it begins."""
    labels = [
        Label(line, left, top + size + number * size * LEADING, size, "left", bold, colour)
        for number, line in enumerate(wrapped(one_line(text), size, room, lines, bold=bold))
    ]
    return labels, top + len(labels) * size * LEADING


def now_and_target(state: MetricState) -> str:
    """`~12 / day → 0 / day`; the value alone for what is only recorded."""
    metric = state.metric
    now = metric.shown(state.current.value) if state.current else "no reading"
    return f"{now} → {metric.shown_target}" if metric.has_target else now


def write_state(sheet: Sheet, state: MetricState, left: float, top: float, room: float) -> float:
    """Where a metric is and goes, with its sign and status behind it, or below where the room is
    too small. Gives where what comes below begins."""
    words, status = one_line(now_and_target(state)), state.standing
    behind = SMALL + _SIGN * 3 + width(status, SMALL)
    size = next((s for s in (MEDIUM, SMALL) if width(words, s, bold=True) + behind <= room), None)
    if size is not None:
        sheet.write(Label(words, left, top + size, size, bold=True))
        _write_status(sheet, state, left + width(words, size, bold=True) + SMALL, top + size)
        return top + size * LEADING
    for line in _halves(words, room):
        shown = shortened(line, SMALL, room, bold=True)
        sheet.write(Label(shown, left, top + SMALL, bold=True))
        top += SMALL * LEADING
    _write_status(sheet, state, left, top + SMALL)
    return top + SMALL * LEADING


def _halves(words: str, room: float) -> list[str]:
    """Now and target in lines of their own, where they don't fit one: no number is cut."""
    now, arrow, target = words.partition(" → ")
    if not arrow or width(words, SMALL, bold=True) <= room:
        return [words]
    return [now, f"→ {target}"]


def _write_status(sheet: Sheet, state: MetricState, x: float, y: float) -> None:
    draw_shape(
        sheet,
        f"{state.metric.key}-status",
        STATUS_SHAPES[state.status],
        (x + _SIGN, y - SMALL * 0.36),
        status_colour(state.status, sheet.look),
    )
    sheet.write(Label(state.standing, x + _SIGN * 3, y))


def draw_shape(layers: Layers, name: str, shape: str, spot: Spot, colour: str) -> None:
    """A sign in the middle of a line of text."""
    layers.draw(
        name,
        "symbol",
        [{"x": round(spot[0], 1), "y": round(spot[1], 1)}],
        x=field("x"),
        y=field("y"),
        shape=always(shape),
        size=always(4 * _SIGN * _SIGN),
        fill=always(colour),
    )

"""Drawing a phase's row of the timeline: its words, its bar, and the milestones that it needs."""

from collections.abc import Sequence
from dataclasses import replace

from app.charts.bars import Bar, day_of
from app.charts.calendars import Calendar
from app.charts.headings import draw_shape, paragraph
from app.charts.labels import Box, Spot
from app.charts.looks import SMALL
from app.charts.sheets import Sheet, always, field
from app.charts.signs import DIAMOND, PHASE_SHAPES
from app.domain.roadmap import PhaseStatus

THICK, THIN = 4.0, 1.5
_HEIGHT = 26
_LANE = 30
_SIGN_ROOM = 26
_LEAST_WIDTH = 6
_ABOVE_BOTTOM = 4
_ARROW = "M0,0L-5,-8L5,-8Z"
_SOLID: Sequence[float] = (1, 0)


def draw_row(sheet: Sheet, bar: Bar, times: Calendar, top: float) -> tuple[Box, float]:
    """A phase from `top` on; gives the box of its bar, and where the next row begins."""
    quiet, left = sheet.look.quiet, times.left
    shape = PHASE_SHAPES[bar.outlook.status]
    sign = (left + SMALL * 0.4, top + SMALL * 0.64)
    draw_shape(sheet, f"phase-{bar.place}-status", shape, sign, sheet.look.ink)
    room = times.width - _SIGN_ROOM
    name, top = paragraph(bar.phase.name, left + _SIGN_ROOM, top, room, lines=2, bold=True)
    words, top = paragraph(bar.words, left, top, times.width, lines=2, colour=quiet)
    sheet.write(*name, *words)
    spots = _milestone_spots(bar, times, top + SMALL * 0.8)
    top += _LANE if spots else SMALL * 0.4
    window = _draw_window(sheet, bar, times, top)
    slipped = replace(window, right=max(window.right, times.end_of(bar.last)))
    _draw_milestones(sheet, bar, spots, slipped)
    below = window.bottom + SMALL * 0.2
    needs, below = paragraph(bar.needs, left, below, times.width, lines=3, colour=quiet)
    sheet.write(*needs)
    return window, below + SMALL


def _draw_window(sheet: Sheet, bar: Bar, times: Calendar, top: float) -> Box:
    """The bar of the window, and dashed behind it how far it slips; gives the bar's box."""
    look, window, name = sheet.look, bar.phase.window, f"phase-{bar.place}"
    left = times.start_of(window.first)
    right = max(times.end_of(window.last), left + _LEAST_WIDTH)
    box = Box(left, top, right, top + _HEIGHT)
    end = times.end_of(bar.last)
    if end > right:
        slip = Box(right, top, end, box.bottom)
        _draw_box(sheet, f"{name}-slip", slip, look.ground, dash=(5, 4))
    fills = {
        PhaseStatus.DONE: look.quiet,
        PhaseStatus.IN_PROGRESS: look.reading,
        PhaseStatus.READY: look.forecast,
        PhaseStatus.BLOCKED: look.ground,
    }
    status = bar.outlook.status
    _draw_box(sheet, name, box, fills[status], thickness=THICK if bar.is_critical else THIN)
    if status is PhaseStatus.BLOCKED:
        sheet.hatch(f"{name}-hatch", box, look.quiet)
    return box


def _draw_box(
    sheet: Sheet,
    name: str,
    box: Box,
    fill: str,
    *,
    thickness: float = THIN,
    dash: Sequence[float] = _SOLID,
) -> None:
    edges = {"x": box.left, "y": box.top, "x2": box.right, "y2": box.bottom}
    sheet.draw(
        name,
        "rect",
        [{key: round(edge, 1) for key, edge in edges.items()}],
        x=field("x"),
        y=field("y"),
        x2=field("x2"),
        y2=field("y2"),
        fill=always(fill),
        stroke=always(sheet.look.ink),
        strokeWidth=always(thickness),
        strokeDash=always(list(dash)),
    )


def _milestone_spots(bar: Bar, times: Calendar, height: float) -> list[tuple[Spot, bool]]:
    """Where the dated milestones stand that the phase needs, and whether they have shipped."""
    found = []
    for milestone in bar.milestones:
        day = day_of(milestone)
        if day is not None and times.left <= (x := times.middle_of(day)) <= times.right:
            found.append(((x, height), milestone.is_shipped))
    return found


def _draw_milestones(
    sheet: Sheet, bar: Bar, spots: Sequence[tuple[Spot, bool]], window: Box
) -> None:
    """Diamonds, filled once they have shipped, each with an arrow to the bar."""
    look, name = sheet.look, f"phase-{bar.place}-milestones"
    ways = [_way(spot, window) for spot, _ in spots]
    for number, way in enumerate(ways):
        draw_way(sheet, f"{name}-{number}", way, look.quiet, THIN)
    sheet.draw(
        name,
        "symbol",
        [
            {"x": round(x, 1), "y": round(y, 1), "fill": look.ink if shipped else look.ground}
            for (x, y), shipped in spots
        ],
        x=field("x"),
        y=field("y"),
        shape=always(DIAMOND),
        size=always(324),
        fill=field("fill"),
        stroke=always(look.ink),
        strokeWidth=always(2),
    )


def _way(spot: Spot, window: Box) -> list[Spot]:
    """From a milestone down to the bar, or beside it down and across."""
    x, _ = spot
    if window.left <= x <= window.right:
        return [spot, (x, window.top)]
    y = window.bottom - _ABOVE_BOTTOM  # lower than what comes from other phases
    return [spot, (x, y), (window.left if x < window.left else window.right, y)]


def draw_way(sheet: Sheet, name: str, way: Sequence[Spot], colour: str, thickness: float) -> None:
    """A line through spots that ends with an arrow."""
    (before_x, _), (x, y) = way[-2:]
    angle = 0 if x == before_x else 90 if x < before_x else -90
    tip = {"x": round(x, 1), "y": round(y, 1), "angle": angle}
    shaft_x = x if angle == 0 else x + (6 if angle > 0 else -6)
    shaft_y = y - 6 if angle == 0 else y
    sheet.draw(
        f"{name}-way",
        "line",
        [
            {"x": round(each_x, 1), "y": round(each_y, 1)}
            for each_x, each_y in [*way[:-1], (shaft_x, shaft_y)]
        ],
        x=field("x"),
        y=field("y"),
        stroke=always(colour),
        strokeWidth=always(thickness),
        strokeJoin=always("round"),
    )
    sheet.draw(
        f"{name}-tip",
        "path",
        [tip],
        x=field("x"),
        y=field("y"),
        angle=field("angle"),
        path=always(_ARROW),
        fill=always(colour),
    )

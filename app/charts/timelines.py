"""The roadmap as a timeline: phases in their windows, and what each waits for."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from app.charts.bars import Bar, bars
from app.charts.calendars import Calendar, day_starts
from app.charts.charts import Chart, alternative_text
from app.charts.dependencies import dependencies
from app.charts.headings import day_name, first_capital, paragraph
from app.charts.labels import Box, Label
from app.charts.lettering import one_line, width
from app.charts.looks import LARGE, LIGHT, MARGIN, SMALL, WIDTH, Look
from app.charts.rows import draw_row
from app.charts.sheets import Sheet, always, field
from app.domain.roadmap import NeedKind, PhaseStatus, in_order
from app.domain.schedules import Schedule, schedule
from app.domain.scorecards import Scorecard, Snapshot

MOST_ROWS = 24
_FARTHEST = timedelta(days=366)
"""How far from the phases a milestone may be for its day to be drawn."""
_GUTTER = 12
_ROOM = WIDTH - 2 * MARGIN


def roadmap_chart(snapshot: Snapshot, look: Look = LIGHT) -> Chart:
    """The phases of a scorecard's roadmap over time, each below those that it needs.

    The first 24 are drawn; the caption says how many more there are.
    """
    scorecard, sheet = snapshot.scorecard, Sheet(look)
    title = f"Roadmap of {one_line(scorecard.name)}"
    planned = schedule(scorecard.phases, scorecard.milestones_by_key, snapshot.today)
    summary = _summary(snapshot, planned)
    labels, top = paragraph(title, MARGIN, MARGIN / 2, _ROOM, size=LARGE, lines=2, bold=True)
    words, top = paragraph(summary, MARGIN, top, _ROOM, lines=3, colour=look.quiet)
    sheet.write(*labels, *words)
    phases = in_order(scorecard.phases)
    outlooks = {outlook.phase.key: outlook for outlook in snapshot.phases}
    every = bars(phases, outlooks, planned, scorecard.milestones_by_key)
    if every:
        top = _draw(sheet, every[:MOST_ROWS], planned, snapshot, top)
    caption = _caption(planned, scorecard, len(every) - MOST_ROWS)
    labels, top = paragraph(caption, MARGIN, top, _ROOM, lines=6, colour=look.quiet)
    sheet.write(*labels)
    alternative = alternative_text(f"{title}.", summary, caption, *map(_in_words, every))
    return Chart(title, alternative, sheet.specification(top + MARGIN / 2, alternative))


def _draw(
    sheet: Sheet, shown: Sequence[Bar], planned: Schedule, snapshot: Snapshot, top: float
) -> float:
    """The rows with their calendar; gives where what comes below begins."""
    needed = dependencies([bar.phase for bar in shown], planned.critical)
    times = _calendar(shown, snapshot, MARGIN + needed.width + _GUTTER)
    top += SMALL / 2
    sheet.write(_today(snapshot.today, times, top + SMALL, sheet.look))
    top += SMALL * 1.5
    sheet.write(*times.named_days(top + SMALL, sheet.look.quiet))
    top += SMALL * 2
    boxes = []
    for bar in shown:
        box, top = draw_row(sheet, bar, times, top)
        boxes.append(box)
    needed.draw(sheet, boxes)
    _draw_today(sheet, times.start_of(snapshot.today), boxes)
    return top


def _calendar(shown: Sequence[Bar], snapshot: Snapshot, left: float) -> Calendar:
    """The time of the phases, with their milestones unless these are far off."""
    windows = [day for bar in shown for day in (bar.phase.window.first, bar.last)]
    windows.append(snapshot.today)
    first, last = min(windows), max(windows)
    near = [
        day for bar in shown for day in bar.days if first - _FARTHEST <= day <= last + _FARTHEST
    ]
    zone = snapshot.scorecard.zone
    start = day_starts(min(first, *near), zone)
    end = day_starts(max(last, *near) + timedelta(days=1), zone)
    edge = (end - start) * 0.02
    return Calendar(left, WIDTH - MARGIN, start - edge, end + edge, zone)


def _today(today: date, times: Calendar, y: float, look: Look) -> Label:
    words = f"today, {day_name(today)}"
    half = width(words, SMALL) / 2
    x = min(max(times.start_of(today), times.left + half), times.right - half)
    return Label(words, x, y, align="center", colour=look.reading)


def _draw_today(sheet: Sheet, x: float, boxes: Sequence[Box]) -> None:
    """The present at the height of each bar, where it crosses no text."""
    sheet.draw(
        "today",
        "rule",
        [{"y": round(box.top - 8, 1), "y2": round(box.bottom + 4, 1)} for box in boxes],
        x=always(round(x, 1)),
        y=field("y"),
        y2=field("y2"),
        stroke=always(sheet.look.reading),
        strokeWidth=always(3),
    )


def _summary(snapshot: Snapshot, planned: Schedule) -> str:
    """`5 blocked · ends 30 Sep 2026 at the earliest`."""
    if not snapshot.phases:
        return "No phases yet."
    counts = Counter(outlook.status for outlook in snapshot.phases)
    parts = [f"{counts[status]} {status.words}" for status in PhaseStatus if counts[status]]
    if planned.ends_on is not None:
        parts.append(f"ends {day_name(planned.ends_on)} at the earliest")
    return " · ".join(parts)


def _caption(planned: Schedule, scorecard: Scorecard, left_out: int) -> str:
    """What the thick lines mean, and what isn't drawn."""
    names = [
        scorecard.phases_by_key[need.key].name
        if need.kind is NeedKind.PHASE
        else scorecard.milestones_by_key[need.key].title
        for need in planned.critical
    ]
    thick = f"Thick: what the end depends on, {one_line(' → '.join(names))}."
    more = f"{left_out} more phases aren't drawn."
    return " ".join([thick] * (len(names) > 1) + [more] * (left_out > 0))


def _in_words(bar: Bar) -> str:
    needs = f"; {bar.needs[0].lower()}{bar.needs[1:]}" if bar.needs else ""
    return f"{first_capital(one_line(bar.phase.name))}: {bar.words}{needs}."

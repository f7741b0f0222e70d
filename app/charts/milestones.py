"""The milestones on a metric's line: numbered markers at their days, and the key to the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.charts.calendars import day_starts
from app.charts.headings import day_name, paragraph
from app.charts.labels import Box, Label
from app.charts.lettering import one_line, width
from app.charts.looks import MARGIN, SMALL, WIDTH
from app.charts.scales import Frame
from app.charts.sheets import Sheet, always, field
from app.domain.associations import Association

MOST_MARKED = 8
_RADIUS = 14
_GAP = 3
_NOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Shipped:
    """A milestone's day and title, and the number that stands for it."""

    number: int
    on: date
    title: str


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker for the milestones from number `first` to number `last`."""

    first: int
    last: int
    x: float

    @property
    def text(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    @property
    def half(self) -> float:
        return max(width(self.text, SMALL, bold=True) / 2 + 7, _RADIUS)


@dataclass(frozen=True, slots=True)
class Lane:
    """The newest milestones of a metric's line, oldest first; `earlier` more aren't marked."""

    shipped: Sequence[Shipped]
    earlier: int

    def draw(self, sheet: Sheet, frame: Frame, middle: float) -> None:
        """The markers in a lane at this height above a plot, and their days as lines in it."""
        days = {each.on for each in self.shipped}
        sheet.draw(
            "milestone-days",
            "rule",
            [{"x": round(frame.times.middle_of(day), 1)} for day in sorted(days)],
            x=field("x"),
            y=always(middle + _RADIUS),
            y2=always(frame.area.bottom),
            stroke=always(sheet.look.faint),
            strokeWidth=always(2),
        )
        markers = self.markers(frame)
        sheet.draw(
            "milestones",
            "rect",
            [{"x": marker.x - marker.half, "x2": marker.x + marker.half} for marker in markers],
            x=field("x"),
            x2=field("x2"),
            y=always(middle - _RADIUS),
            y2=always(middle + _RADIUS),
            cornerRadius=always(_RADIUS),
            fill=always(sheet.look.ink),
        )
        ground = sheet.look.ground
        sheet.write(
            *(
                Label(each.text, each.x, middle + SMALL * 0.36, SMALL, "center", True, ground)
                for each in markers
            )
        )

    def markers(self, frame: Frame) -> list[Marker]:
        """A marker for each milestone; those that would cover each other are one."""
        found: list[Marker] = []
        for each in self.shipped:
            x = frame.times.middle_of(each.on)
            found.append(_inside(Marker(each.number, each.number, x), frame.area))
            while len(found) > 1 and _touch(found[-2], found[-1]):
                last, before = found.pop(), found.pop()
                found.append(_inside(_joined(before, last), frame.area))
        return found


def lane(associations: Sequence[Association], start: datetime, zone: ZoneInfo) -> Lane:
    """The milestones since the plot's start, of which the newest are marked."""
    milestones = sorted(
        (
            (each.milestone.shipped_on, one_line(each.milestone.title))
            for each in associations
            if each.milestone.shipped_on is not None
        ),
        key=lambda dated: dated[0],
    )
    inside = [(on, title) for on, title in milestones if day_starts(on, zone) + _NOON >= start]
    shown = inside[-MOST_MARKED:]
    shipped = [Shipped(number, on, title) for number, (on, title) in enumerate(shown, start=1)]
    return Lane(shipped, len(milestones) - len(shipped))


def write_key(sheet: Sheet, lane_: Lane, top: float) -> float:
    """Number, day and title of each milestone in rows; gives where what comes below begins."""
    quiet = sheet.look.quiet
    number_end = MARGIN + width("8", SMALL, bold=True)
    day_start = number_end + SMALL / 2
    title_start = day_start + width("30 Mar 2026", SMALL) + SMALL
    for each in lane_.shipped:
        sheet.write(
            Label(str(each.number), number_end, top + SMALL, align="right", bold=True),
            Label(day_name(each.on), day_start, top + SMALL, colour=quiet),
        )
        room = WIDTH - MARGIN - title_start
        title, top = paragraph(each.title, title_start, top, room, lines=2)
        sheet.write(*title)
    if lane_.earlier:
        earlier = f"and {lane_.earlier} earlier" if lane_.shipped else _before(lane_.earlier)
        words, top = paragraph(earlier, day_start, top, WIDTH - MARGIN - day_start, colour=quiet)
        sheet.write(*words)
    return top


def _before(count: int) -> str:
    milestones = "1 milestone" if count == 1 else f"{count} milestones"
    return f"{milestones} before the time that is drawn"


def _touch(one: Marker, other: Marker) -> bool:
    return one.x + one.half + _GAP > other.x - other.half


def _joined(one: Marker, other: Marker) -> Marker:
    """Both as one, in the middle of all its milestones."""
    before, after = one.last - one.first + 1, other.last - other.first + 1
    x = (one.x * before + other.x * after) / (before + after)
    return Marker(one.first, other.last, x)


def _inside(marker: Marker, area: Box) -> Marker:
    x = min(max(marker.x, area.left + marker.half), area.right - marker.half)
    return Marker(marker.first, marker.last, x)

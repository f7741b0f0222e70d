"""From instants and days to pixels, and the days that an axis names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.charts.labels import Label
from app.charts.looks import SMALL

_MOST_TICKS = 9
_GAP = 18
_EDGE = 0.03


@dataclass(frozen=True, slots=True)
class Calendar:
    """A time from left to right, in the zone whose days count."""

    left: float
    right: float
    start: datetime
    end: datetime
    zone: ZoneInfo

    @property
    def width(self) -> float:
        return self.right - self.left

    def x(self, instant: datetime) -> float:
        return self.left + self.width * ((instant - self.start) / (self.end - self.start))

    def start_of(self, day: date) -> float:
        return self.x(day_starts(day, self.zone))

    def middle_of(self, day: date) -> float:
        return self.x(day_starts(day, self.zone) + timedelta(hours=12))

    def end_of(self, day: date) -> float:
        return self.start_of(day + timedelta(days=1))

    def named_days(self, baseline: float, colour: str) -> list[Label]:
        """The names of round days in a line of text, as many as have room beside each other."""
        first, last = (each.astimezone(self.zone).date() for each in (self.start, self.end))
        for days in _rhythms(first, last):
            labels = [
                Label(name, x, baseline, align="center", colour=colour)
                for day, name in days
                if self.left <= (x := self.start_of(day)) <= self.right
            ]
            inside = [label for label in labels if self._holds(label)]
            is_close = any(one.box.overlaps(other.box, _GAP) for one, other in pairwise(inside))
            if 0 < len(inside) <= _MOST_TICKS and not is_close:
                return inside
        return []

    def _holds(self, label: Label) -> bool:
        return self.left - SMALL <= label.box.left and label.box.right <= self.right + SMALL


def with_edges(
    left: float, right: float, start: datetime, end: datetime, zone: ZoneInfo
) -> Calendar:
    """A time with a little more at both ends, so that what is there isn't cut."""
    edge = (end - start) * _EDGE
    return Calendar(left, right, start - edge, end + edge, zone)


def day_starts(day: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which a day begins in a zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def milliseconds(instant: datetime) -> int:
    """An instant as Vega counts it."""
    return round(instant.timestamp() * 1_000)


def _rhythms(first: date, last: date) -> Iterator[list[tuple[date, str]]]:
    """Days with their names, from every one to the first of every 50 years."""
    for step in (1, 2, 7, 14):
        if (last - first).days <= step * _MOST_TICKS * 2:
            count = (last - first).days // step + 1
            days = [first + timedelta(days=step * number) for number in range(count)]
            yield [(day, f"{day.day} {day:%b}") for day in days]
    for months in (1, 2, 3, 6):
        if (last - first).days <= months * 31 * _MOST_TICKS * 2:
            days = list(_months(first, last, months))
            yield [(day, _month_name(day, days, first)) for day in days]
    for years in (1, 2, 5, 10, 50):
        begin = first.year - first.year % years
        yield [(date(max(year, 1), 1, 1), str(year)) for year in range(begin, last.year + 1, years)]


def _months(first: date, last: date, step: int) -> Iterator[date]:
    month = (first.month - 1) // step * step + 1
    day = date(first.year, month, 1)
    while day <= last:
        yield day
        index = day.year * 12 + day.month - 1 + step
        day = date(index // 12, index % 12 + 1, 1)


def _month_name(day: date, days: Sequence[date], first: date) -> str:
    """`Feb`, and with the year where it begins: `Jan '26`."""
    inside = [each for each in days if each >= first]
    begins = day == inside[0] if inside else True
    before = [each.year for each in days if each < day]
    turns = not before or before[-1] != day.year
    return f"{day:%b '%y}" if begins or turns else f"{day:%b}"

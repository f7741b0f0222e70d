"""From instants and days to pixels, and the days that an axis names."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.charts.labels import Label

_MOST_TICKS = 9
_GAP = 18
_INSET = 14
_EDGE = 0.03


Names = Callable[[Sequence[date]], list[str]]


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
        for days, names_of in _rhythms(first, last):
            shown = [day for day in days if self._has_room_at(self.start_of(day))]
            labels = [
                Label(name, self.start_of(day), baseline, align="center", colour=colour)
                for day, name in zip(shown, names_of(shown), strict=True)
            ]
            is_close = any(one.box.overlaps(other.box, _GAP) for one, other in pairwise(labels))
            if 0 < len(labels) <= _MOST_TICKS and not is_close:
                return labels
        return []

    def _has_room_at(self, x: float) -> bool:
        """Whether the name of a day stands inside, give or take the margin beside."""
        return self.left + _INSET <= x <= self.right - _INSET


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


def _rhythms(first: date, last: date) -> Iterator[tuple[list[date], Names]]:
    """Days with what names them, from every one to the first of every 50 years."""
    span = (last - first).days
    for step in (1, 2, 7, 14):
        if span <= step * _MOST_TICKS * 2:
            count = span // step + 1
            yield [first + timedelta(days=step * number) for number in range(count)], _day_names
    for months in (1, 2, 3, 6):
        if span <= months * 31 * _MOST_TICKS * 2:
            yield list(_months(first, last, months)), _month_names
    for years in (1, 2, 5, 10, 50):
        begin = max(first.year - first.year % years, 1)
        yield [date(year, 1, 1) for year in range(begin, last.year + 1, years)], _year_names


def _months(first: date, last: date, step: int) -> Iterator[date]:
    day = date(first.year, (first.month - 1) // step * step + 1, 1)
    while day <= last:
        yield day
        index = day.year * 12 + day.month - 1 + step
        day = date(index // 12, index % 12 + 1, 1)


def _day_names(days: Sequence[date]) -> list[str]:
    return [f"{day.day} {day:%b}" for day in days]


def _month_names(days: Sequence[date]) -> list[str]:
    """`Nov '25`, `Dec`, `Jan '26`, `Feb`: with the year where it begins."""
    before = [None, *(day.year for day in days)]
    return [
        f"{day:%b '%y}" if day.year != year else f"{day:%b}"
        for day, year in zip(days, before, strict=False)
    ]


def _year_names(days: Sequence[date]) -> list[str]:
    return [str(day.year) for day in days]

"""From values and instants to pixels, and the round ones that an axis names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.charts.labels import Box, Label, Spot
from app.charts.looks import SMALL
from app.domain.values import Value, format_number, format_value

_ROOM_ABOVE = 0.12
"""What a plot leaves free above and below its values, as a share of them."""
_SHORT = ((10**9, "bn"), (10**6, "m"), (10**3, "k"))
_LEAST_SHORTENED = 10_000
_MOST_TICKS = 9
_GAP = 18


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a plot stands on its sheet, and what its edges mean."""

    area: Box
    start: datetime
    end: datetime
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.area.right - self.area.left

    @property
    def height(self) -> float:
        return self.area.bottom - self.area.top

    def x(self, instant: datetime) -> float:
        return self.area.left + self.width * ((instant - self.start) / (self.end - self.start))

    def y(self, number: Decimal | float) -> float:
        share = (float(number) - self.low) / (self.high - self.low)
        return self.area.bottom - self.height * share

    def spot(self, instant: datetime, number: Decimal | float) -> Spot:
        return self.x(instant), self.y(number)

    def scales(self) -> list[dict[str, object]]:
        """The same as Vega's scales of a group that stands at the frame's place."""
        return [
            {
                "name": "time",
                "type": "utc",
                "domain": [milliseconds(self.start), milliseconds(self.end)],
                "range": [0, self.width],
            },
            {
                "name": "value",
                "type": "linear",
                "domain": [self.low, self.high],
                "range": [self.height, 0],
                "zero": False,
                "nice": False,
            },
        ]


def milliseconds(instant: datetime) -> int:
    """An instant as Vega counts it."""
    return round(instant.timestamp() * 1_000)


def padded(numbers: Sequence[float], room: float = _ROOM_ABOVE) -> tuple[float, float]:
    """The lowest and highest of some numbers with room around; never the same."""
    low, high = min(numbers), max(numbers)
    around = (high - low) * room
    if around <= abs(high) * 1e-12:
        around = abs(high) / 2 or 1.0
    return low - around, high + around


def round_values(low: float, high: float, most: int) -> list[Decimal]:
    """Round numbers between two, evenly apart: at most so many, at least one unless `most` is 0."""
    span = Decimal(repr(high)) - Decimal(repr(low))
    power = Decimal(10) ** ((span / most).adjusted())
    for factor in (1, 2, 5, 10, 20):
        step = power * factor
        first = -int(-Decimal(repr(low)) // step) * step
        found = []
        while first <= Decimal(repr(high)):
            found.append(first)
            first += step
        if len(found) <= most:
            return found
    return []


def short_number(number: Decimal, unit: str) -> str:
    """A round number as an axis has room for it: `150`, `40%`, `1.2m`."""
    for size, sign in _SHORT:
        if abs(number) >= max(size, _LEAST_SHORTENED):
            return f"{format_number(_plain(number / size))}{sign}{'%' if unit == '%' else ''}"
    return format_value(Value(_plain(number)), "%" if unit == "%" else "")


def _plain(number: Decimal) -> Decimal:
    """Without needless zeros, and without an exponent."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def day_starts(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def round_days(frame: Frame, zone: ZoneInfo, baseline: float) -> list[tuple[datetime, Label]]:
    """The days that the time axis names, as close as their names allow."""
    for days in _rhythms(frame.start.astimezone(zone).date(), frame.end.astimezone(zone).date()):
        starts = [day_starts(day, zone) for day, _ in days]
        labels = [
            Label(name, frame.x(start), baseline, align="center")
            for start, (_, name) in zip(starts, days, strict=True)
        ]
        shown = [
            (start, label)
            for start, label in zip(starts, labels, strict=True)
            if frame.start <= start <= frame.end
            and frame.area.left - SMALL <= label.box.left
            and label.box.right <= frame.area.right
        ]
        boxes = [label.box for _, label in shown]
        close = any(one.overlaps(other, _GAP) for one, other in pairwise(boxes))
        if 0 < len(shown) <= _MOST_TICKS and not close:
            return shown
    return []


def _rhythms(first: date, last: date) -> Iterator[list[tuple[date, str]]]:
    """Days with their names, from every one to the first of every 50 years."""
    for step in (1, 2, 7, 14):
        if (last - first).days <= step * _MOST_TICKS * 2:
            count = (last - first).days // step + 1
            days = [first + timedelta(days=step * number) for number in range(count)]
            yield [(day, f"{day.day} {day:%b}") for day in days]
    for months in (1, 3, 6):
        if (last - first).days <= months * 31 * _MOST_TICKS * 2:
            yield [(day, _month_name(day, months)) for day in _months(first, last, months)]
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


def _month_name(day: date, months: int) -> str:
    """`Feb`, and the year's first with the year, for it is where the year turns."""
    return f"{day:%b %Y}" if months > 1 or day.month == 1 else f"{day:%b}"

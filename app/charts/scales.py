"""From values to pixels, and the round ones that an axis names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from app.charts.calendars import Calendar, milliseconds
from app.charts.labels import Box, Spot
from app.domain.values import Value, format_number, format_value

_ROOM_ABOVE = 0.12
"""What a plot leaves free above and below its values, as a share of them."""
_SHORT = ((10**9, "bn"), (10**6, "m"), (10**3, "k"))
_LEAST_SHORTENED = 10_000


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a plot stands on its sheet, and what its edges mean."""

    times: Calendar
    top: float
    bottom: float
    low: float
    high: float

    @property
    def area(self) -> Box:
        return Box(self.times.left, self.top, self.times.right, self.bottom)

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def y(self, number: Decimal | float) -> float:
        share = (float(number) - self.low) / (self.high - self.low)
        return self.bottom - self.height * share

    def spot(self, instant: datetime, number: Decimal | float) -> Spot:
        return self.times.x(instant), self.y(number)

    def scales(self) -> list[dict[str, object]]:
        """The same as Vega's scales of a group that stands at the frame's place."""
        return [
            {
                "name": "time",
                "type": "utc",
                "domain": [milliseconds(self.times.start), milliseconds(self.times.end)],
                "range": [0, self.times.width],
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
        first = (Decimal(repr(low)) / step).to_integral_value(ROUND_CEILING) * step + 0  # no −0
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

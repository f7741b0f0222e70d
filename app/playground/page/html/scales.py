"""The scale of a chart: round numbers beside an axis, and how far up a value stands.

Values are exact, as a chart may hold numbers that are too large for a float.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MOST_STEPS = 5
_ROUND = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))
_UNITS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (1, ""))


@dataclass(frozen=True)
class Scale:
    """From the lowest tick to the highest; the ticks are equally far from each other."""

    ticks: tuple[Fraction, ...]

    def share(self, value: Fraction) -> float:
        """How far up a value stands: 0 at the lowest tick, 1 at the highest."""
        low, high = self.ticks[0], self.ticks[-1]
        return float((value - low) / (high - low))

    @property
    def zero(self) -> float:
        """Where what grows from zero begins: at zero, or at the end that is next to it."""
        return min(max(self.share(Fraction(0)), 0.0), 1.0)

    @property
    def labels(self) -> list[str]:
        """The ticks as they are written beside the axis, all in one unit."""
        largest = max(map(abs, self.ticks))
        if largest >= 10**15 or largest < Fraction(1, 10**4):
            return [f"{_decimal(each):.2e}".replace("e+", "e") for each in self.ticks]
        size, unit = next(each for each in _UNITS if largest >= each[0] or each[0] == 1)
        return [f"{_trimmed(each / size)}{unit}" if each else "0" for each in self.ticks]


def scale_of(values: Iterable[Fraction], *, from_zero: bool) -> Scale:
    """A scale on which all values stand. It has zero on it where asked for, and where the values
    come near it."""
    given = list(values)
    low, high = min(given), max(given)
    if from_zero or low == high or 0 < low <= high / 2 or low / 2 <= high < 0:
        low, high = min(low, Fraction(0)), max(high, Fraction(0))
    if low == high:
        high = low + 1
    step = _step((high - low) / MOST_STEPS)
    first, last = math.floor(low / step), math.ceil(high / step)
    return Scale(tuple(step * each for each in range(first, last + 1)))


def exact(value: float) -> Fraction:
    """A JSON number."""
    return Fraction(value)


def number(value: float) -> str:
    """A number as it is written in a table: `1,234.5`."""
    return f"{int(value):,}" if value == int(value) and abs(value) < 10**15 else f"{value:,}"


def _step(least: Fraction) -> Fraction:
    """The smallest round number that is not below this one."""
    exponent = math.floor(math.log10(least.numerator) - math.log10(least.denominator))
    power = Fraction(10) ** exponent
    return next((each * power for each in _ROUND if each * power >= least), 20 * power)


def _trimmed(value: Fraction) -> str:
    return f"{_decimal(value).normalize():,f}".replace("-", "−")


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)

"""How honest the forecast's range is: `python -m tests.bench.calibration`.

Made-up metrics go on after their last reading, and it is counted how often they end in the range
that the forecast gave. A range of four futures in five should hold four in five.
"""

import itertools
import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from app.domain.forecasts import Forecast, forecast
from app.domain.metrics import Reading
from app.domain.values import Value
from tests.builders import NOW, ZONE, a_metric, a_reading

SEED = 20260316
GAPS = {6: (1, 2, 3, 5, 7, 7, 9, 11), 10: (1, 1, 2, 2, 3, 4, 5, 7)}
"""For so many readings the days between two of them, drawn evenly: they fill the four weeks that a
pace is taken from, more or less."""

HORIZONS = (14, 28, 56)
DEVIATION = 3.0
DRIFT = -2.0
START = 1_000.0
RUNS = 2_000
FAR = a_metric(baseline="2000", target="-100000")
"""A metric whose target nothing here reaches."""


def walk(draw: random.Random, days: Sequence[int]) -> list[float]:
    """A random walk: what it does next has nothing to do with what it did."""
    return _walked(draw, days, drift=0.0)


def drifting_walk(draw: random.Random, days: Sequence[int]) -> list[float]:
    """A random walk that moves two a day on the whole."""
    return _walked(draw, days, drift=DRIFT)


def trend(draw: random.Random, days: Sequence[int]) -> list[float]:
    """A straight line of two a day, each value read with an error of its own."""
    return [START + DRIFT * day + draw.gauss(0, 2 * DEVIATION) for day in days]


def _walked(draw: random.Random, days: Sequence[int], drift: float) -> list[float]:
    values = [START]
    for before, after in itertools.pairwise(days):
        span = after - before
        values.append(values[-1] + drift * span + draw.gauss(0, DEVIATION * math.sqrt(span)))
    return values


Course = Callable[[random.Random, Sequence[int]], list[float]]
COURSES: dict[str, Course] = {"walk": walk, "drifting walk": drifting_walk, "trend": trend}


@dataclass(frozen=True)
class Calibration:
    """Of so many runs the share that ended inside the range, and the range's median width as a
    multiple of the deviation of the course itself over that time."""

    course: str
    readings: int
    days: int
    inside: float
    width: float


def calibrations(runs: int) -> Iterator[Calibration]:
    """Every course, with few and more readings, at three horizons."""
    for name, course in COURSES.items():
        for readings in GAPS:
            for days in HORIZONS:
                yield _calibration(name, course, readings, days, runs)


def _calibration(name: str, course: Course, count: int, ahead: int, runs: int) -> Calibration:
    draw = random.Random(SEED)  # noqa: S311
    held, widths = 0, []
    for _ in range(runs):
        days = _days(draw, count)
        *seen, end = course(draw, [*days, days[-1] + ahead])
        low, _, high = _foreseen(days, seen).values_at(NOW + timedelta(days=ahead))
        held += low <= end <= high
        widths.append(high - low)
    own = 2 * DEVIATION if name == "trend" else DEVIATION * math.sqrt(ahead)
    return Calibration(name, count, ahead, held / runs, median(widths) / own)


def _days(draw: random.Random, count: int) -> list[int]:
    """So many days on which something is read, counted from the first."""
    days = [0]
    while len(days) < count:
        days.append(days[-1] + draw.choice(GAPS[count]))
    return days


def _foreseen(days: Sequence[int], values: Sequence[float]) -> Forecast:
    """The forecast at the last reading, from all of them."""
    readings = [
        _reading(number, NOW - timedelta(days=days[-1] - day), value)
        for number, (day, value) in enumerate(zip(days, values, strict=True), start=1)
    ]
    found = forecast(FAR, readings, NOW, ZONE)
    assert isinstance(found, Forecast)
    return found


def _reading(number: int, at: datetime, value: float) -> Reading:
    return a_reading(at=at, id=number)._replace(value=Value(Decimal(repr(value))))


def table(found: Iterable[Calibration]) -> str:
    """The figures as a table in Markdown."""
    head = ["| course | readings | days ahead | inside | width |", "|---|---|---|---|---|"]
    rows = (
        f"| {each.course} | {each.readings} | {each.days} | {each.inside:.0%} | {each.width:.1f} |"
        for each in found
    )
    return "\n".join([*head, *rows])


if __name__ == "__main__":
    print(table(calibrations(RUNS)))

"""Signal or noise: whether a movement is more than a metric usually moves.

An XmR chart judges a value by the moving ranges before it: a range beyond 3.268 times their mean is
a signal (Wheeler, Understanding Variation, 2nd ed., chapter 4; 3.268 is D4 for pairs). Readings
come at irregular times, so each movement is first scaled to a week, by the root of its time, as the
deviation of the forecast's model grows.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from app.domain.metrics import WEEK, Known, in_order
from app.domain.values import Qualifier, Value

LEAST_READINGS = 6
MOST_WEEKS = 26
RANGE_LIMIT = 3.268
TOLERANCE = 1e-9
"""What floats may be off by: equal movements exceed no limit of theirs."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How much a metric usually moves in a week at most, and whether it has just moved more."""

    limit: Value
    is_exceeded: bool


def usual(readings: Sequence[Known], as_of: datetime) -> Usual | None:
    """The limit of a metric's movement in a week, from those up to the last, beside that.

    The movements are those between the values at the end of each of the last 26 weeks, as far as
    there were new readings. None with fewer than six such readings; without one in the last week
    nothing has moved.
    """
    known = _weekly(readings, as_of)
    if len(known) < LEAST_READINGS:
        return None
    *before, last = (_in_a_week(*pair) for pair in pairwise(known))
    limit = RANGE_LIMIT * math.fsum(before) / len(before)
    has_moved = known[-1].at > as_of - WEEK
    return Usual(
        Value(Decimal(repr(limit)), Qualifier.ABOUT),
        is_exceeded=has_moved and last > limit * (1 + TOLERANCE),
    )


def _in_a_week(start: Known, end: Known) -> float:
    """The size of a movement, scaled to a week."""
    moved = abs(end.value.number - start.value.number)
    return float(moved) / math.sqrt((end.at - start.at) / WEEK)


def _weekly(readings: Sequence[Known], as_of: datetime) -> list[Known]:
    """The newest reading at the end of each week, oldest first, each once."""
    ordered = in_order(readings)
    instants = [reading.at for reading in ordered]
    ends = (as_of - WEEK * weeks for weeks in range(MOST_WEEKS, -1, -1))
    counts = (bisect_right(instants, end) for end in ends)
    return [ordered[count - 1] for count in dict.fromkeys(counts) if count]

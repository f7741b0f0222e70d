"""The time axis names round days, in the scorecard's zone, as far as there is room."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.charts.calendars import Calendar
from tests.builders import ZONE

START = datetime(2025, 9, 29, 22, tzinfo=UTC)


def a_calendar(days: float, *, right: float = 696, zone: ZoneInfo = ZONE) -> Calendar:
    return Calendar(24, right, START, START + timedelta(days=days), zone)


def names(calendar: Calendar) -> list[str]:
    return [label.text for label in calendar.named_days(100, "#000000")]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (7, ["1 Oct", "2 Oct", "3 Oct", "4 Oct", "5 Oct", "6 Oct"]),
        (40, ["7 Oct", "14 Oct", "21 Oct", "28 Oct", "4 Nov"]),
        (250, ["Nov '25", "Dec", "Jan '26", "Feb", "Mar", "Apr", "May", "Jun"]),
        (4_000, ["2026", "2028", "2030", "2032", "2034", "2036"]),
    ],
)
def test_days_are_as_round_as_the_time_is_long(days: int, expected: list[str]) -> None:
    assert names(a_calendar(days)) == expected


@pytest.mark.parametrize("right", [160, 300, 500, 696])
@pytest.mark.parametrize("days", [1, 7, 30, 75, 130, 200, 280, 400, 800, 2_000, 9_000])
def test_names_stand_apart_inside_their_line(days: int, right: float) -> None:
    calendar = a_calendar(days, right=right)
    boxes = [label.box for label in calendar.named_days(100, "#000000")]
    assert all(before.right + 18 <= after.left for before, after in pairwise(boxes))
    assert all(box.left >= 0 and box.right <= right + 20 for box in boxes)


def test_a_day_begins_at_midnight_of_the_zone() -> None:
    calendar = a_calendar(10)
    day = datetime(2025, 10, 1, tzinfo=ZONE)
    assert calendar.start_of(day.date()) == calendar.x(day)
    assert calendar.end_of(day.date()) == calendar.x(day + timedelta(days=1))

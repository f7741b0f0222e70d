"""Whether a movement is more than a metric usually moves."""

from datetime import timedelta

from app.domain.usual import usual
from app.domain.values import Qualifier
from tests.builders import NOW, a_reading, some_readings

WEEKS = ("2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16")


def read(*values: str) -> list[tuple[str, str]]:
    return list(zip(WEEKS[-len(values) :], values, strict=True))


def test_fewer_than_six_readings_tell_nothing() -> None:
    assert usual(some_readings(*read("40", "38", "41", "39", "37")), NOW) is None


def test_the_limit_by_hand() -> None:
    # Movements of 2, 3, 1 and 2: their mean is 2, and 3.268 times that is 6.536.
    found = usual(some_readings(*read("40", "38", "41", "40", "42", "36")), NOW)

    assert found is not None
    assert round(found.limit.number, 3) == round(found.limit.number.__class__("6.536"), 3)
    assert found.limit.qualifier is Qualifier.ABOUT
    assert not found.is_exceeded


def test_a_movement_beyond_the_limit_is_told() -> None:
    found = usual(some_readings(*read("40", "38", "41", "40", "42", "35")), NOW)

    assert found is not None
    assert found.is_exceeded


def test_a_steady_pace_is_usual() -> None:
    found = usual(some_readings(*read("90", "80", "70", "60", "50", "40")), NOW)

    assert found is not None
    assert not found.is_exceeded


def test_several_readings_in_a_week_count_as_the_last_of_them() -> None:
    weekly = some_readings(*read("40", "38", "41", "40", "42", "36"))
    between = a_reading("99", NOW - timedelta(days=10), id=90)

    assert usual([*weekly, between], NOW) == usual(weekly, NOW)


def test_a_week_without_a_reading_moved_nothing() -> None:
    days = read("40", "38", "41", "40", "42", "10")

    found = usual(some_readings(*days), NOW + timedelta(days=8))

    assert found is not None
    assert not found.is_exceeded

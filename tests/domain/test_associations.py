"""What a metric did around the milestones on its line."""

from datetime import date, timedelta

from app.domain.associations import Association, associations, on_line
from app.domain.metrics import Metric, Reading
from app.domain.milestones import Effect, Milestone
from tests.builders import ZONE, a_metric, a_milestone, a_reading, a_value, an_instant

METRIC = a_metric(drivers={"pde": ""})
SHIPPED = date(2026, 3, 2)


def the_readings(*days: tuple[str, str]) -> list[Reading]:
    return [
        a_reading(value, an_instant(f"{day} 12:00"), id=number)
        for number, (day, value) in enumerate(days, start=1)
    ]


def tied(
    *milestones: Milestone, readings: list[Reading], effects: tuple[Effect, ...] = ()
) -> list[Association]:
    return associations(METRIC, milestones, effects, readings, ZONE)


def shown(metric: Metric, found: Association) -> tuple[str, str]:
    sides = (found.before, found.after)
    before, after = (side and metric.shown_change(side.change) for side in sides)
    return before or "", after or ""


def test_on_a_metrics_line_is_what_moved_it_and_what_shipped_on_its_work_streams() -> None:
    milestones = [
        a_milestone("moved", shipped_on=date(2026, 1, 5)),
        a_milestone("stream", shipped_on=SHIPPED, work_streams=["pde"]),
        a_milestone("elsewhere", shipped_on=SHIPPED, work_streams=["events"]),
        a_milestone("planned", work_streams=["pde"]),
    ]
    effect = Effect(METRIC, a_value("20"), a_reading("12", milestone="moved"))

    found = on_line(METRIC, milestones, [effect])

    assert [milestone.key for milestone in found] == ["stream", "moved"]


def test_the_weeks_before_and_after_by_hand() -> None:
    readings = the_readings(
        ("2026-02-02", "40"), ("2026-02-16", "38"), ("2026-03-02", "36"),
        ("2026-03-16", "20"), ("2026-03-30", "12"), ("2026-04-20", "2"),
    )  # fmt: skip
    [found] = tied(a_milestone(shipped_on=SHIPPED), readings=readings)

    assert shown(METRIC, found) == ("−4", "−24")


def test_a_reading_that_it_caused_is_of_the_time_after() -> None:
    readings = the_readings(("2026-02-16", "40"), ("2026-02-23", "38"), ("2026-03-02", "20"))
    effect = Effect(METRIC, a_value("38"), readings[-1])
    caused = Effect(METRIC, effect.before, a_reading("20", readings[-1].at, id=3, milestone="done"))
    [found] = tied(a_milestone("done", shipped_on=SHIPPED), readings=readings, effects=(caused,))

    assert shown(METRIC, found) == ("−2", "−18")
    assert found.effect is caused


def test_without_readings_around_it_nothing_is_said() -> None:
    [found] = tied(a_milestone(shipped_on=SHIPPED), readings=[])

    assert (found.before, found.after) == (None, None)


def test_milestones_of_one_week_share_the_movement() -> None:
    monday, sunday, later = (
        a_milestone(key, shipped_on=SHIPPED + timedelta(days=days))
        for key, days in (("monday", 0), ("sunday", 6), ("later", 7))
    )

    shared = {
        each.milestone.key: each.shared_with for each in tied(monday, sunday, later, readings=[])
    }

    assert shared == {"monday": (sunday,), "sunday": (monday,), "later": ()}

"""What may be expected of a metric, in words."""

from datetime import date

from app.domain.metrics import Metric
from app.domain.prospects import Prospect, looked_at, prospect
from tests.builders import NOW, ZONE, a_metric, some_readings

IN_JUNE = date(2026, 6, 30)
STEADY = (("2026-02-16", "40"), ("2026-02-23", "34"), ("2026-03-02", "31"), ("2026-03-09", "22"))


def expected(*days: tuple[str, str], metric: Metric | None = None) -> Prospect:
    return prospect(metric or a_metric(target_on=IN_JUNE), some_readings(*days), NOW, ZONE)


def test_a_forecast_is_a_range_with_its_chance_and_what_it_is_taken_from() -> None:
    assert expected(*STEADY).in_words(ZONE) == (
        "at target between 27 Mar 2026 and 1 Jun 2026 (4 of 5), 92% likely in time, "
        "if it goes on as since 16 Feb 2026"
    )


def test_one_of_many_metrics_has_the_range_and_the_chance() -> None:
    assert expected(*STEADY).in_short(ZONE) == (
        "at target between 27 Mar 2026 and 1 Jun 2026 (4 of 5), 92% likely in time"
    )


def test_without_a_target_date_there_is_the_range_alone() -> None:
    found = expected(*STEADY, metric=a_metric())

    assert found.in_short(ZONE) == "at target between 27 Mar 2026 and 1 Jun 2026 (4 of 5)"


def test_an_open_range_says_from_when_on() -> None:
    doubtful = (("2026-02-16", "40"), ("2026-02-23", "39"), ("2026-03-02", "27"))
    found = expected(*doubtful, ("2026-03-09", "25"))

    assert "at target from 22 Mar 2026 on, no end to tell" in found.in_short(ZONE)


def test_what_moves_away_is_not_at_target_at_this_rate() -> None:
    away = (("2026-02-16", "10"), ("2026-02-23", "11"), ("2026-03-02", "12"), ("2026-03-09", "13"))

    assert expected(*away).in_short(ZONE) == ("not at target at this rate, under 1% likely in time")


def test_nothing_is_certain() -> None:
    line = (("2026-02-16", "40"), ("2026-02-23", "34"), ("2026-03-02", "28"), ("2026-03-09", "22"))

    assert expected(*line).in_short(ZONE) == "at target on 11 Apr 2026, over 99% likely in time"


def test_too_few_readings_say_how_many_it_takes() -> None:
    assert expected(*STEADY[:2]).in_words(ZONE) == "too early: 2 of the 4 readings that it takes"
    assert expected(*STEADY[:2]).in_short(ZONE) == ""


def test_too_short_a_time_is_too_early_too() -> None:
    days = [(f"2026-03-1{day}", str(20 - day)) for day in range(2, 6)]

    assert expected(*days).in_words(ZONE) == "too early: the readings span less than a week"


def test_at_the_target_nothing_more_is_expected() -> None:
    assert expected(*STEADY, ("2026-03-15", "0")).in_words(ZONE) == ""


def test_an_unusual_movement_says_what_is_usual() -> None:
    weeks = (("2026-02-09", "40"), ("2026-02-16", "38"), ("2026-02-23", "41"),
             ("2026-03-02", "40"), ("2026-03-09", "42"))  # fmt: skip
    metric = a_metric()

    surprising = expected(*weeks, ("2026-03-16", "25"))
    assert surprising.exceeded_in_words(metric) == "beyond the usual ~±6.5 a week"
    assert expected(*weeks, ("2026-03-16", "38")).exceeded_in_words(metric) == ""
    assert (
        surprising.exceeded_in_words(a_metric(unit="%", baseline="90"))
        == "beyond the usual ~±6.5 points a week"
    )


def test_what_is_looked_at_is_the_same_all_day_long() -> None:
    evening = NOW.replace(hour=23, minute=59)

    assert looked_at(NOW) == looked_at(evening)
    assert len(looked_at(NOW)) == len(set(looked_at(NOW)))

"""What may be expected of a metric, from the readings that the database has."""

from datetime import timedelta

from app.domain.forecasts import Forecast, TooEarly
from app.domain.prospects import prospect
from app.domain.values import parse_value
from app.services.digests import preview
from app.services.readings import record
from app.services.scorecards import show_metric
from app.services.undoing import undo
from app.store.engine import Store
from tests.builders import NOW, ZONE
from tests.services.builders import a_caller

WEEKLY = ("11", "~10", "10", "7", "8", "6", "5")


async def recorded(store: Store, *values: str, every: timedelta) -> None:
    """These values of rollbacks, the last of them now."""
    for number, value in enumerate(reversed(values)):
        at = NOW - every * number
        await record(store, a_caller(now=NOW), "rollbacks", parse_value(value), at=at)


async def test_one_reading_is_too_early_for_a_forecast(billing: Store) -> None:
    shown = await show_metric(billing, a_caller(), "rollbacks")
    assert shown.prospect.forecast == TooEarly(1)
    assert shown.prospect.usual is None


async def test_a_forecast_is_that_of_all_weekly_readings(billing: Store) -> None:
    await recorded(billing, *WEEKLY, every=timedelta(weeks=1))
    shown = await show_metric(billing, a_caller(), "rollbacks")
    metric = shown.state.metric
    assert isinstance(shown.prospect.forecast, Forecast)
    assert shown.prospect == prospect(metric, shown.readings, NOW, ZONE)
    digest = await preview(billing, a_caller())
    assert digest.prospects["rollbacks"] == shown.prospect


async def test_it_ends_with_the_newest_reading_however_many_there_are(billing: Store) -> None:
    values = [str(60 - number) for number in range(40)]
    await recorded(billing, *values, every=timedelta(hours=20))
    shown = await show_metric(billing, a_caller(), "rollbacks")
    assert isinstance(shown.prospect.forecast, Forecast)
    assert shown.state.pace.seen is not None
    a_week = float(shown.state.pace.seen.number)
    assert abs(shown.prospect.forecast.drift * 7 - a_week) < 1e-9


async def test_a_reading_that_is_taken_back_counts_no_more(billing: Store) -> None:
    await recorded(billing, *WEEKLY, every=timedelta(weeks=1))
    before = (await show_metric(billing, a_caller(), "rollbacks")).prospect
    late = await record(billing, a_caller(), "rollbacks", parse_value("90"))
    assert (await show_metric(billing, a_caller(), "rollbacks")).prospect != before
    await undo(billing, a_caller(), late.change)
    assert (await show_metric(billing, a_caller(), "rollbacks")).prospect == before


async def test_tomorrow_it_is_a_day_later(billing: Store) -> None:
    await recorded(billing, *WEEKLY, every=timedelta(weeks=1))
    today = (await show_metric(billing, a_caller(), "rollbacks")).prospect.forecast
    later = a_caller(now=NOW + timedelta(days=1))
    tomorrow = (await show_metric(billing, later, "rollbacks")).prospect.forecast
    assert isinstance(today, Forecast)
    assert isinstance(tomorrow, Forecast)
    assert today.median is not None
    assert tomorrow.median is not None
    assert abs(tomorrow.median - today.median - timedelta(days=1)) < timedelta(minutes=2)

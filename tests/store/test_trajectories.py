"""The readings of a long time, thinned out evenly, and at what cost."""

import random
from datetime import datetime, timedelta

import pytest

from app.domain.metrics import Reading, newest
from app.store.engine import Store
from app.store.readings import all_readings_over_time, readings_over_time
from tests.builders import NOW, a_metric, a_reading, a_scorecard
from tests.store.builders import save, save_readings, statements_sent

SINCE = NOW - timedelta(days=365)
MOST = 19


async def a_metric_with(
    store: Store, readings: list[Reading], withdrawn: tuple[int, ...] = ()
) -> None:
    """The first metric of the database, with these readings."""
    scorecard_id = await save(store, a_scorecard(metrics=[a_metric()]))
    await save_readings(store, scorecard_id, readings, withdrawn)


async def over_time(store: Store) -> tuple[list[Reading], bool]:
    async with store.reading() as session:
        return await readings_over_time(session, 1, SINCE, MOST)


def days_ago(*days: float) -> list[Reading]:
    return [
        a_reading(str(number), NOW - timedelta(days=day), id=number)
        for number, day in enumerate(days, start=1)
    ]


async def test_few_readings_come_all_oldest_first(store: Store) -> None:
    readings = days_ago(30, 10, 20, 365, 400, 0)
    await a_metric_with(store, readings, withdrawn=(2,))
    found, is_whole = await over_time(store)
    assert [reading.id for reading in found] == [1, 3, 6]
    assert is_whole


async def test_as_many_as_there_is_room_for_come_all(store: Store) -> None:
    readings = days_ago(*range(MOST))
    await a_metric_with(store, readings)
    assert await over_time(store) == (readings[::-1], True)


@pytest.mark.parametrize("seed", range(4))
async def test_of_many_those_come_that_counted_at_even_instants(store: Store, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    readings = days_ago(*(draw.random() ** 3 * 400 for _ in range(300)))
    withdrawn = tuple(range(7, 300, 7))
    await a_metric_with(store, readings, withdrawn)
    found, is_whole = await over_time(store)
    counting = [r for r in readings if r.id not in withdrawn and r.at > SINCE]
    first, last = min(r.at for r in counting), max(r.at for r in counting)
    assert found == _at_even_instants(counting, first, last)
    assert (found[0].at, found[-1].at) == (first, last)
    assert not is_whole


def _at_even_instants(readings: list[Reading], first: datetime, last: datetime) -> list[Reading]:
    """The same by plain reckoning."""
    step = (last - first) / (MOST - 1)
    instants = [*(first + step * number for number in range(MOST - 1)), last]
    found = {reading for instant in instants if (reading := newest(readings, instant))}
    return sorted(found, key=lambda reading: (reading.at, reading.id))


async def test_many_readings_of_one_instant_are_one(store: Store) -> None:
    await a_metric_with(store, days_ago(*([3.0] * 30)))
    found, _ = await over_time(store)
    assert [reading.id for reading in found] == [30]


@pytest.mark.parametrize("count", [200, 5_000])
async def test_it_takes_three_queries_however_much_there_is(store: Store, count: int) -> None:
    await a_metric_with(store, days_ago(*(300 * number / count for number in range(count))))
    with statements_sent() as sent:
        found, _ = await over_time(store)
    assert len(found) == MOST
    assert len(sent) == 3


# --- all metrics at once ---------------------------------------------------------------


async def all_over_time(store: Store, count: int = 4) -> dict[str, tuple[list[int], bool]]:
    """What is found for so many instants, ten days apart, until now: ids, and whether it is all."""
    instants = [NOW - timedelta(days=10 * number) for number in range(count)]
    async with store.reading() as session:
        found = await all_readings_over_time(session, 1, instants)
    return {key: ([each.id for each in of], whole) for key, (of, whole) in found.items()}


async def two_metrics_with(store: Store, readings: list[Reading]) -> None:
    metrics = [a_metric("many"), a_metric("few"), a_metric("none")]
    scorecard_id = await save(store, a_scorecard(metrics=metrics))
    await save_readings(store, scorecard_id, readings)


async def test_of_many_metrics_those_with_few_readings_come_whole(store: Store) -> None:
    many = [
        a_reading("1", NOW - timedelta(days=day), metric="many", id=day) for day in range(1, 40)
    ]
    few = [a_reading("1", NOW - timedelta(hours=n), metric="few", id=100 + n) for n in range(1, 5)]
    tomorrow = a_reading("1", NOW + timedelta(days=1), metric="few", id=200)
    await two_metrics_with(store, [*many, *few, tomorrow])
    assert await all_over_time(store) == {
        "many": ([30, 20, 10, 1], False),
        "few": ([104, 103, 102, 101], True),
        "none": ([], True),
    }


@pytest.mark.parametrize("count", [10, 1_000])
async def test_all_metrics_take_three_queries_however_much_there_is(
    store: Store, count: int
) -> None:
    readings = [
        a_reading("1", NOW - timedelta(minutes=number), metric=metric, id=start + number)
        for start, metric in ((1, "many"), (10_001, "few"))
        for number in range(count)
    ]
    await two_metrics_with(store, readings)
    with statements_sent() as sent:
        await all_over_time(store)
    assert len(sent) == 3

"""A metric's trajectory, for the surfaces that draw it."""

from datetime import timedelta

from app.domain.trajectories import MOST_READINGS
from app.domain.values import parse_value
from app.services.callers import Surface
from app.services.loading import load
from app.services.readings import record
from app.services.scorecards import show_metric
from app.services.trajectories import MOST_OF_EACH, MOST_OF_ONE, of_metric, of_scorecard
from app.store.engine import Store
from tests.builders import NOW
from tests.services.builders import (
    HOME,
    a_caller,
    a_file,
    billing_on_sqlite,
    on_sqlite,
    the_operator,
)


@billing_on_sqlite
async def test_a_trajectory_comes_where_it_is_asked_for(billing: Store) -> None:
    assert (await show_metric(billing, a_caller(), "rollbacks")).trajectory is None
    shown = await show_metric(billing, a_caller(), "rollb", with_trajectory=True)
    assert shown.trajectory is not None
    assert [str(point.value) for point in shown.trajectory.points] == ["196", "~12"]
    assert [str(reading.value) for reading in shown.readings] == ["~12"]


async def test_of_many_readings_a_trajectory_keeps_the_first_and_the_last(billing: Store) -> None:
    later = NOW
    for number in range(MOST_READINGS + 2):
        later = NOW + timedelta(days=number)
        await record(billing, a_caller(now=later), "rollbacks", parse_value(str(50 - number)))
    shown = await show_metric(billing, a_caller(now=later), "rollbacks", with_trajectory=True)
    assert shown.trajectory is not None
    values = [str(point.value) for point in shown.trajectory.points]
    assert values[:2] == ["196", "~12"]
    assert values[-1] == str(50 - MOST_READINGS - 1)
    assert len(values) <= 1 + MOST_READINGS
    assert not shown.trajectory.is_whole


# --- for pictures ------------------------------------------------------------------------


async def record_daily(store: Store, count: int) -> None:
    """A value of the rollbacks a day, until now."""
    for number in range(count):
        at = NOW - timedelta(days=count - 1 - number)
        await record(store, a_caller(now=at), "rollbacks", parse_value(str(count - number)), at=at)


@billing_on_sqlite
async def test_a_picture_of_a_metric_has_room_for_more_than_a_chart(billing: Store) -> None:
    await record_daily(billing, MOST_READINGS + 20)
    drawn = (await of_metric(billing, a_caller(), "rollb")).trajectory
    assert drawn is not None
    assert drawn.is_whole
    assert len(drawn.points) == 1 + MOST_READINGS + 20 + 1
    assert len(drawn.points) < MOST_OF_ONE


async def test_a_picture_shows_nothing_of_what_was_not_yet_known_then(billing: Store) -> None:
    earlier = NOW - timedelta(days=30)
    history = await of_metric(billing, a_caller(now=earlier), "rollbacks")
    assert history.trajectory is not None
    assert [str(point.value) for point in history.trajectory.points] == ["196"]
    snapshot, drawn = await of_scorecard(billing, a_caller(now=earlier))
    assert snapshot.as_of == earlier
    assert {len(each.points) for each in drawn} == {1}


async def test_all_metrics_of_a_scorecard_come_in_their_order(billing: Store) -> None:
    snapshot, drawn = await of_scorecard(billing, a_caller())
    assert [each.metric for each in drawn] == list(snapshot.scorecard.metrics)
    first = drawn[0]
    assert [str(point.value) for point in first.points] == ["196", "~12"]
    assert all(each.is_whole for each in drawn)


@billing_on_sqlite
async def test_many_readings_are_thinned_out_to_the_last_one(billing: Store) -> None:
    await record_daily(billing, MOST_OF_EACH + 10)
    _, drawn = await of_scorecard(billing, a_caller())
    rollbacks = drawn[0]
    assert not rollbacks.is_whole
    assert len(rollbacks.points) <= 1 + MOST_OF_EACH
    assert str(rollbacks.points[-1].value) == "1"
    assert str(rollbacks.points[0].value) == "196"


@on_sqlite
async def test_a_scorecard_without_metrics_has_no_trajectories(store: Store) -> None:
    bare = a_file("key: bare\nname: Bare\ngoal: To begin\nmetrics: []\n")
    await load(store, the_operator(surface=Surface.FILE), bare, channel=HOME)
    _, drawn = await of_scorecard(store, a_caller())
    assert drawn == []

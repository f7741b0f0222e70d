"""A metric's trajectory, for the surfaces that draw it."""

from datetime import timedelta

from app.domain.trajectories import MOST_READINGS
from app.domain.values import parse_value
from app.services.readings import record
from app.services.scorecards import show_metric
from app.store.engine import Store
from tests.builders import NOW
from tests.services.builders import a_caller, billing_on_sqlite


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

"""Trajectories for pictures, which have room for more points than the charts that Slack draws."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.metrics import Known, Metric, baseline_fact
from app.domain.outcomes import MetricHistory
from app.domain.scorecards import Scorecard, Snapshot
from app.domain.trajectories import Trajectory, trajectory
from app.services.callers import Caller
from app.services.scorecards import meant, show, show_metric
from app.store.engine import Store
from app.store.readings import all_readings_over_time

MOST_OF_ONE = 240
"""Readings: with more, a line across a whole picture looks no different."""
MOST_OF_EACH = 60
"""The same for one of many small pictures side by side."""


async def of_metric(
    store: Store, caller: Caller, typed: str, key: str | None = None
) -> MetricHistory:
    """One metric with its trajectory, thinned out evenly where it has more readings than fit.

    Raises `NotFound` as `show_metric` does.
    """
    return await show_metric(
        store, caller, typed, key, with_trajectory=True, most_readings=MOST_OF_ONE
    )


async def of_scorecard(
    store: Store, caller: Caller, key: str | None = None
) -> tuple[Snapshot, list[Trajectory]]:
    """A scorecard as it stood at the caller's instant, with the trajectories of all its metrics.

    Of a metric with many readings come those that counted at instants spread evenly since the
    oldest baseline. Raises `NotFound` as `show` does.
    """
    snapshot = await show(store, caller, key)
    scorecard = snapshot.scorecard
    if not scorecard.metrics:
        return snapshot, []
    async with store.reading() as session:
        listed = await meant(session, store, caller, scorecard.key)
        instants = evenly(scorecard, caller.now)
        found = await all_readings_over_time(session, listed.id, instants)
    return snapshot, [drawn(scorecard, metric, *found[metric.key]) for metric in scorecard.metrics]


def evenly(scorecard: Scorecard, now: datetime) -> list[datetime]:
    """Instants from the oldest baseline until now."""
    first = min(now, *(baseline_fact(metric, scorecard.zone).at for metric in scorecard.metrics))
    step = (now - first) / MOST_OF_EACH
    return [*(first + step * number for number in range(1, MOST_OF_EACH)), now]


def drawn(
    scorecard: Scorecard, metric: Metric, readings: Sequence[Known], is_whole: bool
) -> Trajectory:
    """The trajectory of a metric through those of the readings that came after its baseline."""
    start = baseline_fact(metric, scorecard.zone).at
    later = [reading for reading in readings if reading.at > start]
    return trajectory(metric, later, scorecard.zone, is_whole=is_whole)

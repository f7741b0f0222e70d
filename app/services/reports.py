"""Reports: everything about a scorecard at one instant, read at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain

from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.associations import Association, around, associations, on_line
from app.domain.metrics import Known, Metric
from app.domain.milestones import Effect
from app.domain.outcomes import MetricHistory, Report
from app.domain.prospects import looked_at, prospect, together
from app.domain.scorecards import Scorecard
from app.services.callers import Caller
from app.services.scorecards import effects_of, meant
from app.services.trajectories import drawn, evenly
from app.store.engine import Store
from app.store.readings import all_readings_over_time, newest_facts


async def gather(store: Store, caller: Caller, key: str | None = None) -> Report:
    """The report of the scorecard with this key, or the one meant here, as it stands now.

    However many metrics and milestones there are, it takes the same number of queries. Raises
    `NotFound` as `scorecards.show` does.
    """
    async with store.reading() as session:
        listed = await meant(session, store, caller, key)
        snapshot = await store.memory.snapshot(session, listed, caller.now)
        scorecard, deciding = await store.memory.recall(session, listed, caller.now)
        earlier = await newest_facts(session, listed.id, looked_at(caller.now))
        known = together(earlier, deciding)
        effects = await effects_of(session, listed.id, scorecard, scorecard.milestones_by_key)
        tied = await _associations(session, listed.id, scorecard, effects)
        over_time = await _over_time(session, listed.id, scorecard, caller.now)
    return Report(
        snapshot,
        tuple(
            MetricHistory(
                snapshot,
                state,
                (),
                tied[state.metric.key],
                prospect(
                    state.metric, known.get(state.metric.key, ()), snapshot.as_of, scorecard.zone
                ),
                drawn(scorecard, state.metric, *over_time[state.metric.key]),
            )
            for state in snapshot.metrics
        ),
        effects,
    )


async def _associations(
    session: AsyncSession,
    scorecard_id: int,
    scorecard: Scorecard,
    effects: Mapping[str, Sequence[Effect]],
) -> dict[str, list[Association]]:
    """What each metric did around the milestones on its line, by the metric's key."""
    moved = {metric.key: _of(metric, chain(*effects.values())) for metric in scorecard.metrics}
    lines = {
        metric.key: on_line(metric, scorecard.milestones, moved[metric.key])
        for metric in scorecard.metrics
    }
    ends = {
        instant
        for key, milestones in lines.items()
        for milestone in milestones
        for instant in around(milestone, _caused(moved[key]).get(milestone.key), scorecard.zone)
    }
    then = await newest_facts(session, scorecard_id, ends) if ends else {}
    return {
        metric.key: associations(
            metric, lines[metric.key], moved[metric.key], then.get(metric.key, ()), scorecard.zone
        )
        for metric in scorecard.metrics
    }


def _of(metric: Metric, effects: Iterable[Effect]) -> list[Effect]:
    return [effect for effect in effects if effect.metric.key == metric.key]


def _caused(effects: Iterable[Effect]) -> dict[str | None, Effect]:
    """What milestones moved, by the milestone's key."""
    return {effect.after.milestone: effect for effect in effects}


async def _over_time(
    session: AsyncSession, scorecard_id: int, scorecard: Scorecard, now: datetime
) -> Mapping[str, tuple[Sequence[Known], bool]]:
    if not scorecard.metrics:
        return {}
    return await all_readings_over_time(session, scorecard_id, evenly(scorecard, now))

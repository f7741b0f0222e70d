"""Reports to lay out: the real scorecard's, and one in which people wrote what they like."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from app.demo.quarter import with_quarter
from app.demo.stage import BILLING
from app.domain.associations import associations, on_line
from app.domain.metrics import Baseline, Driver, Metric, Reading
from app.domain.milestones import Effect, Milestone, MilestoneStatus
from app.domain.outcomes import MetricHistory, Report
from app.domain.prospects import prospect
from app.domain.scorecards import Scorecard, WorkStream, take_snapshot
from app.domain.trajectories import trajectory
from app.files import read_scorecard_path
from app.services import loading, reports
from app.services.callers import OPERATOR, Caller, Surface
from app.store.engine import Store
from tests.builders import NOW, ZONE, a_milestone, a_phase, a_reading, a_value

OPERATING = Caller(OPERATOR, Surface.FILE, NOW)


async def the_real_report(database_url: str, *, with_ship_dates: bool = False) -> Report:
    """That of the real scorecard; with the demo's ship dates, and what they moved, if asked for."""
    file = read_scorecard_path(Path(BILLING))
    async with Store(database_url) as store:
        await loading.load(store, OPERATING, with_quarter(file) if with_ship_dates else file)
        return await reports.gather(store, OPERATING)


def a_report_that_says(text: str, links: Sequence[str] = ()) -> Report:
    """One with a text in every field that people fill in, and milestones of every status."""
    streams = (WorkStream("pde", text),)
    metric = Metric(
        "rollbacks",
        text,
        text,
        Baseline(a_value("196+"), text, date(2025, 9, 30)),
        a_value("0").number,
        date(2026, 6, 30),
        drivers=(Driver("pde", text),),
    )
    shipped = _milestone("shipped", text, links, shipped_on=NOW.date() - timedelta(days=20))
    beside = _milestone("beside", text, links, shipped_on=NOW.date() - timedelta(days=20))
    late = _milestone("late", text, links, due_on=NOW.date() - timedelta(days=2))
    begun = replace(_milestone("begun", text, links), status=MilestoneStatus.IN_PROGRESS)
    first = replace(
        a_phase("first", name=text, after_milestones=["shipped", "late"]), description=text
    )
    scorecard = Scorecard(
        "billing",
        text,
        text,
        ZONE,
        possibilities=(text,),
        work_streams=streams,
        metrics=(metric,),
        milestones=(shipped, beside, late, begun),
        phases=(first, a_phase("second", name=text, after=["first"])),
    )
    return _report(scorecard, metric, _readings())


def _milestone(
    key: str,
    text: str,
    links: Sequence[str],
    *,
    shipped_on: date | None = None,
    due_on: date | None = None,
) -> Milestone:
    made = a_milestone(key, title=text, shipped_on=shipped_on, due_on=due_on, work_streams=["pde"])
    return replace(made, detail=text, links=tuple(links), tickets=(text,))


def _readings() -> list[Reading]:
    """A reading a week, one of them of a milestone."""
    weeks = [("~90", 42), ("~60", 28), ("~30", 19), ("~20", 8), ("~12", 1)]
    return [
        a_reading(
            value,
            NOW - timedelta(days=days),
            id=number,
            milestone="shipped" if days == 19 else None,
        )
        for number, (value, days) in enumerate(weeks, start=1)
    ]


def _report(scorecard: Scorecard, metric: Metric, readings: Sequence[Reading]) -> Report:
    snapshot = take_snapshot(scorecard, {metric.key: readings}, NOW)
    effects = [
        Effect(metric, before.value, after)
        for before, after in pairwise(readings)
        if after.milestone
    ]
    line = on_line(metric, scorecard.milestones, effects)
    history = MetricHistory(
        snapshot,
        snapshot.state(metric.key),
        (),
        associations(metric, line, effects, readings, scorecard.zone),
        prospect(metric, readings, NOW, scorecard.zone),
        trajectory(metric, readings, scorecard.zone),
    )
    return Report(snapshot, (history,), {"shipped": effects})

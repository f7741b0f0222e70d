"""The tools that read."""

from typing import Any

from app.assistants import texts
from app.assistants.asking import Asking, scorecard_key, scorecard_meant
from app.assistants.inputs import (
    AboutAll,
    AboutMetric,
    APage,
    FilteredMilestones,
    SomeReadings,
)
from app.assistants.outputs import (
    ExplanationOut,
    MilestonesOut,
    PhaseOnRoadmapOut,
    ReadingsOut,
    RoadmapOut,
    ScorecardsOut,
    WholeScorecardOut,
)
from app.assistants.paging import paged
from app.assistants.tools import Told, Tool
from app.domain.roadmap import followers, in_order
from app.pages.content import metric_row, roadmap_of
from app.programs.schemas import MetricOut, MilestoneOut, ReadingOut, ScorecardOut
from app.services import lists, reports, scorecards

METRICS_A_PAGE = 50
MILESTONES_A_PAGE = 25
PHASES_A_PAGE = 50
READINGS_A_PAGE = 50


async def list_scorecards(asking: Asking, _: AboutAll) -> Told:
    """List the scorecards that the token reaches, each with its goal and how far it is."""
    found = await scorecards.show_all(asking.store, asking.caller)
    content = ScorecardsOut(scorecards=[ScorecardOut.of(each) for each in found])
    return Told.of(texts.scorecards_text(found), content)


async def read_scorecard(asking: Asking, sent: APage) -> Told:
    """Read a scorecard: its goal, how far it is, and where each metric stands, with its current
    value, target, movement this week and status."""
    key = await scorecard_key(asking, sent.scorecard)
    report = await reports.gather(asking.store, asking.caller, key)
    page = paged(report.histories, sent.page, METRICS_A_PAGE)
    content = WholeScorecardOut(
        page=page.place,
        scorecard=ScorecardOut.of(report.snapshot),
        metrics=[MetricOut.of(history.state) for history in page.items],
    )
    rows = [metric_row(history) for history in page.items]
    return Told.of(page.under(texts.scorecard_text(report.snapshot, rows)), content)


async def explain_status(asking: Asking, sent: AboutMetric) -> Told:
    """Explain why a metric has its status: the reason, the pace that is needed and seen, the
    forecast, what drives it, the milestones on its line and its last readings."""
    key = await scorecard_key(asking, sent.scorecard)
    history = await scorecards.show_metric(asking.store, asking.caller, sent.metric, key)
    row = metric_row(history)
    return Told.of(texts.metric_text(history, row), ExplanationOut.of(history, row))


async def list_readings(asking: Asking, sent: SomeReadings) -> Told:
    """List the readings of a metric, the newest first, without those that were taken back."""
    snapshot = await scorecard_meant(asking, sent.scorecard)
    metric = snapshot.scorecard.metric(sent.metric)
    found, has_more = await lists.readings(
        asking.store,
        asking.caller,
        metric.key,
        before=sent.before,
        most=READINGS_A_PAGE,
        key=snapshot.scorecard.key,
    )
    content = ReadingsOut(
        metric=metric.key,
        readings=[ReadingOut.of(each, metric) for each in found],
        older=found[-1].id if has_more else None,
    )
    return Told.of(texts.readings_text(snapshot, metric, found), content)


async def list_milestones(asking: Asking, sent: FilteredMilestones) -> Told:
    """List milestones with what they moved: what shipped last comes first, then what is in
    progress or planned by its due date, then what was dropped."""
    key = await scorecard_key(asking, sent.scorecard)
    found = await lists.milestones(asking.store, asking.caller, sent.filters, key=key)
    page = paged(found.entries, sent.page, MILESTONES_A_PAGE)
    today = found.snapshot.today
    content = MilestonesOut(
        page=page.place, milestones=[MilestoneOut.of(entry, today) for entry in page.items]
    )
    return Told.of(page.under(texts.milestones_text(found, page.items)), content)


async def read_roadmap(asking: Asking, sent: APage) -> Told:
    """Read the roadmap: its phases, each behind those that it needs, with status, window, what
    blocks it and what waits for it."""
    snapshot = await scorecard_meant(asking, sent.scorecard)
    phases = in_order(snapshot.scorecard.phases)
    following = followers(phases)
    outlooks = {outlook.phase.key: outlook for outlook in snapshot.phases}
    standing, items = roadmap_of(snapshot)
    page = paged(list(zip(phases, items, strict=True)), sent.page, PHASES_A_PAGE)
    content = RoadmapOut(
        page=page.place,
        phases=[
            PhaseOnRoadmapOut.placed(outlooks[phase.key], following) for phase, _ in page.items
        ],
    )
    shown = [item for _, item in page.items]
    return Told.of(page.under(texts.roadmap_text(standing, shown)), content)


READING: tuple[Tool[Any], ...] = (
    Tool("List the scorecards", AboutAll, ScorecardsOut, list_scorecards),
    Tool("Read a scorecard", APage, WholeScorecardOut, read_scorecard),
    Tool("Explain a status", AboutMetric, ExplanationOut, explain_status),
    Tool("List milestones", FilteredMilestones, MilestonesOut, list_milestones),
    Tool("Read the roadmap", APage, RoadmapOut, read_roadmap),
    Tool("List readings", SomeReadings, ReadingsOut, list_readings),
)

"""Reading scorecards, their metrics and their roadmap."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from app.domain.errors import NotFound
from app.domain.metrics import Metric
from app.domain.scorecards import Snapshot
from app.http.api.answers import (
    ITEMS_A_PAGE,
    Asked,
    Cursor,
    IfNoneMatch,
    Limit,
    Page,
    answered,
    paged,
)
from app.http.api.problems import problems
from app.programs.schemas import MetricOut, PhaseOut, ScorecardOut
from app.services import scorecards

routes = APIRouter(tags=["Reading"])

ScorecardKey = Annotated[str, Path(examples=["billing"], description="The scorecard's key.")]
MetricKey = Annotated[str, Path(examples=["rollbacks"], description="The metric's key.")]
READING: dict[int | str, dict[str, Any]] = {
    304: {"description": "It is as it was: the ETag still holds"},
    **problems(),
}


@routes.get("/scorecards", response_model=Page[ScorecardOut], responses=READING)
async def list_scorecards(
    asked: Asked, limit: Limit = ITEMS_A_PAGE, cursor: Cursor = None, _: IfNoneMatch = None
) -> Response:
    """List the scorecards that the token reaches, by key."""
    known = [ScorecardOut.of(each) for each in await scorecards.show_all(asked.store, asked.caller)]
    return paged(asked, Page[ScorecardOut], known, cursor, limit)


@routes.get("/scorecards/{key}", response_model=ScorecardOut, responses=READING)
async def show_scorecard(asked: Asked, key: ScorecardKey, _: IfNoneMatch = None) -> Response:
    """Show a scorecard as it stands now."""
    snapshot = await scorecards.show(asked.store, asked.caller, key)
    return answered(asked, ScorecardOut.of(snapshot))


@routes.get("/scorecards/{key}/metrics", response_model=Page[MetricOut], responses=READING)
async def list_metrics(
    asked: Asked,
    key: ScorecardKey,
    limit: Limit = ITEMS_A_PAGE,
    cursor: Cursor = None,
    _: IfNoneMatch = None,
) -> Response:
    """List the metrics of a scorecard, each with where it stands, in the scorecard's order."""
    snapshot = await scorecards.show(asked.store, asked.caller, key)
    return paged(
        asked, Page[MetricOut], [MetricOut.of(each) for each in snapshot.metrics], cursor, limit
    )


@routes.get("/scorecards/{key}/metrics/{metric}", response_model=MetricOut, responses=READING)
async def show_metric(
    asked: Asked, key: ScorecardKey, metric: MetricKey, _: IfNoneMatch = None
) -> Response:
    """Show a metric and where it stands."""
    snapshot = await scorecards.show(asked.store, asked.caller, key)
    known = metric_of(snapshot, metric)
    return answered(asked, MetricOut.of(snapshot.state(known.key)))


@routes.get("/scorecards/{key}/roadmap", response_model=Page[PhaseOut], responses=READING)
async def list_phases(
    asked: Asked,
    key: ScorecardKey,
    limit: Limit = ITEMS_A_PAGE,
    cursor: Cursor = None,
    _: IfNoneMatch = None,
) -> Response:
    """List the phases of the roadmap, each with what it needs and what blocks it."""
    snapshot = await scorecards.show(asked.store, asked.caller, key)
    return paged(
        asked, Page[PhaseOut], [PhaseOut.of(each) for each in snapshot.phases], cursor, limit
    )


def metric_of(snapshot: Snapshot, key: str) -> Metric:
    """The metric of this very key; a program isn't understood by half a name."""
    metric = snapshot.scorecard.metrics_by_key.get(key)
    if metric is None:
        raise NotFound(snapshot.scorecard.unknown_metric(key).message)
    return metric

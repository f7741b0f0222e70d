"""Milestones: planning them, shipping them, and reading them."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Body, Depends, Path, Response

from app.domain.outcomes import ShippedNews
from app.http.api.answers import (
    ITEMS_A_PAGE,
    Asked,
    Asking,
    Cursor,
    IdempotencyKey,
    IfNoneMatch,
    Limit,
    Page,
    answered,
    made,
    paged,
    written,
)
from app.http.api.bodies import SmallBody, json_alone
from app.http.api.readings import WRITING
from app.http.api.scorecards import READING, ScorecardKey
from app.programs import reporting
from app.programs.schemas import LoggedOut, MilestoneOut, NewMilestone, ShippedMilestone
from app.services import lists, milestones
from app.services.answers import Answer
from app.store.engine import Store

routes = APIRouter(route_class=SmallBody)
MilestoneKey = Annotated[str, Path(examples=["shore-up"], description="The milestone's key.")]
PLANNING = {
    "planned": {
        "summary": "One that is planned",
        "value": {"title": "Reversal logic deleted", "due_on": "2026-06-30"},
    },
    "shipped": {
        "summary": "One that has shipped, with what it moved",
        "value": {
            "title": "Off-session flows moved",
            "status": "shipped",
            "work_streams": ["pde"],
            "links": ["https://git.example.org/billing/merge/42"],
            "moved": {"rollbacks": "~9"},
        },
    },
}
SHIPPING = {
    "today": {"summary": "It ships today", "value": {}},
    "moved": {"summary": "With what it moved", "value": {"moved": {"rollbacks": "~9"}}},
}


@routes.get(
    "/scorecards/{key}/milestones",
    tags=["Reading"],
    response_model=Page[MilestoneOut],
    responses=READING,
)
async def list_milestones(
    asked: Asked,
    key: ScorecardKey,
    limit: Limit = ITEMS_A_PAGE,
    cursor: Cursor = None,
    _: IfNoneMatch = None,
) -> Response:
    """List the milestones of a scorecard with what they moved, in the order of their logging."""
    found = await lists.milestones(asked.store, asked.caller, key=key)
    entries = {entry.milestone.key: entry for entry in found.entries}
    in_order = [entries[milestone.key] for milestone in found.snapshot.scorecard.milestones]
    known = [MilestoneOut.of(entry, found.snapshot.today) for entry in in_order]
    return paged(asked, Page[MilestoneOut], known, cursor, limit)


@routes.get(
    "/scorecards/{key}/milestones/{milestone}",
    tags=["Reading"],
    response_model=MilestoneOut,
    responses=READING,
)
async def show_milestone(
    asked: Asked, key: ScorecardKey, milestone: MilestoneKey, _: IfNoneMatch = None
) -> Response:
    """Show a milestone with what it moved."""
    news = await milestones.show(asked.store, asked.caller, milestone, key)
    return answered(asked, MilestoneOut.told(news))


@routes.post(
    "/scorecards/{key}/milestones",
    tags=["Writing"],
    status_code=201,
    response_model=LoggedOut,
    responses=WRITING,
    dependencies=[Depends(json_alone)],
)
async def log_milestone(
    asked: Asked,
    key: ScorecardKey,
    milestone: Annotated[NewMilestone, Body(openapi_examples=PLANNING)],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Log a milestone that is planned, in progress, or has shipped with the values it moved.

    What shipped is announced in the scorecard's channel, and a planned one of its title is the
    one that ships.
    """

    async def log(store: Store) -> ShippedNews:
        return await reporting.log(store, asked.caller, key, milestone)

    return await _logged(asked, idempotency_key, key, log)


@routes.post(
    "/scorecards/{key}/milestones/{milestone}/ship",
    tags=["Writing"],
    status_code=201,
    response_model=LoggedOut,
    responses=WRITING,
    dependencies=[Depends(json_alone)],
)
async def ship_milestone(
    asked: Asked,
    key: ScorecardKey,
    milestone: MilestoneKey,
    shipped: Annotated[ShippedMilestone, Body(openapi_examples=SHIPPING)],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Ship a milestone that is planned or in progress, with the values that it moved."""

    async def ship(store: Store) -> ShippedNews:
        return await reporting.ship(store, asked.caller, key, milestone, shipped)

    return await _logged(asked, idempotency_key, key, ship)


async def _logged(
    asked: Asking,
    idempotency_key: str | None,
    key: str,
    log: Callable[[Store], Awaitable[ShippedNews]],
) -> Response:
    """Log a milestone, and let the channel know without waiting for the next look around."""

    async def work(store: Store) -> Answer:
        content = reporting.logged_out(await log(store))
        root = asked.request.scope.get("root_path", "")
        place = f"{root}/scorecards/{quote(key)}/milestones/{content.milestone.key}"
        return made(content, place)

    answer = await written(asked, idempotency_key, work, await asked.request.body())
    asked.parts.spawn(asked.parts.deliver())
    return answer

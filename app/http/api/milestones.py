"""Milestones: planning them, shipping them, and reading them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Body, Depends, Path, Response

from app.domain.errors import AlreadyDone, BadInput
from app.domain.milestones import MilestoneStatus
from app.domain.outcomes import ShippedNews
from app.domain.scorecards import Snapshot
from app.domain.values import Value
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
    at_field,
    made,
    paged,
    written,
)
from app.http.api.bodies import SmallBody, json_alone
from app.http.api.problems import pointer
from app.http.api.readings import WRITING, value_at
from app.http.api.schemas import LoggedOut, MilestoneOut, NewMilestone, ShippedMilestone
from app.http.api.scorecards import READING, ScorecardKey
from app.services import lists, milestone_edits, milestones, scorecards
from app.services.answers import Answer
from app.services.milestone_edits import MilestoneForm
from app.services.milestones import ShipForm
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
    has_shipped = milestone.status == "shipped"

    async def log(store: Store) -> Answer:
        snapshot = await scorecards.show(store, asked.caller, key)
        if has_shipped:
            return _logged(asked, key, await _log_shipped(store, asked, snapshot, milestone))
        return _logged(asked, key, await _plan(store, asked, key, milestone))

    return await _announced(asked, idempotency_key, log, await asked.request.body())


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

    async def ship(store: Store) -> Answer:
        snapshot = await scorecards.show(store, asked.caller, key)
        known = milestones.known_milestone(snapshot.scorecard, milestone)
        if not known.is_open:
            raise AlreadyDone(f"“{known.title}” is {known.status.words} already.")
        form = _ship_form(snapshot, known.title, shipped)
        return _logged(asked, key, await milestones.ship(store, asked.caller, form, key=key))

    return await _announced(asked, idempotency_key, ship, await asked.request.body())


async def _log_shipped(
    store: Store, asked: Asking, snapshot: Snapshot, wanted: NewMilestone
) -> ShippedNews:
    _refuse(wanted.due_on is not None, "What has shipped is due no more.", "#/due_on")
    form = replace(
        _ship_form(snapshot, wanted.title, wanted),
        work_streams=tuple(dict.fromkeys(wanted.work_streams)),
        phase=wanted.phase,
    )
    return await milestones.ship(store, asked.caller, form, key=snapshot.scorecard.key)


def _ship_form(snapshot: Snapshot, title: str, shipped: ShippedMilestone) -> ShipForm:
    return ShipForm(
        title=title,
        shipped_on=shipped.shipped_on or snapshot.today,
        detail=shipped.detail,
        links=tuple(shipped.links),
        tickets=tuple(shipped.tickets),
        moved=_moved(snapshot, shipped),
    )


def _moved(snapshot: Snapshot, shipped: ShippedMilestone) -> dict[str, Value]:
    scorecard = snapshot.scorecard
    milestones.refuse_unknown_keys(scorecard, (), moved=shipped.moved)
    return {
        key: value_at(typed, scorecard.metrics_by_key[key].unit, pointer("moved", key))
        for key, typed in shipped.moved.items()
    }


async def _plan(store: Store, asked: Asking, key: str, wanted: NewMilestone) -> ShippedNews:
    only_shipped = "Only of a milestone that has shipped: say so in status."
    _refuse(wanted.shipped_on is not None, only_shipped, "#/shipped_on")
    _refuse(bool(wanted.moved), only_shipped, "#/moved")
    form = MilestoneForm(
        title=wanted.title,
        status=MilestoneStatus(wanted.status),
        detail=wanted.detail,
        work_streams=tuple(dict.fromkeys(wanted.work_streams)),
        due_on=wanted.due_on,
        phase=wanted.phase,
        links=tuple(wanted.links),
        tickets=tuple(wanted.tickets),
    )
    return await milestone_edits.plan(store, asked.caller, form, key=key)


def _refuse(is_wrong: bool, told: str, pointed: str) -> None:
    if is_wrong:
        raise at_field(BadInput(told), pointed)


def _logged(asked: Asking, key: str, news: ShippedNews) -> Answer:
    content = LoggedOut(
        milestone=MilestoneOut.told(news),
        unblocked=[outlook.phase.key for outlook in news.unblocked],
    )
    root = asked.request.scope.get("root_path", "")
    place = f"{root}/scorecards/{quote(key)}/milestones/{content.milestone.key}"
    return made(content, place)


async def _announced(
    asked: Asking, key: str | None, log: Callable[[Store], Awaitable[Answer]], body: bytes
) -> Response:
    """Log a milestone, and let the channel know without waiting for the next look around."""
    answer = await written(asked, key, log, body)
    asked.parts.spawn(asked.parts.deliver())
    return answer

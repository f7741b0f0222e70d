"""Readings: recording them, and reading them."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Response

from app.http.api.answers import (
    ITEMS_A_PAGE,
    Asked,
    BadCursor,
    Cursor,
    IdempotencyKey,
    IfNoneMatch,
    Limit,
    Page,
    answered,
    as_cursor,
    made,
    next_page,
    read_cursor,
    written,
)
from app.http.api.bodies import SmallBody, json_alone
from app.http.api.problems import Kind, problems
from app.http.api.scorecards import READING, MetricKey, ScorecardKey, metric_of
from app.programs import reporting
from app.programs.schemas import NewReading, ReadingOut, RecordedOut
from app.services import lists, scorecards
from app.services.answers import Answer
from app.store.engine import Store

MOST_READING_ID = 2**31 - 1

routes = APIRouter(route_class=SmallBody)
WRITING = problems(
    Kind.NOT_ALLOWED, Kind.ALREADY_DONE, Kind.TOO_LARGE, Kind.MEDIA_TYPE, Kind.KEY_USED
)
EXAMPLES = {
    "now": {"summary": "About 12, as of now", "value": {"value": "~12"}},
    "earlier": {
        "summary": "An exact value, earlier, with a note",
        "value": {"value": "9", "at": "2026-03-16T09:30:00+01:00", "note": "after the fix"},
    },
}


@routes.post(
    "/scorecards/{key}/metrics/{metric}/readings",
    tags=["Writing"],
    status_code=201,
    response_model=RecordedOut,
    responses=WRITING,
    dependencies=[Depends(json_alone)],
)
async def record_reading(
    asked: Asked,
    key: ScorecardKey,
    metric: MetricKey,
    reading: Annotated[NewReading, Body(openapi_examples=EXAMPLES)],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Record a reading of a metric. The reading names the token as the one who reported it."""

    async def record(store: Store) -> Answer:
        snapshot = await scorecards.show(store, asked.caller, key)
        known = metric_of(snapshot, metric)
        recorded = await reporting.record(store, asked.caller, snapshot, known.key, reading)
        return made(reporting.recorded_out(recorded))

    return await written(asked, idempotency_key, record, await asked.request.body())


@routes.get(
    "/scorecards/{key}/metrics/{metric}/readings",
    tags=["Reading"],
    response_model=Page[ReadingOut],
    responses=READING,
)
async def list_readings(
    asked: Asked,
    key: ScorecardKey,
    metric: MetricKey,
    limit: Limit = ITEMS_A_PAGE,
    cursor: Cursor = None,
    _: IfNoneMatch = None,
) -> Response:
    """List the readings of a metric, the newest first, without those that were taken back."""
    known = metric_of(await scorecards.show(asked.store, asked.caller, key), metric)
    before = None if cursor is None else _reading_id(cursor)
    found, has_more = await lists.readings(
        asked.store, asked.caller, known.key, before=before, most=limit, key=key
    )
    following = as_cursor(found[-1].id) if has_more else ""
    page = Page[ReadingOut](
        items=[ReadingOut.of(each, known) for each in found],
        next=next_page(asked, following, limit),
    )
    return answered(asked, page)


def _reading_id(cursor: str) -> int:
    said = read_cursor(cursor)
    if not (said.isascii() and said.isdecimal() and int(said) <= MOST_READING_ID):
        raise BadCursor
    return int(said)

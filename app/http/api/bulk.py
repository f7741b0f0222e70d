"""Many readings in one request: all of them are recorded, or none."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from app.domain.imports import Imported
from app.domain.scorecards import Scorecard
from app.files.csv_reading import read_csv
from app.files.problems import FileErrors
from app.files.rows import Row
from app.http.api.answers import Asked, IdempotencyKey, made, written
from app.http.api.bodies import media_type, within
from app.http.api.problems import Kind, Refusal, Wrong, pointer
from app.http.api.readings import WRITING
from app.http.api.scorecards import ScorecardKey
from app.programs.schemas import Given, Instant, Key, MetricOut, Text, Typed
from app.services import bulk, scorecards
from app.services.answers import Answer
from app.services.bulk import RowsRefused
from app.store.engine import Store

MOST_BODY_BYTES = 16 * 1024 * 1024
"""Some 200,000 readings, which have to arrive within the server's ten seconds."""
MOST_TOLD = 100
"""Readings of which is told what is wrong."""

ARRAY, LINES, TABLE = "application/json", "application/x-ndjson", "text/csv"

routes = APIRouter()


class ReadingOfMetric(Given):
    """One of many readings."""

    metric: Key = Field(examples=["rollbacks"])
    value: Typed
    at: Instant | None = None
    note: Text = ""
    milestone: Key | None = Field(None, description="The milestone that caused it.")


class RecordedMany(BaseModel):
    """How many readings were recorded; those that were there already, to the instant and the
    value, are counted and not repeated."""

    recorded: int
    already_there: int
    metrics: list[MetricOut] = Field(description="The metrics that they are of, as they are now.")


_ONE = TypeAdapter(ReadingOfMetric)
_MANY = TypeAdapter(list[ReadingOfMetric])
_EXAMPLE = {"metric": "rollbacks", "value": "~9", "at": "2026-03-16T09:30:00+01:00"}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            ARRAY: {
                "schema": {
                    "type": "array",
                    "items": {"$ref": "#/components/schemas/ReadingOfMetric"},
                },
                "examples": {"array": {"summary": "An array", "value": [_EXAMPLE]}},
            },
            LINES: {
                "schema": {"type": "string"},
                "examples": {
                    "lines": {
                        "summary": "One object a line",
                        "value": '{"metric": "rollbacks", "value": "~9"}\n'
                        '{"metric": "bad-debt", "value": "3"}\n',
                    }
                },
            },
            TABLE: {
                "schema": {"type": "string"},
                "examples": {
                    "table": {
                        "summary": "A table; the first line names the columns",
                        "value": "metric,value,at\nrollbacks,~9,2026-03-16T09:30:00+01:00\n",
                    }
                },
            },
        },
    }
}


@routes.post(
    "/scorecards/{key}/readings",
    tags=["Writing"],
    status_code=201,
    response_model=RecordedMany,
    responses=WRITING,
    openapi_extra=_BODY,
)
async def record_readings(
    asked: Asked, key: ScorecardKey, idempotency_key: IdempotencyKey = None
) -> Response:
    """Record many readings of any metrics at once, all of them or none.

    They are an array, one object a line, or a CSV table, of which metrics may also be named as
    people type them. What was recorded already, to the instant and the
    value, isn't recorded again. Together they are one change, which people can undo in Slack.
    """
    kind = media_type(asked.request)
    if kind not in _READERS:
        told = f"Send an array as {ARRAY}, one object a line as {LINES}, or a table as {TABLE}."
        raise Refusal(Kind.MEDIA_TYPE, told)
    body = await within(asked.request, MOST_BODY_BYTES).body()
    rows: list[Row] = []

    async def record(store: Store) -> Answer:
        scorecard = (await scorecards.show(store, asked.caller, key)).scorecard
        if kind != TABLE:
            _refuse_unknown_metrics(kind, rows, scorecard)
        try:
            return made(_recorded(await bulk.record_all(store, asked.caller, key, rows)))
        except RowsRefused as refused:
            places = [_place(kind, each.line) for each in refused.refused[:MOST_TOLD]]
            told = [
                Wrong(detail=each.reason, **place)
                for each, place in zip(refused.refused, places, strict=False)
            ]
            raise _refusal(told, len(refused.refused)) from refused

    async with asked.parts.bulk:
        rows += await asyncio.to_thread(_rows, kind, body)
        return await written(asked, idempotency_key, record, body)


def _recorded(imported: Imported) -> RecordedMany:
    plan = imported.plan
    return RecordedMany(
        recorded=len(plan.new),
        already_there=plan.already_there,
        metrics=[MetricOut.of(imported.snapshot.state(each.metric.key)) for each in plan.metrics],
    )


def _refuse_unknown_metrics(kind: str, rows: list[Row], scorecard: Scorecard) -> None:
    """Raises `Refusal` for metrics that go by half a key; tables are written by people."""
    wrong = [
        Wrong(
            detail=f"There is no metric “{row.metric}” in {scorecard.name}.",
            **_place(kind, row.line, "metric"),
        )
        for row in rows
        if row.metric not in scorecard.metrics_by_key
    ]
    if wrong:
        raise _refusal(wrong[:MOST_TOLD], len(wrong))


def _rows(kind: str, body: bytes) -> list[Row]:
    """The readings in a body; raises `Refusal` for the first that are none."""
    rows: list[Row] = []
    wrong: list[Wrong] = []
    for each in _READERS[kind](body):
        if isinstance(each, Wrong):
            wrong.append(each)
        else:
            rows.append(each)
        if len(wrong) == MOST_TOLD:
            break
    if wrong:
        raise _refusal(wrong, len(wrong))
    return rows


def _row(line: int, given: ReadingOfMetric) -> Row:
    return Row(line, given.metric, given.value, given.at or "", given.note, given.milestone or "")


Read = Iterator[Row | Wrong]


def _of_array(body: bytes) -> Read:
    """Each element, numbered from 1, or each thing that is wrong with one."""
    try:
        for number, given in enumerate(_MANY.validate_json(body), start=1):
            yield _row(number, given)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        for each in found[:MOST_TOLD]:
            yield _wrong(each, {"pointer": pointer(*each["loc"])})


def _of_lines(body: bytes) -> Read:
    """Each line, numbered from 1, without the empty ones."""
    for line, text in enumerate(body.split(b"\n"), start=1):
        if not text.strip():
            continue
        try:
            yield _row(line, _ONE.validate_json(text))
        except ValidationError as error:
            [first, *_] = error.errors(
                include_url=False, include_context=False, include_input=False
            )
            yield _wrong(first, {"line": line, "pointer": pointer(*first["loc"])})


def _of_table(body: bytes) -> Read:
    """Each record of a CSV table."""
    if b"\0" in body:
        raise Refusal(Kind.UNREADABLE, "The body isn't text.")
    try:
        yield from read_csv(body, "the body").rows
    except FileErrors as error:
        found = [Wrong(detail=each.message, line=each.line or None) for each in error.problems]
        raise Refusal(Kind.INVALID, error.message, found) from error


_READERS = {ARRAY: _of_array, LINES: _of_lines, TABLE: _of_table}


def _wrong(found: ErrorDetails, place: Mapping[str, Any]) -> Wrong:
    """What is wrong with one reading; raises `Refusal` where nothing can be read at all."""
    if found["type"] == "json_invalid":
        at_line = f" Line {place['line']}." if "line" in place else ""
        raise Refusal(Kind.UNREADABLE, f"The body isn't JSON.{at_line}")
    return Wrong(detail=found["msg"], **place)


def _place(kind: str, line: int, *field: str) -> dict[str, Any]:
    """Where a reading stands in a body, by its number from 1."""
    if kind == ARRAY:
        return {"pointer": pointer(line - 1, *field)}
    return {"line": line, **({"pointer": pointer(*field)} if field else {})}


def _refusal(wrong: list[Wrong], count: int) -> Refusal:
    readings = "1 reading is" if count == 1 else f"{count:,} readings are"
    more = f" The first {len(wrong)} are told." if count > len(wrong) else ""
    return Refusal(Kind.INVALID, f"{readings} refused, so nothing was recorded.{more}", wrong)

"""Many readings in one request: all of them or none."""

import asyncio
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.http.api.bulk import MOST_BODY_BYTES
from app.services import lists
from app.services.undoing import undo
from tests.http.api.client import NOW, READINGS, Api, problem
from tests.services.builders import billing_on_sqlite, changes, the_operator

MANY = "/scorecards/billing/readings"
LINES = {"Content-Type": "application/x-ndjson"}
CSV = {"Content-Type": "text/csv; charset=utf-8"}
THREE = [
    {"metric": "rollbacks", "value": "~11", "at": "2026-03-17T10:00:00+01:00"},
    {"metric": "rollbacks", "value": "~10", "at": "2026-03-18T10:00:00+01:00", "note": "a note"},
    {"metric": "invoice-coverage", "value": "80%"},
]


def as_lines(rows: Iterable[object]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


@pytest.mark.parametrize("is_lines", [False, True], ids=["array", "lines"])
async def test_many_readings_are_one_change_that_names_the_token(
    api: Api, ci: httpx.AsyncClient, is_lines: bool
) -> None:
    sent: dict[str, Any] = {"json": THREE}
    if is_lines:
        sent = {"content": as_lines(THREE), "headers": LINES}
    answer = await ci.post(MANY, **sent)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["recorded"], told["already_there"]) == (3, 0)
    assert [each["current"]["value"]["text"] for each in told["metrics"]] == ["~10 / day", "80%"]
    found = (await ci.get(READINGS)).json()["items"]
    assert [each["value"]["text"] for each in found] == ["~10 / day", "~11 / day", "~12 / day"]
    assert found[0]["reported_by"] == "token “CI” (1)"
    caller = the_operator(now=api.now)
    last = (await lists.history(api.store, caller, key="billing")).changes[0]
    assert (last.actor, last.surface) == ("token “CI” (1)", "API")
    await undo(api.store, caller, last.id)
    assert len((await ci.get(READINGS)).json()["items"]) == 1


async def test_a_table_is_read_as_people_write_it(ci: httpx.AsyncClient) -> None:
    table = "Date;Metric;Value\r\n2026-03-18;Rollbacks;~9\r\n2026-03-17;invoice coverage;79%\r\n"
    answer = await ci.post(MANY, content=table, headers=CSV)
    assert answer.status_code == 201, answer.text
    assert [each["key"] for each in answer.json()["metrics"]] == ["rollbacks", "invoice-coverage"]
    told = problem(await ci.post(MANY, content=f"{table};;\n;x;1", headers=CSV), 422, "invalid")
    assert [each["line"] for each in told["errors"]] == [5]


@pytest.mark.parametrize(
    ("table", "status"), [("a,b\n1,2", 422), ("", 422), ('metric,value\nx,"1', 422), ("\0", 400)]
)
@billing_on_sqlite
async def test_what_is_no_table_is_refused(ci: httpx.AsyncClient, table: str, status: int) -> None:
    answer = await ci.post(MANY, content=table, headers=CSV)
    problem(answer, status, "invalid" if status == 422 else "unreadable")


async def test_what_is_there_already_is_not_repeated(ci: httpx.AsyncClient) -> None:
    await ci.post(MANY, json=THREE[:2])
    told = (await ci.post(MANY, json=THREE)).json()
    assert (told["recorded"], told["already_there"]) == (1, 2)


async def test_with_a_key_they_are_recorded_once(ci: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "night"}
    now = [{"metric": "rollbacks", "value": "7"}]
    answers = [await ci.post(MANY, json=now, headers=key) for _ in range(2)]
    assert answers[0].content == answers[1].content
    problem(await ci.post(MANY, json=THREE, headers=key), 422, "key-used")
    assert len((await ci.get(READINGS)).json()["items"]) == 2


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ([THREE[0], {"metric": "rollbacks"}], [(2, "/value")]),
        ([THREE[0], {"metric": "rollbacks", "value": "many"}], [(2, None)]),
        ([{"metric": "rollback", "value": "1"}, THREE[0]], [(1, "/metric")]),
        ([THREE[0], {**THREE[0], "at": "2026-03-20T00:00:00Z"}], [(2, None)]),
        ([THREE[0], {**THREE[0], "milestone": "nope"}, "x"], [(3, "")]),
    ],
    ids=str,
)
@billing_on_sqlite
async def test_one_that_can_not_be_recorded_keeps_all_from_it_and_is_pointed_to(
    api: Api, ci: httpx.AsyncClient, rows: list[object], places: list[tuple[int, str | None]]
) -> None:
    before = len(await changes(api.store))
    told = problem(await ci.post(MANY, json=rows), 422, "invalid")
    expected = [f"#/{number - 1}{field or ''}" for number, field in places]
    assert [each["pointer"] for each in told["errors"]] == expected
    told = problem(await ci.post(MANY, content=as_lines(rows), headers=LINES), 422, "invalid")
    assert [each["line"] for each in told["errors"]] == [number for number, _ in places]
    assert len(await changes(api.store)) == before


@billing_on_sqlite
async def test_of_many_that_are_wrong_the_first_are_told(ci: httpx.AsyncClient) -> None:
    rows = [{"metric": "rollbacks", "value": "many"}] * 250
    told = problem(await ci.post(MANY, json=rows), 422, "invalid")
    assert told["detail"] == (
        "250 readings are refused, so nothing was recorded. The first 100 are told."
    )
    assert len(told["errors"]) == 100


@billing_on_sqlite
async def test_what_is_no_list_of_readings_is_refused(ci: httpx.AsyncClient) -> None:
    as_json = {"Content-Type": "application/json"}
    problem(await ci.post(MANY, content="[{", headers=as_json), 400, "unreadable")
    broken = await ci.post(MANY, content=as_lines(THREE) + "{\n", headers=LINES)
    assert "Line 4." in problem(broken, 400, "unreadable")["detail"]
    problem(await ci.post(MANY, json={}), 422, "invalid")
    problem(await ci.post(MANY, content="a=b"), 415, "media-type")
    assert (await ci.post(MANY, json=[])).json() == {
        "recorded": 0,
        "already_there": 0,
        "metrics": [],
    }


@billing_on_sqlite
async def test_more_bytes_than_are_taken_are_refused_before_they_are_sent(
    api: Api, ci: httpx.AsyncClient
) -> None:
    host, port = ci.base_url.host, ci.base_url.port
    reader, writer = await asyncio.open_connection(host, port)
    head = [
        f"POST /api/v1{MANY} HTTP/1.1",
        f"Host: {host}",
        f"Authorization: {ci.headers['Authorization']}",
        "Content-Type: application/json",
        f"Content-Length: {MOST_BODY_BYTES + 1}",
    ]
    writer.write("\r\n".join([*head, "", ""]).encode())
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"At most 16,777,216 bytes are taken here." in answer


@billing_on_sqlite
async def test_a_year_of_readings_fits_one_request(api: Api, ci: httpx.AsyncClient) -> None:
    rows = [
        {
            "metric": "rollbacks",
            "value": str(number % 200),
            "at": (NOW - timedelta(minutes=number)).isoformat(),
        }
        for number in range(5_000)
    ]
    told = (await ci.post(MANY, json=rows, timeout=60)).json()
    assert told["recorded"] == 5_000
    assert len(await changes(api.store)) == 3

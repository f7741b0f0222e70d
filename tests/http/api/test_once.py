"""An Idempotency-Key: what is sent again is answered the same, and done once."""

import asyncio
import subprocess
import sys

import httpx
import pytest

from app.services.answers import KEPT_FOR
from app.store.engine import Store
from app.store.tables import AnswerRow, ReadingRow
from tests.http.api.client import MILESTONES, READINGS, Api, pointers, problem, served
from tests.services.builders import all_rows, billing_on_sqlite, changes

KEY = {"Idempotency-Key": "8c6e3f0a-1"}


async def test_the_same_request_is_answered_the_same_and_done_once(
    api: Api, ci: httpx.AsyncClient
) -> None:
    first = await ci.post(READINGS, json={"value": "~9"}, headers=KEY)
    api.passes(hours=47)
    again = await ci.post(READINGS, json={"value": "~9"}, headers=KEY)
    assert (first.status_code, first.content) == (again.status_code, again.content) != (0, b"")
    assert len((await ci.get(READINGS)).json()["items"]) == 2
    logged = [
        await ci.post(MILESTONES, json={"title": "A"}, headers={**KEY, "Idempotency-Key": "2"})
        for _ in "ab"
    ]
    assert logged[0].headers["location"] == logged[1].headers["location"]
    assert [each.status_code for each in logged] == [201, 201]


async def test_a_key_of_another_request_is_refused(api: Api, ci: httpx.AsyncClient) -> None:
    await ci.post(READINGS, json={"value": "~9"}, headers=KEY)
    before = len(await changes(api.store))
    others = [
        (READINGS, {"value": "~8"}),
        (READINGS.replace("rollbacks", "bad-debt"), {"value": "~9"}),
        (MILESTONES, {"title": "A"}),
    ]
    for address, sent in others:
        told = problem(await ci.post(address, json=sent, headers=KEY), 422, "key-used")
        assert told["errors"][0]["header"] == "Idempotency-Key"
    assert len(await changes(api.store)) == before


async def test_a_key_is_the_tokens_own(api: Api, ci: httpx.AsyncClient) -> None:
    await ci.post(READINGS, json={"value": "~9"}, headers=KEY)
    _, secret = await api.makes_token("Other")
    async with api.program(secret) as other:
        answer = await other.post(READINGS, json={"value": "~7"}, headers=KEY)
    assert answer.status_code == 201


async def test_what_is_refused_keeps_no_key(api: Api, ci: httpx.AsyncClient) -> None:
    wrong = await ci.post(READINGS, json={"value": "many"}, headers=KEY)
    assert pointers(problem(wrong, 422, "invalid")) == ["#/value"]
    assert await all_rows(api.store, AnswerRow) == []
    assert (await ci.post(READINGS, json={"value": "9"}, headers=KEY)).status_code == 201


async def test_a_key_is_forgotten_after_its_time(api: Api, ci: httpx.AsyncClient) -> None:
    await ci.post(READINGS, json={"value": "9"}, headers=KEY)
    api.now += KEPT_FOR
    await ci.post(READINGS, json={"value": "9"}, headers=KEY)
    assert len((await ci.get(READINGS)).json()["items"]) == 2
    api.passes(seconds=1)
    assert (await ci.post(READINGS, json={"value": "8"}, headers=KEY)).status_code == 201
    assert len(await all_rows(api.store, AnswerRow)) == 1


@pytest.mark.parametrize("key", ["", "two words", "k" * 201])
@billing_on_sqlite
async def test_a_key_that_is_none_is_refused(ci: httpx.AsyncClient, key: str) -> None:
    headers = {"Idempotency-Key": key}
    told = problem(await ci.post(READINGS, json={"value": "9"}, headers=headers), 422, "invalid")
    assert told["errors"][0]["header"] == "Idempotency-Key"


async def test_two_that_come_at_once_make_one_reading(api: Api, ci: httpx.AsyncClient) -> None:
    """More at once than the database has connections: none waits for another's in vain."""
    asked = (ci.post(READINGS, json={"value": "9"}, headers=KEY) for _ in range(20))
    answers = await asyncio.gather(*asked)
    assert {(each.status_code, each.content) for each in answers} == {(201, answers[0].content)}
    assert len((await ci.get(READINGS)).json()["items"]) == 2


SERVING = """
import asyncio, sys
from app.store.engine import Store
from tests.http.api.client import served

async def main():
    async with Store(sys.argv[1]) as store, served(store) as api:
        print(api.address, flush=True)
        await asyncio.to_thread(sys.stdin.readline)

asyncio.run(main())
"""


def started(database_url: str) -> subprocess.Popen[str]:
    """The API in a process of its own, which tells its address."""
    return subprocess.Popen(
        [sys.executable, "-c", SERVING, database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return (await asyncio.to_thread(process.stdout.readline)).strip()


async def test_two_processes_that_are_sent_the_same_make_one_reading(billing: Store) -> None:
    processes = [started(billing.database_url) for _ in range(2)]
    try:
        async with served(billing) as api:
            _, secret = await api.makes_token()
            addresses = [await address_of(each) for each in processes]
            async with api.program(secret) as ci:
                for number in range(5):
                    headers = {"Idempotency-Key": f"round-{number}"}
                    sent = {"value": str(number)}
                    asked = [
                        ci.post(f"{address}{READINGS}", json=sent, headers=headers)
                        for address in addresses * 2
                    ]
                    answers = await asyncio.gather(*asked)
                    assert {each.status_code for each in answers} == {201}
                    assert len({each.content for each in answers}) == 1
        recorded = [row for row in await all_rows(billing, ReadingRow) if row.surface == "API"]
        assert len(recorded) == 5
    finally:
        for each in processes:
            await asyncio.to_thread(each.communicate, "\n", timeout=30)

"""Who is let in, how often, and what the others are told."""

import asyncio
from collections.abc import AsyncIterator

import freezegun
import httpx
import pytest

from app.domain.scorecards import Scorecard
from app.http.api import Limits
from app.services import editing, tokens
from app.services.loading import load
from app.store.engine import Store
from tests.builders import ZONE
from tests.http.api.client import NOW, READINGS, Api, problem, served
from tests.services.builders import TINY, a_file, billing_on_sqlite, changes, the_operator

HEADERS = {
    "cache-control": "private, no-cache",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@pytest.fixture
async def anyone(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A program without a token."""
    async with api.program(None) as client:
        yield client


@billing_on_sqlite
async def test_without_a_token_nothing_is_told_but_how_it_is_used(
    anyone: httpx.AsyncClient,
) -> None:
    for address in ("/scorecards", "/scorecards/other", "/nothing", ""):
        answer = await anyone.get(address)
        problem(answer, 401, "unknown-token")
        assert answer.headers["www-authenticate"] == 'Bearer realm="KPI Trajectories"'
    problem(await anyone.post(READINGS, json={"value": "9"}), 401, "unknown-token")
    for address in ("/docs", "/openapi.json"):
        assert (await anyone.get(address)).status_code == 200


@pytest.mark.parametrize(
    "given", ["Bearer", "Bearer kpi_", "Bearer kpi_" + "x" * 43, "Basic a3BpOng=", "{secret}", ""]
)
@billing_on_sqlite
async def test_what_is_no_token_is_refused(api: Api, anyone: httpx.AsyncClient, given: str) -> None:
    _, secret = await api.makes_token()
    headers = {"Authorization": given.format(secret=secret)}
    answer = await anyone.get("/scorecards", headers=headers)
    problem(answer, 401, "unknown-token")
    assert answer.headers["www-authenticate"].endswith('error="invalid_token"')
    assert secret not in answer.text


@billing_on_sqlite
async def test_the_scheme_is_read_in_any_case_and_one_token_is_taken(
    api: Api, anyone: httpx.AsyncClient
) -> None:
    _, secret = await api.makes_token()
    one = [("Authorization", f"bearer {secret}")]
    assert (await anyone.get("/scorecards", headers=one)).status_code == 200
    problem(await anyone.get("/scorecards", headers=one * 2), 401, "unknown-token")


async def test_a_scorecard_that_it_does_not_reach_is_not_there(api: Api) -> None:
    await load(api.store, the_operator(), a_file(TINY))
    _, secret = await api.makes_token(scorecards=("tiny",))
    async with api.program(secret) as program:
        assert [each["key"] for each in (await program.get("/scorecards")).json()["items"]] == [
            "tiny"
        ]
        hidden = await program.post(READINGS, json={"value": "9"})
        missing = await program.post(READINGS.replace("billing", "b"), json={"value": "9"})
        told = [problem(each, 404, "not-found")["detail"] for each in (hidden, missing)]
    assert told[0].replace("billing", "b") == told[1]


async def test_a_scorecard_that_is_retired_is_not_there(api: Api, ci: httpx.AsyncClient) -> None:
    await editing.retire(api.store, the_operator(now=api.now), key="billing")
    problem(await ci.get("/scorecards/billing"), 404, "not-found")


async def test_a_revoked_token_is_unknown_at_once_in_every_process(billing: Store) -> None:
    async with (
        Store(billing.database_url) as other,
        served(billing) as here,
        served(other) as there,
    ):
        token, secret = await here.makes_token()
        async with here.program(secret) as one, there.program(secret) as two:
            for program in (one, two):
                assert (await program.get("/scorecards")).status_code == 200
            await tokens.revoke(other, the_operator(), token.id)
            for program in (one, two):
                problem(await program.get("/scorecards"), 401, "unknown-token")


async def test_its_last_use_is_noted_once_a_minute_after_the_answer(
    api: Api, ci: httpx.AsyncClient
) -> None:
    async def last_use() -> object:
        await api.rests()
        [token] = await tokens.all_of(api.store, the_operator())
        return token.last_used_at

    assert await last_use() is None
    await ci.get("/scorecards")
    first = api.now
    assert await last_use() == first
    api.passes(seconds=59)
    await ci.get("/scorecards")
    assert await last_use() == first
    api.passes(seconds=1)
    await asyncio.gather(*(ci.get("/scorecards") for _ in range(5)))
    assert await last_use() == api.now
    assert len(api.tasks) == 2


@billing_on_sqlite
async def test_one_asks_too_often_and_another_goes_on(billing: Store) -> None:
    limits = Limits(of_token=3, of_address=2, of_failures=2)
    # Time stands still: over the end of a minute one more may be answered.
    with freezegun.freeze_time(NOW, real_asyncio=True):
        async with served(billing, limits) as api:
            _, secret = await api.makes_token()
            _, others = await api.makes_token("Other")
            async with api.program(secret) as ci, api.program(others) as other:
                for _ in range(3):
                    assert (await ci.get("/scorecards")).status_code == 200
                answer = await ci.get("/scorecards")
                problem(answer, 429, "too-many")
                assert 1 <= int(answer.headers["retry-after"]) <= 120
                assert (await other.get("/scorecards")).status_code == 200
            async with api.program(None) as anyone:
                for _ in range(2):
                    assert (await anyone.get("/docs")).status_code == 200
                problem(await anyone.get("/docs"), 429, "too-many")
            async with api.program("kpi_" + "x" * 43) as guessing:
                for _ in range(2):
                    problem(await guessing.get("/scorecards"), 401, "unknown-token")
                answer = await guessing.get("/scorecards")
                problem(answer, 429, "too-many")
                assert "retry-after" in answer.headers
            async with api.program(others) as other:  # from the same address
                assert (await other.get("/scorecards")).status_code == 200


@billing_on_sqlite
async def test_unknown_addresses_and_methods_are_problems_too(ci: httpx.AsyncClient) -> None:
    problem(await ci.get("/nothing"), 404, "not-found")
    problem(await ci.get("/scorecards/"), 404, "not-found")
    answer = await ci.delete("/scorecards/billing")
    problem(answer, 405, "method")
    assert answer.headers["allow"] == "GET"
    assert (await ci.delete(READINGS)).headers["allow"] == "GET, POST"


@billing_on_sqlite
async def test_every_answer_has_the_headers_that_keep_it_safe(
    ci: httpx.AsyncClient, anyone: httpx.AsyncClient
) -> None:
    answers = [
        await ci.get("/scorecards"),
        await ci.post(READINGS, json={"value": "9"}),
        await ci.get("/nothing"),
        await anyone.get("/scorecards"),
    ]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@billing_on_sqlite
async def test_bodies_of_another_kind_unreadable_or_too_large_are_refused(
    api: Api, ci: httpx.AsyncClient
) -> None:
    as_json = {"Content-Type": "application/json"}
    problem(await ci.post(READINGS, content="value=9"), 415, "media-type")
    problem(await ci.post(READINGS, content="{", headers=as_json), 400, "unreadable")
    problem(
        await ci.post(READINGS, content=b'{"value": "\xff"}', headers=as_json), 400, "unreadable"
    )
    large = b'{"note": "' + b"n" * 70_000

    async def in_parts() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield large

    for content in (large, in_parts()):
        answer = await ci.post(READINGS, content=content, headers=as_json)
        problem(answer, 413, "too-large")
        assert answer.headers["connection"] == "close"
    assert len(await changes(api.store)) == 2  # the loading and the token


async def test_what_fails_is_logged_once_under_the_reference_that_is_told(
    api: Api,
    ci: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(*_: object) -> list[Scorecard]:
        raise RuntimeError(f"no {ZONE}")

    monkeypatch.setattr("app.services.scorecards.show_all", broken)
    told = problem(await ci.get("/scorecards"), 500, "failed")
    assert "Reference: " in told["detail"]
    assert str(ZONE) not in told["detail"]
    assert [record.levelname for record in caplog.records if record.levelno >= 30] == ["ERROR"]

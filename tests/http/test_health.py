"""The HTTP server: health, and its port."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest

from app.domain.errors import BadInput
from app.http.app import Check, build_http
from app.http.server import HttpServer


class Part:
    """Something whose health is asked for."""

    def __init__(self, trouble: str | None = None) -> None:
        self.trouble = trouble

    async def __call__(self) -> str | None:
        return self.trouble


@asynccontextmanager
async def _served(parts: Mapping[str, Check] | None = None) -> AsyncIterator[httpx.AsyncClient]:
    async with HttpServer(build_http(parts or {}), "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.port}"
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
            yield client


async def test_health_is_well_when_every_part_is() -> None:
    async with _served({"database": Part(), "slack": Part()}) as client:
        for path in ("/health", "/health/ready"):
            answer = await client.get(path)
            assert answer.status_code == 200
            well = {"status": "ok"}
            assert answer.json() == {"status": "ok", "checks": {"database": well, "slack": well}}


async def test_health_names_the_part_that_is_not_well_and_recovers() -> None:
    database = Part("no answer within 2 s")
    async with _served({"database": database, "slack": Part()}) as client:
        answer = await client.get("/health")
        assert answer.status_code == 503
        assert answer.json() == {
            "status": "unavailable",
            "checks": {
                "database": {"status": "failed", "reason": "no answer within 2 s"},
                "slack": {"status": "ok"},
            },
        }
        assert (await client.get("/health/live")).status_code == 200
        database.trouble = None
        assert (await client.get("/health")).status_code == 200


async def test_without_slack_over_http_its_requests_find_nothing() -> None:
    async with _served() as client:
        for path in ("/slack/events", "/docs", "/openapi.json", "/"):
            assert (await client.post(path)).status_code == 404


async def test_a_port_that_is_taken_is_named_with_its_remedy() -> None:
    async with HttpServer(build_http({}), "127.0.0.1", 0) as first:
        with pytest.raises(BadInput, match=rf"127\.0\.0\.1:{first.port}.*Set another port"):
            await HttpServer(build_http({}), "127.0.0.1", first.port).__aenter__()


async def test_a_request_that_runs_when_it_stops_is_answered() -> None:
    begun = asyncio.Event()

    async def slow() -> None:
        begun.set()
        await asyncio.sleep(0.2)

    async with httpx.AsyncClient(trust_env=False) as client:
        async with HttpServer(build_http({"database": slow}), "127.0.0.1", 0) as server:
            asked = asyncio.create_task(client.get(f"http://127.0.0.1:{server.port}/health"))
            await begun.wait()
        assert (await asked).status_code == 200

"""A program that talks to the API over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from app.domain.access import Token
from app.http.api import Limits, Parts, build_api
from app.http.app import build_http
from app.http.server import HttpServer
from app.services import tokens
from app.services.tokens import TokenForm
from app.store.engine import Store
from tests.services.builders import the_operator

NOW = datetime(2026, 3, 19, 15, 0, tzinfo=UTC)
READINGS = "/scorecards/billing/metrics/rollbacks/readings"
MILESTONES = "/scorecards/billing/milestones"


@dataclass
class Api:
    """A served API with its clock; `deliveries` counts how often it let Slack know at once."""

    store: Store
    address: str = ""
    now: datetime = NOW
    deliveries: int = 0
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        self.tasks.add(asyncio.ensure_future(work))

    async def deliver(self) -> None:
        self.deliveries += 1

    async def rests(self) -> None:
        await asyncio.gather(*self.tasks)

    async def makes_token(
        self, name: str = "CI", *, writes: bool = True, scorecards: tuple[str, ...] = ("billing",)
    ) -> tuple[Token, str]:
        form = TokenForm(name, scorecards, writes)
        return await tokens.make(self.store, the_operator(now=self.now), form)

    @asynccontextmanager
    async def program(self, secret: str | None) -> AsyncIterator[httpx.AsyncClient]:
        """What asks with a secret, or without one."""
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        async with httpx.AsyncClient(
            base_url=self.address, headers=headers, trust_env=False
        ) as client:
            yield client


@asynccontextmanager
async def served(store: Store, limits: Limits | None = None) -> AsyncIterator[Api]:
    """The API over a store, at a port of its own."""
    api = Api(store)
    parts = Parts(store, lambda: api.now, api.spawn, api.deliver, limits or Limits())
    async with HttpServer(build_http({}, api=build_api(parts)), "127.0.0.1", 0) as server:
        api.address = f"http://127.0.0.1:{server.port}/api/v1"
        yield api
        await api.rests()


def problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The problem that a request was answered with."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["type"] == f"/api/v1/docs#{slug}"
    assert told["status"] == status
    assert told["detail"]
    return told


def pointers(told: dict[str, Any]) -> list[str]:
    """Where in the body something is wrong."""
    return [each["pointer"] for each in told["errors"]]

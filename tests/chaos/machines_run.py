"""One run: machines, people at work, kills and a crash of PostgreSQL, and what came of all that."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

from app.playground import LocalSlack
from app.playground.request_urls import RequestUrls
from app.services import deliveries
from app.store.engine import Store
from tests.chaos.machines_fleet import Fleet, Machine, balanced
from tests.chaos.machines_ledger import Ledger, Line, figures
from tests.chaos.machines_people import Worker
from tests.chaos.machines_world import Time, World, furnished, load
from tests.slack.stage import MANIFEST
from tests.store.postgresql import PostgreSQL

PEOPLE = 4
SETTLE_SECONDS = 300.0
AFTERWARDS = timedelta(hours=2)
"""By then leases of the dead have run out, and what waits for another attempt is due."""
QUIET_SECONDS = 2.0
ANOTHER_DAY = 3600.0
"""Seconds; longer than the outbox pauses before it tries again."""


@dataclass(frozen=True)
class Plan:
    """What happens in a run; `transport` is `socket` or `http`."""

    transport: str
    minutes: float
    processes: int
    seed: int
    kill_every: float = 5.0
    """Seconds, more or less, as long as two processes work."""


@dataclass(frozen=True)
class Outcome:
    """What came of a run."""

    lines: list[Line]
    ledger: Ledger
    kills: int
    crashes: int
    stopped_well: bool

    @property
    def is_well(self) -> bool:
        return all(line.is_well for line in self.lines) and self.stopped_well


class Run:
    """A run under way."""

    def __init__(
        self, plan: Plan, server: PostgreSQL, database_url: str, world: World, fleet: Fleet
    ) -> None:
        self._plan, self._server, self._url = plan, server, database_url
        self._world, self._fleet = world, fleet
        self._ledger = Ledger()
        self._chance = random.Random(f"{plan.seed} {plan.transport}")  # noqa: S311

    async def done(self) -> Outcome:
        """From an empty database to the figures."""
        await self._fleet.start(self._world.time.ahead)
        async with Store(self._url) as store:
            await load(self._world, store, self._plan.minutes)
        await self._work()
        stopped = await self._settle()
        async with Store(self._url) as store:
            lines = await figures(self._world, self._ledger, store)
        return Outcome(lines, self._ledger, self._fleet.kills, 1, not any(stopped))

    async def _work(self) -> None:
        """People work while machines die; what they have begun they bring to its end."""
        acts, stopped = count(1), asyncio.Event()
        people = [
            Worker(self._world, self._ledger, number, self._chance, acts).work(stopped)
            for number in range(len(self._world.people))
        ]
        ahead = self._world.time.ahead
        async with asyncio.TaskGroup() as group:
            for each in people:
                group.create_task(each)
            pause = self._plan.kill_every
            group.create_task(self._fleet.kill_on_and_on(pause, self._chance, ahead, stopped))
            seconds = self._plan.minutes * 60
            await asyncio.sleep(seconds / 2)
            await asyncio.to_thread(self._server.crash)
            await asyncio.to_thread(self._server.start_again)
            await asyncio.sleep(seconds / 2)
            stopped.set()

    async def _settle(self) -> list[int]:
        """Stop all, and let successors finish later on; gives their exit statuses."""
        await self._fleet.stop()
        self._world.time.passes(AFTERWARDS)
        await self._fleet.start(self._world.time.ahead)
        await self._tell_again()
        async with Store(self._url) as store, asyncio.timeout(SETTLE_SECONDS):
            while await self._is_owed(store):  # noqa: ASYNC110
                await asyncio.sleep(0.5)
        await self._world.slack.settled(quiet=QUIET_SECONDS, timeout=SETTLE_SECONDS)
        return await self._fleet.stop()

    async def _is_owed(self, store: Store) -> bool:
        """Whether anything is still to be delivered, but for what is for another day."""
        due = await deliveries.next_due(store)
        return due is not None and due.timestamp() < self._world.time() + ANOTHER_DAY

    async def _tell_again(self) -> None:
        """Slack tells a last time of each event that nobody has acknowledged."""
        told = self._world.slack.journal.deliveries("events_api")
        heard = {entry.original["event_id"] for entry in told if entry.error is None}
        unheard = {
            entry.original["event_id"]: entry.original
            for entry in told
            if entry.original["event_id"] not in heard
        }
        self._ledger.done_again["event that Slack told again in the end"] += len(unheard)
        for payload in unheard.values():
            await self._world.slack.deliver("events_api", payload)


@asynccontextmanager
async def prepared(plan: Plan, server: PostgreSQL, url: str, log: Path) -> AsyncIterator[Run]:
    """A run with its Slack, its machines and an empty database."""
    moment = Time()
    async with AsyncExitStack() as stack:
        # What Slack tells for the third time, minutes later, is told when all has settled.
        slack = await stack.enter_async_context(
            LocalSlack(MANIFEST, clock=moment, event_retry_seconds=(0.0, 3.0))
        )
        environment = {
            **slack.environment,
            "DATABASE_URL": url,
            "KPI_TRANSPORT": plan.transport,
            "KPI_LOG_FORMAT": "json",
        }
        machines = [Machine(environment, log) for _ in range(plan.processes)]
        fleet = Fleet(machines)
        stack.push_async_callback(fleet.close)
        if plan.transport == "http":
            balancer = balanced([machine.port for machine in machines])
            address = await stack.enter_async_context(balancer)
            await slack.deliver_by_http(RequestUrls.at(f"{address}/slack/events"))
        yield Run(plan, server, url, furnished(slack, moment, PEOPLE), fleet)

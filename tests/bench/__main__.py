"""Measure the bot beside a bare Bolt app and print the tables: `python -m tests.bench`."""

import argparse
import asyncio
import os
import platform
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count

from tests.bench.measures import (
    Start,
    Times,
    at_once,
    one_by_one,
    started,
    to_opened_view,
)
from tests.bench.subjects import BARE_BOLT, KPI_SERVE, Subject, running
from tests.bench.tables import starts_table, times_table
from tests.store.postgresql import running_server

BARE = "Bolt no-op"


@dataclass(frozen=True)
class Plan:
    """How much is measured; `readings` are those in each of the databases."""

    databases: tuple[str, ...]
    readings: tuple[int, ...]
    starts: int
    commands: int
    rare_commands: int
    updates: int
    views: int
    in_flight: int


WHOLE = Plan(
    databases=("SQLite", "PostgreSQL"),
    readings=(100, 1_000_000),
    starts=5,
    commands=2_000,
    rare_commands=30,
    updates=200,
    views=200,
    in_flight=500,
)
QUICK = Plan(
    databases=("SQLite",),
    readings=(10,),
    starts=1,
    commands=50,
    rare_commands=2,
    updates=50,
    views=2,
    in_flight=50,
)


async def main(plan: Plan) -> None:
    """Print what is measured, table by table."""
    cores = os.cpu_count()
    print(f"Python {platform.python_version()}, {platform.machine()}, {cores} cores.", flush=True)
    with tempfile.TemporaryDirectory(prefix="kpi-bench-") as folder:
        _show(starts_table(await _starts(plan, folder)))
        async with _all_running(plan, folder) as subjects:
            await _answers(plan, subjects)


async def _starts(plan: Plan, folder: str) -> list[tuple[str, list[Start]]]:
    """Bare and whole bot in turns, each alone on the machine."""
    bare: list[Start] = []
    whole: list[Start] = []
    databases = (f"sqlite:///{folder}/start-{number}.db" for number in count())
    for _ in range(plan.starts):
        async with running(BARE_BOLT) as subject:
            bare.append(await started(subject))
        async with running(KPI_SERVE, next(databases), plan.readings[0]) as subject:
            whole.append(await started(subject))
    return [(BARE, bare), ("kpi serve", whole)]


@asynccontextmanager
async def _all_running(plan: Plan, folder: str) -> AsyncIterator[dict[str, Subject]]:
    async with AsyncExitStack() as stack:
        subjects = {BARE: await stack.enter_async_context(running(BARE_BOLT))}
        for database in plan.databases:
            server = stack.enter_context(running_server()) if database == "PostgreSQL" else None
            for readings in plan.readings:
                url = f"sqlite:///{folder}/{readings}.db"
                if server is not None:
                    url = stack.enter_context(server.database())
                bot = await stack.enter_async_context(running(KPI_SERVE, url, readings))
                subjects[f"{database}, {readings:,} readings"] = bot
        yield subjects


async def _answers(plan: Plan, subjects: Mapping[str, Subject]) -> None:
    everyone = list(subjects.values())

    def show(what: str, times: Sequence[Times]) -> None:
        _show(times_table(what, list(zip(subjects, times, strict=True))))

    # Answers to those who ask within a second have a part in common; here nobody does.
    alone = await one_by_one(everyone, "/kpi", plan.rare_commands, in_a_row=1, pause=1.1)
    show("/kpi, one a second", alone)
    for text in ("/kpi", "/kpi rollbacks"):
        show(text, await one_by_one(everyone, text, plan.commands))
    show(
        f"/kpi, {plan.in_flight} in flight",
        [await at_once(subject, "/kpi", plan.in_flight) for subject in everyone],
    )
    show(
        "/kpi ship, until views.open",
        [await to_opened_view(subject, plan.views) for subject in everyone],
    )
    text = "/kpi update rollbacks ~12"
    show(text, await one_by_one(everyone, text, plan.updates))


def _show(table: str) -> None:
    print(f"\n{table}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run, to see that it works")
    asyncio.run(main(QUICK if parser.parse_args().quick else WHOLE))

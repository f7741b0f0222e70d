# ruff: noqa: T201
"""Killing the bot at every step of a delivery: `python -m tests.chaos kills --runs 600 --seed 1`.

A run has a Slack, a database and processes of its own; `--run 17` does the run of that number
again, and nothing else.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from app.store.migrations import migrate
from tests.chaos.kills_life import Nursery
from tests.chaos.kills_run import Grounds, Outcome, Plan, Verdict, planned, run
from tests.store.postgresql import running_server

RUNS = 600
SHARE_ON_POSTGRESQL = 0.25
WARMING = Plan(-1, "digest", on_postgresql=False)
"""A run without a fault, whose first life warms the process from which the others are forked."""
STEP = 25
"""Runs between two lines of progress."""


@asynccontextmanager
async def grounds(*, with_postgresql: bool) -> AsyncIterator[Grounds]:
    """Where runs take place."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kpi-kills-")))
        sqlite = folder / "template"
        await asyncio.to_thread(migrate, f"sqlite:///{sqlite}")
        server, template = None, ""
        if with_postgresql:
            server = stack.enter_context(running_server())
            url = stack.enter_context(server.database())
            await asyncio.to_thread(migrate, url)
            template = make_url(url).database or ""
        async with Nursery() as nursery:
            those = Grounds(nursery, folder, sqlite, server, template)
            await run(those, WARMING)
            yield those


async def runs(
    plans: Iterable[Plan], *, with_postgresql: bool
) -> AsyncIterator[tuple[Plan, Outcome]]:
    """Do runs one after the other, and tell what came of each."""
    async with grounds(with_postgresql=with_postgresql) as those:
        for plan in plans:
            yield plan, await run(those, plan)


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    numbers = range(options.runs) if options.run is None else [options.run]
    share = 0.0 if options.sqlite else SHARE_ON_POSTGRESQL
    plans = [planned(options.seed, number, share) for number in numbers]
    return asyncio.run(_all(plans, options.seed, with_postgresql=not options.sqlite))


async def _all(plans: Sequence[Plan], seed: int, *, with_postgresql: bool) -> int:
    figures: Counter[tuple[str, str, Verdict]] = Counter()
    begun, is_well = time.monotonic(), True
    async for plan, outcome in runs(plans, with_postgresql=with_postgresql):
        figures[plan.owed, plan.fault, outcome.verdict] += 1
        if outcome.verdict in {Verdict.TWICE, Verdict.LOST} or len(plans) == 1:
            print(f"run {plan.number}: {outcome.verdict}, {plan}\n  {outcome.words}")
            is_well = is_well and outcome.verdict in {Verdict.ONCE, Verdict.ASKED}
        if figures.total() % STEP == 0:
            _progress(figures, len(plans), time.monotonic() - begun)
    _report(figures, seed, time.monotonic() - begun)
    return 0 if is_well else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos kills", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--run", type=int, help="do the run of this number alone")
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    return parser


def _progress(figures: Counter[tuple[str, str, Verdict]], wanted: int, seconds: float) -> None:
    verdicts = _by(figures, 2)
    told = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in Verdict)
    print(f"{figures.total():>5} of {wanted} runs, {seconds:,.0f} s: {told}", file=sys.stderr)


def _report(figures: Counter[tuple[str, str, Verdict]], seed: int, seconds: float) -> None:
    print(f"{figures.total():,} runs in {seconds:,.0f} s, seed {seed}")
    for title, place in (("what is owed", 0), ("fault", 1)):
        print(f"\n| {title} | runs | {' | '.join(Verdict)} |\n|---|--:|{'--:|' * len(Verdict)}")
        for name, count in _by(figures, place).items():
            counts = [
                sum(n for key, n in figures.items() if key[place] == name and key[2] is verdict)
                for verdict in Verdict
            ]
            print(f"| {name} | {count} | {' | '.join(map(str, counts))} |")


def _by(figures: Counter[tuple[str, str, Verdict]], place: int) -> Counter[str]:
    counted: Counter[str] = Counter()
    for key, count in figures.items():
        counted[key[place]] += count
    return counted

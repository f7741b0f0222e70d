# ruff: noqa: T201
"""Fuzzing the bot through its real doors: `python -m tests.chaos fuzz --cases 100000 --seed 1`.

Cases come in batches, each on a bot and a database of its own. A failure names its batch:
`--seed 1 --batch 17` sends that batch again, and nothing else.
"""

import argparse
import asyncio
import json
import logging
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, seed, settings

from app.demo.stage import BILLING
from app.files import read_scorecard_path
from app.services import loading
from app.slack.listeners import drawing
from app.store.engine import Store
from app.store.migrations import migrate
from tests.chaos.cases import Case, Sort, cases
from tests.chaos.seeds import Seed, gathered
from tests.chaos.sending import Outcome, Sender, hearing
from tests.slack.stage import HOME, OPERATING, Staging, set_up

BATCH = 500
PATIENCE = 3.0
"""Seconds for an answer, as Slack gives; over the socket a shape that can't be read gets none."""
MOST_SHOWN = 2_000


@dataclass
class Tally:
    """The figures of a run."""

    sorts: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[int, Case]] = field(default_factory=dict)
    """By failure: the batch and the case in which it was first seen."""

    def count(self, batch: int, case: Case, outcome: Outcome) -> None:
        self.sorts[case.sort] += 1
        self.names[case.name] += 1
        self.answers[outcome.answer] += 1
        if outcome.failure:
            self.failures[outcome.failure] += 1
            if outcome.failure not in self.first:
                self.first[outcome.failure] = batch, case
                print(f"batch {batch}: {outcome.failure[:300]}", file=sys.stderr, flush=True)


Send = Callable[[Case], Outcome]


@contextmanager
def a_bot(template: Path, transport: str) -> Iterator[tuple[Sequence[Seed], Send]]:
    """A bot with the real scorecard: payloads to start from, and the way to send it others."""
    with tempfile.TemporaryDirectory(prefix="kpi-fuzz-") as folder, asyncio.Runner() as runner:
        database = Path(shutil.copy(template, Path(folder) / "kpi.db"))
        staging = Staging(database, transport=transport)
        setting = set_up(staging)
        with hearing() as heard, patch.object(drawing, "AFTER_THE_ANSWER", 0.0):
            stage = runner.run(setting.__aenter__())
            seeds = runner.run(gathered(stage))
            stage.slack.answer_seconds = PATIENCE
            sender = runner.run(_sender(stage, heard))
            try:
                yield seeds, lambda case: runner.run(sender.send(case))
            finally:
                runner.run(sender.close())
                runner.run(setting.__aexit__(None, None, None))


async def _sender(*args: object) -> Sender:
    return Sender(*args)  # type: ignore[arg-type]


async def load_real_scorecard(database: Path) -> None:
    """A database with the real scorecard, at home in the stage's channel."""
    await asyncio.to_thread(migrate, f"sqlite:///{database}")
    async with Store(f"sqlite:///{database}") as store:
        await loading.load(store, OPERATING, read_scorecard_path(BILLING), channel=HOME)


def run_batch(
    template: Path, transport: str, number: int, *, size: int, seed_of_run: int, tally: Tally
) -> None:
    """Send one batch of cases to a bot of its own, and count what came of them."""
    sorts = tuple(Sort) if transport == "http" else tuple(s for s in Sort if s is not Sort.BODY)
    with a_bot(template, transport) as (seeds, send):

        @seed(seed_of_run * 1_000_003 + number)
        @settings(
            max_examples=size,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(cases(seeds, sorts))
        def each(case: Case) -> None:
            tally.count(number, case, send(case))

        each()


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    logging.getLogger().addHandler(logging.NullHandler())
    logging.lastResort = None
    tally, begun = Tally(), time.monotonic()
    count = -(-options.cases // BATCH)
    batches = range(count) if options.batch is None else [options.batch]
    with tempfile.TemporaryDirectory(prefix="kpi-fuzz-") as folder:
        template = Path(folder) / "template.db"
        asyncio.run(load_real_scorecard(template))
        for number in batches:
            transport = options.transport or ("http", "socket")[number % 2]
            run_batch(
                template, transport, number, size=BATCH, seed_of_run=options.seed, tally=tally
            )
            _progress(tally, options.cases, time.monotonic() - begun)
    _report(tally, options.seed, time.monotonic() - begun)
    return 1 if tally.failures else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, help="send this batch alone")
    parser.add_argument("--transport", choices=("http", "socket"), help="in turns without it")
    return parser


def _progress(tally: Tally, wanted: int, seconds: float) -> None:
    done = tally.sorts.total()
    print(
        f"{done:>7,} of {wanted:,} cases, {done / seconds:,.0f} a second, "
        f"{tally.failures.total()} failures",
        file=sys.stderr,
        flush=True,
    )


def _report(tally: Tally, seed_of_run: int, seconds: float) -> None:
    print(f"{tally.sorts.total():,} cases in {seconds:,.0f} s, seed {seed_of_run}")
    for title, counted in (("sort", tally.sorts), ("kind", tally.names), ("answer", tally.answers)):
        print(f"\n| {title} | cases |\n|---|--:|")
        for name, number in counted.most_common():
            print(f"| {name} | {number:,} |")
    print(f"\n{tally.failures.total()} failures of {len(tally.failures)} kinds")
    for failure, number in tally.failures.most_common():
        batch, case = tally.first[failure]
        print(f"\n{number} times, again by --seed {seed_of_run} --batch {batch}: {failure[:600]}")
        shown = repr(case.raw) if case.raw is not None else json.dumps(case.payload)
        print(f"  {case.sort} {case.name} {shown[:MOST_SHOWN]}")

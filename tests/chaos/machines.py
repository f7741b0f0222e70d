# ruff: noqa: T201
"""Machines that die while people work: `python -m tests.chaos machines --minutes 5 --seed 1`.

Several processes of the bot on one PostgreSQL, over Socket Mode and then over HTTP: one is killed
every few seconds and started again, and the PostgreSQL server crashes once.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.machines_run import Outcome, Plan, prepared
from tests.store.postgresql import running_server

TRANSPORTS = ("socket", "http")
KILL_EVERY = 5.0


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    transports = TRANSPORTS if options.transport is None else (options.transport,)
    is_well = True
    for transport in transports:
        minutes = options.minutes / len(transports)
        plan = Plan(transport, minutes, options.processes, options.seed, options.kill_every)
        outcome = asyncio.run(run(plan, options.log))
        _report(plan, outcome)
        is_well = is_well and outcome.is_well
    return 0 if is_well else 1


async def run(plan: Plan, log: Path | None = None) -> Outcome:
    """Carry a plan out, on a PostgreSQL server of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="kpi-machines-") as folder,
        running_server(survives_crashes=True) as server,
        server.database() as url,
    ):
        async with prepared(plan, server, url, log or Path(folder) / "log") as prepared_run:
            return await prepared_run.done()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos machines", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="of work, all together")
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kill-every", type=float, default=KILL_EVERY, help="seconds")
    parser.add_argument("--transport", choices=TRANSPORTS, help="one way alone")
    parser.add_argument("--log", type=Path, help="a file for what the processes say")
    return parser


def _report(plan: Plan, outcome: Outcome) -> None:
    ledger = outcome.ledger
    print(
        f"\n{plan.transport}, seed {plan.seed}: {plan.processes} processes, {plan.minutes:g} "
        f"minutes of work, {outcome.kills} kills, {outcome.crashes} crash of PostgreSQL"
    )
    print("\n| what | owed | exactly once | twice | lost | asked |\n|---|--:|--:|--:|--:|--:|")
    for line in outcome.lines:
        cells = (line.owed, line.once, line.twice, line.lost, line.asked)
        print(f"| {line.what} | {' | '.join(map(str, cells))} |")
    for line in outcome.lines:
        for each in line.odd:
            print(f"\nNot as it should be, of {line.what}: {each}")
    print("\n| how it ended for the person | times |\n|---|--:|")
    for ended, times in sorted(ledger.answers.items()):
        print(f"| {ended} | {times} |")
    for ended, times in sorted(ledger.done_again.items()):
        print(f"| done again: {ended} | {times} |")
    longest = max(ledger.outdated, default=0.0)
    print(
        f"\nOf {ledger.looks} looks right after an own update {len(ledger.outdated)} did not show "
        f"it yet, for {longest:.2f} s at most. Stopped in the end: "
        f"{'all well' if outcome.stopped_well else 'not all well'}."
    )
    sys.stdout.flush()

"""Measure the bot beside bare Bolt apps: `python -m tests.bench` prints and keeps docs/speed.md."""

import argparse
import asyncio
import os
import platform
import tempfile
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import sections
from tests.bench.javascript import NotThere, bare_bolt_js
from tests.bench.plans import QUICK, WHOLE, Plan
from tests.bench.report import Report, keep
from tests.bench.sections import BARE, JAVASCRIPT
from tests.bench.slow_line import slow_line
from tests.bench.subjects import BARE_BOLT, KPI_SERVE, Program, Subject, running
from tests.store.postgresql import PostgreSQL, running_server

POSTGRESQL = "PostgreSQL"
SLOW_SECONDS = 0.2


async def main(plan: Plan) -> str:
    """Print what is measured, section by section; all of it in Markdown."""
    report = Report(_introduction())
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kpi-bench-")))
        server = stack.enter_context(running_server()) if POSTGRESQL in plan.databases else None
        javascript = _javascript(folder, report) if plan.with_javascript else None
        await sections.starts(plan, report, folder, javascript)
        async with AsyncExitStack() as bots:
            subjects = await _subjects(bots, plan, folder, server, javascript)
            slow = await _slow_subjects(bots, plan, server) if server else {}
            await sections.commands(plan, report, subjects)
            await sections.in_flight(plan, report, subjects, slow)
            await sections.changes(plan, report, subjects, slow)
            await sections.pictures(plan, report, subjects, folder)
        digests = _empty_databases(stack, plan, folder / "digests.db", server)
        bulk = _empty_databases(stack, plan, folder / "bulk.db", server)
        await sections.digest(plan, report, digests)
        await sections.bulk(plan, report, bulk)
    return report.end()


def _introduction() -> str:
    """The machine, the Python, the day."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}"
    day = datetime.now(UTC).date()
    return f"Measured on {day} on {machine}, with Python {platform.python_version()}."


def _javascript(folder: Path, report: Report) -> Program | None:
    try:
        return bare_bolt_js(folder / "javascript")
    except NotThere as error:
        report.add(JAVASCRIPT, f"Not measured: {error}.")
        return None


async def _subjects(
    stack: AsyncExitStack,
    plan: Plan,
    folder: Path,
    server: PostgreSQL | None,
    javascript: Program | None,
) -> dict[str, Subject]:
    """The baselines and a bot for each database, all of them running until the stack ends."""
    subjects = {BARE: await stack.enter_async_context(running(BARE_BOLT))}
    if javascript is not None:
        subjects[JAVASCRIPT] = await stack.enter_async_context(running(javascript))
    for database in plan.databases:
        for readings in plan.readings:
            url = _empty_database(stack, database, folder / f"{readings}.db", server)
            bot = await stack.enter_async_context(running(KPI_SERVE, url, readings))
            subjects[f"{database}, {readings:,} readings"] = bot
    return subjects


async def _slow_subjects(
    stack: AsyncExitStack, plan: Plan, server: PostgreSQL
) -> dict[str, Subject]:
    """A bot whose PostgreSQL takes long for each query, once the bot is up."""
    url = stack.enter_context(server.database())
    line = await stack.enter_async_context(slow_line(url))
    bot = await stack.enter_async_context(
        running(KPI_SERVE, url, plan.readings[0], served_url=line.url)
    )
    line.seconds = SLOW_SECONDS
    return {f"{POSTGRESQL}, {SLOW_SECONDS * 1e3:.0f} ms more for each query": bot}


def _empty_databases(
    stack: AsyncExitStack, plan: Plan, path: Path, server: PostgreSQL | None
) -> dict[str, str]:
    return {database: _empty_database(stack, database, path, server) for database in plan.databases}


def _empty_database(
    stack: AsyncExitStack, database: str, path: Path, server: PostgreSQL | None
) -> str:
    """The address of a new database: a file, or one of the server's until the stack ends."""
    if database == POSTGRESQL and server is not None:
        return stack.enter_context(server.database())
    return f"sqlite:///{path}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a short run, to see that it works; keeps nothing"
    )
    if parser.parse_args().quick:
        asyncio.run(main(QUICK))
    else:
        keep(asyncio.run(main(WHOLE)))

"""Readings in bulk, and executemany of the same rows, in turns:
`python -m tests.bench.bulk DATABASE_URL COUNT TIMES`."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from app.files.rows import Row
from app.main import utc_now
from app.services import bulk, scorecards
from app.services.callers import OPERATOR, Caller, Surface
from app.store.engine import Store

_INTO = (
    "INSERT INTO readings (metric_id, number, qualifier, at, recorded_at, reported_by, surface,"
    " note, milestone_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_SPACING = timedelta(seconds=1)


def rows(metrics: Sequence[str], count: int, until: datetime) -> Iterator[Row]:
    """So many readings of these metrics in turns, a second apart, the last one at an instant."""
    for number in range(count):
        at = until - _SPACING * (count - number)
        yield Row(number + 1, metrics[number % len(metrics)], str(number % 97), at)


def execute_many(database_url: str, metrics: int, count: int, until: datetime) -> float:
    """Seconds that the driver takes to write as many rows, already parsed, in one transaction."""
    url = make_url(database_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    values = list(_values(metrics, count, until, is_sqlite=is_sqlite))
    if is_sqlite:
        with closing(sqlite3.connect(url.database or "")) as sqlite:
            begun = perf_counter()
            sqlite.executemany(_INTO.replace("%s", "?"), values)
            sqlite.commit()
            return perf_counter() - begun
    with psycopg.connect(database_url) as postgresql:
        begun = perf_counter()
        postgresql.cursor().executemany(_INTO, values)
        postgresql.commit()
        return perf_counter() - begun


def _values(
    metrics: int, count: int, until: datetime, *, is_sqlite: bool
) -> Iterator[tuple[Any, ...]]:
    for number in range(count):
        at = until - _SPACING * (count - number)
        metric_id, value = number % metrics + 1, number % 97
        who = "U0BENCH", "file", "", None
        if is_sqlite:
            told = f"{at:%Y-%m-%d %H:%M:%S.%f}"
            yield metric_id, str(value), "exact", told, told, *who
        else:
            yield metric_id, Decimal(value), "exact", at, at, *who


async def main(database_url: str, count: int, times: int) -> None:
    """Print the seconds of each, run by run."""
    found = [
        await _once(database_url, count, utc_now() - _SPACING * 2 * count * number)
        for number in range(times)
    ]
    print(json.dumps({name: [each[name] for each in found] for name in found[0]}))


async def _once(database_url: str, count: int, until: datetime) -> dict[str, float]:
    now = utc_now().astimezone(UTC)
    caller = Caller(OPERATOR, Surface.FILE, now)
    async with Store(database_url) as store:
        snapshot = await scorecards.show(store, caller)
        metrics = [metric.key for metric in snapshot.scorecard.metrics]
        begun = perf_counter()
        planned = await bulk.plan(store, caller, None, rows(metrics, count, until))
        looked_at = perf_counter()
        done = await bulk.write(store, caller, planned)
        recorded = perf_counter()
    if len(done.plan.new) != count:
        raise RuntimeError(f"{len(done.plan.new)} of {count} readings were recorded")
    before = until - _SPACING * count
    return {
        "executemany": execute_many(database_url, len(metrics), count, before),
        "checking": looked_at - begun,
        "recording": recorded - looked_at,
    }


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

"""Digests, and one query for their figures: `python -m tests.bench.digests DATABASE_URL COUNT`."""

import asyncio
import gc
import json
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from time import perf_counter

import psycopg
from sqlalchemy.engine import make_url

from app.domain.metrics import WEEK
from app.domain.paces import PACE_PERIOD
from app.domain.prospects import looked_at
from app.main import utc_now
from app.services import digests, scorecards
from app.services.callers import OPERATOR, Caller, Surface
from app.store.engine import Store
from tests.bench.own_process import peak

_COUNTS = "NOT EXISTS (SELECT 1 FROM withdrawals WHERE reading_id = readings.id)"
_ON_SQLITE = f"""
    SELECT metrics.key, ends.value, readings.number, readings.qualifier, readings.at
    FROM metrics CROSS JOIN json_each(?) AS ends
    JOIN readings ON readings.id = (
        SELECT id FROM readings
        WHERE metric_id = metrics.id AND at <= ends.value AND {_COUNTS}
        ORDER BY at DESC, id DESC LIMIT 1
    )
"""  # noqa: S608
_ON_POSTGRESQL = f"""
    SELECT metrics.key, ends.at, newest.number, newest.qualifier, newest.at
    FROM metrics CROSS JOIN unnest(%s::timestamptz[]) AS ends(at) CROSS JOIN LATERAL (
        SELECT number, qualifier, at FROM readings
        WHERE metric_id = metrics.id AND at <= ends.at AND {_COUNTS}
        ORDER BY at DESC, id DESC LIMIT 1
    ) AS newest
"""  # noqa: S608
"""What a digest's figures are taken from: of each metric the value now, a week ago, four weeks ago
and at the ends of the days and weeks that its forecast looks back on."""


def query(database_url: str, ends: Sequence[datetime], count: int) -> list[float]:
    """Seconds that the query took, all rows fetched, each of `count` times on one connection."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        texts = json.dumps([f"{end:%Y-%m-%d %H:%M:%S.%f}" for end in ends])
        with closing(sqlite3.connect(url.database or "")) as sqlite:
            return _seconds(lambda: sqlite.execute(_ON_SQLITE, [texts]).fetchall(), count)
    with psycopg.connect(database_url) as postgresql:
        return _seconds(lambda: postgresql.execute(_ON_POSTGRESQL, [list(ends)]).fetchall(), count)


def _seconds(run: Callable[[], Sequence[object]], count: int) -> list[float]:
    found = []
    for _ in range(count):
        begun = perf_counter()
        run()
        found.append(perf_counter() - begun)
    return found


async def main(database_url: str, count: int) -> None:
    """Print the seconds of each, and the memory that the digests took, in MB above idle."""
    caller = Caller(OPERATOR, Surface.SCHEDULE, utc_now())
    ends = [caller.now, caller.now - WEEK, caller.now - PACE_PERIOD, *looked_at(caller.now)]
    seconds = []
    async with Store(database_url) as store:
        await scorecards.homes(store, caller)
        gc.collect()
        gc.freeze()  # as the bot does once it is up
        with peak() as memory:
            for _ in range(count):
                begun = perf_counter()
                await digests.preview(store, caller)
                seconds.append(perf_counter() - begun)
    found = {"query": query(database_url, ends, count), "digest": seconds}
    print(json.dumps({**found, "above_idle_mb": memory.above_mb}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))

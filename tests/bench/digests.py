"""Digests, and a query for their figures: `python -m tests.bench.digests DATABASE_URL COUNT`."""

import asyncio
import gc
import json
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from math import isclose
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from app.domain.digests import Digest
from app.domain.forecasts import Forecast
from app.domain.metrics import WEEK
from app.domain.paces import PACE_PERIOD
from app.domain.prospects import looked_at
from app.main import utc_now
from app.services import digests, scorecards
from app.services.callers import OPERATOR, Caller, Surface
from app.store.engine import Store
from tests.bench.own_process import peak

_READINGS = """
    SELECT metrics.id, readings.number, readings.qualifier, readings.at
    FROM metrics CROSS JOIN {ends} CROSS JOIN readings
    WHERE readings.id = {newest}
"""
_FIGURES = """
    WITH picked AS MATERIALIZED (
        SELECT DISTINCT metrics.key AS metric, {newest} AS reading
        FROM metrics CROSS JOIN {ends}
    ),
    looked_at AS MATERIALIZED (
        SELECT metric, {value} AS value, {day} AS day
        FROM picked CROSS JOIN readings WHERE readings.id = picked.reading
    ),
    steps AS MATERIALIZED (
        SELECT metric, value - LAG(value) OVER line AS change, day - LAG(day) OVER line AS span,
            LAG(day) OVER line >= MAX(CASE WHEN day <= {now} - 28 THEN day END)
                OVER (PARTITION BY metric) AS is_recent
        FROM looked_at WINDOW line AS (PARTITION BY metric ORDER BY day)
    ),
    paces AS MATERIALIZED (
        SELECT metric, SUM(change) / SUM(span) AS a_day, COUNT(*) AS steps
        FROM steps WHERE is_recent GROUP BY metric
    )
    SELECT metric, a_day,
        SQRT(SUM(CASE WHEN is_recent THEN POWER(change - a_day * span, 2) / span END)
            / NULLIF(steps - 1, 0)),
        3.268 * AVG(ABS(change) / SQRT(span / 7))
    FROM steps JOIN paces USING (metric) WHERE change IS NOT NULL GROUP BY metric, a_day, steps
"""
"""What a digest's figures are, of each metric: the pace seen a day, the deviation from it that its
forecast rests on, and how much it usually moves in a week; from its values now, a week ago, four
weeks ago and at the ends of the days and weeks that a forecast looks back on."""

_NEWEST = """(
    SELECT id FROM readings
    WHERE metric_id = metrics.id AND at <= ends.at
        AND NOT EXISTS (SELECT 1 FROM withdrawals WHERE reading_id = readings.id)
    ORDER BY at DESC, id DESC LIMIT 1
)"""
_DIALECTS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "ends": "(SELECT value AS at FROM json_each(?)) AS ends",
        "newest": _NEWEST,
        "value": "CAST(readings.number AS REAL)",
        "day": "julianday(readings.at)",
        "now": "julianday(?)",
    },
    "postgresql": {
        "ends": "unnest(%s::timestamptz[]) AS ends(at)",
        "newest": _NEWEST,
        "value": "readings.number::float8",
        "day": "extract(epoch FROM readings.at)::float8 / 86400",
        "now": "extract(epoch FROM %s::timestamptz)::float8 / 86400",
    },
}


@dataclass(frozen=True)
class Queried:
    """Seconds that a query took each time, with all its rows fetched, and these rows."""

    seconds: Sequence[float]
    rows: Sequence[Sequence[Any]]


def queries(
    database_url: str, now: datetime, ends: Sequence[datetime], count: int
) -> tuple[Queried, Queried]:
    """The query for the readings and that for the figures, each `count` times on a connection."""
    url = make_url(database_url)
    dialect = _DIALECTS[url.get_backend_name()]
    readings, figures = _READINGS.format(**dialect), _FIGURES.format(**dialect)
    if url.get_backend_name() == "sqlite":
        texts = json.dumps([_as_text(end) for end in ends])
        with closing(sqlite3.connect(url.database or "")) as sqlite:
            return (
                _timed(lambda: sqlite.execute(readings, [texts]).fetchall(), count),
                _timed(lambda: sqlite.execute(figures, [texts, _as_text(now)]).fetchall(), count),
            )
    with psycopg.connect(database_url) as postgresql:
        return (
            _timed(lambda: postgresql.execute(readings, [list(ends)]).fetchall(), count),
            _timed(lambda: postgresql.execute(figures, [list(ends), now]).fetchall(), count),
        )


def _as_text(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S.%f}"


def _timed(run: Callable[[], Sequence[Sequence[Any]]], count: int) -> Queried:
    seconds: list[float] = []
    rows: Sequence[Sequence[Any]] = ()
    for _ in range(count):
        begun = perf_counter()
        rows = run()
        seconds.append(perf_counter() - begun)
    return Queried(seconds, rows)


def _compare(digest: Digest, figures: Queried) -> None:
    """Raises RuntimeError unless the query gives the digest's figures."""
    paces = {metric: a_day for metric, a_day, *_ in figures.rows}
    for metric, prospect in digest.prospects.items():
        forecast = prospect.forecast
        if isinstance(forecast, Forecast) and not isclose(
            forecast.drift, paces[metric], rel_tol=1e-3, abs_tol=1e-6
        ):
            raise RuntimeError(f"{metric}: {forecast.drift} in the digest, {paces[metric]} by SQL")


async def main(database_url: str, count: int) -> None:
    """Print the seconds of each, and the memory that the digests took, in MB above idle."""
    caller = Caller(OPERATOR, Surface.SCHEDULE, utc_now())
    digest: Digest | None = None
    ends = [caller.now, caller.now - WEEK, caller.now - PACE_PERIOD, *looked_at(caller.now)]
    seconds = []
    async with Store(database_url) as store:
        await scorecards.homes(store, caller)
        gc.collect()
        gc.freeze()  # as the bot does once it is up
        with peak() as memory:
            for _ in range(count):
                begun = perf_counter()
                digest = await digests.preview(store, caller)
                seconds.append(perf_counter() - begun)
    readings, figures = queries(database_url, caller.now, ends, count)
    if digest is not None:
        _compare(digest, figures)
    found = {"readings": readings.seconds, "figures": figures.seconds, "digest": seconds}
    print(json.dumps({**found, "above_idle_mb": memory.above_mb}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))

"""Databases with the real scorecard and any number of readings in it."""

from itertools import cycle

from sqlalchemy import create_engine, text

from app.demo.stage import BILLING
from app.files import ScorecardFile, read_scorecard_path
from app.main import utc_now
from app.services import loading
from app.services.callers import OPERATOR, Caller, Surface
from app.store.engine import Store, sync_url
from app.store.migrations import migrate

PERIOD_SECONDS = 350 * 24 * 60 * 60
"""The readings lie evenly over most of a year, up to an hour ago."""

_INSTANT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-' || (3600 + i * :step) || ' seconds')",
    "postgresql": "now() - (3600 + i * :step) * interval '1 second'",
}
_FILL = """
    INSERT INTO readings
        (metric_id, number, qualifier, at, recorded_at, reported_by, surface, note)
    WITH RECURSIVE numbers(i) AS (
        SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < :last
    )
    SELECT id, CAST(1 + i % 9 AS {number}), 'exact', {instant}, {instant}, 'U0BENCH', 'command', ''
    FROM numbers, metrics
"""


async def fill(database_url: str, readings: int, channel: str, *, metrics: int = 0) -> None:
    """Migrate, load the real scorecard at home in a channel, and add readings to its metrics.

    With a number of `metrics` it has so many, which are its own again and again, and no more.
    """
    migrate(database_url)
    file = read_scorecard_path(BILLING)
    if metrics:
        file = _with_metrics(file, metrics)
    async with Store(database_url) as store:
        caller = Caller(OPERATOR, Surface.FILE, utc_now())
        await loading.load(store, caller, file, channel=channel)
    engine = create_engine(sync_url(database_url))
    dialect = engine.dialect.name
    statement = _FILL.format(
        instant=_INSTANT[dialect], number="TEXT" if dialect == "sqlite" else "NUMERIC"
    )
    with engine.begin() as connection:
        found = connection.execute(text("SELECT count(*) FROM metrics")).scalar_one()
        each = readings // found
        connection.execute(text(statement), {"last": each - 1, "step": PERIOD_SECONDS // each})
        if dialect == "postgresql":  # as it does itself, within a minute
            connection.execute(text("ANALYZE"))
    engine.dispose()


def _with_metrics(file: ScorecardFile, count: int) -> ScorecardFile:
    metrics = tuple(
        metric.model_copy(update={"key": f"metric-{number}", "name": f"Metric {number}"})
        for number, metric in zip(range(count), cycle(file.metrics), strict=False)
    )
    parts = {"metrics": metrics, "readings": (), "milestones": (), "phases": ()}
    return file.model_copy(update=parts)

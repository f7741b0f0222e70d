"""Databases with the real scorecard and any number of readings in it."""

from sqlalchemy import create_engine, text

from app.demo.stage import BILLING
from app.files import read_scorecard_path
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


async def fill(database_url: str, readings: int, channel: str) -> None:
    """Migrate, load the real scorecard at home in a channel, and add readings to its metrics."""
    migrate(database_url)
    async with Store(database_url) as store:
        caller = Caller(OPERATOR, Surface.FILE, utc_now())
        await loading.load(store, caller, read_scorecard_path(BILLING), channel=channel)
    engine = create_engine(sync_url(database_url))
    dialect = engine.dialect.name
    statement = _FILL.format(
        instant=_INSTANT[dialect], number="TEXT" if dialect == "sqlite" else "NUMERIC"
    )
    with engine.begin() as connection:
        metrics = connection.execute(text("SELECT count(*) FROM metrics")).scalar_one()
        each = readings // metrics
        connection.execute(text(statement), {"last": each - 1, "step": PERIOD_SECONDS // each})
    engine.dispose()

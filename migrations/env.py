"""How Alembic reaches the database; its settings stand in pyproject.toml."""

import os
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine, event, pool, text

from app.store.engine import sync_url
from app.store.tables import metadata
from app.store.types import ExactDecimal, UtcInstant

MIGRATION_LOCK = 5_243_201


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration stands by itself: it names no type that the program may change later."""
    if kind != "type":
        return False
    if isinstance(item, ExactDecimal):
        return 'sa.String().with_variant(sa.Numeric(), "postgresql")'
    if isinstance(item, UtcInstant):
        return "sa.DateTime(timezone=True)"
    return "sa.String()" if type(item).__name__ == "AutoString" else False


def one_after_the_other(connection: Connection) -> None:
    """Processes that start together migrate in turn: the second finds nothing left to do."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))


def leave_transactions_alone(connection: Any, _record: object) -> None:
    """Python's SQLite driver would begin none for the statements that make tables."""
    connection.isolation_level = None


def run() -> None:
    url = context.config.attributes.get("database_url") or os.environ.get(
        "DATABASE_URL", "sqlite:///kpi.db"
    )
    engine = create_engine(sync_url(url), poolclass=pool.NullPool)
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        event.listen(engine, "connect", leave_transactions_alone)
    event.listen(engine, "begin", one_after_the_other)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=is_sqlite,
            render_item=plain_type,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()

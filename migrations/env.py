"""How Alembic reaches the database; its settings stand in pyproject.toml."""

import os
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import create_engine, pool, text

from app.store.engine import sync_url
from app.store.tables import metadata
from app.store.types import ExactDecimal, UtcInstant

MIGRATION_LOCK = 5_243_201
"""Two processes that start together on PostgreSQL migrate one after the other."""


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration stands by itself: it names no type that the program may change later."""
    if kind != "type":
        return False
    if isinstance(item, ExactDecimal):
        return 'sa.String().with_variant(sa.Numeric(), "postgresql")'
    if isinstance(item, UtcInstant):
        return "sa.DateTime(timezone=True)"
    return "sa.String()" if type(item).__name__ == "AutoString" else False


def run() -> None:
    url = context.config.attributes.get("database_url") or os.environ.get(
        "DATABASE_URL", "sqlite:///kpi.db"
    )
    engine = create_engine(sync_url(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=is_sqlite,
            render_item=plain_type,
        )
        with context.begin_transaction():
            if not is_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            context.run_migrations()
    engine.dispose()


run()

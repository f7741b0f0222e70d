"""Migrations, run from inside the program: what is there, and up to the newest."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from app.store.engine import sync_url

SCRIPTS = Path(__file__).parents[2] / "migrations"


def _config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["database_url"] = database_url
    return config


def newest_revision() -> str:
    head = ScriptDirectory(str(SCRIPTS)).get_current_head()
    if head is None:
        raise RuntimeError(f"there are no migrations in {SCRIPTS}")
    return head


def current_revision(database_url: str) -> str | None:
    """The revision a database is at; None for an empty one."""
    engine = create_engine(sync_url(database_url))
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def migrate(database_url: str) -> str:
    """Bring a database to the newest revision; gives that revision."""
    command.upgrade(_config(database_url), "head")
    return newest_revision()

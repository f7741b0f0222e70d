"""Migrations, run from inside the program: what is there, and up to the newest."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from app.domain.errors import BadInput
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


def prepare_database(database_url: str) -> None:
    """Set up a new database; raises `BadInput` for one that has other tables than ours now.

    Only an empty database is touched: changing one with data in it is for its
    operator to decide.
    """
    current = current_revision(database_url)
    if current is None:
        migrate(database_url)
    elif current != newest_revision():
        raise BadInput(
            f"The database is at revision {current}, this program works with "
            f"{newest_revision()}. Back it up, then run: kpi migrate"
        )


def migrate(database_url: str) -> str:
    """Bring a database to the newest revision; gives that revision."""
    command.upgrade(_config(database_url), "head")
    return newest_revision()

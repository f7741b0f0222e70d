"""Migrations, run from inside the program: what is there, and up to the newest.

Alembic is imported only to migrate: a bot whose database is up to date has 10 MB without it.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, inspect, text

from app.domain.errors import BadInput
from app.store.engine import Store, sync_url

SCRIPTS = Path(__file__).parents[2] / "migrations"

_REVISION = "SELECT version_num FROM alembic_version"


@cache
def known_revisions() -> tuple[str, ...]:
    """The revisions, oldest first: what stands before the first `_` in their files' names."""
    files = sorted((SCRIPTS / "versions").glob("*.py"))
    return tuple(file.name.partition("_")[0] for file in files)


def newest_revision() -> str:
    """The revision that this program works with."""
    return known_revisions()[-1]


async def revision_of(store: Store) -> str | None:
    """The revision of a running bot's database; raises `SQLAlchemyError` for one without tables."""
    async with store.reading() as session:
        row = (await session.exec(text(_REVISION))).first()  # type: ignore[call-overload]
    return str(row[0]) if row else None


def current_revision(database_url: str) -> str | None:
    """The revision a database is at; None for an empty one, or for a file that isn't there."""
    url = sync_url(database_url)
    if url.drivername == "sqlite" and not Path(url.database or "").exists():
        return None
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text(_REVISION)).scalar()
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
    else:
        refuse_other_revision(current)


def refuse_other_revision(current: str | None) -> None:
    """Raises `BadInput`, with what helps, unless a database at this revision can be used."""
    newest = newest_revision()
    if current is None:
        raise BadInput("The database has no tables yet. Run: kpi migrate")
    if current != newest:
        refuse_unknown(current)
        raise BadInput(
            f"The database is at revision {current}, this program works with "
            f"{newest}. Back it up, then run: kpi migrate"
        )


def migrate(database_url: str) -> str:
    """Bring a database to the newest revision; gives that revision.

    Raises `BadInput` for a database that a newer version of this program has changed.
    """
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    refuse_unknown(current_revision(database_url))
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")
    return newest_revision()


def refuse_unknown(current: str | None) -> None:
    """Raises `BadInput` for a revision that only a newer version of this program knows."""
    if current is not None and current not in known_revisions():
        raise BadInput(
            f"The database is at revision {current}, which this program doesn't know. Update the "
            "program, or use a backup from before the database was changed."
        )

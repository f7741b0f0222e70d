"""Migrations: from nothing to what the models say, and back."""

import subprocess
import sys
from contextlib import ExitStack

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from app.store.engine import sync_url
from app.store.migrations import SCRIPTS, current_revision, migrate, newest_revision
from app.store.tables import metadata


def _tables(database_url: str) -> set[str]:
    engine = create_engine(sync_url(database_url))
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_the_migrated_database_is_what_the_models_say(database_url: str) -> None:
    engine = create_engine(sync_url(database_url))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_an_empty_database_is_brought_to_the_newest_revision_and_back(
    empty_database_url: str,
) -> None:
    assert current_revision(empty_database_url) is None
    assert migrate(empty_database_url) == newest_revision() == current_revision(empty_database_url)
    assert _tables(empty_database_url) == {*metadata.tables, "alembic_version"}

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["database_url"] = empty_database_url
    command.downgrade(config, "base")
    assert _tables(empty_database_url) == {"alembic_version"}
    assert current_revision(empty_database_url) is None
    migrate(empty_database_url)
    assert current_revision(empty_database_url) == newest_revision()


def test_migrating_again_changes_nothing(database_url: str) -> None:
    assert migrate(database_url) == current_revision(database_url)


STARTING = """
import sys
from app.store.migrations import current_revision, prepare_database
print("ready", flush=True)
sys.stdin.readline()
prepare_database(sys.argv[1])
print(current_revision(sys.argv[1]))
"""


def test_processes_that_start_together_on_an_empty_database_all_find_it_migrated(
    empty_database_url: str,
) -> None:
    command = [sys.executable, "-c", STARTING, empty_database_url]
    with ExitStack() as stack:
        starting = [
            stack.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            for _ in range(3)
        ]
        for each in starting:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in starting:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        found = [each.communicate(timeout=60)[0].strip() for each in starting]
        assert [each.returncode for each in starting] == [0, 0, 0]
    assert found == [newest_revision()] * 3

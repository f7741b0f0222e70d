"""`kpi backup` and `kpi restore`."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.config import read_settings
from app.store import backups
from app.store.backups import Contents

Force = Annotated[bool, typer.Option("--force", help="Replace what is there.")]


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write the copy.")], force: Force = False
) -> None:
    """Copy the database into a file, while the bot runs.

    The copy is as the database was at one moment, and is checked before it counts. For
    PostgreSQL, the command to run is shown instead.

    \b
    Examples:
      kpi backup kpi-backup.db
      kpi backup --force /backups/kpi.db
    """
    with _failures():
        contents = backups.back_up(read_settings().database_url, file, force=force)
    print(f"{file}: {_held(contents)}; whole, at revision {contents.revision}.")


def restore(
    file: Annotated[Path, typer.Argument(help="What kpi backup has written.")],
    force: Force = False,
) -> None:
    """Make a backup the database. Stop the bot first.

    The backup is checked and brought to the newest tables before anything is replaced, and the
    database from before is kept beside it. For PostgreSQL, the command to run is shown instead.

    \b
    Examples:
      kpi restore kpi-backup.db
      kpi restore --force kpi-backup.db
    """
    now = datetime.now(UTC)
    with _failures():
        restored = backups.restore(read_settings().database_url, file, now, force=force)
    contents = restored.contents
    print(f"{file} is restored: {_held(contents)}, at revision {contents.revision}.")
    if restored.kept is not None:
        print(f"The database from before is kept as {restored.kept}.")


def _held(contents: Contents) -> str:
    """`1 scorecard, 5 metrics`; every noun here makes its plural with an s."""
    return ", ".join(
        f"{count} {noun.removesuffix('s') if count == 1 else noun}"
        for noun, count in contents.counts.items()
    )


@contextmanager
def _failures() -> Iterator[None]:
    """What the disk or the database doesn't let happen ends the command with status 1."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        print(f"kpi: nothing was replaced: {error}", file=sys.stderr)
        raise typer.Exit(1) from None

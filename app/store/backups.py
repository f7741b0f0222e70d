"""Backups of a SQLite database: copies that are whole, and their way back.

PostgreSQL has tools of its own for that; here is only how to call them.
"""

import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy.engine import URL

from app.domain.errors import BadInput
from app.store.engine import sync_url
from app.store.migrations import migrate, refuse_unknown

COUNTED = ("scorecards", "metrics", "readings", "milestones", "changes")
"""The tables by which it is told what a backup holds."""

_IN_USE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a database that was not closed."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds: its revision, and how many there are of each of `COUNTED`."""

    revision: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that is the database now, and where the one before it is kept, if there was one."""

    contents: Contents
    kept: Path | None


def back_up(database_url: str, copy: Path, *, force: bool = False) -> Contents:
    """Copy the database as it is at one moment, while others may write; gives what the copy holds.

    Raises `BadInput` for a file that exists, unless `force`, and for a database that isn't there;
    `sqlite3.Error` or `OSError` where reading or writing fails. A copy is there whole or not at
    all, readable by its owner alone. See https://www.sqlite.org/backup.html.
    """
    database = _file(database_url, ["pg_dump", "--format=custom", f"--file={copy}"])
    if not database.exists():
        raise BadInput(f"There is no database at “{database}”.")
    if copy.exists() and (not force or copy.samefile(database)):
        raise BadInput(f"“{copy}” exists. Name another file, or replace it with --force.")
    if not copy.parent.is_dir():
        raise BadInput(f"There is no folder “{copy.parent}”. Make it first, or name another.")
    with _unfinished(copy) as new:
        _copy(database, new, mode="rw")
        contents = _contents(new)
        new.replace(copy)
    return contents


def restore(database_url: str, copy: Path, now: datetime, *, force: bool = False) -> Restored:
    """Make a backup the database, at the newest revision; the one before it is kept beside it.

    Raises `BadInput` for a file that is no whole backup or of a newer program, while the database
    is in use, and for one that holds scorecards, unless `force`; `sqlite3.Error` or `OSError` where
    reading or writing fails. Until the last moment the database stays as it was.
    """
    tool = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction"]
    database = _file(database_url, tool, str(copy))
    refuse_unknown(_contents(copy).revision)
    with _unfinished(database) as new:
        _copy(copy, new, mode="ro")
        migrate(f"sqlite:///{new}")
        contents = _contents(new)
        kept = database.with_name(f"{database.stem}-until-{now:%Y%m%dT%H%M%SZ}{database.suffix}")
        if not database.exists():
            _put_aside(database, kept)
            new.replace(database)
            return Restored(contents, None)
        with _held(database, force=force):
            new.chmod(database.stat().st_mode)
            _put_aside(database, kept)
            new.replace(database)
    return Restored(contents, kept)


def _put_aside(database: Path, kept: Path) -> None:
    """Rename a database with what is beside it: another one's WAL would spoil the new one."""
    for beside in ("", *_BESIDE):
        with suppress(FileNotFoundError):
            Path(f"{database}{beside}").rename(f"{kept}{beside}")


def _file(database_url: str, tool: list[str], *rest: str) -> Path:
    """The file of a SQLite database; raises `BadInput` with the command for any other."""
    url = sync_url(database_url)
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "")
    asked = url.difference_update_query(["password"])
    plain = URL.create(
        "postgresql", asked.username, None, asked.host, asked.port, asked.database, asked.query
    )
    command = shlex.join([*tool, f"--dbname={plain.render_as_string()}", *rest])
    raise BadInput(
        "PostgreSQL has tools of its own for this, which take the password from PGPASSWORD or "
        f"~/.pgpass, or ask for it. Run: {command}"
    )


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """An empty file beside another, to become it; gone at the end if it hasn't."""
    with NamedTemporaryFile(prefix=f".{file.name}-", dir=file.parent, delete=False) as empty:
        new = Path(empty.name)
    try:
        yield new
    finally:
        for beside in ("", *_BESIDE):
            Path(f"{new}{beside}").unlink(missing_ok=True)


def _copy(source: Path, target: Path, *, mode: str) -> None:
    """Copy in one go, which no writer can disturb; the copy is a file that needs none beside it."""
    with closing(_opened(source, mode)) as reader, closing(sqlite3.connect(target)) as writer:
        reader.backup(writer)
        writer.execute("PRAGMA journal_mode=DELETE")


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    """Open what is there: `ro` for a backup, `rw` for the database, of which a last reader who may
    not write would leave a WAL behind."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True)


def _contents(file: Path) -> Contents:
    """Look through all of a database; raises `BadInput` unless it is ours and whole."""
    if not file.is_file():
        raise BadInput(f"There is no file “{file}”.")
    try:
        with closing(_opened(file, "ro")) as reader:
            [(verdict,)] = reader.execute("PRAGMA integrity_check(1)").fetchall()
            if verdict != "ok":
                raise BadInput(f"“{file}” is damaged: {verdict}. Use another backup.")
            [(revision,)] = reader.execute("SELECT version_num FROM alembic_version").fetchall()
            return Contents(revision, {table: _count(reader, table) for table in COUNTED})
    except (sqlite3.DatabaseError, ValueError) as error:
        raise BadInput(f"“{file}” is no whole database of this program: {error}.") from error


def _count(reader: sqlite3.Connection, table: str) -> int:
    [(count,)] = reader.execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608
    return int(count)


@contextmanager
def _held(database: Path, *, force: bool) -> Iterator[None]:
    """Keep everybody else out of a database; raises `BadInput` if somebody is in it, or if it holds
    scorecards or can't be read, unless `force`."""
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as holder:
        try:
            # Leaving WAL needs a database that nobody else has open, and empties its WAL into it.
            holder.execute("PRAGMA journal_mode=DELETE")
            holder.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in _IN_USE:
                raise BadInput(f"“{database}” is in use. Stop the bot first.") from error
            if not force:
                raise BadInput(f"“{database}” is damaged. Replace it with --force.") from error
        if not force and _holds_scorecards(holder):
            raise BadInput(
                f"“{database}” holds scorecards. Replace it with --force; it is kept beside the "
                "new one."
            )
        yield


def _holds_scorecards(reader: sqlite3.Connection) -> bool:
    try:
        return _count(reader, "scorecards") > 0
    except sqlite3.OperationalError:  # it has no tables yet
        return False

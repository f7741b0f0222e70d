"""One number from a SQL query that can only read."""

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.sources.failures import NoNumber

if TYPE_CHECKING:
    import psycopg

CONNECT_SECONDS = 5
LOCK_SECONDS = 2
MOST_BYTES = 1_000_000
"""The longest text or blob that SQLite may make."""

NEEDED = "write a query that gives one row with one number"
_READING = frozenset(
    (
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    )
)
"""All that SQLite lets a query do here: https://www.sqlite.org/c3ref/c_alter_table.html"""

_DECLARE = "DECLARE answer NO SCROLL CURSOR FOR "
_KINDS = {bool: "true or false", str: "text", bytes: "binary data"}


def ask_database(name: str, url: str, query: str, seconds: float) -> Decimal:
    """The one number that a query gives; raises `NoNumber`.

    What PostgreSQL works longer than so many seconds at is ended by itself.
    """
    ask = _ask_sqlite if url.startswith("sqlite:") else _ask_postgresql
    return _number(*ask(name, url, query, seconds))


def _ask_postgresql(
    name: str, url: str, query: str, seconds: float
) -> tuple[list[tuple[Any, ...]], int]:
    import psycopg  # noqa: PLC0415 - a tenth of a second that the other kinds need not wait

    try:
        connection = psycopg.connect(
            url, connect_timeout=CONNECT_SECONDS, application_name="kpi source"
        )
    except psycopg.Error as error:
        raise NoNumber(f"The database {name} can't be reached: {{}}.", _reason(error)) from error
    try:
        return _read(name, connection, query, seconds)
    except psycopg.errors.QueryCanceled as error:
        raise NoNumber(
            f"The query took longer than {seconds:g} s, so it was ended: make it faster, or "
            "let it read a table that is made ahead."
        ) from error
    except psycopg.Error as error:
        raise NoNumber(
            f"The database {name} refuses the query: {{}}.",
            (error.diag.message_primary or "the connection broke").rstrip("."),
        ) from error
    finally:
        connection.close()


def _read(
    name: str, connection: "psycopg.Connection[tuple[Any, ...]]", query: str, seconds: float
) -> tuple[list[tuple[Any, ...]], int]:
    connection.read_only = True
    # This first query of the transaction also makes it final that it only reads: afterwards
    # PostgreSQL refuses `transaction_read_only = off`, wherever a query may hide it.
    row = connection.execute(
        "SELECT current_setting('is_superuser'), set_config('statement_timeout', %s, true),"
        " set_config('lock_timeout', %s, true),"
        " set_config('idle_in_transaction_session_timeout', %s, true)",
        (f"{seconds:.3f}s", f"{LOCK_SECONDS}s", f"{seconds:.3f}s"),
    ).fetchone()
    if row and row[0] == "on":
        # A superuser's reading includes files and programs of the server.
        raise NoNumber(
            f"The database {name} is opened as a superuser: the operator gives it a role that may "
            "only read."
        )
    # A cursor is declared for a SELECT or VALUES and nothing else, and keeps all but two rows on
    # the server. The binary format goes by the extended protocol, which takes one statement alone.
    connection.cursor(binary=True).execute(_DECLARE.encode() + query.encode())
    cursor = connection.execute("FETCH 2 FROM answer")
    return cursor.fetchall(), len(cursor.description or ())


def _reason(error: "psycopg.Error") -> str:
    """Why there is no connection, without addresses and paths of files."""
    first, *_ = str(error).splitlines() or [""]
    for mark in ("FATAL:", "failed: "):
        if mark in first:
            return first.rpartition(mark)[2].strip().rstrip(".")
    return "it doesn't answer"


def _ask_sqlite(
    name: str, url: str, query: str, _seconds: float
) -> tuple[list[tuple[Any, ...]], int]:
    file = Path(url.removeprefix("sqlite:///")).absolute()
    try:
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=LOCK_SECONDS)
        connection.execute("PRAGMA query_only = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
    except sqlite3.Error as error:
        raise NoNumber(f"The database {name} can't be opened: {{}}.", str(error)) from error
    connection.set_authorizer(_authorize)
    try:
        cursor = connection.execute(query)
        return cursor.fetchmany(2), len(cursor.description or ())
    except (sqlite3.Error, sqlite3.Warning) as error:
        if str(error).startswith(("not authorized", "authorization denied")):
            raise NoNumber(f"The query does more than read: {NEEDED}.") from error
        raise NoNumber(
            f"The database {name} refuses the query: {{}}.", str(error).rstrip(".")
        ) from error
    finally:
        connection.close()


def _authorize(action: int, _first: str | None, function: str | None, *_: str | None) -> int:
    if action not in _READING or function == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _number(rows: list[tuple[Any, ...]], columns: int) -> Decimal:
    if columns != 1:
        raise NoNumber(f"The query gives {columns or 'no'} columns: {NEEDED}.")
    if not rows:
        raise NoNumber(f"The query gives no row: {NEEDED}.")
    if len(rows) > 1:
        raise NoNumber(f"The query gives more than one row: {NEEDED}.")
    [[found]] = rows
    if found is None:
        raise NoNumber(f"The query gives NULL: {NEEDED}, such as coalesce(sum(amount), 0).")
    if isinstance(found, float):
        return Decimal(repr(found))
    if isinstance(found, (int, Decimal)) and not isinstance(found, bool):
        return Decimal(found)
    kind = _KINDS.get(type(found), f"a {type(found).__name__}")
    raise NoNumber(f"The query gives {kind}: {NEEDED}; CAST turns into a number what is one.")

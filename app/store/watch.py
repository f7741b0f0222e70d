"""Whether anything was written to an SQLite database, told without reading any of it."""

import sqlite3


class DataVersion:
    """A number that differs once anything was committed, by this process or another.

    Its connection never writes, so SQLite counts every write for it. What it reads is
    memory that the processes share: it waits for nothing and takes some 5 µs, so that the
    event loop may ask. https://www.sqlite.org/pragma.html#pragma_data_version
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def read(self) -> int | None:
        """The number now; None where SQLite can't tell at once."""
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._path, timeout=0, isolation_level=None)
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

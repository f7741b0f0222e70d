"""Whether anything was written to the database, told without reading what."""

import sqlite3
from collections.abc import Hashable
from typing import Protocol


class Watch(Protocol):
    """What it reads differs from before once anything was committed, by whichever process."""

    async def read(self) -> Hashable | None:
        """What stands for the state now; None where the database can't tell at once."""

    def wrote(self) -> None:
        """This process has committed something, which its next reader must see."""

    async def close(self) -> None: ...


class DataVersion:
    """SQLite's count of commits, seen by a connection that never writes, so that each counts.

    What it reads is memory that the processes share: it waits for nothing and takes some
    5 µs, so that the event loop may ask. https://www.sqlite.org/pragma.html#pragma_data_version
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    async def read(self) -> Hashable | None:
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._path, timeout=0, isolation_level=None)
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            return None

    def wrote(self) -> None:
        """The count has it already."""

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

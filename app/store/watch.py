"""Whether anything was written to the database, told without reading what."""

import asyncio
import sqlite3
from collections.abc import Hashable
from typing import Protocol

import psycopg


class Watch(Protocol):
    """What it reads differs from before once anything was committed, by whichever process."""

    async def read(self) -> Hashable | None:
        """What stands for the state now; None where the database can't tell at once."""

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

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Versions:
    """The versions of all scorecards, from PostgreSQL in one round trip on a kept connection.

    Those who come while a query is under way share the next one: a slow database is
    asked as often as it answers, however many people ask.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._next: asyncio.Task[Hashable | None] | None = None

    async def read(self) -> Hashable | None:
        if self._next is None:
            self._next = asyncio.create_task(self._in_turn())
        return await asyncio.shield(self._next)

    async def _in_turn(self) -> Hashable | None:
        async with self._turn:
            self._next = None  # this query begins: who comes now needs a later one
            try:
                return await self._versions()
            except psycopg.Error:
                await self.close()
                return None

    async def _versions(self) -> Hashable:
        if self._connection is None:
            self._connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
        cursor = await self._connection.execute("SELECT id, version FROM scorecards ORDER BY id")
        return tuple(await cursor.fetchall())

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

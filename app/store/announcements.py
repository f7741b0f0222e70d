"""PostgreSQL tells of what was written, instead of being asked."""

import asyncio
from collections.abc import Awaitable, Hashable
from contextlib import suppress

import psycopg

CHECK_SECONDS = 1.0
TRUST_SECONDS = 3.0
"""For so long after a check has been answered, no announcement means that nothing was written."""

AGAIN_SECONDS = 1.0


class Announcements:
    """PostgreSQL announces what is written, so that nothing is asked while nothing is.

    An announcement can get lost: a connection may be dead without a word, a pooler may give each
    statement another one. So the versions are compared once in `CHECK_SECONDS` as well, and
    a process that had no answer for `TRUST_SECONDS` asks at every reading until it has one.
    What another process wrote is seen some milliseconds later, and at worst after that time.
    https://www.postgresql.org/docs/current/sql-notify.html
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._asked = Versions(url)
        self._listening: asyncio.Task[None] | None = None
        self._versions: Hashable | None = None
        self._announced = 0
        self._trusted_until = 0.0

    @property
    def is_hearing(self) -> bool:
        """Whether what is written would be announced."""
        return asyncio.get_running_loop().time() < self._trusted_until

    async def read(self) -> Hashable | None:
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        if self.is_hearing and self._versions is not None:
            return self._versions
        return await self._remembered(self._asked.read())

    async def _remembered(self, asked: Awaitable[Hashable | None]) -> Hashable | None:
        announced = self._announced
        versions = await asked
        if announced == self._announced:
            self._versions = versions
        return versions

    def wrote(self) -> None:
        self._announced += 1
        self._versions = None

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
            self._listening = None
        await self._asked.close()

    async def _listen(self) -> None:
        while True:
            # A wait that is cut off by its time leaves the connection in no state to be used.
            with suppress(psycopg.Error, OSError, TimeoutError):
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True
                ) as connection:
                    await connection.execute("LISTEN kpi_scorecards")
                    await self._hear(connection)
            self._trusted_until = 0.0
            await asyncio.sleep(AGAIN_SECONDS)

    async def _hear(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            async with asyncio.timeout(TRUST_SECONDS):
                await self._remembered(read_versions(connection))
            self._trusted_until = asyncio.get_running_loop().time() + TRUST_SECONDS
            async for _ in connection.notifies(timeout=CHECK_SECONDS):
                self.wrote()


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
        self._asking: set[asyncio.Task[Hashable | None]] = set()

    async def read(self) -> Hashable | None:
        """None where the database doesn't answer."""
        if self._next is None:
            self._next = asyncio.create_task(self._in_turn())
            self._asking.add(self._next)
            self._next.add_done_callback(self._asking.discard)
        return await asyncio.shield(self._next)

    async def _in_turn(self) -> Hashable | None:
        async with self._turn:
            self._next = None  # this query begins: who comes now needs a later one
            try:
                if self._connection is None:
                    self._connection = await psycopg.AsyncConnection.connect(
                        self._url, autocommit=True
                    )
                return await read_versions(self._connection)
            except psycopg.Error:
                await self._disconnect()
                return None

    async def close(self) -> None:
        """Those who asked may be gone, while their query is still under way."""
        asking = list(self._asking)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        await self._disconnect()

    async def _disconnect(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


async def read_versions(connection: psycopg.AsyncConnection) -> Hashable:
    cursor = await connection.execute("SELECT id, version FROM scorecards ORDER BY id")
    return tuple(await cursor.fetchall())

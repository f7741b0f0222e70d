"""The engine and its transactions."""

import asyncio
import copy
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, Self

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from app import measures
from app.domain.errors import BadInput
from app.store.memory import Listing, Memory
from app.store.watch import DataVersion, Watch

BUSY_TIMEOUT_MS = 2_000
"""How long a write waits for another process's write on SQLite, within Slack's 3 seconds."""

NOTICED = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""How soon it is noticed that PostgreSQL's machine has vanished without a word: within 15 s, where
systems left to themselves wait for a quarter of an hour. The address may say otherwise.
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS"""

_WRITING = "kpi_writing"
_DRIVERS = {
    "sqlite": ("sqlite+aiosqlite", "sqlite"),
    "postgresql": ("postgresql+psycopg", "postgresql+psycopg"),
    "postgres": ("postgresql+psycopg", "postgresql+psycopg"),
}


def async_url(database_url: str) -> URL:
    """The address with its async driver; raises `BadInput` for one that can't be used."""
    url = _with_driver(database_url, 0)
    if url.get_backend_name() == "sqlite":
        return url
    return url.set(query={**NOTICED, **url.query})


def sync_url(database_url: str) -> URL:
    """The address with its sync driver, for migrations."""
    return _with_driver(database_url, 1)


def _with_driver(database_url: str, index: int) -> URL:
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):
        url = None
    drivers = _DRIVERS.get(url.get_backend_name()) if url else None
    if url is None or drivers is None:
        raise BadInput(
            "DATABASE_URL is not an address of a database that can be used. Write "
            "sqlite:///kpi.db or postgresql://user:password@host/name.",
            field="DATABASE_URL",
        )
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise BadInput(
            "DATABASE_URL names a database in memory, which forgets everything. Name a file: "
            "sqlite:///kpi.db.",
            field="DATABASE_URL",
        )
    return url.set(drivername=drivers[index])


class Store:
    """The database of one process. Open it with `async with Store(database_url) as store`."""

    def __init__(self, database_url: str) -> None:
        self.database_url = database_url
        self.memory = Memory()
        url = async_url(database_url)
        self._engine = create_async_engine(
            url,
            hide_parameters=True,
            # A restart of PostgreSQL ends every connection in the pool: nobody need hear of it.
            pool_pre_ping=url.get_backend_name() != "sqlite",
        )
        event.listen(self._engine.sync_engine, "handle_error", _count_error)
        self._turn: AbstractAsyncContextManager[None] = nullcontext()
        self._watch: Watch
        if self.is_sqlite:
            self._watch = DataVersion(self._engine.url.database or "")
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)
            self._reader = self._engine
            # SQLite has one writer and no queue: who waits, asks again and may starve.
            self._turn = asyncio.Lock()
        else:
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
            plain_url = self._engine.url.set(drivername="postgresql")
            # Its driver takes 12 MB, which a bot on SQLite does without.
            from app.store.announcements import Announcements  # noqa: PLC0415

            self._watch = Announcements(plain_url.render_as_string(hide_password=False))
        self._writer = self._engine.execution_options(**{_WRITING: True})
        self.listing = Listing(self._watch)
        self._joined: AsyncSession | None = None

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._watch.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session whose queries see one state of the database; it writes nothing."""
        if self._joined is not None:
            yield self._joined
            return
        session = AsyncSession(self._reader, expire_on_commit=False)
        try:
            yield session
        finally:
            # Most readers find what they need in memory: then there is nothing to give back.
            if session.in_transaction():
                await asyncio.shield(session.close())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose writes happen all or not at all, committed at the end."""
        if self._joined is not None:
            yield self._joined
            return
        async with (
            self._turn,
            AsyncSession(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
        self._watch.wrote()

    def joining(self, session: AsyncSession) -> "Store":
        """This store within a transaction: what a use case does with it becomes part of that.

        So a use case can be carried out together with something else, or not at all. It reads
        through the same session, for a second connection might be waited for in vain.
        """
        joined = copy.copy(self)
        joined._joined = session
        return joined


def _count_error(failed: ExceptionContext) -> None:
    kind = type(failed.sqlalchemy_exception or failed.original_exception)
    measures.DATABASE_ERRORS.labels(kind.__name__).inc()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Python's driver would begin transactions by itself, too late for a read to
    # be consistent and in a way that fails at once when two processes write.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

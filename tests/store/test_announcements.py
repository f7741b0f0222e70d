"""What another process writes to PostgreSQL is noticed without asking, and in the end always."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from typing import NoReturn

import psycopg
import pytest
from sqlalchemy.engine import make_url

from app.store import announcements
from app.store.announcements import Announcements
from app.store.engine import Store
from tests.builders import a_scorecard
from tests.store.builders import save


@pytest.fixture
def address(postgresql_url: str) -> str:
    plain_url = make_url(postgresql_url).set(drivername="postgresql")
    return plain_url.render_as_string(hide_password=False)


@pytest.fixture
def rarely_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What isn't announced isn't noticed within a test."""
    monkeypatch.setattr(announcements, "CHECK_SECONDS", 60)
    monkeypatch.setattr(announcements, "TRUST_SECONDS", 60)


@pytest.fixture
async def watch(address: str) -> AsyncIterator[Announcements]:
    """It hears what is announced."""
    watch = Announcements(address)
    await _hears(watch)
    yield watch
    await watch.close()


@pytest.fixture
async def other(address: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Another process's connection."""
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
        yield connection


async def _hears(watch: Announcements, *, again: bool = True) -> None:
    """Until it hears what is announced, or no more."""
    async with asyncio.timeout(20):
        while True:
            await watch.read()
            if watch.is_hearing is again:
                return
            await asyncio.sleep(0.01)


async def _differs(watch: Announcements, before: Hashable | None) -> None:
    async with asyncio.timeout(20):
        while True:
            if await watch.read() != before:
                return
            await asyncio.sleep(0.01)


async def test_no_reader_asks_while_nothing_is_announced(
    watch: Announcements, other: psycopg.AsyncConnection
) -> None:
    async with other.transaction():
        await other.execute("LOCK TABLE scorecards")
        assert await asyncio.wait_for(watch.read(), 1) == ()


@pytest.mark.usefixtures("rarely_checked")
async def test_what_this_process_wrote_is_known_at_once(
    watch: Announcements, postgresql_url: str
) -> None:
    assert await watch.read() == ()
    async with Store(postgresql_url) as store:
        await save(store, a_scorecard())
    watch.wrote()
    assert await watch.read() == ((1, 1),)


@pytest.mark.usefixtures("rarely_checked")
async def test_what_another_process_wrote_is_heard(address: str, postgresql_url: str) -> None:
    watch = Announcements(address)
    await _hears(watch)
    before = await watch.read()
    async with Store(postgresql_url) as store:
        await save(store, a_scorecard())
    await _differs(watch, before)
    await watch.close()


async def test_an_announcement_that_is_lost_is_made_up_for(
    watch: Announcements, other: psycopg.AsyncConnection, postgresql_url: str
) -> None:
    await other.execute("DROP TRIGGER announced ON scorecards")
    before = await watch.read()
    async with Store(postgresql_url) as store:
        await save(store, a_scorecard())
    await _differs(watch, before)


async def test_a_process_that_hears_nothing_asks_until_it_hears_again(
    watch: Announcements, other: psycopg.AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "AGAIN_SECONDS", 0.5)
    await other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await _hears(watch, again=False)
    await _hears(watch)


async def test_a_database_that_hangs_is_not_trusted_for_long(
    watch: Announcements, other: psycopg.AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "CHECK_SECONDS", 0.1)
    monkeypatch.setattr(announcements, "TRUST_SECONDS", 0.5)
    async with asyncio.timeout(20), other.transaction():
        await other.execute("LOCK TABLE scorecards")
        with pytest.raises(TimeoutError):
            await _read_on(watch)


async def _read_on(watch: Announcements) -> NoReturn:
    """Until no answer comes at once."""
    while True:
        await asyncio.wait_for(watch.read(), 0.2)
        await asyncio.sleep(0.05)

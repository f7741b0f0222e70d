"""PostgreSQL goes away and comes back: nothing outdated is shown for long, and nobody has to
restart the bot."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import psycopg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from app.store.announcements import TRUST_SECONDS
from app.store.engine import Store, async_url
from app.store.migrations import migrate
from app.store.queries import scorecard_rows
from app.store.writes import held
from tests.builders import NOW, a_metric, a_reading, a_scorecard
from tests.store.builders import save, save_readings
from tests.store.postgresql import PostgreSQL, running_server

SECOND = timedelta(seconds=1)
LOOKED_AT = TRUST_SECONDS + 0.5
IDS = count(1)


async def record(store: Store, scorecard_id: int, number: str) -> None:
    readings = [a_reading(number, NOW - SECOND, id=next(IDS))]
    await save_readings(store, scorecard_id, readings)
    async with store.transaction() as session:
        row = await held(session, scorecard_id)
        row.version += 1
        session.add(row)


async def shown(store: Store) -> str:
    """The metric's value as people are told it."""
    async with store.reading() as session:
        (listed,) = await store.listing.read(session)
        snapshot = await store.memory.snapshot(session, listed, NOW)
    current = snapshot.metrics[0].current
    return str(current.value) if current else ""


def plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def cut(url: str) -> None:
    """End the connections of everybody else."""
    async with await psycopg.AsyncConnection.connect(plain(url), autocommit=True) as other:
        cursor = await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert await cursor.fetchall()


async def seconds_outdated(store: Store, newest: str) -> float:
    """How long after now what is outdated is still shown."""
    loop = asyncio.get_running_loop()
    begun = last_outdated = loop.time()
    while loop.time() < begun + LOOKED_AT:
        asked = loop.time()
        if await shown(store) != newest:
            last_outdated = asked
        await asyncio.sleep(0.01)
    return last_outdated - begun


async def test_after_a_cut_nothing_outdated_is_shown_for_longer_than_promised(
    postgresql_url: str,
) -> None:
    async with Store(postgresql_url) as store, Store(postgresql_url) as other:
        scorecard_id = await save(store, a_scorecard(metrics=[a_metric()]))
        await record(store, scorecard_id, "12")
        assert await shown(store) == "12"
        await asyncio.sleep(0.2)  # it listens by now
        await cut(postgresql_url)
        for newest in ("9", "7"):
            await record(other, scorecard_id, newest)
            assert await seconds_outdated(store, newest) <= TRUST_SECONDS


async def test_who_writes_notices_nothing_of_connections_that_were_cut(postgresql_url: str) -> None:
    async with Store(postgresql_url) as store:
        scorecard_id = await save(store, a_scorecard(metrics=[a_metric()]))
        await cut(postgresql_url)
        await record(store, scorecard_id, "9")
        assert await shown(store) == "9"


@pytest.fixture
def own_server() -> Iterator[tuple[PostgreSQL, str]]:
    """A server that may crash, and a database on it."""
    with running_server(survives_crashes=True) as server, server.database() as url:
        migrate(url)
        yield server, url


async def test_after_a_crash_of_the_server_all_goes_on(own_server: tuple[PostgreSQL, str]) -> None:
    server, url = own_server
    async with Store(url) as store:
        scorecard_id = await save(store, a_scorecard(metrics=[a_metric()]))
        await record(store, scorecard_id, "12")
        assert await shown(store) == "12"
        server.crash()
        with pytest.raises(OperationalError):
            await record(store, scorecard_id, "11")
        server.start_again()
        assert await shown(store) == "12"
        await record(store, scorecard_id, "9")
        assert await shown(store) == "9"
        async with Store(url) as other:
            await record(other, scorecard_id, "7")
            assert await seconds_outdated(store, "7") <= TRUST_SECONDS
        async with store.transaction() as session:
            assert len(await scorecard_rows(session)) == 1


def test_a_server_that_vanishes_is_noticed_within_seconds() -> None:
    asked = async_url("postgresql://u:p@h/d?connect_timeout=30&sslmode=require").query
    assert (asked["sslmode"], asked["connect_timeout"]) == ("require", "30")
    assert asked["tcp_user_timeout"] == "10000"
    assert asked["keepalives_idle"] == "5"
    assert not async_url("sqlite:///kpi.db").query

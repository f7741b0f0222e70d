"""Which scorecards there are, and how they stand: asked again only when it may have changed."""

import asyncio
from datetime import timedelta

import psycopg
from sqlalchemy.engine import make_url
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.scorecards import Snapshot
from app.store.announcements import Versions
from app.store.engine import Store
from app.store.queries import Listed
from app.store.writes import held
from tests.builders import NOW, a_metric, a_reading, a_scorecard
from tests.store.builders import save, save_readings, statements_sent

SECOND = timedelta(seconds=1)


async def _listed(store: Store) -> list[str]:
    async with store.reading() as session:
        return [listed.key for listed in await store.listing.read(session)]


async def _only(store: Store, session: AsyncSession) -> Listed:
    (listed,) = await store.listing.read(session)
    return listed


async def _snapshot(store: Store, after: timedelta = timedelta(0)) -> Snapshot:
    async with store.reading() as session:
        return await store.memory.snapshot(session, await _only(store, session), NOW + after)


async def _current(store: Store, after: timedelta) -> str:
    current = (await _snapshot(store, after)).metrics[0].current
    return "" if current is None else str(current.value)


async def _record(store: Store, scorecard_id: int, number: str, reading_id: int) -> None:
    await save_readings(store, scorecard_id, [a_reading(number, NOW - SECOND, id=reading_id)])
    async with store.transaction() as session:
        row = await held(session, scorecard_id)
        row.version += 1
        session.add(row)


async def test_nothing_is_read_while_nothing_is_written(store: Store) -> None:
    await save(store, a_scorecard(key="one"))
    await _listed(store)
    with statements_sent() as sent:
        assert await asyncio.gather(*(_listed(store) for _ in range(5))) == [["one"]] * 5
    assert not sent


async def test_after_a_change_one_reads_for_all(store: Store) -> None:
    scorecard_id = await save(store, a_scorecard(metrics=[a_metric()]))
    with statements_sent() as alone:
        await _snapshot(store)
    await _record(store, scorecard_id, "12", 1)
    with statements_sent() as together:
        assert await asyncio.gather(*(_current(store, SECOND) for _ in range(50))) == ["12"] * 50
    assert len(together) <= 2 * len(alone)


async def test_a_connection_that_is_lost_is_made_anew(postgresql_url: str) -> None:
    plain_url = make_url(postgresql_url).set(drivername="postgresql")
    address = plain_url.render_as_string(hide_password=False)
    watch = Versions(address)
    before = await watch.read()
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as other:
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert await watch.read() is None
    assert await watch.read() == before == ()
    await watch.close()


async def test_a_scorecard_of_another_process_is_listed_soon(
    store: Store, database_url: str
) -> None:
    await save(store, a_scorecard(key="one"))
    assert await _listed(store) == ["one"]
    async with Store(database_url) as other:
        await save(other, a_scorecard(key="two"))
    async with asyncio.timeout(20):
        while True:
            if await _listed(store) == ["one", "two"]:
                return
            await asyncio.sleep(0.01)


async def test_who_asks_within_a_second_shares_the_snapshot(sqlite_url: str) -> None:
    async with Store(sqlite_url) as store:
        await save(store, a_scorecard(metrics=[a_metric()]))
        first = await _snapshot(store)
        assert await _snapshot(store, SECOND / 2) is first
        assert (await _snapshot(store, SECOND)).as_of == NOW + SECOND
        assert (await _snapshot(store)).as_of == NOW


async def test_a_reading_is_seen_within_the_second(store: Store) -> None:
    scorecard_id = await save(store, a_scorecard(metrics=[a_metric()]))
    assert await _current(store, timedelta(0)) == ""
    await _record(store, scorecard_id, "12", 1)
    assert await _current(store, SECOND / 4) == "12"


async def test_a_reading_of_another_process_is_seen_within_the_second(
    store: Store, database_url: str
) -> None:
    scorecard_id = await save(store, a_scorecard(metrics=[a_metric()]))
    assert await _current(store, timedelta(0)) == ""
    async with Store(database_url) as other:
        await _record(other, scorecard_id, "12", 1)
    async with asyncio.timeout(20):
        while True:
            if await _current(store, SECOND / 4) == "12":
                return
            await asyncio.sleep(0.01)

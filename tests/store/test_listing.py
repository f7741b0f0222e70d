"""Which scorecards there are, and how they stand: asked again only when it may have changed."""

from datetime import timedelta

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.scorecards import Snapshot
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


async def _record(store: Store, scorecard_id: int, number: str, reading_id: int) -> None:
    await save_readings(store, scorecard_id, [a_reading(number, NOW - SECOND, id=reading_id)])
    async with store.transaction() as session:
        row = await held(session, scorecard_id)
        row.version += 1
        session.add(row)


async def test_on_sqlite_nothing_is_asked_while_nothing_is_written(sqlite_url: str) -> None:
    async with Store(sqlite_url) as store:
        await save(store, a_scorecard(key="one"))
        await _listed(store)
        with statements_sent() as sent:
            assert await _listed(store) == ["one"]
        assert not sent


async def test_a_scorecard_of_another_process_is_listed_at_once(
    store: Store, database_url: str
) -> None:
    await save(store, a_scorecard(key="one"))
    assert await _listed(store) == ["one"]
    async with Store(database_url) as other:
        await save(other, a_scorecard(key="two"))
    assert await _listed(store) == ["one", "two"]


async def test_who_asks_within_a_second_shares_the_snapshot(sqlite_url: str) -> None:
    async with Store(sqlite_url) as store:
        await save(store, a_scorecard(metrics=[a_metric()]))
        first = await _snapshot(store)
        assert await _snapshot(store, SECOND / 2) is first
        assert (await _snapshot(store, SECOND)).as_of == NOW + SECOND
        assert (await _snapshot(store)).as_of == NOW


@pytest.mark.parametrize("is_other", [False, True], ids=["this process", "another process"])
async def test_a_reading_is_seen_within_the_second(
    store: Store, database_url: str, is_other: bool
) -> None:
    scorecard_id = await save(store, a_scorecard(metrics=[a_metric()]))
    assert (await _snapshot(store)).metrics[0].current is None
    async with Store(database_url) as other:
        await _record(other if is_other else store, scorecard_id, "12", 1)
    current = (await _snapshot(store, SECOND / 4)).metrics[0].current
    assert current is not None
    assert str(current.value) == "12"

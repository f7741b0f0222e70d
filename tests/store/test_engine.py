"""The store: its addresses, its transactions, and what SQLite has to be told."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from app.domain.errors import BadInput
from app.store import engine
from app.store.engine import Store, async_url, sync_url
from app.store.queries import scorecard_rows
from app.store.tables import MetricRow, ScorecardRow
from app.store.writes import held
from tests.builders import a_metric, a_scorecard
from tests.store.builders import save


async def test_sqlite_keeps_readers_going_and_ties_whole(sqlite_url: str) -> None:
    async with Store(sqlite_url) as store, store.reading() as session:
        assert (await session.exec(text("PRAGMA journal_mode"))).scalar() == "wal"  # type: ignore[call-overload]
        assert (await session.exec(text("PRAGMA foreign_keys"))).scalar() == 1  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("given", "driver", "sync_driver"),
    [
        ("sqlite:///kpi.db", "sqlite+aiosqlite", "sqlite"),
        ("postgresql://u:p@h/d", "postgresql+psycopg", "postgresql+psycopg"),
        ("postgres://u:p@h/d", "postgresql+psycopg", "postgresql+psycopg"),
    ],
)
def test_an_address_gets_its_driver(given: str, driver: str, sync_driver: str) -> None:
    assert async_url(given).drivername == driver
    assert sync_url(given).drivername == sync_driver


@pytest.mark.parametrize("given", ["", "kpi.db", "mysql://h/d", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_cannot_be_used_is_refused_with_one_that_can(given: str) -> None:
    with pytest.raises(BadInput, match=r"sqlite:///kpi\.db") as refused:
        Store(given)
    assert refused.value.field == "DATABASE_URL"


async def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    await save(store, a_scorecard())

    async def fail_halfway() -> None:
        async with store.transaction() as session:
            await session.exec(update(ScorecardRow).values(name="Changed"))
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        await fail_halfway()
    async with store.reading() as session:
        assert [row.name for row in await scorecard_rows(session)] == ["Billing"]


async def test_a_part_of_no_scorecard_is_refused(store: Store) -> None:
    await save(store, a_scorecard(metrics=[a_metric()]))
    with pytest.raises(IntegrityError):
        async with store.transaction() as session:
            await session.exec(update(MetricRow).values(scorecard_id=99))


async def test_a_reader_sees_one_state_whatever_is_written_meanwhile(store: Store) -> None:
    await save(store, a_scorecard(metrics=[a_metric()]))
    async with store.reading() as session:
        before = (await session.exec(select(col(ScorecardRow.name)))).one()
        async with store.transaction() as writing:
            await writing.exec(update(ScorecardRow).values(name="Changed"))
            await writing.exec(update(MetricRow).values(name="Changed"))
        metric = (await session.exec(select(col(MetricRow.name)))).one()
    assert (before, metric) == ("Billing", "Rollbacks")


async def test_writers_of_one_scorecard_come_one_after_the_other(store: Store) -> None:
    scorecard_id = await save(store, a_scorecard())

    async def add_a_letter() -> None:
        async with store.transaction() as session:
            row = await held(session, scorecard_id)
            row.name += "!"
            session.add(row)

    await asyncio.gather(*(add_a_letter() for _ in range(40)))
    async with store.reading() as session:
        assert (await session.get_one(ScorecardRow, scorecard_id)).name == "Billing" + "!" * 40


async def test_writers_of_one_process_wait_longer_than_sqlite_would(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 1)
    async with Store(sqlite_url) as store:

        async def write_slowly() -> None:
            async with store.transaction() as session:
                await scorecard_rows(session)
                await asyncio.sleep(0.02)

        await asyncio.gather(*(write_slowly() for _ in range(4)))

"""What goes into the database comes out the same, on either database."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from app.domain.values import Value
from app.store.bulk import add_many_readings
from app.store.engine import Store
from app.store.tables import MetricRow, ReadingRow, ScorecardRow
from tests.builders import a_metric, a_reading, a_scorecard
from tests.domain.strategies import numbers
from tests.store.builders import save, save_readings

EDGES = [
    Decimal(text)
    for text in (
        "12.50",
        "0.000000",
        "0.100000",
        "-0.000001",
        "999999999999999.999999",
        "-999999999999999.999999",
        "9007199254740993",  # one more than a float can tell apart
    )
]
INSTANTS = st.datetimes(
    min_value=datetime(1900, 1, 2),  # noqa: DTZ001 (the zones are drawn)
    max_value=datetime(2999, 12, 30),  # noqa: DTZ001
    timezones=st.timezones(),
)
a_few_examples = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


async def _stored(store: Store, rows: list[tuple[Decimal, datetime]]) -> list[ReadingRow]:
    """The rows of readings as they come back after they were written."""
    async with store.transaction() as session:
        metric_id = (await session.exec(select(MetricRow.id))).one()
        added = [
            ReadingRow(
                metric_id=metric_id or 0,
                number=number,
                qualifier="exact",
                at=at,
                recorded_at=at,
                reported_by="U1",
                surface="command",
                note="",
            )
            for number, at in rows
        ]
        session.add_all(added)
        await session.flush()
        ids = [row.id for row in added]
    async with store.reading() as session:
        query = select(ReadingRow).where(col(ReadingRow.id).in_(ids)).order_by(col(ReadingRow.id))
        return list((await session.exec(query)).all())


def _nobody(_done: int) -> None:
    """Who asks for no progress."""


@pytest.fixture
async def store_with_a_metric(store: Store) -> Store:
    await save(store, a_scorecard(metrics=[a_metric()]))
    return store


async def test_the_digits_of_a_number_come_back(store_with_a_metric: Store) -> None:
    at = datetime(2026, 3, 16, tzinfo=UTC)
    stored = await _stored(store_with_a_metric, [(number, at) for number in EDGES])
    assert [str(row.number) for row in stored] == [f"{number:f}" for number in EDGES]


@a_few_examples
@given(st.lists(st.tuples(numbers(), INSTANTS), min_size=5, max_size=20))
async def test_any_number_and_any_instant_come_back(
    store_with_a_metric: Store, rows: list[tuple[Decimal, datetime]]
) -> None:
    stored = await _stored(store_with_a_metric, rows)
    assert [f"{row.number:f}" for row in stored] == [f"{number:f}" for number, _ in rows]
    assert [row.at for row in stored] == [at.astimezone(UTC) for _, at in rows]
    assert {row.at.utcoffset() for row in stored} == {UTC.utcoffset(None)}


@a_few_examples
@given(st.lists(st.tuples(numbers(), INSTANTS), min_size=1, max_size=20))
async def test_what_is_written_with_many_is_the_same_to_the_database(
    store_with_a_metric: Store, rows: list[tuple[Decimal, datetime]]
) -> None:
    stored = await _stored(store_with_a_metric, rows)
    readings = [a_reading(at=at)._replace(value=Value(number)) for number, at in rows]
    async with store_with_a_metric.transaction() as session:
        scorecard_id = (await session.exec(select(ScorecardRow.id))).one() or 0
        first, last = await add_many_readings(session, scorecard_id, readings, "file", _nobody)
        of_many, same = aliased(ReadingRow), aliased(ReadingRow)
        pairs = (
            select(of_many.id, same.id)
            .where(col(of_many.id).between(first, last), col(same.at) == col(of_many.at))
            .where(col(same.number) == col(of_many.number), col(same.id) < first)
        )
        found = set((await session.exec(pairs)).all())
    assert {(first + place, row.id) for place, row in enumerate(stored)} <= found


async def test_a_time_without_its_zone_is_refused(store_with_a_metric: Store) -> None:
    naive = datetime(2026, 3, 16, 12)  # noqa: DTZ001 (that is what is refused)
    with pytest.raises(StatementError, match="an instant needs its zone"):
        await _stored(store_with_a_metric, [(Decimal(1), naive)])


async def test_numbers_of_one_size_and_other_digits_stay_apart(store: Store) -> None:
    scorecard_id = await save(store, a_scorecard(metrics=[a_metric(target="0.50")]))
    written = [a_reading("12.5", id=1), a_reading("12.50", id=2)]
    await save_readings(store, scorecard_id, written)
    async with store.reading() as session:
        rows = (await session.exec(select(ReadingRow).order_by(col(ReadingRow.id)))).all()
        metric = (await session.exec(select(MetricRow))).one()
    assert [str(Value(row.number)) for row in rows] == ["12.5", "12.50"]
    assert str(metric.target) == "0.50"

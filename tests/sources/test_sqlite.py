"""A query to a SQLite file gives one number, only reads, and is told what is wrong with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.sources import Question, SourceFailure, SourceKind
from app.sources.asking import ask
from app.sources.places import Places

FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "a shop?.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE refunds (amount, note)")
        connection.executemany(
            "INSERT INTO refunds VALUES (?, ?)", [(12, "late"), (2.5, "broken"), (None, None)]
        )
        connection.commit()
    return path


@pytest.fixture
def places(shop: Path) -> Iterator[Places]:
    """Nothing that is asked changes the file, whatever is asked."""
    before = shop.read_bytes()
    yield Places(databases={"shop": f"sqlite:///{shop}"}, seconds=20)
    assert shop.read_bytes() == before
    assert [path.name for path in shop.parent.iterdir()] == [shop.name]


def sql(query: str, times: str = "1") -> Question:
    return Question(SourceKind.SQL, "shop", query, Decimal(times))


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("SELECT sum(amount) FROM refunds", "14.5"),
        ("SELECT count(*) FROM refunds; -- all of them", "3"),
        ("WITH late AS (SELECT 7) SELECT * FROM late", "7"),
        ("SELECT 0.1 + 0.2", "0.3"),
        ("SELECT -999999999999999", "-999999999999999"),
    ],
)
async def test_a_query_gives_its_number(places: Places, query: str, number: str) -> None:
    assert str(await ask(sql(query), places)) == number


async def test_a_share_is_read_in_percent(places: Places) -> None:
    assert await ask(sql("SELECT 0.125", times="100"), places) == Decimal("12.5")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT amount FROM refunds WHERE note = 'lost'", "gives no row"),
        ("SELECT amount FROM refunds", "gives more than one row"),
        ("SELECT 1, 2", "gives 2 columns"),
        ("SELECT NULL", "gives NULL: .* such as coalesce"),
        ("SELECT note FROM refunds LIMIT 1", "gives text"),
        ("SELECT x'00'", "gives binary data"),
        ("SELECT 9e999", "is infinite"),
        ("SELECT 1000000000000000", "too large: a value has at most 15 digits"),
        ("SELECT amount FROM returns", "refuses the query: no such table: returns"),
        ("SELECT zeroblob(2000000)", "too big"),
        ("SELECT 1; DELETE FROM refunds", "one statement at a time"),
    ],
)
async def test_what_is_no_number_gets_its_reason(places: Places, query: str, reason: str) -> None:
    with pytest.raises(SourceFailure, match=reason) as failure:
        await ask(sql(query), places)
    assert str(places.databases["shop"]).removeprefix("sqlite:///") not in failure.value.message


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM refunds",
        "INSERT INTO refunds VALUES (1, 'x') RETURNING amount",
        "PRAGMA query_only = OFF",
        "PRAGMA journal_mode = WAL",
        "ATTACH 'other.db' AS other",
        "VACUUM INTO 'copy.db'",
        "BEGIN IMMEDIATE",
        "SELECT load_extension('evil')",
        "CREATE TEMP TABLE mine (a)",
    ],
)
async def test_a_query_only_reads(places: Places, query: str) -> None:
    with pytest.raises(SourceFailure, match="The query does more than read"):
        await ask(sql(query), places)


async def test_a_query_without_end_is_cut_off(shop: Path) -> None:
    places = Places(databases={"shop": f"sqlite:///{shop}"}, seconds=1)
    with pytest.raises(SourceFailure, match="no whole answer within 1 s,"):
        await ask(sql(FOREVER), places)


async def test_a_file_that_is_gone_is_not_made(tmp_path: Path) -> None:
    places = Places(databases={"shop": f"sqlite:///{tmp_path}/gone.db"})
    with pytest.raises(SourceFailure, match="database shop can't be opened: unable to open"):
        await ask(sql("SELECT 1"), places)
    assert not (tmp_path / "gone.db").exists()

"""A query to a real PostgreSQL gives one number, only reads, and is told what is wrong with it."""

from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy.engine import make_url

from app.domain.sources import Question, SourceFailure, SourceKind
from app.sources.asking import ask
from app.sources.places import Places
from tests.store.postgresql import PostgreSQL

Owner = psycopg.Connection[tuple[object, ...]]
PASSWORD = "s3cr3t/pass"


@pytest.fixture(scope="module")
def owner(postgresql: PostgreSQL) -> Iterator[Owner]:
    """A shop of the test's own, and a role that could change everything in it."""
    with postgresql.database() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE refunds (amount numeric(12, 4), note text)")
        connection.execute("INSERT INTO refunds VALUES (12.5, 'late'), (0.0001, 'broken')")
        connection.execute(f"CREATE ROLE kpi_reader LOGIN PASSWORD '{PASSWORD}'")
        connection.execute(
            "GRANT ALL ON refunds TO kpi_reader; GRANT ALL ON SCHEMA public TO kpi_reader"
        )
        yield connection
        connection.execute("DROP OWNED BY kpi_reader; DROP ROLE kpi_reader")


@pytest.fixture(scope="module")
def url(owner: Owner) -> str:
    address = make_url(f"postgresql:///{owner.info.dbname}?host={owner.info.host}")
    return address.set(username="kpi_reader", password=PASSWORD).render_as_string(
        hide_password=False
    )


@pytest.fixture
def places(url: str, owner: Owner) -> Iterator[Places]:
    """Nothing that is asked changes the shop, whatever is asked."""
    contents = "SELECT array_agg(r ORDER BY r) FROM refunds r"
    before = owner.execute(contents).fetchall()
    yield Places(databases={"shop": url}, seconds=20)
    assert owner.execute(contents).fetchall() == before
    tables = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    assert owner.execute(tables).fetchall() == [("refunds",)]


def sql(query: str, times: str = "1") -> Question:
    return Question(SourceKind.SQL, "shop", query, Decimal(times))


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("SELECT sum(amount) FROM refunds", "12.5001"),
        ("SELECT count(*) FROM refunds; -- all of them", "2"),
        ("WITH late AS (SELECT 7) SELECT * FROM late", "7"),
        ("VALUES (7::smallint)", "7"),
        ("SELECT 0.1::float8 + 0.2::float8", "0.3"),
        ("SELECT 1.5::real", "1.5"),
        ("SELECT 123456789012345.123456::numeric", "123456789012345.123456"),
        ('SELECT 100 * 0.25 AS "50 % off"', "25"),
    ],
)
async def test_a_query_gives_its_number(places: Places, query: str, number: str) -> None:
    assert str(await ask(sql(query), places)) == number


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT amount FROM refunds WHERE note = 'lost'", "gives no row"),
        ("SELECT amount FROM refunds", "gives more than one row"),
        ("SELECT generate_series(1, 1000000000)", "gives more than one row"),
        ("SELECT 1, 2", "gives 2 columns"),
        ("SELECT FROM refunds", "gives no columns"),
        ("SELECT sum(amount) FROM refunds WHERE note = 'lost'", "gives NULL: .* such as coalesce"),
        ("SELECT note FROM refunds LIMIT 1", "gives text: .* CAST"),
        ("SELECT true", "gives true or false"),
        ("SELECT now()", "gives a datetime"),
        ("SELECT 12::money", "gives text"),
        ("SELECT 'NaN'::numeric", "is NaN"),
        ("SELECT 'Infinity'::float8", "is infinite"),
        ("SELECT 1e15::numeric", "too large: a value has at most 15 digits"),
        ("SELECT 10::numeric ^ 100000", "too large"),
        ("SELECT 1 / 0", "shop refuses the query: division by zero"),
        ("SELECT amount FROM returns", 'refuses the query: relation "returns" does not exist'),
        ("SELECT passwd FROM pg_shadow", "permission denied for view pg_shadow"),
        ("SELEC 1", "refuses the query: syntax error"),
    ],
)
async def test_what_is_no_number_gets_its_reason(places: Places, query: str, reason: str) -> None:
    with pytest.raises(SourceFailure, match=reason):
        await ask(sql(query), places)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM refunds",
        "DELETE FROM refunds RETURNING amount",
        "WITH gone AS (DELETE FROM refunds RETURNING amount) SELECT count(*) FROM gone",
        "SELECT 1; DELETE FROM refunds",
        "COMMIT; DELETE FROM refunds",
        "SELECT 1; COMMIT; BEGIN READ WRITE; DELETE FROM refunds; COMMIT",
        "SET TRANSACTION READ WRITE",
        "DO $$ BEGIN SET TRANSACTION READ WRITE; DELETE FROM refunds; COMMIT; END $$",
        "CREATE TABLE mine AS SELECT 1",
        "SELECT 1 INTO mine",
        "COPY refunds TO PROGRAM 'true'",
        "SELECT lo_create(0)",
        "SELECT amount FROM refunds FOR UPDATE",
    ],
)
async def test_a_query_only_reads(places: Places, query: str) -> None:
    with pytest.raises(SourceFailure, match="shop refuses the query"):
        await ask(sql(query), places)


async def test_a_function_can_not_turn_writing_on(places: Places, owner: Owner) -> None:
    owner.execute(
        "CREATE FUNCTION empty_it() RETURNS int LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM set_config('transaction_read_only', 'off', false); DELETE FROM refunds; RETURN 1; "
        "END $$"
    )
    with pytest.raises(SourceFailure, match="read-write mode must be set before any query"):
        await ask(sql("SELECT empty_it()"), places)


async def test_a_slow_query_is_ended_on_the_server_too(url: str, owner: Owner) -> None:
    places = Places(databases={"shop": url}, seconds=9)
    with pytest.raises(SourceFailure, match="The query took longer than 6 s, so it was ended"):
        await ask(sql("SELECT 1 FROM pg_sleep(60)"), places)
    running = "SELECT query FROM pg_stat_activity WHERE usename = 'kpi_reader' AND state = 'active'"
    assert owner.execute(running).fetchall() == []


async def test_a_locked_table_is_not_waited_for(places: Places, owner: Owner) -> None:
    with owner.transaction():
        owner.execute("LOCK TABLE refunds")
        with pytest.raises(SourceFailure, match=r"refuses the query: canceling .* lock timeout"):
            await ask(sql("SELECT count(*) FROM refunds"), places)


async def test_a_superuser_is_not_used(postgresql_url: str) -> None:
    places = Places(databases={"shop": postgresql_url}, seconds=20)
    with pytest.raises(SourceFailure, match="shop is opened as a superuser: the operator gives it"):
        await ask(sql("SELECT 1"), places)


async def test_a_database_that_does_not_answer_is_told() -> None:
    url = f"postgresql://kpi:{PASSWORD.replace('/', '%2F')}@127.0.0.1:1/shop"
    places = Places(databases={"shop": url}, seconds=20)
    with pytest.raises(SourceFailure, match="shop can't be reached: Connection refused") as failure:
        await ask(sql("SELECT 1"), places)
    assert "s3cr3t" not in failure.value.message


async def test_a_database_that_is_not_there_is_told(url: str) -> None:
    places = Places(databases={"shop": url.replace("@/kpi_", "@/gone_")}, seconds=20)
    with pytest.raises(
        SourceFailure, match=r"can't be reached: database .* does not exist\."
    ) as failure:
        await ask(sql("SELECT 1"), places)
    assert "/" not in failure.value.message


async def test_a_password_that_the_server_repeats_is_hidden(places: Places) -> None:
    with pytest.raises(SourceFailure, match="invalid input syntax for type integer") as failure:
        await ask(sql(f"SELECT '{PASSWORD}'::int"), places)
    assert "s3cr3t" not in failure.value.message

"""What is wrong with a question is told where it is typed, before anything is asked."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.sources import MOST_QUERY_LENGTH, Question, SourceFailure, SourceKind
from app.sources.asking import ask, check
from app.sources.places import Places

PLACES = Places(
    addresses="api.example.com, 10.0.0.0/8",
    databases={"shop": "sqlite:///shop.db", "ledger": "postgresql://kpi:s3cr3t@db/ledger"},
    secrets={"CI": "s3cr3t", "BROKEN": "two\nlines", "LONG": "x" * 5_000},
)
SQL = Question(SourceKind.SQL, "shop", "SELECT 1")
JSON = Question(SourceKind.JSON, "https://api.example.com/v1/stats", "days[0].total")
PROMQL = Question(SourceKind.PROMQL, "http://10.1.2.3:9090", "sum(rollbacks)")


@pytest.mark.parametrize(
    "question",
    [
        SQL,
        JSON,
        PROMQL,
        replace(SQL, place=" SHOP "),
        replace(JSON, headers={"Authorization": "Bearer ${CI}", "X-Team": "${ci}/billing"}),
        replace(JSON, headers={"X-Author": "ana"}, place=f"{JSON.place}?author=ana"),
        replace(JSON, times=Decimal("-0.01"), place=" https://api.example.com/?day=1 "),
        replace(PROMQL, query='sum(rollbacks{team="Zürich"})'),
    ],
)
async def test_what_can_be_asked_passes(question: Question) -> None:
    check(question, PLACES)


@pytest.mark.parametrize(
    ("question", "field", "reason"),
    [
        (replace(SQL, place="store"), "place", "no database of this name; there is: ledger, shop"),
        (replace(SQL, query=" "), "query", "There is no query"),
        (replace(SQL, query="x" * (MOST_QUERY_LENGTH + 1)), "query", "at most 3,000 characters"),
        (replace(SQL, query="SELECT '\0'"), "query", "a sign that can't be sent"),
        (replace(SQL, query="SELECT '\ud800'"), "query", "a sign that can't be sent"),
        (replace(SQL, times=Decimal(0)), "times", "a number other than 0"),
        (replace(SQL, times=Decimal("NaN")), "times", "a number other than 0"),
        (replace(SQL, times=Decimal("Infinity")), "times", "a number other than 0"),
        (replace(JSON, place="https://evil.test/"), "place", "evil.test, port 443, isn't allowed"),
        (replace(JSON, place="api.example.com"), "place", "begins with https:// or http://"),
        (
            replace(JSON, place=f"{JSON.place}?access_token=1"),
            "place",
            "“access_token” in an address",
        ),
        (replace(JSON, place=f"{JSON.place}?API_KEY"), "place", "“API_KEY” in an address"),
        (replace(JSON, query="days[0"), "query", "This isn't JMESPath: it ends too early"),
        (replace(JSON, query="a b"), "query", "JMESPath: it goes wrong at “b”"),
        (replace(JSON, query="(" * 2_000), "query", "JMESPath: it is nested too deep"),
        (
            replace(PROMQL, place="http://11.1.2.3:9090"),
            "place",
            "11.1.2.3, port 9090, isn't allowed",
        ),
    ],
)
def test_what_is_wrong_is_told_where_it_is_typed(
    question: Question, field: str, reason: str
) -> None:
    with pytest.raises(BadInput, match=reason) as refused:
        check(question, PLACES)
    assert refused.value.field == field
    assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        (
            {"Authorization": "Bearer ${NONE}"},
            "no secret of the name .*; there is: BROKEN, CI, LONG",
        ),
        ({"Authorization": "Bearer ${}"}, "no secret of the name"),
        (
            {"Authorization": "Bearer abcdef"},
            "Authorization holds a secret, which is never kept here",
        ),
        ({"X-Api-Key": "abcdef"}, "X-Api-Key holds a secret"),
        ({"Cookie": "session=abcdef"}, "Cookie holds a secret"),
        ({"PRIVATE-TOKEN": "abcdef"}, "PRIVATE-TOKEN holds a secret"),
        ({"Authorization": "${BROKEN}"}, "Authorization can't be sent: it has one line of ASCII"),
        ({"Authorization": "${LONG}"}, "at most 4,000 characters"),
        ({"X-Team": "a\r\nHost: evil.test"}, "X-Team can't be sent"),
        ({"X-Team": "Zürich"}, "X-Team can't be sent"),
        ({"X Team": "a"}, "letters, digits and hyphens"),
        ({"X-Team:": "a"}, "letters, digits and hyphens"),
        ({"": "a"}, "letters, digits and hyphens"),
        ({"X\r\nY": "a"}, "letters, digits and hyphens"),
        ({"host": "evil.test"}, "The header host is the bot's own"),
        ({"Content-Length": "1"}, "Content-Length is the bot's own"),
        ({"Transfer-Encoding": "chunked"}, "Transfer-Encoding is the bot's own"),
        ({f"X-{number}": "a" for number in range(11)}, "at most 10 headers"),
    ],
)
def test_a_header_that_could_not_be_sent_is_told(headers: Mapping[str, str], reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as refused:
        check(replace(JSON, headers=headers), PLACES)
    assert refused.value.field == "headers"
    assert "abcdef" not in refused.value.message


@pytest.mark.parametrize(
    ("question", "setting"),
    [
        (SQL, "KPI_SOURCE_DATABASE_<NAME>"),
        (JSON, "KPI_SOURCE_ADDRESSES"),
        (PROMQL, "KPI_SOURCE_ADDRESSES"),
    ],
)
def test_where_nothing_is_allowed_it_is_told_what_the_operator_sets(
    question: Question, setting: str
) -> None:
    with pytest.raises(BadInput, match=f"can be asked here yet: the operator .*{setting}"):
        check(question, Places())


def test_without_any_secret_it_is_told_how_one_is_set() -> None:
    asked = replace(JSON, headers={"Authorization": "${CI}"})
    with pytest.raises(BadInput, match=r"there is none yet.*sets KPI_SOURCE_SECRET_<NAME>"):
        check(asked, Places(addresses="api.example.com"))


async def test_what_became_wrong_later_is_a_failure_of_the_source() -> None:
    with pytest.raises(SourceFailure, match="isn't allowed: the operator adds it"):
        await ask(JSON, Places(addresses="other.example.com"))


@given(
    st.builds(
        Question,
        kind=st.sampled_from(SourceKind),
        place=st.text(max_size=30) | st.text(max_size=20).map("https://api.example.com/{}".format),
        query=st.text(max_size=30) | st.text("[]{}@*?|&!.`'\"abc01 ,()", max_size=40),
        times=st.decimals(),
        headers=st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=2),
    )
)
def test_any_question_passes_or_is_refused(question: Question) -> None:
    try:
        check(question, PLACES)
    except BadInput as refused:
        assert refused.field in {"place", "query", "times", "headers"}  # noqa: PT017

"""A PromQL query gives one number, of a real Prometheus, or the reason why not."""

import json
from decimal import Decimal
from typing import Any

import pytest

from app.domain.sources import Question, SourceFailure, SourceKind
from app.sources.asking import ask
from app.sources.failures import NoNumber
from app.sources.fetching import Answer
from app.sources.places import Places
from app.sources.prometheus import number_in
from tests.sources.liar import Liar, response, send

HERE = Places(addresses="127.0.0.1", seconds=20)


def promql(server: str, query: str, times: str = "1") -> Question:
    return Question(SourceKind.PROMQL, server, query, Decimal(times))


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("rollbacks", "12.5"),
        ("sum(refunds)", "18"),
        ('refunds{region="eu"}', "4"),
        ("scalar(rollbacks) * 2", "25"),
        ("vector(1e6)", "1000000"),
        ("share", "0.933333"),
    ],
)
async def test_a_query_gives_its_number(prometheus: str, query: str, number: str) -> None:
    assert str(await ask(promql(prometheus, query), HERE)) == number


async def test_a_share_is_read_in_percent_before_it_is_rounded(prometheus: str) -> None:
    assert str(await ask(promql(prometheus, "share", times="100"), HERE)) == "93.333333"


@pytest.mark.parametrize("end", ["/", "/api/v1/query", "/api/v1/query/"])
async def test_the_address_may_be_that_of_the_api(prometheus: str, end: str) -> None:
    assert await ask(promql(prometheus + end, "rollbacks"), HERE) == Decimal("12.5")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("nobody_counts_this", "gives nothing: no series matches it now"),
        ("rollbacks / (rollbacks - rollbacks)", "is infinite"),
        ("(rollbacks - rollbacks) / 0", "is NaN"),
        ("rollbacks[5m]", "gives a range"),
        ('"twelve"', "gives text"),
        ("sum(", "Prometheus refuses the query: .*parse error"),
        ("rollbacks * 1e30", "too large"),
    ],
)
async def test_what_is_no_number_gets_its_reason(prometheus: str, query: str, reason: str) -> None:
    with pytest.raises(SourceFailure, match=reason):
        await ask(promql(prometheus, query), HERE)


async def test_of_many_series_some_are_named(prometheus: str) -> None:
    with pytest.raises(SourceFailure) as failure:
        await ask(promql(prometheus, "refunds"), HERE)
    told = failure.value.message
    assert told.startswith('The query gives 4 series, not one (refunds{instance="127.0.0.1:')
    assert [region in told for region in ("ap", "eu", "sa", '"us"')] == [True, True, True, False]
    assert told.endswith(" and more): sum() them, or name one by its labels.")


def vector(*samples: Any) -> str:
    data = {"resultType": "vector", "result": samples}
    return json.dumps({"status": "success", "data": data})


@pytest.mark.parametrize(
    "told",
    [
        "[]",
        "12",
        "null",
        '{"status": "success"}',
        '{"data": {"resultType": "vector"}}',
        '{"data": {"resultType": "vector", "result": {}}}',
        '{"data": {"resultType": "scalar", "result": [1, 2]}}',
        vector({}),
        vector(12),
        vector({"value": [0, "1_000"]}),
        vector({"value": [0, "twelve"]}),
        vector({"value": "12"}),
        vector({}, {}),
        vector({"metric": 1}, 2),
    ],
)
def test_what_only_looks_like_prometheus_is_refused(told: str) -> None:
    with pytest.raises(NoNumber, match="This isn't an answer of Prometheus"):
        number_in(Answer(200, "application/json", told.encode()))


def test_a_histogram_is_no_number() -> None:
    told = vector({"metric": {}, "histogram": [0, {}]})
    with pytest.raises(NoNumber, match=r"a histogram: take a number of it, as by histogram_"):
        number_in(Answer(200, "application/json", told.encode()))


async def test_the_words_of_an_error_are_cut_and_cleaned(liar: Liar) -> None:
    error = json.dumps({"status": "error", "error": "bad\n\x1b[31m\u202e" + "x" * 9_000})
    liar.does(send(response(error.encode(), status="422 No")), "/api/v1/query")
    with pytest.raises(SourceFailure) as failure:
        await ask(promql(liar.url(), "up"), HERE)
    assert failure.value.message == f"Prometheus refuses the query: bad [31m{'x' * 112}…."


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
async def test_another_status_is_told(liar: Liar, kind: str) -> None:
    liar.does(send(response(b"{}", status="503 No", Content_Type=kind)), "/api/v1/query")
    with pytest.raises(SourceFailure, match=r"answers 503 Service Unavailable\."):
        await ask(promql(liar.url(), "up"), HERE)


async def test_what_the_address_asks_for_besides_is_kept(liar: Liar) -> None:
    liar.answers(vector({"value": [0, "3"]}), "/api/v1/query")
    assert await ask(promql(liar.url("/?tenant=a%26b"), "up{a='&'}"), HERE) == 3
    [(path, _)] = liar.asked
    assert path.startswith("/api/v1/query?tenant=a%26b&query=up%7Ba%3D%27%26%27%7D&timeout=")

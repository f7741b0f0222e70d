"""What a scorecard file says of a metric's source: read, refused at its line, and written back."""

from dataclasses import replace
from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sources import At, Every, Question, Rhythm, Source, SourceKind
from app.files import FileErrors, read_scorecard_file
from app.files.yaml_writing import scorecard_yaml

METRIC = """\
name: Team
goal: One thing gets done
metrics:
  - name: Errors
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
    source:
"""
SQL = "      sql: {database: shop, query: SELECT 1}\n"
PROMQL = "      promql: {address: 'http://prometheus:9090', query: sum(errors)}\n"
JSON = """\
      json:
        address: https://ci.example.com/stats.json
        path: builds.failed
        headers: {Authorization: "Bearer ${CI}"}
      times: 0.5
"""


def source_in(text: str) -> Source | None:
    scorecard, _ = read_scorecard_file(METRIC + text, "team.yaml").to_domain()
    return scorecard.metrics[0].source


def told(text: str) -> str:
    with pytest.raises(FileErrors) as refused:
        source_in(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (SQL, Question(SourceKind.SQL, "shop", "SELECT 1")),
        (PROMQL, Question(SourceKind.PROMQL, "http://prometheus:9090", "sum(errors)")),
        (
            JSON,
            Question(
                SourceKind.JSON,
                "https://ci.example.com/stats.json",
                "builds.failed",
                Decimal("0.5"),
                {"Authorization": "Bearer ${CI}"},
            ),
        ),
    ],
)
def test_each_kind_is_read(text: str, question: Question) -> None:
    assert source_in(f"{text}      every: 1h\n") == Source(question, Every(60))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            SQL + "      every: 2m\n",
            "team.yaml:9: metrics[0].source.every: A source is asked every 5 minutes at most",
        ),
        (
            SQL + "      every: now and then\n",
            "team.yaml:9: metrics[0].source.every: “now and then” doesn't say how often",
        ),
        (SQL, "team.yaml:7: metrics[0].source.every: is missing: write it as every: 1h"),
        (
            SQL + PROMQL + "      every: 1h\n",
            "team.yaml:7: metrics[0].source: needs one of sql, promql and json.",
        ),
        (
            "      every: 1h\n",
            "team.yaml:7: metrics[0].source: needs one of sql, promql and json.",
        ),
        (
            "      jsn: {}\n" + SQL + "      every: 1h\n",
            "team.yaml:8: metrics[0].source.jsn: unknown field “jsn”: did you mean “json”?",
        ),
        (
            SQL + "      every: 1h\n      times: ~2\n",
            "team.yaml:10: metrics[0].source.times: needs an exact number other than 0",
        ),
        (
            SQL + "      every: 1h\n      times: 0\n",
            "team.yaml:10: metrics[0].source.times: needs an exact number other than 0",
        ),
        (
            "      sql: {query: SELECT 1}\n      every: 1h\n",
            "team.yaml:8: metrics[0].source.sql.database: is missing: write it as database: shop",
        ),
        (
            "      json: {address: 'ftp://x', path: a}\n      every: 1h\n",
            "team.yaml:8: metrics[0].source.json.address: “ftp://x” isn't a link",
        ),
    ],
)
def test_what_can_not_be_is_told_at_its_line(text: str, problem: str) -> None:
    assert problem in told(text)


# YAML folds and trims; a query is kept to the letter, but for the blanks around it.
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(" \n:#'\"{}[]|"),
    min_size=1,
    max_size=60,
).map(lambda text: "x" + text.strip() + "x")
rhythms: st.SearchStrategy[Rhythm] = st.one_of(
    st.builds(Every, st.integers(5, 1439)),
    st.builds(
        At, st.sampled_from([time(0), time(7, 5), time(23, 59)]), st.none() | st.integers(0, 6)
    ),
)


@given(texts, rhythms, st.decimals(1, 999, places=2))
def test_what_is_written_is_read_back_and_written_the_same(
    query: str, every: Rhythm, times: Decimal
) -> None:
    file = read_scorecard_file(METRIC + SQL + "      every: 1h\n", "team.yaml")
    scorecard, _ = file.to_domain()
    source = Source(Question(SourceKind.SQL, "shop", query, times), every)
    fed = replace(scorecard, metrics=(replace(scorecard.metrics[0], source=source),))
    text = scorecard_yaml(fed, {})
    again, _ = read_scorecard_file(text, "team.yaml").to_domain()
    assert again.metrics[0].source == source
    assert scorecard_yaml(again, {}) == text

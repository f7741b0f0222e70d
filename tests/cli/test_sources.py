"""`kpi source`: what feeds metrics, listed, tried and asked at a terminal."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Kpi

TEAM = """
key: team
name: Team
goal: One thing gets done
metrics:
  - key: errors
    name: Errors
    unit: / day
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
    source:
      sql: {database: shop, query: SELECT count(*) FROM errors}
      every: daily at 07:00
  - key: outages
    name: Outages
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
"""


@pytest.fixture
def shop(tmp_path: Path, kpi: Kpi, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop's database with three errors in it, and a scorecard whose metric it feeds."""
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE errors (day TEXT)")
        database.executemany("INSERT INTO errors VALUES (?)", [("mon",), ("tue",), ("wed",)])
        database.commit()
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("KPI_SOURCE_DATABASE_SHOP", f"sqlite:///{path}")
    (tmp_path / "team.yaml").write_text(TEAM)
    assert kpi("load", "team.yaml").status == 0
    return path


def test_trying_prints_the_value_and_records_nothing(kpi: Kpi, shop: Path) -> None:
    assert kpi("source", "try", "errors").out == "Errors: 3 / day\n"
    assert kpi("show", "errors", "--json").data["current"] is None


def test_running_records_the_value_as_the_sources(kpi: Kpi, shop: Path) -> None:
    assert kpi("source", "run", "Errors").out == "Errors: 3 / day, recorded\n"
    assert kpi("source", "run", "errors").out == "Errors: 3 / day, as it was recorded before\n"
    [reading] = kpi("show", "errors", "--json").data["readings"]
    assert reading["value"] == "3"


def test_sources_are_listed_with_how_they_go(kpi: Kpi, shop: Path) -> None:
    listed = kpi("source", "list").out
    assert all(words in listed for words in ("team: Errors", "SQL, daily at 07:00", "never"))
    assert "Outages" not in listed
    kpi("source", "run", "errors")
    [source] = kpi("source", "list", "--scorecard", "team", "--json").data["sources"]
    assert source == {
        "scorecard": "team",
        "metric": "errors",
        "kind": "sql",
        "every": "daily at 07:00",
        "asked_at": "2026-03-16T12:00+00:00",
        "failing_since": None,
        "reason": None,
    }
    assert "SQL, daily at 07:00; answers" in kpi("show", "errors").out


def test_one_that_fails_says_why_with_status_1_and_is_noted(kpi: Kpi, shop: Path) -> None:
    with closing(sqlite3.connect(shop)) as database:
        database.execute("DROP TABLE errors")
    kpi("source", "try", "errors").refused("no such table: errors", status=1)
    assert kpi("source", "list", "--json").data["sources"][0]["reason"] is None
    for _ in range(2):
        kpi("source", "run", "errors").refused("no such table: errors", status=1)
    assert "failing since 2026-03-16 12:00 UTC" in " ".join(kpi("source", "list").out.split())
    doctor = kpi("doctor")
    assert "BAD  source of team errors: failing since 2026-03-16 12:00 UTC" in doctor.out


def test_a_metric_without_a_source_says_how_to_give_it_one(kpi: Kpi, shop: Path) -> None:
    kpi("source", "try", "outages").refused("Outages has no source", "/kpi setup")
    kpi("source", "run", "outags").refused("Did you mean outages?")


def test_without_any_source_the_list_says_how_to_make_one(kpi: Kpi, billing: Path) -> None:
    assert kpi("source", "list").out.startswith("No metric has a source.")


def test_the_file_comes_out_as_it_went_in(kpi: Kpi, shop: Path, tmp_path: Path) -> None:
    exported = kpi("export", "--format", "yaml").out
    assert "query: SELECT count(*) FROM errors" in exported
    (tmp_path / "team.yaml").write_text(exported)
    kpi("load", "team.yaml")
    assert kpi("export", "--format", "yaml").out == exported

"""`kpi import` and `kpi export`: readings and scorecards in and out by files."""

import io
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Kpi
from tests.cli.terminal import ROOT, Shell

TABLE = """\
metric;date;value;note
Rollbacks;2026-02-01;~40;=SUM(A1)
invoice coverage;2026-02-01 09:30;70%;
rollbacks;2026-03-16 11:00;9+;after the fix
"""
REFUSED = "rolbacks;2026-02-01;1;\nbad debt;2026-02-01;lots;\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "readings.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def _count(database: Path) -> int:
    connection = sqlite3.connect(database)
    try:
        [count] = connection.execute("SELECT count(*) FROM readings").fetchone()
    finally:
        connection.close()
    return int(count)


def test_a_table_is_looked_at_then_recorded_and_not_doubled(
    kpi: Kpi, billing: Path, table: Path
) -> None:
    before = _count(billing)
    dry = kpi("import", str(table), "--dry-run")
    assert dry.status == 0
    assert "Rollbacks / day: 2 new; newest value ~12 → 9+" in dry.out
    assert "Invoice coverage: 1 new; newest value stays ~78%" in dry.out
    assert dry.out.endswith("Nothing was recorded.\n")
    assert _count(billing) == before
    assert kpi("import", str(table), "--yes").out.endswith(
        "Billing Platform: 3 readings recorded. /kpi history has the way back.\n"
    )
    assert kpi("show", "rollbacks", "--json").data["current"]["value"] == "9"
    again = kpi("import", str(table), "--yes")
    assert (again.status, _count(billing)) == (0, before + 3)
    assert "2 already there" in again.out


def test_refused_rows_are_listed_by_line_and_nothing_is_recorded(
    kpi: Kpi, billing: Path, table: Path
) -> None:
    table.write_text(TABLE + REFUSED, encoding="utf-8")
    before = _count(billing)
    refused = kpi("import", str(table), "--yes")
    assert (refused.status, _count(billing)) == (2, before)
    first, second = refused.err.splitlines()
    assert "readings.csv:5: There is no metric “rolbacks”" in first
    assert "readings.csv:6: “lots” isn't a value. Type a number" in second
    taken = kpi("import", str(table), "--yes", "--skip-refused")
    assert (taken.status, _count(billing)) == (0, before + 3)
    assert "Left out, line 5: There is no metric “rolbacks”" in taken.out


@pytest.mark.usefixtures("billing", "table")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("readings.csv",), "say --yes to record"),
        (("nothing.csv",), "there is no such file"),
        (("/",), "this is a folder"),
        (("readings.csv", "--yes", "--scorecard", "nothing"), "no scorecard “nothing”"),
        ((), "Missing argument"),
    ],
)
def test_what_cannot_be_imported_is_refused(
    kpi: Kpi, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes"))
    outcome = kpi("import", *arguments)
    assert (outcome.status, words in outcome.err) == (2, True), outcome


KILLED = """
import os, sys
from app.cli import main
from app.services import bulk

real = bulk.add_many_readings

async def killed(*arguments):
    written = await real(*arguments)
    os.kill(os.getpid(), {signal})
    return written

bulk.add_many_readings = killed
sys.argv = ["kpi", "import", "readings.csv", "--yes"]
main()
"""
"""Ends once every row is written and none is committed."""


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGKILL])
def test_an_import_that_is_ended_in_the_middle_leaves_nothing(
    shell: Shell, billing: Path, ended_by: signal.Signals
) -> None:
    before = _count(billing)
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(signal=int(ended_by))],
        cwd=shell.folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == (130 if ended_by is signal.SIGINT else -signal.SIGKILL), done.stderr
    assert "Traceback" not in done.stderr
    assert _count(billing) == before
    table_of_changes = shell.kpi("import", "readings.csv", "--dry-run")
    assert "Rollbacks / day: 2 new" in table_of_changes.out


@pytest.mark.usefixtures("billing")
def test_what_is_exported_is_imported_again_as_already_there(
    kpi: Kpi, tmp_path: Path, table: Path
) -> None:
    kpi("import", str(table), "--yes")
    printed = kpi("export")
    assert "rollbacks,~40,2026-02-01,'=SUM(A1)," in printed.out.splitlines()
    assert kpi("export", "-o", "out.csv").out == ""
    assert (tmp_path / "out.csv").read_bytes().decode() == printed.out
    again = kpi("import", "out.csv", "--yes")
    assert (again.status, again.out.endswith("\nNothing was recorded.\n")) == (0, True)


def test_a_scorecard_is_exported_as_a_file_that_loads_back(
    kpi: Kpi, billing: Path, tmp_path: Path, table: Path
) -> None:
    kpi("import", str(table), "--yes")
    exported = kpi("export", "--format", "yaml", "-o", "scorecard.yaml")
    assert (exported.status, exported.out) == (0, "")
    text = (tmp_path / "scorecard.yaml").read_text(encoding="utf-8")
    assert "# Left out: who may do what" in text
    billing.unlink()
    assert kpi("load", "scorecard.yaml").status == 0
    assert kpi("export", "--format", "yaml").out == text
    bare = kpi("export", "--format", "yaml", "--no-readings").out
    assert ("readings:" in bare, "# Left out as asked for: the readings." in bare) == (False, True)


@pytest.mark.usefixtures("billing")
def test_a_file_that_cannot_be_written_is_refused_and_nothing_is_left(
    kpi: Kpi, tmp_path: Path
) -> None:
    kpi("export", "-o", "nowhere/out.csv").refused("can't be written")
    kept = tmp_path / "out.csv"
    kept.write_text("kept", encoding="utf-8")
    assert kpi("export", "-o", "out.csv", "--scorecard", "nothing").status == 2
    assert kept.read_text(encoding="utf-8") == "kept"
    assert not list(tmp_path.glob(".out*"))

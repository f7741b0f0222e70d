"""The benchmark still runs, and prints every table with both sides in it."""

import pytest

from tests.bench.__main__ import BARE, QUICK, main


async def test_a_short_run_prints_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    await main(QUICK)
    printed = capsys.readouterr().out
    tables = [table.splitlines() for table in printed.split("\n\n") if table.startswith("|")]
    first_cells = [[row.split("|")[1].strip() for row in table] for table in tables]
    assert [cells[0] for cells in first_cells] == [
        "a process",
        "/kpi, one a second",
        "/kpi",
        "/kpi rollbacks",
        "/kpi, 50 in flight",
        "/kpi ship, until views.open",
        "/kpi update rollbacks ~12",
    ]
    assert all(cells[2] == BARE and len(cells) == 4 for cells in first_cells)

"""The bench still runs, shows every section with both sides in it, and keeps what it measured."""

import shutil
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.bench import __main__ as bench
from tests.bench.plans import QUICK
from tests.bench.report import BEGIN, END, PAGE, keep
from tests.bench.sections import BARE
from tests.bench.slow_line import slow_line
from tests.bench.soak import soak
from tests.bench.soak_acts import ACTS
from tests.bench.soak_rules import MOST_LEFT, Sample, complaints


async def test_a_short_run_shows_every_section(capsys: pytest.CaptureFixture[str]) -> None:
    measured = await bench.main(QUICK)
    assert measured.startswith("Measured on ")
    tables = [table.splitlines() for table in measured.split("\n\n") if table.startswith("|")]
    firsts = [[row.split("|")[1].strip() for row in table] for table in tables]
    assert [cells[0] for cells in firsts] == [
        "aim",
        "a process",
        "/kpi, one a second",
        "/kpi",
        "/kpi rollbacks",
        "/kpi, 20 in flight",
        "until the last is answered",
        "/kpi ship, until views.open",
        "/kpi update rollbacks ~12",
        "a picture, warm",
        "/kpi, nothing painted",
        "/kpi, pictures painted",
        "SQLite",
        "SQLite",
    ]
    beside_the_no_op = [cells for cells in firsts if cells[2] == BARE]
    assert len(beside_the_no_op) == 10
    printed = capsys.readouterr().out
    assert all(part in printed for part in measured.split("\n\n"))


def test_what_was_measured_takes_the_place_of_what_was_before(tmp_path: Path) -> None:
    page = Path(shutil.copy(PAGE, tmp_path))
    around = PAGE.read_text().partition(BEGIN)[0], PAGE.read_text().partition(END)[2]
    for measured in ("one run", "another run"):
        keep(measured, page)
        assert page.read_text() == f"{around[0]}{BEGIN}\n\n{measured}\n\n{END}{around[1]}"
    assert all(around)


async def test_on_a_slow_line_each_query_takes_so_much_longer(postgresql_url: str) -> None:
    async with (
        slow_line(postgresql_url) as line,
        await psycopg.AsyncConnection.connect(line.url, autocommit=True) as connection,
    ):
        line.seconds = 0.05
        begun = time.perf_counter()
        for number in range(4):
            found = await (await connection.execute("SELECT %s::int", [number])).fetchone()
            assert found == (number,)
        assert time.perf_counter() - begun > 4 * line.seconds


async def test_a_short_soak_does_everything_and_leaves_nothing_over() -> None:
    found = await soak(seconds=3)
    assert set(found.done) <= set(ACTS)
    assert found.done.total() > 3
    # In seconds nothing gets warm: of memory only a whole soak can tell.
    assert [each for each in found.complaints if not each.startswith("memory")] == []


FLAT = Sample(0, 0, resident_mb=140, unique_mb=110, tasks=9, threads=8, files=24, connections=5)


def _memory(*unique_mb: float) -> list[Sample]:
    return [replace(FLAT, seconds=number, unique_mb=each) for number, each in enumerate(unique_mb)]


@pytest.mark.parametrize(
    ("memory", "is_flat"),
    [
        ((110, 110, 110, 110), True),
        ((110, 118, 109, 111), True),
        ((118, 112, 110, 109), True),
        ((110, 112, 115, 117), False),
    ],
)
def test_memory_that_keeps_rising_fails_a_soak(memory: tuple[float, ...], *, is_flat: bool) -> None:
    assert (list(complaints(FLAT, _memory(*memory), FLAT)) == []) is is_flat


@pytest.mark.parametrize("what", MOST_LEFT)
def test_what_is_left_over_fails_a_soak(what: str) -> None:
    allowed = getattr(FLAT, what) + MOST_LEFT[what]
    for left, is_well in ((allowed, True), (allowed + 1, False)):
        rested = replace(FLAT, **{what: left})
        found = list(complaints(FLAT, _memory(110, 110), rested))
        assert (found == []) is is_well
        assert all(what in each for each in found)

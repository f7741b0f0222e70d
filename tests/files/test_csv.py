"""Tables of readings: read as spreadsheets write them, and written so that nothing runs there."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.metrics import Reading
from app.domain.values import Qualifier, Value
from app.files import FileErrors
from app.files.csv_reading import MOST_CSV_BYTES, armed, read_csv
from app.files.csv_writing import csv_text, defused
from app.files.rows import Row, RowChecker
from tests.builders import NOW, a_metric, a_scorecard

PLAIN = "metric,value,at,note\nrollbacks,~12,2026-03-01,after the fix\n"


def _rows(text: str | bytes) -> list[Row]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(read_csv(data, "table.csv").rows)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("metric,value,at,note", "KPI,Reading,Date,Comment"),
        PLAIN.replace("metric,value,at,note", ' Metric ,"VALUE", at_ ,Notes').replace("at_", "At"),
        f"\ufeff{PLAIN}",
        f"{PLAIN}\n,,,\n",
    ],
)
def test_tables_are_read_however_they_are_written(text: str) -> None:
    assert _rows(text) == [Row(2, "rollbacks", "~12", "2026-03-01", "after the fix")]


def test_columns_may_stand_in_any_order_and_others_are_told_as_ignored() -> None:
    table = read_csv(b"at,region,value,metric\n2026-03-01,EU,3,rollbacks\n", "t.csv")
    assert list(table.rows) == [Row(2, "rollbacks", "3", "2026-03-01")]
    assert table.ignored == ["region"]


def test_a_row_has_the_line_on_which_it_begins() -> None:
    text = 'metric,value,note\na,1,"two\nlines"\n\nb,2,x\n'
    assert [(row.line, row.metric) for row in _rows(text)] == [(2, "a"), (5, "b")]
    assert _rows(text)[0].note == "two\nlines"


def test_a_number_that_came_apart_is_refused_and_not_read_askew() -> None:
    [row] = _rows("metric,value,at\nrollbacks,1,234,2026-03-01\n")
    assert "4 cells, and the first line names 3" in row.problem
    assert not _rows("metric,value,at\nrollbacks,1,2026-03-01,,\n")[0].problem


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 1, "no column “metric”"),
        (b"metric,at\nrollbacks,2026-03-01\n", 1, "no column “value”"),
        (b"metric,value,date,day\n", 1, "both mean the at"),
        ("metric,value,note\na,1,x\nb,2,größer\n".encode("latin-1"), 3, "CSV UTF-8"),
        ("metric,value\na,1\n".encode("utf-16"), 1, "CSV UTF-8"),
        (b'metric,value,note\na,1,"open\nb,2,x\n', 2, "quotes here don't close"),
        (b"x" * (MOST_CSV_BYTES + 1), 0, "larger than 20 MB"),
    ],
)
def test_what_is_no_table_is_refused_at_its_line(data: bytes, line: int, words: str) -> None:
    with pytest.raises(FileErrors, match=words) as refusal:
        _rows(data)
    assert refusal.value.problems[0].line == line


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+5", "'+5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("\t=1", "'\t=1"),
        ("'=1", "''=1"),
        ("'tis", "'tis"),
        ("~12", "~12"),
        ("5+", "5+"),
        ("-3.5", "-3.5"),
        ("-3+", "'-3+"),
    ],
)
def test_what_begins_a_formula_gets_an_apostrophe_that_goes_again(cell: str, written: str) -> None:
    assert defused(cell) == written
    assert armed(written) == cell


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n1a"), max_size=8) | st.text())
def test_no_cell_begins_a_formula_and_every_one_comes_back(cell: str) -> None:
    written = defused(cell)
    assert written[:1] not in tuple("=+@\t\r\n")
    assert armed(written) == cell


ZONES = st.sampled_from([ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Dublin")])
VALUES = st.builds(
    Value,
    st.decimals(min_value=-(10**9), max_value=10**9, places=3).map(lambda number: number + 0),
    st.sampled_from(Qualifier),
)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n\t"))
READINGS = st.builds(
    Reading,
    st.just(0),
    st.sampled_from(["rollbacks", "bad-debt"]),
    VALUES,
    st.timedeltas(timedelta(microseconds=1), timedelta(days=45_000)).map(lambda ago: NOW - ago),
    st.just(NOW),
    st.just("U0ANA"),
    (TEXTS | st.text("='+-@ \n,;\"", max_size=6)).map(str.strip),
    st.none(),
)


@given(st.lists(READINGS, max_size=5), ZONES)
@example(
    [Reading(0, "bad-debt", Value(Decimal(-3)), NOW - timedelta(hours=12), NOW, "U0ANA", "=1\n;")],
    ZoneInfo("UTC"),
)
def test_readings_that_were_written_are_read_as_the_same(
    readings: list[Reading], zone: ZoneInfo
) -> None:
    metrics = (a_metric(), a_metric("bad-debt", name="Bad debt"))
    checker = RowChecker(a_scorecard(metrics=metrics, zone=zone), "U0ANA", NOW)
    text = "".join(csv_text(readings, zone))
    read = [checker.reading(row, checker.metric(row.metric)) for row in _rows(text)]
    assert read == readings
    assert "".join(csv_text(read, zone)) == text

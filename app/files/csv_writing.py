"""Readings as a CSV table, which `read_csv` reads again just as they are."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from app.domain.metrics import Reading
from app.files.csv_reading import COLUMNS
from app.files.moments import instant_text, value_text

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_NUMBER = re.compile(r"-\d+(\.\d+)?", re.ASCII)


def csv_header() -> str:
    return _line(COLUMNS)


def csv_line(reading: Reading, zone: ZoneInfo) -> str:
    """One reading, its time in the zone."""
    cells = (
        reading.metric,
        value_text(reading.value),
        instant_text(reading.at, zone),
        reading.note,
        reading.milestone or "",
    )
    return _line(defused(cell) for cell in cells)


def csv_text(readings: Iterable[Reading], zone: ZoneInfo) -> Iterator[str]:
    """The lines of a table of readings."""
    yield csv_header()
    yield from (csv_line(reading, zone) for reading in readings)


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before what begins one.

    A plain negative number is left as it is, for it does nothing. Of what begins with apostrophes
    before such a sign one more tells it apart. https://owasp.org/www-community/attacks/CSV_Injection
    """
    if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    # Ended by both signs, so that a cell with either of them gets quotes.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()

"""Readings from a CSV table, as spreadsheets and databases write it."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.names import normalised
from app.files.problems import FileErrors, FileProblem
from app.files.rows import Row

MOST_CSV_BYTES = 20_000_000

COLUMNS: Mapping[str, frozenset[str]] = {
    "metric": frozenset({"metric", "metrics", "key", "name", "kpi"}),
    "value": frozenset({"value", "reading", "number", "amount"}),
    "at": frozenset({"at", "date", "day", "time", "when", "timestamp", "datetime", "date time"}),
    "note": frozenset({"note", "notes", "comment", "remark"}),
    "milestone": frozenset({"milestone", "caused by"}),
}
"""The columns of a table of readings, each with the names that it may have."""

_NEEDED = ("metric", "value")
_DELIMITERS = ",;\t"
_DEFUSED = re.compile(r"'+[=+\-@\t\r\n]")
_EXAMPLE = "Begin with a line such as: metric,value,at,note"


@dataclass(frozen=True, slots=True)
class ReadingsTable:
    """A table whose first line is understood; `ignored` are the columns that say nothing here.

    `rows` are read as they are asked for, once, and raise `FileErrors` where quotes don't close.
    """

    rows: Iterator[Row]
    ignored: Sequence[str]


def read_csv(data: bytes, source: str) -> ReadingsTable:
    """The readings in a file's content; `source` is what messages call it.

    Raises `FileErrors` for what is too large, isn't UTF-8, or lacks a column that is needed.
    """
    if len(data) > MOST_CSV_BYTES:
        raise _unusable(
            source, 0, f"the file is larger than {MOST_CSV_BYTES // 1_000_000} MB: split it."
        )
    _refuse_other_encodings(data, source)
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    delimiter = _delimiter(lines.readline())
    lines.seek(0)
    records = _records(lines, delimiter, source)
    _, header = next(records, (1, []))
    places = _places(header, source)
    named = set(places.values())
    ignored = [name for place, name in enumerate(header) if name.strip() and place not in named]
    return ReadingsTable(_rows(records, places, len(header), delimiter), ignored)


def _refuse_other_encodings(data: bytes, source: str) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unusable(
            source, line, "a character isn't UTF-8: save the file as “CSV UTF-8”."
        ) from error


def _delimiter(first_line: str) -> str:
    """The one that separates most names in the first line; a comma where none does."""
    return max(_DELIMITERS, key=first_line.count)


def _records(
    lines: io.TextIOWrapper, delimiter: str, source: str
) -> Iterator[tuple[int, list[str]]]:
    """The records that hold something, each with the line on which it begins."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = (
                "the quotes here don't close, or stand inside a cell: write a cell with quotes in "
                'it as "a ""quoted"" word".'
            )
            raise _unusable(source, line, message) from error
        if any(cell.strip() for cell in record):
            yield line, [armed(cell) for cell in record]


def _places(header: Sequence[str], source: str) -> dict[str, int]:
    """Where each column stands; raises `FileErrors` for one that is missing or there twice."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        spoken = normalised(name.replace("_", " "))
        column = next((column for column, known in COLUMNS.items() if spoken in known), None)
        if column is None:
            continue
        if column in places:
            said = f"“{header[places[column]]}” and “{name[:40]}” both mean the {column}"
            raise _unusable(source, 1, f"{said}: remove one of the columns, or name it otherwise.")
        places[column] = place
    missing = [column for column in _NEEDED if column not in places]
    if missing:
        raise _unusable(source, 1, f"there is no column “{missing[0]}”. {_EXAMPLE}")
    return places


def _rows(
    records: Iterator[tuple[int, list[str]]],
    places: Mapping[str, int],
    width: int,
    delimiter: str,
) -> Iterator[Row]:
    for line, record in records:
        cells = {
            column: record[place] if place < len(record) else "" for column, place in places.items()
        }
        yield Row(line, **cells, problem=_too_wide(record, width, delimiter))


def _too_wide(record: Sequence[str], width: int, delimiter: str) -> str:
    """Why a record can't be read by its columns: a number such as 1,234 has come apart."""
    if not any(cell.strip() for cell in record[width:]):
        return ""
    shown = {"\t": "a tab"}.get(delimiter, f"“{delimiter}”")
    return (
        f"There are {len(record)} cells, and the first line names {width}: put quotes around a "
        f"cell with {shown} in it."
    )


def armed(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if _DEFUSED.match(cell) else cell


def _unusable(source: str, line: int, message: str) -> FileErrors:
    return FileErrors(source, [FileProblem(line, min(line, 1), "", message)])

"""Tables: `table`, which shows rows, and `data_table`, which also sorts and pages them.

Sources: docs.slack.dev/reference/block-kit/blocks/table-block and .../data-table-block. Where
readings of the data table differ (101 or 201 rows, 10,000 or 20,000 characters) the lower stands.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.playground.blockkit.checks import (
    Check,
    array,
    boolean,
    by_type,
    field_of,
    integer,
    items,
    number,
    shape,
    text,
    word,
)
from app.playground.blockkit.objects import BLOCK_ID
from app.playground.blockkit.problem import Problem
from app.playground.blockkit.richtext import RICH_TEXT

MOST_COLUMNS = 20
MOST_CHARACTERS = 10_000

_RAW_CELLS: dict[str, Check] = {
    "raw_text": shape(required={"text": text()}),
    "raw_number": shape(required={"value": number, "text": text()}),
}
_CELL = by_type(_RAW_CELLS | {"rich_text": RICH_TEXT})
_ROW = array(_CELL, most=MOST_COLUMNS)


def _character_limit(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """All cells of a table together hold at most 10,000 characters."""
    if _characters(value.get("rows")) > MOST_CHARACTERS:
        yield Problem(f"{pointer}/rows", f"must be less than {MOST_CHARACTERS + 1} characters")


def _characters(value: object) -> int:
    """The length of every text inside a cell, a row or a table, however deep it sits."""
    if isinstance(value, list):
        return sum(_characters(each) for each in value)
    own = field_of(value, "text")
    return (len(own) if isinstance(own, str) else 0) + _characters(
        items(field_of(value, "elements"))
    )


def _equal_rows(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """Every row of a data table has as many cells as its header."""
    rows = [row for row in items(value.get("rows")) if isinstance(row, list)]
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            yield Problem(f"{pointer}/rows/{index}", f"must have {len(rows[0])} cells")


def _plain_header(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """The header of a data table takes no rich text."""
    for index, cell in enumerate(items(next(iter(items(value.get("rows"))), None))):
        if field_of(cell, "type") == "rich_text":
            yield Problem(f"{pointer}/rows/0/{index}/type", "unsupported type: rich_text")


def _row_header_exists(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    header = items(next(iter(items(value.get("rows"))), None))
    column = value.get("row_header_column_index", 0)
    if header and isinstance(column, int) and column >= len(header):
        yield Problem(f"{pointer}/row_header_column_index", f"must be at most {len(header) - 1}")


def _column(value: object, pointer: str) -> Iterator[Problem]:
    """The settings of a column; null leaves the column as it is."""
    if value is not None:
        yield from _COLUMN_SETTINGS(value, pointer)


_COLUMN_SETTINGS = shape(
    optional={"align": word("left", "center", "right"), "is_wrapped": boolean},
)

TABLE = shape(
    required={"rows": array(_ROW, most=100)},
    optional={"block_id": BLOCK_ID, "column_settings": array(_column, most=MOST_COLUMNS)},
    rules=[_character_limit],
)

DATA_TABLE = shape(
    required={"rows": array(_ROW, least=2, most=101), "caption": text()},
    optional={
        "block_id": BLOCK_ID,
        "page_size": integer(1, 100),
        "row_header_column_index": integer(0, MOST_COLUMNS - 1),
    },
    rules=[_equal_rows, _plain_header, _row_header_exists, _character_limit],
)

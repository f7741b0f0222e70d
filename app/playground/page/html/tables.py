"""Tables: `table` and `data_table`
(docs.slack.dev/reference/block-kit/blocks/table-block and .../data-table-block)."""

from collections.abc import Sequence

import htpy as h

from app.playground.blocks import Json
from app.playground.mrkdwn import read_plain
from app.playground.page.html.reader import Reader
from app.playground.page.html.text import render_passages, render_span
from app.playground.richtext import read_rich_text


def render_table(block: Json, reader: Reader) -> h.Node:
    """Rows below their header, which is the first row."""
    settings = block.get("column_settings", [])
    columns = [
        _looks(settings[place] if place < len(settings) else None)
        for place in range(max(map(len, block["rows"])))
    ]
    return _scrolled("Table")[_table(block["rows"], columns, reader)]


def render_data_table(block: Json, reader: Reader) -> h.Node:
    """Rows below a caption and their header; one column says what each row is about."""
    named = block.get("row_header_column_index", 0)
    columns = [_looks({"is_wrapped": True}) for _ in block["rows"][0]]
    caption = h.caption[block["caption"]]
    return _scrolled(block["caption"])[_table(block["rows"], columns, reader, caption, named)]


def _scrolled(name: str) -> h.Element:
    """A frame in which what doesn't fit is scrolled, by keyboard too."""
    return h.div(".table-frame", tabindex="0", role="group", aria_label=name)


def _table(
    rows: Sequence[Sequence[Json]],
    columns: Sequence[str],
    reader: Reader,
    caption: h.Node = None,
    named: int | None = None,
) -> h.Element:
    header, *others = rows
    return h.table[
        caption,
        h.thead[
            h.tr[
                (
                    h.th(scope="col", class_=_class(columns[place], _below(others, place)))[
                        _content(cell, reader)
                    ]
                    for place, cell in enumerate(header)
                )
            ]
        ],
        h.tbody[
            (
                h.tr[
                    (
                        _cell(cell, columns[place], place == named, reader)
                        for place, cell in enumerate(row)
                    )
                ]
                for row in others
            )
        ],
    ]


def _cell(cell: Json, looks: str, names_row: bool, reader: Reader) -> h.Element:
    class_ = _class(looks, [cell])
    content = _content(cell, reader)
    return h.th(scope="row", class_=class_)[content] if names_row else h.td(class_=class_)[content]


def _below(rows: Sequence[Sequence[Json]], place: int) -> list[Json]:
    return [row[place] for row in rows if place < len(row)]


def _class(looks: str, cells: Sequence[Json]) -> str | None:
    """How cells look: as the column's settings say, otherwise numbers to the right."""
    is_number = bool(cells) and all(cell["type"] == "raw_number" for cell in cells)
    aligned = looks if "align-" in looks or not is_number else f"{looks} align-right"
    return aligned.strip() or None


def _looks(setting: Json | None) -> str:
    given = setting or {}
    align = f"align-{given['align']} " if "align" in given else ""
    return align + ("is-wrapped" if given.get("is_wrapped") else "")


def _content(cell: Json, reader: Reader) -> h.Node:
    if cell["type"] == "rich_text":
        return render_passages(read_rich_text(cell), reader)
    return [render_span(each, reader) for each in read_plain(cell["text"])]

"""Tables and charts: `table`, `data_table`, `data_visualization`."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from app.playground.passages import Names
from app.playground.terminal.layout import stacked
from app.playground.terminal.richtext import rich_line
from app.playground.terminal.safe import clean, readable

# The cells that all bars of one row of a chart share.
_ROOM_FOR_BARS = 48
_EIGHTHS = " ▏▎▍▌▋▊▉"
_COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")


def table(block: Mapping[str, Any], names: Names) -> RenderableType:
    """Rows below a header, which is the first row; a data table has its caption above."""
    header, *rows = block.get("rows") or [[]]
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    settings = block.get("column_settings", [])
    for place, cell in enumerate(header):
        column = [row[place] for row in rows if place < len(row)]
        shown.add_column(
            _cell(cell, names), justify=_justify(place, column, settings), overflow="fold"
        )
    for row in rows:
        shown.add_row(*(_cell(cell, names) for cell in row))
    if "caption" not in block:
        return shown
    return stacked([Text(readable(block["caption"]), style="bold"), shown])


def _cell(cell: Mapping[str, Any], names: Names) -> Text:
    if cell.get("type") == "rich_text":
        return rich_line(cell, names)
    return Text(readable(cell.get("text", "")))


def _justify(
    place: int, column: Sequence[Mapping[str, Any]], settings: Sequence[Mapping[str, Any] | None]
) -> Literal["left", "center", "right"]:
    """As the settings say; otherwise numbers to the right."""
    setting = settings[place] if place < len(settings) else None
    match (setting or {}).get("align"):
        case "center":
            return "center"
        case "right":
            return "right"
        case "left":
            return "left"
    numbers = column and all(cell.get("type") == "raw_number" for cell in column)
    return "right" if numbers else "left"


def chart(block: Mapping[str, Any]) -> RenderableType:
    """A chart as bars of text: a row for each category, a column of bars for each series."""
    drawn = block["chart"]
    series = (
        [{"name": "", "data": drawn.get("segments", [])}]
        if drawn["type"] == "pie"
        else drawn.get("series", [])
    )
    title = Text(readable(block["title"]), style="bold")
    return stacked([title, *_axis_labels(drawn.get("axis_config", {})), _bars(series)])


def _axis_labels(axes: Mapping[str, Any]) -> list[Text]:
    labels = [readable(axes[name]) for name in ("y_label", "x_label") if axes.get(name)]
    return [Text(" by ".join(labels), style="dim")] if labels else []


def _bars(series: Sequence[Mapping[str, Any]]) -> Table:
    room = _ROOM_FOR_BARS // max(len(series), 1)
    values = [_by_label(each) for each in series]
    categories = list(dict.fromkeys(label for each in values for label in each))
    longest = max((abs(value) for each in values for value in each.values()), default=0)
    grid = Table(
        box=None, show_header=len(series) > 1, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0)
    )
    grid.add_column("")
    for place, each in enumerate(series):
        grid.add_column(Text(clean(each.get("name", ""))), style=_COLOURS[place % len(_COLOURS)])
        grid.add_column("", justify="right")
    for category in categories:
        cells = [
            Text(cell)
            for each in values
            for cell in (_bar(each.get(category), longest, room), _number(each.get(category)))
        ]
        grid.add_row(Text(category), *cells)
    return grid


def _by_label(series: Mapping[str, Any]) -> dict[str, float]:
    return {clean(point["label"]): point["value"] for point in series.get("data", [])}


def _bar(value: float | None, longest: float, room: int) -> str:
    """A bar whose length is the size of the value, to an eighth of a cell; pale below zero."""
    if not value:
        return ""
    if value < 0:
        return "░" * max(round(-value / longest * room), 1)
    full, rest = divmod(max(round(value / longest * room * 8), 1), 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,}"

"""Builders of the tables and charts that Slack itself draws, for `Message.native` alone.

Readings of Slack's documentation differ on the limits; these are the lower ones.
https://docs.slack.dev/reference/block-kit/blocks/data-table-block
https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Literal

from app.slack.blocks import kit
from app.slack.blocks.kit import ZERO_WIDTH_SPACE, Block

MOST_ROWS = 100
"""Below the header."""
MOST_TABLE_LENGTH = 10_000
"""All cells together, in characters."""
ROWS_A_PAGE = 15
MOST_SERIES = 6
MOST_POINTS = 20
MOST_LABEL_LENGTH = 20
MOST_CHART_TITLE_LENGTH = 50

Row = Sequence[Block]
Series = Mapping[str, Decimal]
"""What is drawn at each label, in order."""


def literal(mrkdwn: str) -> str:
    """The words of mrkdwn that `kit.escaped` made, for where Slack reads no mrkdwn."""
    words = mrkdwn.replace(ZERO_WIDTH_SPACE, "")
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def text_cell(text: str) -> Block:
    return {"type": "raw_text", "text": text or "–"}


def number_cell(number: Decimal, shown: str) -> Block:
    """A number that Slack sorts by, and how it is shown."""
    return {"type": "raw_number", "value": _plotted(number), "text": shown}


def table(caption: str, header: Sequence[str], rows: Sequence[Row], *, rest: str) -> list[Block]:
    """Rows below a header, the first column naming each; without any row there is no table.

    What Slack has no room for is counted below: `… and 12 more {rest}`.
    """
    top = [text_cell(title) for title in header]
    lengths = accumulate(sum(len(cell["text"]) for cell in row) for row in (top, *rows))
    fitting = bisect_right(list(lengths), MOST_TABLE_LENGTH) - 1
    shown = rows[: min(max(fitting, 0), MOST_ROWS)]
    if not shown:
        return []
    block: Block = {
        "type": "data_table",
        "caption": caption,
        "page_size": ROWS_A_PAGE,
        "row_header_column_index": 0,
        "rows": [top, *(list(row) for row in shown)],
    }
    hidden = len(rows) - len(shown)
    return [block, *([kit.context(f"… and {hidden} more {rest}")] if hidden else [])]


def chart(
    kind: Literal["bar", "line"], title: str, series: Mapping[str, Series], *, y_label: str = ""
) -> Block:
    """Series over the same labels; raises `ValueError` for more than Slack draws."""
    labels = list(next(iter(series.values())))
    if len(series) > MOST_SERIES or len(labels) > MOST_POINTS:
        raise ValueError(f"a chart has at most {MOST_SERIES} series of {MOST_POINTS} points")
    if longer := [each for each in (*series, *labels) if len(each) > MOST_LABEL_LENGTH]:
        raise ValueError(f"a label has at most {MOST_LABEL_LENGTH} characters: {longer}")
    axes: Block = {"categories": labels}
    if y_label:
        axes["y_label"] = kit.shortened(y_label, MOST_CHART_TITLE_LENGTH)
    return {
        "type": "data_visualization",
        "title": kit.shortened(title, MOST_CHART_TITLE_LENGTH),
        "chart": {
            "type": kind,
            "series": [
                {
                    "name": name,
                    "data": [{"label": at, "value": _plotted(drawn[at])} for at in labels],
                }
                for name, drawn in series.items()
            ],
            "axis_config": axes,
        },
    }


def labels(texts: Sequence[str]) -> list[str]:
    """Texts as labels of a chart: shortened, and told apart by a number where they look alike."""
    taken: dict[str, None] = {}
    for text in texts:
        label, number = kit.shortened(text, MOST_LABEL_LENGTH), 1
        while label in taken:
            number += 1
            sign = f" {number}"
            label = f"{kit.shortened(text, MOST_LABEL_LENGTH - len(sign))}{sign}"
        taken[label] = None
    return list(taken)


def _plotted(number: Decimal) -> int | float:
    """A number as JSON has it; what people read of it stands in words beside it."""
    whole = int(number)
    return whole if whole == number else float(number)

"""The chart block: `data_visualization`, a line, bar, area or pie chart.

Source: docs.slack.dev/reference/block-kit/blocks/data-visualization-block. Where readings of it
differ (6 or 12 series) the lower stands.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.playground.blockkit.checks import (
    array,
    by_type,
    field_of,
    items,
    number,
    objects,
    positive_number,
    repeated,
    shape,
    text,
)
from app.playground.blockkit.objects import BLOCK_ID
from app.playground.blockkit.problem import Problem

_LABEL = text(20)
_TITLE = text(50)
_POINT = shape(required={"label": _LABEL, "value": number})
_SERIES = shape(required={"name": _LABEL, "data": array(_POINT, most=20)})
_AXES = shape(
    required={"categories": array(_LABEL, most=20)},
    optional={"x_label": _TITLE, "y_label": _TITLE},
)


def _unique_names(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """Series are told apart by their names, categories by their labels."""
    categories = items(field_of(value.get("axis_config"), "categories"))
    yield from repeated(
        (
            (each.get("name"), f"{pointer}/series/{index}/name")
            for index, each in objects(value.get("series"))
        ),
        "series name `{value}` is not unique",
    )
    yield from repeated(
        (
            (each, f"{pointer}/axis_config/categories/{index}")
            for index, each in enumerate(categories)
        ),
        "category `{value}` is not unique",
    )


def _point_for_each_category(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """Every series has exactly one point for each category."""
    categories = items(field_of(value.get("axis_config"), "categories"))
    for index, series in objects(value.get("series")):
        labels = [point.get("label") for _, point in objects(series.get("data"))]
        if len(labels) != len(categories) or any(each not in labels for each in categories):
            yield Problem(f"{pointer}/series/{index}/data", "must have one point for each category")


_PLOT = shape(
    required={"series": array(_SERIES, most=6), "axis_config": _AXES},
    rules=[_unique_names, _point_for_each_category],
)

_PIE = shape(
    required={
        "segments": array(shape(required={"label": _LABEL, "value": positive_number}), most=6),
    },
)

DATA_VISUALIZATION = shape(
    required={
        "title": _TITLE,
        "chart": by_type({"pie": _PIE, "bar": _PLOT, "area": _PLOT, "line": _PLOT}),
    },
    optional={"block_id": BLOCK_ID},
)

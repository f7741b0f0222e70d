"""Where the texts of a chart stand, taken from its specification."""

from itertools import combinations
from typing import Any

from app.charts.charts import Chart
from app.charts.labels import Box, Label
from app.charts.looks import SMALL, WIDTH


def rows_of(chart: Chart, name: str) -> list[dict[str, Any]]:
    """The rows of a data set, wherever in the specification it stands."""
    found: list[dict[str, Any]] = []
    groups = [chart.specification]
    for group in groups:
        groups += [mark for mark in group.get("marks", ()) if mark["type"] == "group"]
        found += [
            row for data in group.get("data", ()) if data["name"] == name for row in data["values"]
        ]
    return found


def labels_of(chart: Chart) -> list[Label]:
    return [
        Label(row["text"], row["x"], row["y"], row["size"], row["align"], row["weight"] == "bold")
        for row in rows_of(chart, "labels")
    ]


def texts_of(chart: Chart) -> list[str]:
    return [label.text for label in labels_of(chart)]


def assert_legible(chart: Chart) -> None:
    """No text leaves the picture, covers another one, or is too small for a phone."""
    canvas = Box(0, 0, WIDTH, chart.specification["height"])
    placed = [(label, label.box) for label in labels_of(chart)]
    for label, box in placed:
        assert label.size >= SMALL
        assert canvas.holds(box), label
    for (one, box), (other, other_box) in combinations(placed, 2):
        assert not box.overlaps(other_box, gap=-1), (one, other)

"""A sheet to draw on, which becomes a Vega specification."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.charts.labels import Box, Label
from app.charts.lettering import FONT, has_exact_width
from app.charts.looks import WIDTH, Look

Row = Mapping[str, Any]
Channel = Mapping[str, Any]

_SCHEMA = "https://vega.github.io/schema/vega/v6.json"
_HATCH = 14


def field(name: str, scale: str | None = None) -> Channel:
    """What a mark takes from its row, by way of a scale if one is named."""
    return {"field": name} if scale is None else {"field": name, "scale": scale}


def always(value: object) -> Channel:
    """What is the same for each of the marks."""
    return {"value": value}


class Layers:
    """Marks one over the other, each kind with the rows that it draws, in the order they come."""

    def __init__(self) -> None:
        self.data: list[Row] = []
        self.marks: list[Row] = []

    def draw(
        self, name: str, kind: str, rows: Sequence[Row], *, clip: bool = False, **channels: Channel
    ) -> None:
        """Draw the rows as marks of one kind (https://vega.github.io/vega/docs/marks/)."""
        if not rows:
            return
        self.data.append({"name": name, "values": list(rows)})
        self.marks.append(
            {
                "type": kind,
                "name": f"{name}-marks",
                "from": {"data": name},
                "clip": clip,
                "encode": {"enter": dict(channels)},
            }
        )

    def hatch(self, name: str, box: Box, colour: str) -> None:
        """Fill a box with slanting strokes."""
        self.draw(
            name,
            "rule",
            list(_slants(box)),
            x=field("x"),
            y=field("y"),
            x2=field("x2"),
            y2=field("y2"),
            stroke=always(colour),
            strokeWidth=always(1),
        )


def _slants(box: Box) -> Iterator[Row]:
    height, start = box.bottom - box.top, box.left - (box.bottom - box.top)
    while height > 0 and start < box.right:
        x, x2 = max(start, box.left), min(start + height, box.right)
        ends = {"x": x, "y": box.bottom - (x - start), "x2": x2, "y2": box.bottom - (x2 - start)}
        yield {key: round(end, 1) for key, end in ends.items()}
        start += _HATCH


def _room(label: Label) -> float:
    """The width that a text is cut to if another font makes it wider; 0 for none, which saves the
    renderer from measuring what is known."""
    return 0 if has_exact_width(label.text, bold=label.bold) else round(label.width + 1, 1)


class Sheet(Layers):
    """A picture's layers with its texts, which stand above all else."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.labels: list[Label] = []

    def write(self, *labels: Label | None) -> None:
        self.labels += [label for label in labels if label is not None]

    def place(self, panel: Row) -> None:
        self.marks.append(panel)

    def specification(self, height: float, description: str) -> dict[str, Any]:
        """The sheet as Vega data."""
        self._draw_texts()
        return {
            "$schema": _SCHEMA,
            "description": description,
            "width": WIDTH,
            "height": round(height),
            "padding": 0,
            "autosize": "none",
            "background": self.look.ground,
            "data": self.data,
            "marks": self.marks,
        }

    def _draw_texts(self) -> None:
        rows = [
            {
                "x": round(label.x, 1),
                "y": round(label.y, 1),
                "text": label.text,
                "size": label.size,
                "align": label.align,
                "weight": "bold" if label.bold else "normal",
                "colour": label.colour or self.look.ink,
                "room": _room(label),
            }
            for label in self.labels
        ]
        self.draw(
            "labels",
            "text",
            rows,
            x=field("x"),
            y=field("y"),
            text=field("text"),
            font=always(FONT),
            fontSize=field("size"),
            fontWeight=field("weight"),
            align=field("align"),
            limit=field("room"),
            fill=field("colour"),
        )

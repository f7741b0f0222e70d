"""Line, bar and area charts as SVG, as wide as there is room.

Positions from left to right are shares of the width, so that lettering keeps its size and nothing
has to be drawn anew on a narrow screen.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import htpy as h

from app.playground.blocks import Json
from app.playground.page.html.lettering import LINE_HEIGHT, Lettering, lettering, lines_of
from app.playground.page.html.scales import Scale, exact, number, scale_of

TOP, HEIGHT = 10, 220
_FOOT = TOP + HEIGHT + 6
_ROOM = {"narrow": 240, "medium": 416, "wide": 608}
"""How wide a chart is at least, in pixels, where it has that kind of room."""

_GUTTER, _GUTTER_OF_SIGN = 24, 8
"""The room beside the plot on both sides, and what each sign of the axis's labels adds to it."""

_GROUP = 0.76
"""The share of its room that a group of bars takes; the rest keeps groups apart."""

_MARKS = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
    "M-3.6-3.6h7.2v7.2h-7.2z",
    "M0-4.8 4.6 3.4h-9.2z",
    "M0-5 4.4 0 0 5-4.4 0z",
    "M0 4.8 4.6-3.4h-9.2z",
    "M-4-4 4 4M-4 4 4-4",
)
_FILLINGS = {
    1: h.line(".stripes", x1="50%", x2="50%", y1="0", y2="100%"),
    3: h.rect(".core", x="34%", width="32%", height="100%"),
    5: h.rect(".core", x="34%", width="32%", height="100%"),
}


@dataclass(frozen=True)
class Series:
    """A row of values, one for each category."""

    name: str
    place: int
    values: Sequence[float]

    @property
    def looks(self) -> str:
        """The class that gives it its colour, dashes and filling."""
        return f"series-{self.place + 1}"


@dataclass(frozen=True)
class Plot:
    """A chart with axes."""

    kind: str
    categories: Sequence[str]
    series: Sequence[Series]
    scale: Scale

    def x(self, place: float) -> float:
        """Where a category stands: the share of the width up to its middle."""
        return (place + 0.5) / len(self.categories)

    def y(self, value: float) -> float:
        """How far from the top a value stands, in pixels."""
        return self.at(self.scale.share(exact(value)))

    def at(self, share: float) -> float:
        """How far from the top a share of the height is, in pixels."""
        return TOP + (1 - share) * HEIGHT


def plot_of(chart: Json) -> Plot:
    """What a chart with axes shows, each series in the order of the categories."""
    categories = chart["axis_config"]["categories"]
    series = [
        Series(each["name"], place, _in_order(each["data"], categories))
        for place, each in enumerate(chart["series"])
    ]
    values = [exact(value) for each in series for value in each.values]
    scale = scale_of(values, from_zero=chart["type"] != "line")
    return Plot(chart["type"], categories, series, scale)


def _in_order(data: Iterable[Json], categories: Sequence[str]) -> list[float]:
    values = {point["label"]: point["value"] for point in data}
    return [values[label] for label in categories]


def draw(plot: Plot, words: str) -> h.Element:
    """The drawing, said in words to those who can't see it."""
    signs = min(max(map(len, plot.scale.labels)), 12)
    gutter = _GUTTER + _GUTTER_OF_SIGN * signs
    letterings = [
        lettering(plot.categories, kind, room - gutter, in_order=plot.kind != "bar")
        for kind, room in _ROOM.items()
    ]
    return h.div(class_=f"plot gutter-{signs}")[
        h.svg(width="100%", height=_FOOT, role="img", aria_label=words)[
            _grid(plot), _DRAWN[plot.kind](plot), _category_labels(plot, letterings)
        ],
        # What is written below the drawing takes as much height as these.
        (
            h.svg(
                class_=f"for-room on-{each.kind}", width="1", height=each.height, aria_hidden="true"
            )
            for each in letterings
        ),
    ]


def sample(series: Series, kind: str) -> h.Element:
    """What a series looks like, for the legend."""
    mark = h.path(class_="mark", d=_MARKS[series.place], transform="translate(14 7)")
    line = h.line(class_="line", x1="0", x2="28", y1="7", y2="7")
    shown = _bar(series, "7", 0, width="14", height=14) if kind == "bar" else [line, mark]
    return h.svg(class_=f"sample {series.looks}", width="28", height="14", aria_hidden="true")[
        shown
    ]


def _grid(plot: Plot) -> Iterator[h.Element]:
    for tick, label in zip(plot.scale.ticks, plot.scale.labels, strict=True):
        y = _pixels(plot.at(plot.scale.share(tick)))
        yield h.line(class_="axis" if tick == 0 else "grid", x1="0", x2="100%", y1=y, y2=y)
        yield h.text(class_="tick", x="-8", y=y, dy="0.35em", text_anchor="end")[label]


def _lines_drawn(plot: Plot) -> Iterator[h.Node]:
    for series in plot.series:
        yield _stretched(series)[h.polyline(class_="line", points=_points(plot, series))]
        yield _marked(plot, series)


def _areas_drawn(plot: Plot) -> Iterator[h.Node]:
    zero = _pixels(plot.at(plot.scale.zero))
    left, right = (_thousandths(plot.x(place)) for place in (0, len(plot.categories) - 1))
    for series in plot.series:
        points = _points(plot, series)
        yield _stretched(series)[
            h.polygon(class_="area", points=f"{left},{zero} {points} {right},{zero}"),
            h.polyline(class_="line", points=points),
        ]
        yield _marked(plot, series)


def _bars_drawn(plot: Plot) -> Iterator[h.Node]:
    zero = plot.at(plot.scale.zero)
    room = 1 / len(plot.categories)
    width = room * _GROUP / len(plot.series)
    for series in plot.series:
        for place, value in enumerate(series.values):
            left = place * room + room * (1 - _GROUP) / 2 + series.place * width
            top, bottom = sorted((plot.y(value), zero))
            yield _bar(
                series,
                _percent(left),
                top,
                width=_percent(width * 0.92),
                height=max(bottom - top, 1),
                told=h.title[_told(plot, series, place)],
            )


def _bar(
    series: Series, x: str, y: float, *, width: str, height: float, told: h.Node = None
) -> h.Element:
    """A bar that is told by its filling too: full, pale or hollow, with stripes or a core."""
    return h.svg(
        class_=f"bar {series.looks}", x=x, y=_pixels(y), width=width, height=_pixels(height)
    )[
        told,
        h.rect(width="100%", height="100%"),
        _FILLINGS.get(series.place),
    ]


def _stretched(series: Series) -> h.Element:
    """A canvas as wide as the chart on which places from left to right are thousandths."""
    return h.svg(
        class_=series.looks,
        viewBox=f"0 0 1000 {TOP + HEIGHT}",
        preserveAspectRatio="none",
        width="100%",
        height=TOP + HEIGHT,
    )


def _points(plot: Plot, series: Series) -> str:
    return " ".join(
        f"{_thousandths(plot.x(place))},{_pixels(plot.y(value))}"
        for place, value in enumerate(series.values)
    )


def _marked(plot: Plot, series: Series) -> h.Element:
    """A mark at each value of a series."""
    return h.g(class_=series.looks)[
        (
            h.svg(x=_percent(plot.x(place)), y=_pixels(plot.y(value)), overflow="visible")[
                h.title[_told(plot, series, place)],
                h.path(class_="mark", d=_MARKS[series.place]),
            ]
            for place, value in enumerate(series.values)
        )
    ]


def _told(plot: Plot, series: Series, place: int) -> str:
    return f"{series.name}, {plot.categories[place]}: {number(series.values[place])}"


def _category_labels(plot: Plot, letterings: Sequence[Lettering]) -> Iterator[h.Element]:
    """The names of categories below their places, written once for all kinds of room alike."""
    for place, label in enumerate(plot.categories):
        for is_upright in (False, True):
            kinds = [
                f"on-{each.kind}"
                for each in letterings
                if each.is_upright == is_upright and place in each.places
            ]
            if kinds:
                write = _upright if is_upright else _level
                yield write(_percent(plot.x(place)), label, " ".join(["for-room", *kinds]))


def _level(x: str, label: str, class_: str) -> h.Element:
    return h.text(class_=class_, text_anchor="middle")[
        (
            h.tspan(x=x, y=_FOOT + LINE_HEIGHT * (place + 1) - 6)[line]
            for place, line in enumerate(lines_of(label))
        )
    ]


def _upright(x: str, label: str, class_: str) -> h.Element:
    return h.svg(class_=class_, x=x, y=_FOOT + 2, overflow="visible")[
        h.text(transform="rotate(-90)", dy="0.35em", text_anchor="end")[label]
    ]


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"


def _thousandths(share: float) -> str:
    return f"{share * 1000:.1f}"


def _pixels(length: float) -> str:
    return f"{length:.1f}"


_DRAWN: Mapping[str, Callable[[Plot], Iterator[h.Node]]] = {
    "line": _lines_drawn,
    "area": _areas_drawn,
    "bar": _bars_drawn,
}

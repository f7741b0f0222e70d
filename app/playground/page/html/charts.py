"""Charts: the `data_visualization` block
(docs.slack.dev/reference/block-kit/blocks/data-visualization-block).

What is drawn is said in words as well, and its figures stand in a table below.
"""

from collections.abc import Iterable, Sequence

import htpy as h

from app.playground.blocks import Json
from app.playground.page.html import pies, plots
from app.playground.page.html.scales import number

_KINDS = {"line": "Line chart", "bar": "Bar chart", "area": "Area chart", "pie": "Pie chart"}


def render_chart(block: Json) -> h.Node:
    """A chart with its title, its legend and its figures."""
    chart = block["chart"]
    body = _pie(block["title"], chart) if chart["type"] == "pie" else _plot(block["title"], chart)
    return h.figure(".chart")[h.figcaption[block["title"]], body]


def _plot(title: str, chart: Json) -> h.Node:
    plot = plots.plot_of(chart)
    axes = chart["axis_config"]
    said = " ".join(_in_words(plot, each) for each in plot.series)
    return [
        _legend(plot) if len(plot.series) > 1 else None,
        h.p(".axis-label")[axes["y_label"]] if "y_label" in axes else None,
        plots.draw(plot, f"{_KINDS[plot.kind]}: {title}. {said}"),
        h.p(".axis-label.is-below")[axes["x_label"]] if "x_label" in axes else None,
        _figures(
            title,
            ["", *(each.name for each in plot.series)],
            (
                [label, *(number(each.values[place]) for each in plot.series)]
                for place, label in enumerate(plot.categories)
            ),
        ),
    ]


def _in_words(plot: plots.Plot, series: plots.Series) -> str:
    """How a series begins and ends, and between what it moves."""
    first, last = (number(series.values[place]) for place in (0, -1))
    if len(series.values) == 1:
        return f"{series.name}: {first} in {plot.categories[0]}."
    low, high = number(min(series.values)), number(max(series.values))
    return (
        f"{series.name}: from {first} in {plot.categories[0]} to {last} in {plot.categories[-1]}, "
        f"lowest {low}, highest {high}."
    )


def _legend(plot: plots.Plot) -> h.Element:
    return h.ul(".legend")[(h.li[plots.sample(each, plot.kind), each.name] for each in plot.series)]


def _pie(title: str, chart: Json) -> h.Node:
    slices = pies.slices_of(chart)
    parts = ", ".join(f"{each.label} {each.percent}" for each in slices)
    return [
        h.div(".pie-frame")[
            pies.draw(slices, f"{_KINDS['pie']}: {title}. {parts}."),
            h.ul(".legend.is-of-pie")[
                (
                    h.li[
                        h.b(class_=f"letter {each.looks}")[each.letter],
                        h.span[f"{each.label} "],
                        h.span(".quiet")[each.percent],
                    ]
                    for each in slices
                )
            ],
        ],
        _figures(title, ["", "Value"], ([each.label, number(each.value)] for each in slices)),
    ]


def _figures(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> h.Element:
    corner, *names = header
    return h.details(".figures")[
        h.summary["Figures"],
        h.div(".table-frame", tabindex="0", role="group", aria_label=f"Figures of {title}")[
            h.table[
                h.thead[
                    h.tr[h.td[corner], (h.th(".align-right", scope="col")[name] for name in names)]
                ],
                h.tbody[
                    (
                        h.tr[
                            h.th(scope="row")[label],
                            (h.td(".align-right")[each] for each in values),
                        ]
                        for label, *values in rows
                    )
                ],
            ]
        ],
    ]

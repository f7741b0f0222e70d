"""The table of the metrics, and their trajectories."""

from collections.abc import Iterator, Mapping, Sequence

import htpy as h

from app.pages.content import NOTHING, MetricRow
from app.pages.pictures import Picture, trajectory_name
from app.pages.pieces import bar, figure, standing

COLUMNS = ("Metric", "Start", "Current", "Target", "Way closed", "Movement", "Status")


def table(rows: Sequence[MetricRow]) -> h.Node:
    """Each metric in two rows: its figures, and what is to be said of them."""
    if not rows:
        return h.p["No metrics yet."]
    return h.table(".metrics", role="table")[
        h.caption["Each metric from its start to its target"],
        h.thead(role="rowgroup")[
            h.tr(role="row")[(h.th(scope="col", role="columnheader")[name] for name in COLUMNS)]
        ],
        (_metric(row) for row in rows),
    ]


def _metric(row: MetricRow) -> h.Element:
    return h.tbody(role="rowgroup")[
        h.tr(".figures", role="row")[
            h.th(scope="row", role="rowheader")[row.name],
            _cell("Start", row.start, row.start_label),
            _cell("Current", h.strong[row.current], row.read_on),
            _cell("Target", row.target, row.target_on),
            _cell("Way closed", row.way, None if row.share is None else bar(row.share)),
            _cell("Movement", row.movement),
            _cell("Status", standing(row.status, row.standing)),
        ],
        h.tr(".details", role="row")[
            h.td(colspan=len(COLUMNS), role="cell")[
                h.dl[(_detail(name, said) for name, said in _details(row) if said)]
            ]
        ],
    ]


def _cell(column: str, said: h.Node, more: h.Node = None) -> h.Element:
    """A cell that names its column, for where cells stand one below the other."""
    small = more if isinstance(more, h.Element) else more and h.small[more]
    return h.td(role="cell", data_column=column)[h.span[said], small]


def _details(row: MetricRow) -> Iterator[tuple[str, h.Node]]:
    yield "Driver", _drivers(row)
    yield "Why", row.reason
    yield "Pace", row.pace
    yield "Forecast", row.forecast


def _detail(name: str, said: h.Node) -> h.Element:
    return h.div[h.dt[name], h.dd[said]]


def _drivers(row: MetricRow) -> h.Node:
    if not row.drivers:
        return "no work stream drives it yet"
    return h.ul[
        (h.li[h.strong[name], f": {focus}" if focus else ""] for name, focus in row.drivers)
    ]


def trajectories(rows: Sequence[MetricRow], pictures: Mapping[str, Picture]) -> Iterator[h.Node]:
    """One picture a metric, as far as there are any."""
    drawn = [figure(pictures.get(trajectory_name(row.key))) for row in rows]
    shown = [each for each in drawn if each is not None]
    if shown:
        yield h.div(".trajectories")[shown]
    left_out = [row.name for row, each in zip(rows, drawn, strict=True) if each is None]
    if left_out:
        yield h.p(".quiet")[f"Without a picture: {', '.join(left_out) or NOTHING}."]

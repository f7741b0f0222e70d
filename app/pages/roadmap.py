"""The roadmap: a picture, and each phase with what it needs."""

import htpy as h

from app.pages.content import NOTHING, Content, PhaseItem
from app.pages.pieces import standing

COLUMNS = ("Phase", "Window", "Status", "Needs")


def phases(content: Content, picture: h.Node) -> h.Node:
    """None without a phase."""
    if not content.phases:
        return None
    return [
        h.p(".summary")[content.roadmap],
        picture and h.div(".overview")[picture],
        h.table(".phases", role="table")[
            h.caption["Each phase after those that it needs"],
            h.thead(role="rowgroup")[
                h.tr(role="row")[(h.th(scope="col", role="columnheader")[name] for name in COLUMNS)]
            ],
            h.tbody(role="rowgroup")[(_phase(phase) for phase in content.phases)],
        ],
    ]


def _phase(phase: PhaseItem) -> h.Element:
    return h.tr(role="row")[
        h.th(scope="row", role="rowheader")[
            phase.name, h.small[phase.description] if phase.description else None
        ],
        h.td(role="cell", data_column="Window")[phase.window],
        h.td(role="cell", data_column="Status")[
            h.div[
                standing(phase.status, phase.standing),
                (h.small[note] for note in phase.notes),
            ]
        ],
        h.td(role="cell", data_column="Needs")[_needs(phase)],
    ]


def _needs(phase: PhaseItem) -> h.Node:
    if not phase.needs:
        return NOTHING
    return h.ul[
        (
            h.li(class_="is-met" if need.is_met else None)[
                need.name, " ", h.span(".quiet")[f"({need.standing})"]
            ]
            for need in phase.needs
        )
    ]

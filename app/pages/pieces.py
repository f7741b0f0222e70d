"""What all parts of the page are built from."""

from decimal import Decimal

import htpy as h
from markupsafe import Markup

from app.charts.signs import PHASE_SHAPES, STATUS_SHAPES
from app.domain.roadmap import PhaseStatus
from app.domain.statuses import Status
from app.pages.pictures import Picture

BAR_WIDTH = 100
SCHEMES = ("https://", "http://", "mailto:")


def bar(share: Decimal) -> h.Element:
    """The way closed, drawn; its figure always stands beside it."""
    filled = float(max(Decimal(0), min(Decimal(1), share)) * BAR_WIDTH)
    return h.svg(
        ".bar", viewBox=f"0 0 {BAR_WIDTH} 8", preserveAspectRatio="none", aria_hidden="true"
    )[
        h.rect(".bar-whole", width=BAR_WIDTH, height=8),
        h.rect(".bar-filled", width=f"{filled:.1f}", height=8),
    ]


def standing(status: Status | PhaseStatus, words: str) -> h.Element:
    """A status as its sign and its words, of which the words alone are read aloud."""
    shape = STATUS_SHAPES[status] if isinstance(status, Status) else PHASE_SHAPES[status]
    return h.span(".standing")[
        h.svg(f".sign.is-{status.value}", viewBox="-1.1 -1.1 2.2 2.2", aria_hidden="true")[
            h.path(d=shape, fill_rule="evenodd")
        ],
        words,
    ]


def figure(picture: Picture | None) -> h.Node:
    """A picture that is one image to who listens, with its words."""
    if picture is None:
        return None
    return h.figure[
        h.div(role="img", aria_label=picture.alternative)[
            h.div(".drawn", aria_hidden="true")[
                Markup(picture.svg)  # noqa: S704 (the renderer escapes what people wrote)
            ]
        ]
    ]


def link(address: str) -> h.Node:
    """An address that leads somewhere on the web or to a mailbox; any other is only text."""
    if not address.lower().startswith(SCHEMES):
        return h.span(".address")[address]
    return h.a(".address", href=address, rel="noopener noreferrer")[address]

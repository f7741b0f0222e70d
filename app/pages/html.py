"""The progress page as one HTML document, which asks for nothing from anywhere."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import htpy as h
from markupsafe import Markup

from app.charts.looks import DARK, LIGHT, Look
from app.pages import metrics, milestones, roadmap
from app.pages.content import Content, Headline
from app.pages.pictures import ROADMAP, SCORECARD, Picture
from app.pages.pieces import bar, figure

TITLE = "progress"
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath d='M2 3l12 10' stroke='%230072b2' stroke-width='3'/%3E%3C/svg%3E"
)


def document(content: Content, pictures: Mapping[str, Picture]) -> str:
    """The whole page; pictures by their names, without those that there are none of."""
    head, name = content.headline, content.headline.name
    page = h.html(lang="en")[
        _head(f"{name}: {TITLE}"),
        h.body[
            h.a(".skip", href="#metrics")["Skip to the metrics"],
            _header(head),
            h.main[
                _section("metrics", "Metrics", metrics.table(content.metrics)),
                _section("trajectories", "Trajectories", list(_drawn(content, pictures))),
                _section("milestones", "Milestones", milestones.groups(content.milestones)),
                _section(
                    "roadmap",
                    "Roadmap",
                    roadmap.phases(content, figure(pictures.get(ROADMAP))),
                ),
                _section("possible", "What becomes possible", _possible(content.possibilities)),
            ],
            _footer(head),
        ],
    ]
    return "".join(page.iter_chunks())


def nothing_here() -> str:
    """The page of a link that leads nowhere, whyever that is."""
    page = h.html(lang="en")[
        _head("Nothing here"),
        h.body[
            h.main[
                h.h1["Nothing here"],
                h.p[
                    "This link leads nowhere, or nowhere any more. Ask whoever gave it to you "
                    "for a new one."
                ],
            ]
        ],
    ]
    return "".join(page.iter_chunks())


def _head(title: str) -> h.Element:
    return h.head[
        h.meta(charset="utf-8"),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.meta(http_equiv="Content-Security-Policy", content=in_itself()),
        h.meta(name="referrer", content="no-referrer"),
        h.meta(name="robots", content="noindex"),
        h.meta(name="color-scheme", content="light dark"),
        h.title[title],
        h.link(rel="icon", href=ICON),
        h.style[Markup(_style())],  # noqa: S704 (a file of ours)
    ]


def security_policy() -> str:
    """The Content-Security-Policy to serve the page with: its own style, and nothing else."""
    return f"{in_itself()}; frame-ancestors 'none'"


def in_itself() -> str:
    """As much of the policy as a document may carry: https://www.w3.org/TR/CSP3/#meta-element"""
    mark = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{mark}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


@cache
def _style() -> str:
    """The style with the colours of the pictures, in light, in dark and on paper."""
    light, dark = _colours(LIGHT), _colours(DARK)
    return (
        f":root{{{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f"{Path(__file__).with_name('style.css').read_text(encoding='utf-8')}"
    )


def _colours(look: Look) -> str:
    names = ("ground", "ink", "quiet", "faint", "reading", "forecast", "good", "warning", "bad")
    return "".join(f"--{name}:{getattr(look, name)};" for name in names)


def _header(head: Headline) -> h.Element:
    return h.header(".head")[
        h.p(".eyebrow")["Progress"],
        h.h1[head.name],
        h.p(".goal")[head.goal],
        h.dl(".stand")[
            _fact("At target", h.strong[head.at_target], h.small["metrics"]),
            _fact("Of the way", h.strong[head.way], bar(head.share)),
            _fact("This week", h.strong[head.gained.removesuffix(" this week")], None),
        ],
        head.reached and h.p(".reached")[head.reached],
        h.p(".as-of")[f"As of {head.as_of}"],
    ]


def _fact(name: str, figure_: h.Node, more: h.Node) -> h.Element:
    return h.div[h.dt[name], h.dd[figure_, " ", more]]


def _section(id_: str, title: str, inside: h.Node) -> h.Node:
    """A part of the page; none where there is nothing in it."""
    if not inside:
        return None
    return h.section(f"#{id_}", aria_labelledby=f"{id_}-title")[
        h.h2(f"#{id_}-title")[title], inside
    ]


def _drawn(content: Content, pictures: Mapping[str, Picture]) -> Iterator[h.Node]:
    if SCORECARD in pictures:
        yield h.div(".overview")[figure(pictures[SCORECARD])]
    yield from metrics.trajectories(content.metrics, pictures)


def _possible(possibilities: Sequence[str]) -> h.Node:
    return h.ul(".possible")[(h.li[each] for each in possibilities)] if possibilities else None


def _footer(head: Headline) -> h.Element:
    return h.footer[
        h.p[
            "~ is about, + is at least; what is computed from such a value is as unsure as it was. "
            "The way closed goes from the start to the target. The pace needed reaches the target "
            "on its date; the pace seen is that of the last weeks."
        ],
        h.p[f"{head.name}, as of {head.as_of}."],
    ]

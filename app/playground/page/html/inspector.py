"""The inspector as HTML: the list of exchanges, and one of them in all detail. Pure."""

from collections.abc import Sequence
from datetime import datetime

import htpy as h

from app.playground.aftermath import Aftermath, pause_before
from app.playground.journal import Entry
from app.playground.page.html.aftermath import verdict
from app.playground.page.html.copies import as_curl, as_json, documentation, readable
from app.playground.page.html.exchanges import (
    KINDS,
    Names,
    about,
    actor,
    direction,
    duration,
    is_trouble,
    latency,
    status,
)
from app.playground.page.html.faults import effect, fault_maker
from app.playground.page.html.icons import icon

_COLUMNS = ("Time", "What", "Status", "Took")
_FILTERS = {
    "": "Everything",
    "call": "Web API",
    "delivery": "Envelopes",
    "response_url": "Response URLs",
    "upload download": "Files",
    "connection": "Socket Mode",
}
_MOST_FOLLOWED = 12


def frame() -> h.Element:
    """The inspector without what changes: that comes in regions of its own."""
    return h.section("#inspector-frame.inspector-frame")[
        h.header(".inspector-head")[
            h.h2["Inspector"],
            h.button(
                "#inspector-pause.small-button",
                type="button",
                aria_pressed="false",
            )["Pause"],
            h.button(
                "#inspector-close.icon-button",
                type="button",
                aria_label="Close the inspector",
            )[icon("close")],
        ],
        fault_maker(),
        h.ul(".waiting-faults", aria_label="Planned faults", data_region="faults"),
        _filters(),
        h.div(".inspector-body")[
            h.div(".exchanges", tabindex="0", role="group", aria_label="Exchanges, to scroll")[
                h.table[
                    h.caption(".visually-hidden")[
                        "Exchanges between the app and Slack, newest first"
                    ],
                    h.thead[h.tr[(h.th(scope="col")[each] for each in _COLUMNS)]],
                    h.tbody(data_region="exchanges"),
                ],
                h.p("#no-exchanges.no-exchanges", hidden=True)["Nothing matches these filters."],
            ],
            h.div(
                "#exchange.exchange", role="region", aria_label="Exchange", data_region="exchange"
            ),
        ],
    ]


def _filters() -> h.Element:
    return h.form("#exchange-filters.exchange-filters", role="search", aria_label="Exchanges")[
        h.select(name="kind", aria_label="Kind")[
            (h.option(value=kind)[label] for kind, label in _FILTERS.items())
        ],
        h.input(name="words", type="search", aria_label="Find", placeholder="Find"),
        h.label(".exchange-check")[h.input(type="checkbox", name="trouble"), "Only trouble"],
    ]


def row(entry: Entry, names: Names, time: datetime, *, is_open: bool) -> h.Element:
    """One line of the list."""
    state, words = status(entry)
    return h.tr(
        id=row_id(entry),
        data_number=str(entry.number),
        data_kind=entry.kind,
        data_trouble=is_trouble(entry),
    )[
        h.td(".exchange-time")[f"{time:%H:%M:%S}"],
        h.td(".exchange-what")[
            h.button(
                id=f"{row_id(entry)}-open",
                type="button",
                data_exchange=str(entry.number),
                aria_current="true" if is_open else None,
            )[about(entry, names)],
            h.span(".exchange-by")[_by(entry, names)],
            _marks(entry),
        ],
        h.td(f".exchange-status.is-{state}")[_breakable(words)],
        h.td(".exchange-took")[latency(entry)],
    ]


def _breakable(code: str) -> list[h.Node]:
    """An error code, which may go on in the next line after each of its words."""
    first, *others = code.split("_")
    return [first, *(["_", h.wbr, word] for word in others)]


def older(count: int) -> h.Element:
    """The end of the list, where it has left something out."""
    words = "1 older one is" if count == 1 else f"{count:,} older ones are"
    return h.tr("#exchanges-older")[h.td(colspan=str(len(_COLUMNS)))[f"{words} not listed."]]


def row_id(entry: Entry) -> str:
    """The id of an exchange's line."""
    return f"exchange-{entry.number}"


def _by(entry: Entry, names: Names) -> str:
    by = actor(entry, names)
    return " · ".join(filter(None, (direction(entry), KINDS[entry.kind], by)))


def _marks(entry: Entry) -> h.Node:
    marks: list[tuple[str, str]] = []
    if entry.fault is not None:
        marks.append(("is-fault", f"Fault: {effect(entry.fault)}"))
    if entry.problems:
        count = len(entry.problems)
        marks.append(("is-problem", "1 problem" if count == 1 else f"{count} problems"))
    if entry.envelope is not None and entry.envelope.retry_attempt:
        marks.append(("", f"Slack’s retry {entry.envelope.retry_attempt}"))
    if entry.repeats is not None:
        marks.append(("", f"{entry.repeats} once more"))
    return [h.span(class_=["mark", name])[words] for name, words in marks]


def detail_head(entry: Entry, names: Names) -> h.Element:
    """What it is about, and what can be done with it."""
    return h.div("#exchange-head.exchange-head")[
        h.div(".exchange-title")[
            h.h3("#exchange-title", tabindex="-1")[f"{entry.number} · {about(entry, names)}"],
            h.button(
                "#exchange-close.icon-button",
                type="button",
                aria_label="Close the exchange",
                data_exchange="",
            )[icon("close")],
        ],
        h.div(".exchange-acts")[
            h.button("#exchange-copy-json.small-button", type="button", data_copy="exchange-json")[
                "Copy as JSON"
            ],
            entry.kind == "call"
            and h.button(
                "#exchange-copy-curl.small-button", type="button", data_copy="exchange-curl"
            )["Copy as curl"],
            entry.is_repeatable
            and h.button(
                "#exchange-repeat.small-button", type="button", data_repeat=str(entry.number)
            )["Resend" if entry.envelope else "Send again"],
        ],
    ]


def facts(entry: Entry, time: datetime) -> h.Element:
    """When, how and how long, and where to read about it."""
    page = documentation(entry)
    known: dict[str, h.Node] = {
        "Kind": f"{KINDS[entry.kind]}, {direction(entry)}",
        "Time": f"{time:%A} {time.day} {time:%B %Y, %H:%M:%S}",
        "Status": status(entry)[1],
        "Took": latency(entry),
        "Fault": "" if entry.fault is None else effect(entry.fault),
        "Once more": _repetition(entry),
        **_envelope_facts(entry),
        "Documentation": h.a(href=page, target="_blank", rel="noreferrer")[
            page.removeprefix("https://")
        ],
    }
    return h.dl("#exchange-facts.exchange-facts")[
        (h.div[h.dt[name], h.dd[value]] for name, value in known.items() if value)
    ]


def _repetition(entry: Entry) -> h.Node:
    if entry.repeats is None:
        return None
    link = _link(entry.repeats, f"the same as {entry.repeats}")
    return [link, "; its acknowledgement is only shown here"] if entry.envelope else link


def _envelope_facts(entry: Entry) -> dict[str, h.Node]:
    if entry.envelope is None:
        return {}
    attempt = entry.envelope.retry_attempt
    by_socket = entry.transport == "Socket Mode"
    return {
        "Carried by": entry.transport,
        "Envelope id": entry.envelope.id if by_socket else "",
        "Retry": f"{attempt}, because of {entry.envelope.retry_reason}" if attempt else "",
    }


def problems(entry: Entry) -> h.Element:
    """What is wrong with the blocks that the app sent, each with its place."""
    return h.section("#exchange-problems.exchange-part", aria_labelledby="exchange-problems-title")[
        h.h4("#exchange-problems-title")["Problems"],
        h.ul[(h.li[h.code[each.pointer or "/"], " ", each.message] for each in entry.problems)],
    ]


def reaction(entry: Entry, aftermath: Aftermath, names: Names) -> h.Element:
    """What the app did about the fault that struck."""
    return h.section("#exchange-reaction.exchange-part", aria_labelledby="exchange-reaction-title")[
        h.h4("#exchange-reaction-title")["What came of it"],
        (h.p[sentence] for sentence in verdict(entry, aftermath)),
        h.ol(".followed")[(_followed(entry, each, names) for each in _later(aftermath))],
    ]


def _later(aftermath: Aftermath) -> Sequence[Entry]:
    every = sorted((*aftermath.tries, *aftermath.followed), key=lambda each: each.number)
    return every[:_MOST_FOLLOWED]


def _followed(entry: Entry, later: Entry, names: Names) -> h.Element:
    _, words = status(later)
    pause = duration(pause_before(entry, later))
    return h.li[
        h.span(".exchange-took")[f"+{pause}"], _link(later.number, about(later, names)), words
    ]


def _link(number: int, words: str) -> h.Element:
    return h.button(".link-button", type="button", data_exchange=str(number))[words]


def payload_part(id_: str, title: str, content: object) -> h.Element:
    """A payload as it went over the wire, tokens masked."""
    return h.details(f"#{id_}.exchange-part", open=True)[
        h.summary[title],
        h.pre(tabindex="0", role="group", aria_label=title)[readable(content)],
    ]


def copies(entry: Entry, api_url: str) -> h.Element:
    """What the buttons copy."""
    return h.div("#exchange-copies", hidden=True)[
        h.pre("#exchange-json")[as_json(entry)],
        entry.kind == "call" and h.pre("#exchange-curl")[as_curl(entry, api_url)],
    ]

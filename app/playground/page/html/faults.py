"""Faults on demand as HTML: some at once, a form for any, and those that are waiting."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import htpy as h

from app.playground.faults import (
    ENVELOPE_KINDS,
    ENVELOPE_METHODS,
    REQUEST_KINDS,
    Fault,
    FaultKind,
)
from app.playground.page.html.icons import icon
from app.playground.web_api import METHODS

_TARGETS = (
    *("*", "chat.*", "views.*", "response_url", "upload", "download"),
    *ENVELOPE_METHODS,
    *METHODS,
)

_KINDS: dict[FaultKind, str] = {
    "ratelimited": "Rate limit (429)",
    "status": "HTTP error without JSON",
    "refuse": "Refusal with an error code",
    "delay": "Slow answer",
    "drop": "Lost before it is done",
    "drop_response": "Lost after it is done",
    "expired_trigger": "Expired trigger",
}


@dataclass(frozen=True)
class QuickFault:
    """A fault that one button plans."""

    label: str
    method: str
    kind: FaultKind
    details: Mapping[str, str | int] = field(default_factory=dict)


QUICK_FAULTS = (
    QuickFault("Rate-limit the next call", "*", "ratelimited", {"retry_after": 3}),
    QuickFault("HTTP 500 for the next call", "*", "status", {"status": 500}),
    QuickFault("Slow the next call by 5 s", "*", "delay", {"seconds": 5}),
    QuickFault("Lose the next call", "*", "drop"),
    QuickFault("Lose the next call’s answer", "*", "drop_response"),
    QuickFault("Refuse the next blocks", "chat.*", "refuse", {"error": "invalid_blocks"}),
    QuickFault("Expire the next trigger", "envelopes", "expired_trigger"),
    QuickFault("Lose the next envelope", "envelopes", "drop"),
    QuickFault("Lose the next acknowledgement", "envelopes", "drop_response"),
)


def effect(fault: Fault) -> str:
    """What a fault does, in a few words."""
    if fault.method in ENVELOPE_METHODS:
        return _effect_on_envelope(fault)
    match fault.kind:
        case "delay":
            return f"slow by {fault.seconds:g} s"
        case "drop":
            return "lost before it is done"
        case "drop_response":
            return "lost after it is done"
        case "ratelimited":
            return f"429, Retry-After {fault.retry_after} s"
        case "refuse":
            return f"refused with {fault.error}"
        case _:
            return f"HTTP {fault.status}"


def _effect_on_envelope(fault: Fault) -> str:
    match fault.kind:
        case "delay":
            return f"acknowledged {fault.seconds:g} s later"
        case "drop":
            return "never arrives"
        case "drop_response":
            return "acknowledgement lost"
        case _:
            return "trigger expired"


def fault_maker() -> h.Element:
    """All by which faults are planned. It stays as it is while the page is open."""
    return h.details("#fault-maker.fault-maker")[
        h.summary["Faults on demand"],
        h.div(".fault-maker-body")[
            h.div(".quick-faults", role="group", aria_label="The next one only")[
                (_quick(each) for each in QUICK_FAULTS)
            ],
            _form(),
            h.div(data_region="connections"),
        ],
    ]


def _quick(fault: QuickFault) -> h.Element:
    return h.button(
        ".small-button",
        type="button",
        data_act="plan_fault",
        data_content=json.dumps({"method": fault.method, "kind": fault.kind, **fault.details}),
    )[fault.label]


def _form() -> h.Element:
    method = h.input("#fault-method", name="method", value="chat.postMessage", list="fault-targets")
    kind = h.select("#fault-kind", name="kind")[(_option(kind) for kind in _KINDS)]
    error = h.input("#fault-error", name="error", value="fatal_error")
    return h.form("#fault-form.fault-form", aria_label="Plan a fault")[
        _field("method", "Where", method),
        h.datalist("#fault-targets")[(h.option(value=each) for each in _TARGETS)],
        _field("kind", "What", kind),
        _field("retry_after", "Retry-After (s)", _number("retry_after", 3), "ratelimited"),
        _field("status", "Status", _number("status", 500, least=400, most=599), "status"),
        _field("error", "Error code", error, "refuse"),
        _field("seconds", "Seconds", _number("seconds", 5), "delay"),
        _field("times", "Times", _number("times", 1, least=1)),
        h.button(".small-button.is-main", type="submit")["Plan it"],
    ]


def _option(kind: FaultKind) -> h.Element:
    requests = "requests" if kind in REQUEST_KINDS else ""
    envelopes = "envelopes" if kind in ENVELOPE_KINDS else ""
    return h.option(value=kind, data_at=f"{requests} {envelopes}".strip())[_KINDS[kind]]


def _number(name: str, value: int, *, least: int = 0, most: int = 999) -> h.VoidElement:
    return h.input(
        id=f"fault-{name}",
        name=name,
        type="number",
        value=str(value),
        min=str(least),
        max=str(most),
    )


def _field(name: str, label: str, element: h.Node, kind: FaultKind | None = None) -> h.Element:
    """A field with its label; some are asked for only by one kind of fault."""
    return h.div(".fault-field", data_for_kind=kind)[h.label(for_=f"fault-{name}")[label], element]


def waiting_fault(fault: Fault) -> h.Element:
    """One that has not happened yet."""
    times = "once" if fault.times == 1 else f"{fault.times} times"
    words = f"{fault.method}: {effect(fault)}, {times}"
    return h.li(f"#fault-{fault.number}.waiting-fault")[
        h.span[words],
        h.button(
            ".icon-button",
            id=f"fault-{fault.number}-off",
            type="button",
            data_act="call_off",
            data_content=json.dumps({"fault": fault.number}),
            aria_label=f"Call off: {words}",
            title="Call off",
        )[icon("close")],
    ]


def connection_maker(count: int, *, is_refusing: bool) -> h.Element:
    """How the app is connected, and what can be done to that."""
    connections = "1 connection" if count == 1 else f"{count} connections"
    refusing = "; new ones are refused" if is_refusing else ""
    return h.div("#connection-maker.connection-maker")[
        h.p[f"Socket Mode: {connections}{refusing}"],
        h.div(".quick-faults", role="group", aria_label="Socket Mode")[
            _connection_act("refresh_requested", "Ask to reconnect", is_possible=count > 0),
            _connection_act("warning", "Warn of a disconnect", is_possible=count > 0),
            _connection_act("cut", "Cut", is_possible=count > 0),
            _connection_act("accept", "Take connections again")
            if is_refusing
            else _connection_act("refuse", "Refuse connections"),
        ],
    ]


def _connection_act(name: str, label: str, *, is_possible: bool = True) -> h.Element:
    return h.button(
        ".small-button",
        id=f"connection-{name.replace('_', '-')}",
        type="button",
        disabled=not is_possible,
        data_act="connection",
        data_content=json.dumps({"what": name}),
    )[label]

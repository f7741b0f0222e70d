"""Exchanges of the journal in words. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

from app.playground.blocks import Json
from app.playground.journal import Entry, EntryKind

Names = Mapping[str, str]
"""What people, channels and user groups are called, by id."""

State = Literal["busy", "good", "bad"]

KINDS: Mapping[EntryKind, str] = {
    "call": "Web API",
    "delivery": "Envelope",
    "response_url": "Response URL",
    "upload": "Upload",
    "download": "Download",
    "connection": "Socket Mode",
}

_CONNECTION_WORDS = {
    "hello": "connected",
    "closed": "connection closed",
    "refused": "connection refused",
}
_LONGEST_WORDS = 80


def part(payload: Any, *path: str) -> Any:
    """What stands in a payload under these names; None where there is no such place."""
    for name in path:
        payload = payload.get(name) if isinstance(payload, dict) else None
    return payload


def direction(entry: Entry) -> str:
    """Who speaks to whom."""
    return "Slack → app" if entry.kind in ("delivery", "connection") else "app → Slack"


def about(entry: Entry, names: Names) -> str:
    """What it is about, on one line."""
    words = _words(entry, entry.payload if isinstance(entry.payload, dict) else {}, names)
    return words if len(words) <= _LONGEST_WORDS else f"{words[: _LONGEST_WORDS - 1]}…"


def _words(entry: Entry, payload: Json, names: Names) -> str:
    match entry.kind:
        case "call":
            target = _target(payload, names)
            return f"{entry.method} → {target}" if target else entry.method
        case "delivery":
            return _about_delivery(entry.method, payload, names)
        case "response_url":
            return f"response_url: {_answer_words(payload)}"
        case "upload":
            return f"upload of {payload.get('bytes', 0):,} bytes"
        case "download":
            return f"download of {str(entry.payload).rpartition('/')[2]}"
        case "connection":
            reason = payload.get("reason")
            return _CONNECTION_WORDS.get(entry.method, f"asked to reconnect ({reason})")


def _target(arguments: Json, names: Names) -> str:
    channel = arguments.get("channel") or arguments.get("channel_id")
    if channel:
        return _channel(str(channel), names)
    user = arguments.get("user") or arguments.get("user_id")
    return names.get(str(user), str(user)) if user else ""


def _channel(channel_id: str, names: Names) -> str:
    name = names.get(channel_id, channel_id)
    if channel_id.startswith("D") and not names.get(channel_id):
        return "direct message"
    return f"#{name}" if name != channel_id and channel_id.startswith("C") else name


def _about_delivery(method: str, payload: Json, names: Names) -> str:
    match method:
        case "slash_commands":
            return f"{payload.get('command', '')} {payload.get('text', '')}".rstrip()
        case "interactive":
            return _about_interaction(payload)
        case _:
            channel = part(payload, "event", "channel")
            where = f" in {_channel(channel, names)}" if isinstance(channel, str) else ""
            return f"{part(payload, 'event', 'type')}{where}"


def _about_interaction(payload: Json) -> str:
    kind = payload.get("type", "")
    match kind:
        case "block_actions":
            actions = payload.get("actions")
            return ", ".join(map(_about_action, actions if isinstance(actions, list) else []))
        case "view_submission" | "view_closed":
            return f"{kind}: {part(payload, 'view', 'title', 'text')}"
        case "block_suggestion":
            return f"block_suggestion: “{payload.get('value', '')}”"
        case _:
            return f"{kind}: {payload.get('callback_id', '')}"


def _about_action(action: Any) -> str:
    name = part(action, "action_id")
    if part(action, "type") == "button":
        return f"click: {part(action, 'text', 'text') or name}"
    return f"choice: {name}"


def _answer_words(content: Json) -> str:
    if content.get("delete_original"):
        return "delete the original"
    if content.get("replace_original"):
        return "replace the original"
    return "message to all" if content.get("response_type") == "in_channel" else "message"


def actor(entry: Entry, names: Names) -> str:
    """Who caused an envelope, if it tells."""
    if entry.kind != "delivery":
        return ""
    places = (("user_id",), ("user", "id"), ("event", "user"))
    found = next(filter(None, (part(entry.payload, *place) for place in places)), None)
    return names.get(found, "") if isinstance(found, str) else ""


def is_trouble(entry: Entry) -> bool:
    """Whether it failed, had problems, or was struck by a fault."""
    return bool(entry.error or entry.problems or entry.fault)


def status(entry: Entry) -> tuple[State, str]:
    """How it went, in a word."""
    if entry.seconds is None:
        return "busy", "under way"
    if entry.error is None:
        return "good", "ok"
    if entry.fault is not None and entry.error == entry.fault.kind:
        match entry.fault.kind:
            case "status":
                return "bad", f"HTTP {entry.fault.status}"
            case "drop":
                return "bad", "connection lost"
            case "drop_response":
                return "bad", "answer lost"
    return "bad", entry.error


def duration(seconds: float) -> str:
    """A span of time, as short as it can be read."""
    if seconds >= 10:
        return f"{seconds:.0f} s"
    if seconds >= 1:
        return f"{seconds:.1f} s"
    milliseconds = seconds * 1000
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms"


def latency(entry: Entry) -> str:
    """How long it took; nothing while it is under way."""
    return "" if entry.seconds is None or entry.kind == "connection" else duration(entry.seconds)

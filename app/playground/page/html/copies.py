"""Exchanges as text to copy, and where Slack's documentation tells of them. Pure."""

import json
import shlex
from typing import Any

from app.playground.blocks import Json
from app.playground.journal import Entry
from app.playground.page.html.exchanges import part
from app.playground.page.html.faults import effect

_DOCUMENTS = "https://docs.slack.dev"
_PAYLOAD_PAGES = {
    "block_actions": "block_actions-payload",
    "view_submission": "view-interactions-payload",
    "view_closed": "view-interactions-payload",
    "shortcut": "shortcuts-interaction-payload",
    "message_action": "shortcuts-interaction-payload",
}


def documentation(entry: Entry) -> str:
    """The address of the page in Slack's documentation that says how this works."""
    match entry.kind, entry.method:
        case "call", method:
            return f"{_DOCUMENTS}/reference/methods/{method}"
        case _, "slash_commands":
            return f"{_DOCUMENTS}/interactivity/implementing-slash-commands"
        case _, "interactive":
            page = _PAYLOAD_PAGES.get(str(part(entry.payload, "type")), "")
            return f"{_DOCUMENTS}/reference/interaction-payloads/{page}".rstrip("/")
        case _, "events_api":
            return f"{_DOCUMENTS}/reference/events/{part(entry.payload, 'event', 'type')}"
        case "connection", _:
            return f"{_DOCUMENTS}/apis/events-api/using-socket-mode"
        case "response_url", _:
            return f"{_DOCUMENTS}/interactivity/handling-user-interaction"
    return f"{_DOCUMENTS}/messaging/working-with-files"


def readable(payload: Any) -> str:
    """A payload as indented JSON; arguments that are JSON themselves are unpacked."""
    if isinstance(payload, dict):
        payload = {name: _unpacked(value) for name, value in payload.items()}
    return json.dumps(payload, indent=2, ensure_ascii=False, default=str)


def _unpacked(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def as_json(entry: Entry) -> str:
    """The whole exchange, to be pasted into a report."""
    shown: Json = {
        "number": entry.number,
        "kind": entry.kind,
        "method": entry.method,
        "started": entry.started,
        "seconds": entry.seconds,
        "error": entry.error,
        "fault": None if entry.fault is None else effect(entry.fault),
        "problems": [{"pointer": p.pointer, "message": p.message} for p in entry.problems],
        "payload": entry.payload,
        "response": entry.response,
    }
    if entry.envelope is not None:
        shown["retry_attempt"] = entry.envelope.retry_attempt
    return json.dumps(shown, indent=2, ensure_ascii=False, default=str)


def as_curl(entry: Entry, api_url: str) -> str:
    """The call as a command; the token is taken from the environment."""
    arguments = {k: v for k, v in entry.payload.items() if k != "token"}
    lines = [f"curl {shlex.quote(api_url + entry.method)}"]
    lines.append('-H "Authorization: Bearer $SLACK_BOT_TOKEN"')
    for name, value in arguments.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        lines.append(f"--data-urlencode {shlex.quote(f'{name}={text}')}")
    return " \\\n  ".join(lines)

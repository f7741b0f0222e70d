"""One line an event: JSON for machines, text for a terminal, and never a secret in either."""

import json
import logging
import re
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

_SECRETS = re.compile(
    r"xox[a-z](?:\.[a-z]+)?-[\w.-]+|xapp-[\w.-]+"  # docs.slack.dev/authentication/tokens
    r"|kpi_[\w-]{43}"  # tokens of the API
    r"|(?<=ticket=)[\w-]+"
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"
    r"|(?<=hooks\.slack\.com/)[\w/-]+"
    r"|(?<=DETAIL:)[^\n]+"  # PostgreSQL tells the values of the row that it refuses
)
_HIDDEN = "…"

_event: ContextVar[str] = ContextVar("event", default="")


def current_event() -> str:
    """What joins the lines of one request, or of one run of what is due; empty outside of these."""
    return _event.get()


@contextmanager
def one_event() -> Iterator[str]:
    """All that is logged within, and by the tasks that are begun within, bears one id."""
    event = uuid.uuid4().hex[:8]
    token = _event.set(event)
    try:
        yield event
    finally:
        _event.reset(token)


class _Masked(logging.Formatter):
    """Takes out what looks like a secret, and the secrets that are known."""

    def __init__(self, secrets: Collection[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if secret]

    def masked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _SECRETS.sub(_HIDDEN, text)


class TextLines(_Masked):
    """`2026-03-16 12:00:00,000 INFO app.main [3f2a91c0]: up`, readable at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        event = current_event()
        told = super().format(record)
        if event:
            told = told.replace(f" {record.name}: ", f" {record.name} [{event}]: ", 1)
        return self.masked(told)


class JsonLines(_Masked):
    """One JSON object a line: time, level, logger, event, message, the facts, the exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": current_event(),
            "message": self.masked(record.getMessage()),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["exception"] = self.masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def set_up_logs(stream: TextIO, kind: str, secrets: Collection[str]) -> None:
    """Log to a stream as `json` or `text`; `auto` is text at a terminal, JSON elsewhere."""
    if kind == "auto":
        kind = "text" if stream.isatty() else "json"
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(secrets) if kind == "json" else TextLines(secrets))
    logging.getLogger().addHandler(handler)
    logging.getLogger("app").setLevel(logging.INFO)
    # Without a level of its own, Slack's client writes each call and answer down for a message
    # that nobody reads, which takes a tenth of the time in which a form opens.
    logging.getLogger("slack_sdk.web.async_base_client").setLevel(logging.INFO)

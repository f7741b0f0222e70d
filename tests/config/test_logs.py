"""A line of the log, as a machine and as a person reads it; a secret in neither."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from app.logs import current_event, one_event, set_up_logs

SECRETS = [
    "xoxb-123-456-abcDEF",
    "kpi_" + "aB3-_" * 8 + "xyz",
    "xoxe.xoxp-1-abc",
    "xapp-1-A0-99-cafe",
    "wss://wss.test/link/?ticket=0123-cafe&app_id=A0",
    "postgresql://kpi:s3cr3t@db.test/kpi",
    "https://hooks.slack.com/commands/T0/1/cafe",
    "the signing secret 8f742231b10e",
    "duplicate key\nDETAIL:  Key (key)=(a private name) already exists.",
]
HIDDEN = ["456", "abc", "cafe", "s3cr3t", "8f742231b10e", "private"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def logging_to() -> Iterator[Callable[..., logging.Logger]]:
    """A log that writes to a stream, of which nothing stays."""
    root = logging.getLogger()
    handlers = list(root.handlers)

    def begin(stream: io.StringIO, kind: str) -> logging.Logger:
        set_up_logs(stream, kind, secrets=["", "8f742231b10e"])
        return logging.getLogger("app.main")

    yield begin
    root.handlers[:] = handlers
    logging.getLogger("app").setLevel(logging.NOTSET)


@pytest.mark.parametrize(
    ("stream", "kind", "is_json"),
    [
        (io.StringIO, "auto", True),
        (Terminal, "auto", False),
        (Terminal, "json", True),
        (io.StringIO, "text", False),
    ],
)
def test_it_is_json_unless_a_person_reads_it(
    logging_to: Callable[..., logging.Logger],
    stream: type[io.StringIO],
    kind: str,
    is_json: bool,
) -> None:
    told = stream()
    logging_to(told, kind).info("up: %s", "socket", extra={"facts": {"port": 3000}})
    assert told.getvalue().startswith("{") is is_json
    if is_json:
        line = json.loads(told.getvalue())
        assert (line["level"], line["logger"], line["message"]) == (
            "info",
            "app.main",
            "up: socket",
        )
        assert (line["port"], line["event"]) == (3000, "")
    else:
        assert told.getvalue().endswith(" INFO app.main: up: socket\n")


@pytest.mark.parametrize("kind", ["json", "text"])
@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_gets_through_by_message_or_exception(
    logging_to: Callable[..., logging.Logger], kind: str, secret: str
) -> None:
    told = io.StringIO()
    log = logging_to(told, kind)
    log.error("it failed: %s", secret, exc_info=ValueError(secret))
    assert "it failed" in told.getvalue()
    assert [hidden for hidden in HIDDEN if hidden in told.getvalue()] == []


def test_an_exception_stays_in_the_line_of_its_event(
    logging_to: Callable[..., logging.Logger],
) -> None:
    told = io.StringIO()
    logging_to(told, "json").error("it failed", exc_info=ValueError("no"))
    [line] = told.getvalue().splitlines()
    assert "ValueError: no" in json.loads(line)["exception"]


def test_events_have_ids_of_their_own_and_end(logging_to: Callable[..., logging.Logger]) -> None:
    told = io.StringIO()
    log = logging_to(told, "text")
    with one_event() as first:
        assert current_event() == first
        log.info("within")
    with one_event() as second:
        pass
    log.info("outside")
    assert first != second
    within, outside = told.getvalue().splitlines()
    assert within.endswith(f" INFO app.main [{first}]: within")
    assert outside.endswith(" INFO app.main: outside")

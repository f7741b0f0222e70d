"""What comes in at /slack/events over a bare socket, and what is turned away or cut off."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import pytest

from app.http import server
from app.http.slack import MOST_BODY_BYTES
from app.playground.http_delivery import signature as signature_of
from tests.slack.conftest import Opening
from tests.slack.stage import Stage
from tests.slack.test_http_transport import a_command

FORM = "application/x-www-form-urlencoded"
HASTE = 0.3
"""Seconds that a request may take to arrive, in the tests of slow ones."""

Headers = list[tuple[str, str]]


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot over HTTP, with the real scorecard."""
    async with open_stage(transport="http") as stage:
        yield stage


@pytest.fixture
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "REQUEST_SECONDS", HASTE)


class Line:
    """A bare connection to the bot's port."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def says(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def hears(self) -> tuple[int, str]:
        """The status and body of one answer."""
        async with asyncio.timeout(5):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
            length = head.lower().partition("content-length: ")[2].split("\r\n")[0]
            body = await self._reader.readexactly(int(length or 0))
        return int(head.split()[1]), body.decode()

    async def is_hung_up_on(self) -> bool:
        """Whether the bot closes the connection soon, without another word."""
        async with asyncio.timeout(5):
            try:
                return await self._reader.read() == b""
            except ConnectionError:
                return True


@asynccontextmanager
async def a_line(stage: Stage) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.running.port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()


def a_body(stage: Stage, text: str = "update rollbacks 9") -> bytes:
    return urlencode(a_command(stage, text)).encode()


def signed(
    stage: Stage,
    body: bytes,
    *,
    kind: str = FORM,
    age: float = 0,
    secret: str = "",
    timestamp: str | None = None,
    signature: str | None = None,
) -> Headers:
    """The headers of a request as Slack signs it, `age` seconds ago, but for what is given."""
    at = str(int(time.time() - age))
    right = signature_of(secret or stage.slack.signing_secret, at, body.decode())
    return [
        ("Content-Type", kind),
        ("X-Slack-Request-Timestamp", at if timestamp is None else timestamp),
        ("X-Slack-Signature", right if signature is None else signature),
    ]


def a_head(headers: Headers, *, method: str = "POST", path: str = "/slack/events") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: bot", *(f"{key}: {each}" for key, each in headers)]
    return "\r\n".join([*lines, "", ""]).encode()


async def answered(stage: Stage, headers: Headers, body: bytes, **line: str) -> tuple[int, str]:
    length = ("Content-Length", str(len(body)))
    async with a_line(stage) as connection:
        await connection.says(a_head([*headers, length], **line) + body)
        return await connection.hears()


async def rollbacks(stage: Stage) -> str:
    """What /kpi rollbacks shows, asked by a request that is all right."""
    body = a_body(stage, "rollbacks")
    status, answer = await answered(stage, signed(stage, body), body)
    assert status == 200
    return answer


# --- signatures ----------------------------------------------------------------


WRONGS: list[dict[str, Any]] = [
    {"age": 5 * 60 + 5},
    {"age": -(5 * 60 + 5)},
    {"secret": "of somebody else"},
    {"timestamp": ""},
    {"timestamp": "now"},
    {"timestamp": "-1"},
    {"timestamp": "９９９９"},
    {"timestamp": "9" * 5_000},
    {"signature": ""},
    {"signature": "v0="},
    {"signature": "v0=é"},
    {"signature": "v1=" + "0" * 64},
]


async def test_what_isnt_signed_by_slack_within_five_minutes_does_nothing(stage: Stage) -> None:
    body = a_body(stage)
    for wrong in WRONGS:
        assert (await answered(stage, signed(stage, body, **wrong), body))[0] == 401, wrong
    assert "~12" in await rollbacks(stage)


async def test_a_signature_holds_for_five_minutes_and_for_its_own_body(stage: Stage) -> None:
    body = a_body(stage)
    for age in (4 * 60 + 50, -(4 * 60 + 50)):
        right = signed(stage, a_body(stage, "help"), age=age)
        assert (await answered(stage, right, a_body(stage, "help")))[0] == 200
    headers = signed(stage, body)
    for place in (0, len(body) // 2, len(body) - 1):
        altered = bytearray(body)
        altered[place] ^= 1
        assert (await answered(stage, headers, bytes(altered)))[0] == 401
    assert (await answered(stage, headers, body[:-1]))[0] == 401
    assert (await answered(stage, headers, body + b"&"))[0] == 401
    assert "~12" in await rollbacks(stage)


async def test_headers_that_are_missing_or_given_twice_are_no_signature(stage: Stage) -> None:
    body = a_body(stage)
    headers = signed(stage, body)
    for left_out in headers[1:]:
        assert (await answered(stage, [e for e in headers if e != left_out], body))[0] == 401
        assert (await answered(stage, [*headers, left_out], body))[0] == 401
    assert "~12" in await rollbacks(stage)


async def test_a_body_that_isnt_utf_8_is_not_slacks(stage: Stage) -> None:
    assert (await answered(stage, signed(stage, b""), b"text=\xff\xfe"))[0] == 401


# --- kinds, methods, shapes ----------------------------------------------------


async def test_only_posts_of_the_kinds_that_slack_sends_are_taken(stage: Stage) -> None:
    body = a_body(stage)
    for kind in ("text/plain", "multipart/form-data; boundary=x", "", "application/xml"):
        headers = signed(stage, body, kind=kind)
        assert (await answered(stage, headers, body))[0] == 415, kind
    headers = signed(stage, body)
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONSENSE"):
        assert (await answered(stage, headers, body, method=method))[0] == 405, method
    assert (await answered(stage, headers, body, path="/slack/install"))[0] == 404
    assert "~12" in await rollbacks(stage)


UNREADABLE = [
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"{",
    b"[]",
    b"null",
    b'"event"',
    b'{"authorizations": 7}',
    b'{"team": ["id"]}',
    b'{"n": ' + b"9" * 10_000 + b"}",
]


async def test_json_that_cant_be_read_is_told_so(stage: Stage) -> None:
    for body in UNREADABLE:
        headers = signed(stage, body, kind="application/json; charset=utf-8")
        assert (await answered(stage, headers, body))[0] == 400, body[:20]


async def test_a_switch_to_a_websocket_is_not_made(stage: Stage) -> None:
    upgrade = [("Connection", "Upgrade"), ("Upgrade", "websocket")]
    assert (await answered(stage, upgrade, b"", method="GET"))[0] == 405


# --- sizes ---------------------------------------------------------------------


async def test_a_body_that_is_too_large_is_refused_before_it_is_sent(stage: Stage) -> None:
    headers = [*signed(stage, b""), ("Content-Length", str(MOST_BODY_BYTES + 1))]
    async with a_line(stage) as line:
        await line.says(a_head(headers))
        assert (await line.hears())[0] == 413
        assert await line.is_hung_up_on()


async def test_a_body_of_no_told_length_is_read_up_to_the_limit(stage: Stage) -> None:
    chunked = ("Transfer-Encoding", "chunked")
    body = a_body(stage)
    async with a_line(stage) as line:
        await line.says(a_head([*signed(stage, body), chunked]))
        await line.says(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        assert (await line.hears())[0] == 200
    async with a_line(stage) as line:
        await line.says(a_head([*signed(stage, body), chunked]))
        part = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        for _ in range(MOST_BODY_BYTES // 0x10000 + 1):
            await line.says(part)
        assert (await line.hears())[0] == 413
    assert "9" in await rollbacks(stage)


async def test_a_length_that_is_none_is_refused(stage: Stage) -> None:
    for length in ("-1", "1e3", "9" * 30, "12, 13", "٣"):
        async with a_line(stage) as line:
            await line.says(a_head([*signed(stage, b""), ("Content-Length", length)]))
            assert (await line.hears())[0] in {400, 413}, length


async def test_two_lengths_or_a_length_beside_chunks_smuggle_nothing(stage: Stage) -> None:
    body = a_body(stage)
    both: Mapping[str, str] = {"Content-Length": "5", "Transfer-Encoding": "chunked"}
    for more in ([("Content-Length", "5"), ("Content-Length", "6")], list(both.items())):
        async with a_line(stage) as line:
            await line.says(a_head([*signed(stage, body), *more]) + b"0\r\n\r\n" + body)
            assert (await line.hears())[0] in {400, 401}
    assert "~12" in await rollbacks(stage)


# --- time ----------------------------------------------------------------------


@pytest.mark.usefixtures("haste")
@pytest.mark.parametrize("path", ["/slack/events", "/health/live"])
async def test_who_drips_a_request_is_hung_up_on(stage: Stage, path: str) -> None:
    body = a_body(stage)
    request = a_head([*signed(stage, body), ("Content-Length", str(len(body)))], path=path) + body
    begun = time.monotonic()
    async with a_line(stage) as silent, a_line(stage) as in_the_head, a_line(stage) as in_the_body:
        await in_the_body.says(request[: -len(body)])
        for each in range(0, 200, 2):
            try:
                await in_the_head.says(request[each : each + 2])
                await in_the_body.says(body[each : each + 2])
            except ConnectionError:
                break
            await asyncio.sleep(HASTE / 10)
        assert time.monotonic() - begun < 10 * HASTE
        assert await silent.is_hung_up_on()
        await in_the_head.is_hung_up_on()
        await in_the_body.is_hung_up_on()
    assert "~12" in await rollbacks(stage)


@pytest.mark.usefixtures("haste")
async def test_who_asks_in_time_keeps_the_connection(stage: Stage) -> None:
    body = a_body(stage, "help")
    request = a_head([*signed(stage, body), ("Content-Length", str(len(body)))]) + body
    async with a_line(stage) as line:
        for _ in range(4):
            await line.says(request)
            assert (await line.hears())[0] == 200
            await asyncio.sleep(HASTE / 2)

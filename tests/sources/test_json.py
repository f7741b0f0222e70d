"""A JSON address gives one number by a path, however its server behaves, or the reason why not."""

import asyncio
import gzip
import socket
from decimal import Decimal

import pytest

from app.domain.sources import Question, SourceFailure, SourceKind
from app.sources.asking import ask
from app.sources.documents import number_at
from app.sources.failures import NoNumber
from app.sources.fetching import MOST_BYTES, Answer
from app.sources.places import Places
from tests.sources.liar import Liar, bomb, response, send

HERE = Places(addresses="127.0.0.1", seconds=20)
HASTY = Places(addresses="127.0.0.1", seconds=1)

DOCUMENT = """{
  "total": 12.50, "open": 7, "text": "twelve", "digits": "-1.5e2", "yes": true, "none": null,
  "exact": 123456789012345.123456, "huge": 1e999, "vast": %s, "days": [{"n": 1}, {"n": 2.5}]
}""" % ("9" * 5_000)


def question(address: str, path: str = "n") -> Question:
    return Question(SourceKind.JSON, address, path)


def found(path: str, body: str = DOCUMENT, content_type: str = "application/json") -> Decimal:
    return number_at(path, Answer(200, content_type, body.encode()))


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("total", "12.50"),
        ("open", "7"),
        ("digits", "-1.5E+2"),
        ("exact", "123456789012345.123456"),
        ("days[0].n", "1"),
        ("days[-1].n", "2.5"),
        ("sum(days[].n)", "3.5"),
        ("avg(days[].n)", "1.75"),
        ("max_by(days, &n).n", "2.5"),
        ("length(days)", "2"),
        ("to_number(digits)", "-150.0"),
        ("days[?n > `1`] | [0].n", "2.5"),
    ],
)
def test_a_path_leads_to_a_number_exactly(path: str, number: str) -> None:
    assert str(found(path)) == number


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing.total", "gives nothing: it leads past the document, or to null"),
        ("none", "gives nothing"),
        ("yes", "gives true, not a number"),
        ("text", "gives the text “twelve”, not a number"),
        ("days", "a list of 2: pick one with [0]"),
        ("days[1]", "an object: go on with a name in it (n)"),
        ("&total", "an expression"),
        ("sum(days)", "doesn't fit the document: In function sum()"),
        ("nothing_like_it(@)", "doesn't fit the document: Unknown function: nothing_like_it()"),
        ("days[::0]", "doesn't fit the document: slice step cannot be zero"),
    ],
)
def test_what_a_path_finds_instead_is_told(path: str, reason: str) -> None:
    with pytest.raises(NoNumber) as refused:
        found(path)
    assert reason in refused.value.told([])


@pytest.mark.parametrize("path", ["huge", "vast"])
async def test_a_number_beyond_all_bounds_is_refused(liar: Liar, path: str) -> None:
    with pytest.raises(SourceFailure, match="too large"):
        await ask(question(liar.answers(DOCUMENT), path), HERE)


@pytest.mark.parametrize("text", [" 12", "12 ", "1,200", "1_000", "0x10", "NaN", "Infinity", "١٢"])
def test_text_is_taken_only_where_it_is_a_plain_number(text: str) -> None:
    with pytest.raises(NoNumber, match="gives the text"):
        found("n", f'{{"n": "{text}"}}')


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "The answer is empty"),
        ('{"n": NaN}', "holds NaN"),
        ('{"n": -Infinity}', "holds -Infinity"),
        ('{"n": 1', "isn't JSON: Expecting"),
        ("[" * 100_000, "nested too deep"),
        ("\x00", "isn't JSON"),
    ],
)
def test_what_is_no_json_gets_its_reason(body: str, reason: str) -> None:
    with pytest.raises(NoNumber) as refused:
        found("n", body)
    assert reason in refused.value.told([])


def test_a_page_instead_of_json_may_be_a_door() -> None:
    with pytest.raises(NoNumber, match="is a page, not JSON: does the address need a header"):
        found("n", "<html>", "text/html")


async def test_json_counts_whatever_its_type_is_said_to_be(liar: Liar) -> None:
    packed = gzip.compress(b'\xef\xbb\xbf{"n": 3}')
    address = liar.answers(packed, Content_Type="image/png", Content_Encoding="gzip")
    assert await ask(question(address), HERE) == 3


async def test_headers_are_sent_with_their_secrets(liar: Liar) -> None:
    places = Places(addresses="127.0.0.1", secrets={"CI": "s3cr3t"})
    headers = {"Authorization": "Bearer ${CI}", "X-Team": "billing"}
    address = liar.answers('{"n": 3}', "/v1/stats")
    asked = Question(SourceKind.JSON, f"{address}?day=1&b=%20", "n", headers=headers)
    assert await ask(asked, places) == 3
    [(path, sent)] = liar.asked
    assert path == "/v1/stats?day=1&b=%20"
    assert (sent["Authorization"], sent["X-Team"]) == ("Bearer s3cr3t", "billing")
    assert sent["Host"] == f"127.0.0.1:{liar.port}"


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"[" * 65_536)


@pytest.mark.parametrize(
    "told",
    [
        send(response(bomb(200), Content_Encoding="gzip")),
        send(response(b'"' + b"x" * MOST_BYTES + b'"')),
        endless,
    ],
    ids=["bomb", "long", "endless"],
)
async def test_a_body_is_dropped_where_it_becomes_too_long(liar: Liar, told: object) -> None:
    with pytest.raises(SourceFailure, match="longer than 1 MB: ask for less"):
        await ask(question(liar.does(told)), HERE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (b"", "broke off its answer, or doesn't speak HTTP"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "doesn't speak HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_000 + b"\r\n{}", "doesn't speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n{}", "doesn't speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFF\r\n{", "broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{", "broke off"),
        (response(b'{"n": 3}', Content_Length="100"), "was broken off"),
        (response(b'{"n": 3}', Content_Length="5"), "isn't JSON"),
        (response(b"plain", Content_Encoding="gzip"), "says that it is packed with gzip"),
        (response(gzip.compress(b'{"n": 3}')[:-9], Content_Encoding="gzip"), "was broken off"),
        (response(b"x", Content_Encoding="br"), "packed as “br”, which wasn't asked for"),
        (response(b"", status="204 No Content"), "answers 204 No Content"),
        (response(b"", status="404 s3cr3t"), r"answers 404 Not Found\."),
        (response(b"", status="418 x"), "answers 418"),
        (response(b"", status="799 x"), r"answers 799\."),
        (response(b"", status="401 x"), "answers 401 Unauthorized: it wants a header"),
        (response(b"", status="304 x"), "answers 304 Not Modified"),
    ],
)
async def test_a_server_that_lies_gets_its_reason(liar: Liar, told: bytes, reason: str) -> None:
    with pytest.raises(SourceFailure, match=reason):
        await ask(question(liar.does(send(told))), HERE)


async def test_a_server_that_hangs_or_drips_is_cut_off(liar: Liar) -> None:
    addresses = [
        liar.hangs("/silent"),
        liar.hangs("/stuck", after=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
        liar.drips("/drips"),
    ]
    asked = (ask(question(address), HASTY) for address in addresses)
    failures = await asyncio.gather(*asked, return_exceptions=True)
    reason = "The source gave no whole answer within 1 s, so it was cut off."
    assert [str(failure) for failure in failures] == [reason] * 3


async def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(
        SourceFailure, match=r"127\.0\.0\.1:1 can't be reached: nothing listens there"
    ):
        await ask(question("http://127.0.0.1:1/"), HERE)


async def test_a_name_that_leads_nowhere_is_told() -> None:
    places = Places(addresses="*.invalid", seconds=20)
    with pytest.raises(SourceFailure, match=r"The name kpi\.invalid leads nowhere"):
        await ask(question("http://kpi.invalid/"), places)


async def test_plain_http_where_https_is_asked_for_is_told(liar: Liar) -> None:
    address = liar.answers('{"n": 3}').replace("http:", "https:")
    with pytest.raises(SourceFailure, match="doesn't speak HTTPS"):
        await ask(question(address), HERE)

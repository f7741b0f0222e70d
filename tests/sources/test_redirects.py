"""Redirects and names lead nowhere that isn't allowed, and take no secret along."""

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from app.domain.sources import Question, SourceFailure, SourceKind
from app.sources.addresses import AllowList, IPAddress, target_of
from app.sources.asking import ask
from app.sources.failures import NoNumber
from app.sources.fetching import fetch
from app.sources.places import Places
from tests.sources.liar import Liar, lying

HEADERS = {"Authorization": "Bearer ${CI}"}


@pytest.fixture
def other() -> Iterator[Liar]:
    """Another server on this machine."""
    with lying() as server:
        yield server


def places(*allowed: Liar | str) -> Places:
    listed = (each if isinstance(each, str) else f"127.0.0.1:{each.port}" for each in allowed)
    return Places(addresses=",".join(listed), secrets={"CI": "s3cr3t"}, seconds=20)


def question(address: str) -> Question:
    return Question(SourceKind.JSON, address, "n", headers=HEADERS)


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/latest/meta-data/",
        "http://127.0.0.1:1/",
        "//127.0.0.1:1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://evil.test/",
    ],
)
async def test_a_redirect_is_checked_like_an_address(liar: Liar, to: str) -> None:
    with pytest.raises(SourceFailure) as failure:
        await ask(question(liar.redirects(to)), places(liar))
    assert failure.value.message == f"The address redirects to “{to}”, which isn't allowed."


@pytest.mark.parametrize(
    "to",
    ["file:///etc/passwd", "ftp://127.0.0.1/", "http://2130706433/", "http://a b/", "http://["],
)
async def test_a_redirect_that_is_no_plain_address_is_refused(liar: Liar, to: str) -> None:
    with pytest.raises(SourceFailure, match=r"redirects to “.+”, which can't be asked"):
        await ask(question(liar.redirects(to)), places(liar))


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 T", "308 P"])
async def test_redirects_within_the_origin_are_followed_with_headers(
    liar: Liar, status: str
) -> None:
    liar.redirects("/two?a=1", "/one", status)
    liar.redirects("three", "/two")
    liar.redirects("./four", "/three")
    liar.answers('{"n": 3}', "/four")
    assert await ask(question(liar.url("/one")), places(liar)) == 3
    assert [path for path, _ in liar.asked] == ["/one", "/two?a=1", "/three", "/four"]
    assert {sent["Authorization"] for _, sent in liar.asked} == {"Bearer s3cr3t"}


async def test_a_secret_does_not_leave_its_origin_nor_come_back(liar: Liar, other: Liar) -> None:
    liar.redirects(other.url("/two"), "/one")
    other.redirects(liar.url("/three"), "/two")
    liar.answers('{"n": 3}', "/three")
    assert await ask(question(liar.url("/one")), places(liar, other)) == 3
    assert [sent["Authorization"] for _, sent in liar.asked] == ["Bearer s3cr3t", None]
    assert [sent["Authorization"] for _, sent in other.asked] == [None]


async def test_a_circle_of_redirects_ends(liar: Liar) -> None:
    with pytest.raises(SourceFailure, match="redirects more than 3 times"):
        await ask(question(liar.redirects("/")), places(liar))
    assert len(liar.asked) == 4


async def test_a_name_of_this_machine_needs_its_network_beside_it(liar: Liar) -> None:
    liar.answers('{"n": 3}')
    address = liar.url(host="localhost")
    with pytest.raises(
        SourceFailure, match=r"localhost leads to .*, which isn't a public address: "
    ) as refused:
        await ask(question(address), places("localhost"))
    assert refused.value.message.endswith(
        "lists its network in KPI_SOURCE_ADDRESSES beside the name."
    )
    assert liar.asked == []
    assert await ask(question(address), places("localhost", "127.0.0.0/8")) == 3


class Names:
    """A name service that changes its answer each time."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self._answers = [[ip_address(ip) for ip in answer] for answer in answers]

    def __call__(self, host: str, port: int) -> list[IPAddress]:
        return self._answers.pop(0)


def body_at(liar: Liar, names: Names) -> bytes:
    """What is fetched from shop.test, which is allowed, and so is 127.0.0.1, but nothing else."""
    target = target_of(f"http://shop.test:{liar.port}/")
    return fetch(target, {}, AllowList.of("shop.test, 127.0.0.1"), resolve=names).body


def test_the_address_that_was_checked_is_the_one_that_is_asked(liar: Liar) -> None:
    liar.answers("{}")
    names = Names(("127.0.0.1",), ("169.254.169.254",))
    assert body_at(liar, names) == b"{}"
    [(_, sent)] = liar.asked
    assert sent["Host"] == f"shop.test:{liar.port}"


def test_a_name_that_changes_between_redirects_is_checked_again(liar: Liar) -> None:
    liar.redirects("/again")
    liar.answers("{}", "/again")
    with pytest.raises(NoNumber, match=r"shop\.test leads to 127\.0\.0\.2, which isn't a public"):
        body_at(liar, Names(("127.0.0.1",), ("127.0.0.2",)))
    assert [path for path, _ in liar.asked] == ["/"]


def test_of_many_addresses_only_the_allowed_are_tried(liar: Liar) -> None:
    liar.answers("{}")
    mixed = ("127.0.0.2", "::1", "169.254.169.254", "127.0.0.1")
    assert body_at(liar, Names(mixed)) == b"{}"
    with pytest.raises(NoNumber, match=r"leads to 127\.0\.0\.2, ::1, 169\.254\.169\.254, which"):
        body_at(liar, Names(mixed[:3]))


async def test_the_proxy_of_the_environment_is_not_used(
    liar: Liar, other: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, other.url())
    assert await ask(question(liar.answers('{"n": 3}')), places(liar)) == 3
    assert other.asked == []

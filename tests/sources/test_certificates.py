"""A server proves who it is, or the reason is told why it isn't believed."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from app.domain.sources import Question, SourceFailure, SourceKind
from app.sources.asking import ask
from app.sources.places import Places
from tests.sources.liar import Liar, lying

HERE = Places(addresses="127.0.0.0/8, localhost", seconds=20)
Serving = Callable[[trustme.LeafCert], Liar]


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that the operator trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return authority


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Starts a server that shows a certificate."""
    with ExitStack() as running:

        def start(certificate: trustme.LeafCert) -> Liar:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            certificate.configure_cert(tls)
            return running.enter_context(lying(tls))

        yield start


def question(address: str) -> Question:
    return Question(SourceKind.JSON, address, "n")


async def _refused(liar: Liar, host: str = "127.0.0.1") -> str:
    liar.answers('{"n": 3}')
    with pytest.raises(SourceFailure) as failure:
        await ask(question(liar.url(host=host)), HERE)
    assert liar.asked == []
    return failure.value.message


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_an_authority_of_ones_own_can_be_trusted(
    authority: trustme.CA, serving: Serving, host: str
) -> None:
    liar = serving(authority.issue_cert("127.0.0.1", "localhost"))
    liar.answers('{"n": 3}')
    assert await ask(question(liar.url(host=host)), HERE) == 3


async def test_an_expired_certificate_is_refused(authority: trustme.CA, serving: Serving) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    certificate = authority.issue_cert(
        "127.0.0.1", not_before=past - timedelta(days=1), not_after=past
    )
    told = await _refused(serving(certificate))
    assert told == "The certificate of 127.0.0.1 has expired."


async def test_a_certificate_for_later_is_refused(authority: trustme.CA, serving: Serving) -> None:
    future = datetime.now(UTC) + timedelta(days=1)
    told = await _refused(serving(authority.issue_cert("127.0.0.1", not_before=future)))
    assert told == "The certificate of 127.0.0.1 isn't valid yet."


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_certificate_for_another_host_is_refused(
    authority: trustme.CA, serving: Serving, host: str
) -> None:
    told = await _refused(serving(authority.issue_cert("other.example.com", "127.0.0.9")), host)
    assert told == f"The certificate of {host} is for another host."


@pytest.mark.usefixtures("authority")
async def test_an_authority_that_nobody_knows_is_refused(serving: Serving) -> None:
    told = await _refused(serving(trustme.CA().issue_cert("127.0.0.1")))
    assert told == (
        "The certificate of 127.0.0.1 comes from an authority that this machine doesn't trust; "
        "for one of your own, the operator sets SSL_CERT_FILE."
    )


@pytest.mark.usefixtures("authority")
async def test_a_self_signed_certificate_is_refused(serving: Serving) -> None:
    own = trustme.CA()
    certificate = trustme.LeafCert(own.private_key_pem.bytes(), own.cert_pem.bytes(), [])
    told = await _refused(serving(certificate))
    assert told.startswith("The certificate of 127.0.0.1 is self-signed; for one of your own")


async def test_a_machine_without_authorities_says_so(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    told = await _refused(serving(trustme.CA().issue_cert("127.0.0.1")))
    assert told.startswith("This machine has no list of authorities to check certificates with")


async def test_a_redirect_from_https_to_http_is_refused(
    authority: trustme.CA, serving: Serving, liar: Liar
) -> None:
    secure = serving(authority.issue_cert("127.0.0.1"))
    plain = liar.answers('{"n": 3}')
    with pytest.raises(SourceFailure) as failure:
        await ask(question(secure.redirects(plain)), HERE)
    assert failure.value.message == (
        f"The address redirects to “{plain}”, which isn't encrypted any more."
    )
    assert liar.asked == []

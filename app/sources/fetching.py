"""What stands at an address: fetched over connections to IP addresses that were checked.

A name is looked up once, each IP address that it leads to is checked, and the connection is made to
one of these: what the name leads to a moment later makes no difference. Nothing here waits for
less than for ever, except for a connection: the process ends at its deadline.
"""

import socket
import ssl
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urljoin

from app.domain.errors import BadInput
from app.sources.addresses import SETTING, AllowList, IPAddress, Target, target_of
from app.sources.failures import NoNumber

MOST_REDIRECTS = 3
MOST_BYTES = 1_000_000
"""Of a body, unpacked."""
CONNECT_SECONDS = 5
AGENT = "kpi-trajectories"

Resolve = Callable[[str, int], Iterable[IPAddress]]

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PART = 64 * 1024
_EITHER_OF_ZLIB = 32 + zlib.MAX_WBITS
"""gzip or zlib, whichever it is: https://docs.python.org/3/library/zlib.html#zlib.decompress"""

_CERTIFICATE_TROUBLES = {
    9: "isn't valid yet",
    10: "has expired",
    18: "is self-signed",
    19: "comes from an authority that this machine doesn't trust",
    20: "comes from an authority that this machine doesn't trust",
    21: "comes from an authority that this machine doesn't trust",
    62: "is for another host",
    64: "is for another host",
}
"""By OpenSSL's X509_V_ERR codes: https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/"""
_UNTRUSTED = frozenset((18, 19, 20, 21))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says in the end; its body is whole and not too long."""

    status: int
    content_type: str
    body: bytes


def resolved(host: str, port: int) -> list[IPAddress]:
    """The IP addresses that a name leads to now, best first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(place[4][0]) for place in found))


def fetch(
    target: Target,
    headers: Mapping[str, str],
    allowed: AllowList,
    *,
    resolve: Resolve = resolved,
) -> Answer:
    """The answer to a GET, after at most three redirects; raises `NoNumber`.

    Each redirect is checked like the address that was typed. One that leaves the origin is
    followed without the headers, for they may hold secrets.
    """
    _check(target, allowed)
    for _ in range(MOST_REDIRECTS + 1):
        found = _get(target, headers, allowed, resolve)
        if isinstance(found, Answer):
            return found
        onward = _onward(target, found, allowed)
        headers = headers if onward.origin == target.origin else {}
        target = onward
    raise NoNumber(f"The address redirects more than {MOST_REDIRECTS} times.")


def _check(target: Target, allowed: AllowList) -> None:
    try:
        allowed.check(target)
    except BadInput as error:
        raise NoNumber(error.message) from error


def _onward(target: Target, location: str, allowed: AllowList) -> Target:
    """Where a redirect leads to, if that may be asked."""
    try:
        onward = target_of(urljoin(target.url, location))
    except (BadInput, ValueError) as error:
        raise NoNumber(
            "The address redirects to “{}”, which can't be asked.", location or "nowhere"
        ) from error
    if (target.scheme, onward.scheme) == ("https", "http"):
        raise NoNumber("The address redirects to “{}”, which isn't encrypted any more.", location)
    if not allowed.names(onward):
        raise NoNumber("The address redirects to “{}”, which isn't allowed.", location)
    return onward


def _get(
    target: Target, headers: Mapping[str, str], allowed: AllowList, resolve: Resolve
) -> Answer | str:
    """The answer, or where it redirects to."""
    with closing(_connected(target, allowed, resolve)) as connected:
        connection = HTTPConnection(target.host, target.port)
        connection.sock = connected
        try:
            response = _asked(connection, target, headers)
            if response.status in _REDIRECTS:
                return response.getheader("Location", "")
            return Answer(response.status, response.headers.get_content_type(), _body(response))
        except HTTPException as error:
            raise NoNumber(
                f"{target.host_and_port} broke off its answer, or doesn't speak HTTP."
            ) from error
        except OSError as error:
            raise NoNumber(
                f"The connection to {target.host_and_port} broke: {{}}.", _reason(error)
            ) from error


def _asked(connection: HTTPConnection, target: Target, headers: Mapping[str, str]) -> HTTPResponse:
    ours = {
        "Host": target.host_and_port,
        "User-Agent": AGENT,
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    connection.putrequest("GET", target.path, skip_host=True, skip_accept_encoding=True)
    for name, value in {**ours, **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    return connection.getresponse()


# --- the connection --------------------------------------------------------


def _connected(target: Target, allowed: AllowList, resolve: Resolve) -> socket.socket:
    """A connection to one of the allowed IP addresses of a host that may be asked."""
    connection = _connection(target, _reachable(target, allowed, resolve))
    if target.scheme == "http":
        return connection
    try:
        return ssl.create_default_context().wrap_socket(connection, server_hostname=target.host)
    except ssl.SSLCertVerificationError as error:
        connection.close()
        raise _untrusted(target, error) from error
    except OSError as error:
        connection.close()
        raise NoNumber(f"{target.host_and_port} doesn't speak HTTPS: {{}}.", _reason(error)) from (
            error
        )


def _reachable(target: Target, allowed: AllowList, resolve: Resolve) -> list[IPAddress]:
    if target.ip:
        return [target.ip]  # it is listed itself, or the address would have been refused
    try:
        found = list(resolve(target.host, target.port))
    except (OSError, UnicodeError) as error:
        raise NoNumber(f"The name {target.host} leads nowhere: is it spelled right?") from error
    reachable = [ip for ip in found if allowed.reaches(ip, target.port)]
    if not reachable:
        raise NoNumber(
            f"{target.host} leads to {', '.join(map(str, found[:3]))}, which isn't a public "
            f"address: the operator lists its network in {SETTING} beside the name."
        )
    return reachable


def _connection(target: Target, reachable: list[IPAddress]) -> socket.socket:
    """A connection to the first that takes one."""
    trouble: OSError | None = None
    for ip in reachable:
        try:
            connection = socket.create_connection((str(ip), target.port), CONNECT_SECONDS)
        except OSError as error:
            trouble = error
        else:
            connection.settimeout(None)
            return connection
    raise NoNumber(f"{target.host_and_port} can't be reached: {{}}.", _reason(trouble)) from trouble


def _untrusted(target: Target, error: ssl.SSLCertVerificationError) -> NoNumber:
    code = error.verify_code
    if code in _UNTRUSTED and not _has_authorities():
        return NoNumber(
            "This machine has no list of authorities to check certificates with: the operator "
            "installs ca-certificates or sets SSL_CERT_FILE."
        )
    trouble = _CERTIFICATE_TROUBLES.get(code)
    if trouble is None:
        return NoNumber(f"The certificate of {target.host} is wrong: {{}}.", error.verify_message)
    remedy = "; for one of your own, the operator sets SSL_CERT_FILE" if code in _UNTRUSTED else ""
    return NoNumber(f"The certificate of {target.host} {trouble}{remedy}.")


def _has_authorities() -> bool:
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile) or bool(paths.capath and any(Path(paths.capath).iterdir()))


def _reason(error: OSError | None) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {CONNECT_SECONDS} s"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, ssl.SSLError):
        return (error.reason or "the handshake failed").replace("_", " ").lower()
    return ((error.strerror if error else "") or "it was closed").lower()


# --- the answer ------------------------------------------------------------


def _body(response: HTTPResponse) -> bytes:
    """The whole body, unpacked. A bomb is dropped as soon as it is too long."""
    unpack = _unpacking(response.headers.get("Content-Encoding", ""))
    body = bytearray()
    try:
        while part := response.read(_PART):
            body += unpack.decompress(part, MOST_BYTES + 1 - len(body)) if unpack else part
            if len(body) > MOST_BYTES:
                raise NoNumber(
                    f"The answer is longer than {MOST_BYTES // 1_000_000} MB: ask for less."
                )
    except zlib.error as error:
        raise NoNumber("The answer says that it is packed with gzip, and isn't.") from error
    # `length` is what is missing of the promised Content-Length.
    if response.length or (unpack and not unpack.eof):
        raise NoNumber("The answer was broken off.")
    return bytes(body)


def _unpacking(encoding: str) -> "zlib._Decompress | None":
    if encoding.strip().lower() in {"", "identity"}:
        return None
    if encoding.strip().lower() in {"gzip", "x-gzip", "deflate"}:
        return zlib.decompressobj(_EITHER_OF_ZLIB)
    raise NoNumber("The answer is packed as “{}”, which wasn't asked for.", encoding)


def said_instead(answer: Answer) -> NoNumber:
    """What an answer that isn't the wanted one says by its status."""
    try:
        status = f"{answer.status} {HTTPStatus(answer.status).phrase}"
    except ValueError:
        status = str(answer.status)
    if answer.status in {401, 403}:
        return NoNumber(
            f"The address answers {status}: it wants a header with a secret, or another one."
        )
    return NoNumber(f"The address answers {status}.")

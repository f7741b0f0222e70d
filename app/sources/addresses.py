"""Which addresses may be asked: what people type, and what the operator allows of it.

Two things are checked. The host of an address must be listed, at each redirect anew. And each IP
address that its name leads to must be a public one or listed too, whoever answers for that name.
"""

import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Self
from urllib.parse import SplitResult, urlsplit

from app.domain.errors import BadInput

SETTING = "KPI_SOURCE_ADDRESSES"
FORMS = (
    "write hosts such as api.example.com, metrics.internal:9090 or *.example.com, and networks "
    "such as 10.1.0.0/16, with commas between them"
)
MOST_CHARACTERS = 2_000

IPAddress = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            "169.254.169.254",  # most clouds
            "169.254.170.2",  # tasks in containers of AWS
            "169.254.170.23",  # pods of AWS
            "fd00:ec2::254",  # AWS
            "fd00:ec2::23",
            "fd20:ce::254",  # Google Cloud
            "100.100.100.200",  # Alibaba Cloud
            "168.63.129.16",  # Azure; it looks public
            "192.0.0.192",  # Oracle Cloud
        ),
    )
)
"""Where a cloud gives a machine its keys. No listed network opens them, only their own entry."""

_WIDEST = 8
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
"""Teredo and 6to4, in which any IPv4 address may be wrapped."""

_PORTS = {"http": 80, "https": 443}
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LOOKS_NUMERIC = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)")
"""What the C library may take for an IPv4 address in another notation: 0x7f.1, 2130706433."""

_ENTRY = re.compile(r"(?:\[(?P<six>[^\[\]]+)\]|(?P<host>[^\[\]:/]+))(?::(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Target:
    """An address that is asked, taken apart once: nothing else reads it again."""

    scheme: str
    host: str
    port: int
    path: str
    """With its query, as it is sent."""

    @property
    def ip(self) -> IPAddress | None:
        """The host, where it is written as an IP address."""
        return _ip(self.host)

    @property
    def host_and_port(self) -> str:
        """As a `Host` header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host_and_port}{self.path}"

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


def target_of(address: str) -> Target:
    """An address as it is asked; raises `BadInput` for one that isn't plain."""
    # urlsplit leaves out some of these silently, and programs disagree about others.
    if not re.fullmatch(r"[!-~]+", address) or "\\" in address or len(address) > MOST_CHARACTERS:
        raise _refused(
            "An address has no blanks and no signs beyond ASCII (write a blank as %20, a host as "
            f"xn--…), and at most {MOST_CHARACTERS:,} characters."
        )
    parts, port = _split(address)
    if parts.scheme not in _PORTS:
        raise _refused("An address begins with https:// or http://.")
    if "@" in parts.netloc:
        raise _refused("An address holds no name and password: send a header with ${NAME}.")
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    return Target(parts.scheme, _host(parts.hostname or ""), port or _PORTS[parts.scheme], path)


def _split(address: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise _refused(
            "This isn't an address: write one such as https://api.example.com/v1/stats."
        ) from None
    if port == 0:
        raise _refused("No server listens on port 0.")
    return parts, port


def _host(text: str) -> str:
    """A host in its one form: lower case, no dot at its end."""
    host = text.lower().removesuffix(".")
    if ip := _ip(host):
        return str(ip)
    if _LOOKS_NUMERIC.fullmatch(host):
        raise _refused("Write an IP address in its usual form, such as 203.0.113.7.")
    if not _NAME.fullmatch(host) or len(host) > 253:
        raise _refused("An address names a host, such as api.example.com.")
    return host


def _ip(text: str) -> IPAddress | None:
    """An IP address without a zone (`%eth0`), which would leave the network to the one who asks."""
    try:
        return None if "%" in text else ipaddress.ip_address(text)
    except ValueError:
        return None


def _refused(message: str) -> BadInput:
    return BadInput(message, field="place")


def is_public(ip: IPAddress) -> bool:
    """Whether an address is one of the internet's hosts, and holds no other address within it."""
    if ip in METADATA or ip.is_multicast or not ip.is_global:
        return False
    if isinstance(ip, IPv6Address):
        # IPv4 in IPv6, and what translates it (::/96, 64:ff9b::/96), lies outside of 2000::/3.
        return ip in _GLOBAL_UNICAST and not any(ip in tunnel for tunnel in _TUNNELS)
    return True


@dataclass(frozen=True, slots=True)
class Entry:
    """One host, with any port or with one, or one network. A single IP address is a network too."""

    host: str = ""
    network: Network | None = None
    port: int | None = None

    def names(self, target: Target) -> bool:
        """Whether the host of an address is this one."""
        if not self._has(target.port):
            return False
        if ip := target.ip:
            return self._holds(ip)
        if self.host.startswith("*."):
            return target.host.endswith(self.host[1:])
        return target.host == self.host

    def reaches(self, ip: IPAddress, port: int) -> bool:
        """Whether this entry itself opens an IP address."""
        return self._has(port) and self._holds(ip)

    def _has(self, port: int) -> bool:
        return self.port is None or self.port == port

    def _holds(self, ip: IPAddress) -> bool:
        if self.network is None or ip not in self.network:
            return False
        return ip not in METADATA or self.network.num_addresses == 1


@dataclass(frozen=True, slots=True)
class AllowList:
    """What the operator allows; without an entry, nothing."""

    entries: tuple[Entry, ...] = ()

    def names(self, target: Target) -> bool:
        return any(entry.names(target) for entry in self.entries)

    def reaches(self, ip: IPAddress, port: int) -> bool:
        """Whether a connection may be made to this IP address."""
        return is_public(ip) or any(entry.reaches(ip, port) for entry in self.entries)

    def check(self, target: Target) -> None:
        """Raises `BadInput` with what the operator can do, for an address that isn't allowed.

        Where a name leads is only known when it is asked.
        """
        if not self.entries:
            raise _refused(
                f"No address can be asked here yet: the operator lists in {SETTING} which ones may."
            )
        if self.names(target):
            return
        if target.ip in METADATA:
            raise _refused(f"{target.host} gives out this machine's keys, so it isn't asked.")
        raise _refused(
            f"{target.host}, port {target.port}, isn't allowed: the operator adds it to {SETTING}."
        )

    @classmethod
    def of(cls, text: str) -> Self:
        """The list as the operator writes it; raises ValueError with the forms that work."""
        return cls(tuple(_entry(part.strip()) for part in text.split(",") if part.strip()))


def _entry(text: str) -> Entry:
    if network := _network(text):
        return Entry(network=network)
    match = _ENTRY.fullmatch(text)
    port = int(match["port"]) if match and match["port"] else None
    if match is None or (port is not None and not 0 < port <= 65_535):
        raise ValueError(f"“{text}” isn't a host or a network; {FORMS}")
    if network := _network(match["six"] or match["host"]):
        return Entry(network=network, port=port)
    name = (match["host"] or "").lower().removesuffix(".")
    plain = name.removeprefix("*.")
    if not _NAME.fullmatch(plain) or _LOOKS_NUMERIC.fullmatch(plain):
        raise ValueError(f"“{text}” isn't a host or a network; {FORMS}")
    return Entry(host=name, port=port)


def _network(text: str) -> Network | None:
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        if "host bits" in str(error):
            raise ValueError(f"“{text}” isn't where a network begins; {FORMS}") from None
        return None
    if network.prefixlen < _WIDEST:
        raise ValueError(
            f"“{text}” would open private networks with everything else; {FORMS}, none wider "
            f"than /{_WIDEST}"
        )
    return network

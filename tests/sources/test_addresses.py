"""What an operator lists is allowed and nothing else; no private address passes unless listed."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.sources.addresses import METADATA, AllowList, IPAddress, target_of

NAMES = AllowList.of("api.example.com, *.example.org, example.net:8443")
PRIVATE = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:2::/48",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "4000::/2",
    "8000::/1",
)
"""Loopback, private, link-local, shared, reserved, multicast, for documentation; IPv4 in IPv6."""

private = st.sampled_from(PRIVATE).flatmap(lambda network: st.ip_addresses(network=network))
ports = st.integers(1, 65_535)


@given(private, ports)
def test_no_private_address_is_reached_unless_listed(ip: IPAddress, port: int) -> None:
    assert not NAMES.reaches(ip, port)


@pytest.mark.parametrize("ip", sorted(map(str, METADATA)))
def test_the_keys_of_a_cloud_take_an_entry_of_their_own(ip: str) -> None:
    address = ip_address(ip)
    wide = "169.254.0.0/16, fd00::/8, 100.64.0.0/10, 168.0.0.0/8, 192.0.0.0/24"
    assert not NAMES.reaches(address, 80)
    assert not AllowList.of(wide).reaches(address, 80)
    assert not AllowList.of(wide).names(target_of(f"http://{_in_address(address)}/"))
    assert AllowList.of(ip).reaches(address, 80)


@given(st.ip_addresses())
def test_a_listed_network_opens_itself_alone(ip: IPAddress) -> None:
    allowed = AllowList.of("10.0.0.0/8, fd12::/16")
    listed = ip in IPv4Network("10.0.0.0/8") or ip in IPv6Network("fd12::/16")
    assert allowed.names(target_of(f"http://{_in_address(ip)}/")) == listed
    assert allowed.reaches(ip, 80) == (listed or NAMES.reaches(ip, 80))


@given(private, ports)
def test_a_listed_address_is_opened_with_its_port_alone(ip: IPAddress, port: int) -> None:
    allowed = AllowList.of(f"{_in_address(ip)}:{port}")
    assert allowed.reaches(ip, port)
    assert not allowed.reaches(ip, port % 65_535 + 1)
    assert allowed.names(target_of(f"http://{_in_address(ip)}:{port}"))


@given(st.ip_addresses(v=4))
def test_no_other_notation_of_an_address_leads_to_it(ip: IPv4Address) -> None:
    number = int(ip)
    allowed = AllowList.of(f"{ip}, 10.0.0.0/8, 127.0.0.0/8")
    for written in (
        str(number),
        hex(number),
        f"0{number >> 24:o}.1",
        f"{number >> 24}.1",
        "0x7f.1",
    ):
        with pytest.raises(BadInput, match="Write an IP address in its usual form"):
            target_of(f"http://{written}/")
    six_to_four = f"2002:{number >> 16:x}:{number & 0xFFFF:x}::"
    for wrapped in (f"::ffff:{ip}", f"::{ip}", f"64:ff9b::{ip}", six_to_four):
        assert not allowed.names(target_of(f"http://[{wrapped}]/"))
        assert not allowed.reaches(IPv6Address(wrapped), 80)


@pytest.mark.parametrize(
    ("address", "is_named"),
    [
        ("https://api.example.com/v1", True),
        ("https://API.Example.COM./v1", True),
        ("http://api.example.com:9090", True),
        ("https://example.com/", False),
        ("https://xapi.example.com/", False),
        ("https://api.example.com.evil.test/", False),
        ("https://a.b.example.org/", True),
        ("https://example.org/", False),
        ("https://evilexample.org/", False),
        ("https://example.net:8443/", True),
        ("https://example.net/", False),
        ("https://localhost/", False),
        ("https://localhost./", False),
        ("https://203.0.113.7/", False),
    ],
)
def test_a_host_is_asked_where_it_is_listed(address: str, is_named: bool) -> None:
    assert NAMES.names(target_of(address)) is is_named


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("api.example.com", "begins with https:// or http://"),
        ("ftp://api.example.com/", "begins with https:// or http://"),
        ("file:///etc/passwd", "begins with https:// or http://"),
        ("gopher://api.example.com", "begins with https:// or http://"),
        ("https://user:s3cr3t@api.example.com/", "holds no name and password"),
        ("https://api.example.com@evil.test/", "holds no name and password"),
        ("https://api.example.com\\@evil.test/", "no blanks and no signs beyond ASCII"),
        ("https://api.example.com/a b", "no blanks"),
        ("https://api.example\n.com/", "no blanks"),
        ("https://аpi.example.com/", "no signs beyond ASCII"),
        ("https://１２７.0.0.1/", "no signs beyond ASCII"),
        ("https://ⓛocalhost/", "no signs beyond ASCII"),
        ("https:///v1", "names a host"),
        ("https://.", "names a host"),
        ("https://a..b/", "names a host"),
        ("https://-a.test/", "names a host"),
        ("https://a.-b/", "names a host"),
        ("https://a_%2e/", "names a host"),
        ("https://127.1/", "usual form"),
        ("https://2130706433/", "usual form"),
        ("https://0x7f.1/", "usual form"),
        ("https://0177.0.0.1/", "usual form"),
        ("https://127.0.0.1.:80x/", "isn't an address"),
        ("https://[::1/", "isn't an address"),
        ("https://[fe80::1%25eth0]/", "names a host"),
        ("https://api.example.com:0/", "port 0"),
        ("https://api.example.com:65536/", "isn't an address"),
        (f"https://api.example.com/{'x' * 2_000}", "at most 2,000 characters"),
    ],
)
def test_an_address_that_is_not_plain_is_refused(address: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as refused:
        target_of(address)
    assert refused.value.field == "place"
    assert "s3cr3t" not in refused.value.message


@given(st.text() | st.text("htps:/[]@.\\0x17f%#?\t é", max_size=30).map("http://{}".format))
def test_of_any_text_comes_a_host_in_its_one_form_or_a_refusal(text: str) -> None:
    try:
        target = target_of(text)
    except BadInput:
        return
    assert target_of(target.url) == target
    assert target.host == target.host.strip("@\\/?#% ").lower()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://api.example.com", "isn't a host or a network; write hosts such as"),
        ("api.example.com/v1", "isn't a host or a network"),
        ("*", "isn't a host or a network"),
        ("a.*.example.com", "isn't a host or a network"),
        ("example.com:0", "isn't a host or a network"),
        ("example.com:99999", "isn't a host or a network"),
        ("127.1", "isn't a host or a network"),
        ("*.0x7f", "isn't a host or a network"),
        ("user@example.com", "isn't a host or a network"),
        ("10.0.0.1/8", "isn't where a network begins"),
        ("0.0.0.0/0", "would open private networks with everything else.*none wider than /8"),
        ("::/0", "would open private networks"),
    ],
)
def test_an_entry_that_means_nothing_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        AllowList.of(f"api.example.com, {text}")


@given(st.text(max_size=40))
def test_any_text_is_a_list_or_refused(text: str) -> None:
    try:
        AllowList.of(text)
    except ValueError as error:
        assert "write hosts such as" in str(error)  # noqa: PT017


def test_without_a_list_it_is_told_what_to_set() -> None:
    with pytest.raises(BadInput, match="the operator lists in KPI_SOURCE_ADDRESSES which ones may"):
        AllowList.of(" , ").check(target_of("https://api.example.com/"))


def test_what_is_not_listed_is_told_with_its_port() -> None:
    with pytest.raises(
        BadInput, match=r"^example\.net, port 443, isn't allowed: the operator adds"
    ):
        NAMES.check(target_of("https://example.net/"))


def test_nobody_is_invited_to_list_the_keys_of_a_cloud() -> None:
    with pytest.raises(BadInput, match=r"^169\.254\.169\.254 gives out this machine's keys"):
        NAMES.check(target_of("http://169.254.169.254/latest/meta-data/"))


def _in_address(ip: IPAddress) -> str:
    return f"[{ip}]" if ip.version == 6 else str(ip)

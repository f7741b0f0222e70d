"""Where tickets are found."""

import pytest

from app.domain.errors import BadInput
from app.domain.tickets import checked_ticket_address, ticket_link

TRACKER = "https://tickets.example.com/browse/{key}"


@pytest.mark.parametrize(
    ("address", "ticket", "found"),
    [
        (TRACKER, "PAY-481", "https://tickets.example.com/browse/PAY-481"),
        ("https://x.example/{key}?tab=1", "#12", "https://x.example/12?tab=1"),
        (TRACKER, "two words", None),
        (TRACKER, "../admin", None),
        (TRACKER, "<!channel>", None),
        (TRACKER, "a" * 61, None),
        ("", "PAY-481", None),
    ],
)
def test_a_ticket_is_found_by_its_key(address: str, ticket: str, found: str | None) -> None:
    assert ticket_link(address, ticket) == found


@pytest.mark.parametrize("address", ["", TRACKER, " http://localhost:8080/{key}/x "])
def test_an_address_has_the_place_of_the_key(address: str) -> None:
    assert checked_ticket_address(address) == address.strip()


@pytest.mark.parametrize(
    "address",
    [
        "https://tickets.example.com/browse/",
        "tickets.example.com/{key}",
        "javascript:alert('{key}')",
        f"{TRACKER}/{{key}}",
        "https://x.example/{key}|evil",
        f"https://x.example/{'a' * 300}/{{key}}",
    ],
)
def test_anything_else_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(BadInput, match="such as https://tickets") as refused:
        checked_ticket_address(address)
    assert refused.value.field == "ticket_address"

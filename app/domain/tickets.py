"""Where the tickets of a team's tracker are found."""

import re

from app.domain.errors import BadInput

PLACE = "{key}"
"""What stands for a ticket's key in the address of its tracker."""
MOST_ADDRESS_LENGTH = 300
_ADDRESS = re.compile(r"https?://[^\s<>|{}]+", re.IGNORECASE)
_KEY = re.compile(r"#?([\w.-]{1,60})", re.ASCII)


def checked_ticket_address(text: str) -> str:
    """The address of a tracker's tickets, with `{key}` once; empty for none. Raises `BadInput`."""
    text = text.strip()
    begins = _ADDRESS.fullmatch(text.replace(PLACE, "key", 1))
    if text and (PLACE not in text or begins is None or len(text) > MOST_ADDRESS_LENGTH):
        raise BadInput(
            f"“{text[:60]}” isn't an address of tickets. Write it with {PLACE} where a ticket's "
            "key stands, such as https://tickets.example.com/browse/{key}.",
            field="ticket_address",
        )
    return text


def ticket_link(address: str, ticket: str) -> str | None:
    """Where a ticket is found; None without an address, or where it isn't called by a key.

    >>> ticket_link("https://tickets.example.com/browse/{key}", "PAY-481")
    'https://tickets.example.com/browse/PAY-481'
    """
    found = _KEY.fullmatch(ticket)
    return address.replace(PLACE, found[1]) if address and found else None

"""Links to a progress page: who has one sees the page, until it ends or is revoked."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime

PATH = "/progress/"
LINKS_OFF = (
    "off. To turn it on, set KPI_PUBLIC_URL to where the bot is reached from outside, and "
    "KPI_LINK_KEY to a secret of at least 32 characters; then restart the bot"
)
_TOKEN = re.compile(r"([0-9a-f]{16})\.([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Link:
    """One link; `made_by` and `revoked_by` are Slack user ids, or names of what did it.

    `last_opened_at` is as exact as an hour.
    """

    id: str
    made_by: str
    made_at: datetime
    ends_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    last_opened_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class LinkAddresses:
    """The addresses of links: the id with its signature, which nobody makes without the key.

    `public_url` is what they begin with. The signature is HMAC-SHA256 (RFC 2104) over the path
    and the id, in the letters of RFC 4648's base64url.
    """

    public_url: str
    key: bytes = field(repr=False)

    def of(self, link_id: str) -> str:
        return f"{self.public_url}{PATH}{link_id}.{self._signature(link_id)}"

    def link_of(self, token: str) -> str | None:
        """The id of the link whose address ends with this; None unless it is signed with the key.

        Signatures are compared in constant time.
        """
        found = _TOKEN.fullmatch(token)
        if found is None:
            return None
        link_id, signature = found.groups()
        return link_id if hmac.compare_digest(signature, self._signature(link_id)) else None

    def _signature(self, link_id: str) -> str:
        signed = hmac.digest(self.key, f"{PATH}{link_id}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(signed).decode().rstrip("=")

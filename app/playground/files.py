"""A file as the workspace keeps it."""

import mimetypes
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any


@dataclass(eq=False)
class File:
    """An uploaded file: reserved, then filled with bytes, then completed, then shared.

    `shares` has the message's ts for every channel in which it was posted.
    """

    id: str
    name: str
    length: int
    user_id: str
    created: int
    title: str = ""
    alt_text: str = ""
    content: bytes | None = None
    is_complete: bool = False
    shares: dict[str, str] = field(default_factory=dict)

    @property
    def mimetype(self) -> str:
        """What kind of file it is, guessed from its name."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def payload(
        self, base_url: str, private_channels: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        """The file object (docs.slack.dev/reference/objects/file-object).

        Until it is completed its `mimetype` is empty, which is how Slack says that it has not been
        processed yet.
        """
        shares: dict[str, dict[str, list[dict[str, str]]]] = {}
        for channel_id, ts in self.shares.items():
            reach = "private" if channel_id in private_channels else "public"
            shares.setdefault(reach, {})[channel_id] = [{"ts": ts}]
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "alt_txt": self.alt_text,
            "mimetype": self.mimetype if self.is_complete else "",
            "filetype": PurePath(self.name).suffix.removeprefix(".") if self.is_complete else "",
            "user": self.user_id,
            "size": self.length,
            "mode": "hosted",
            "is_public": "public" in shares,
            "channels": list(shares.get("public", {})),
            "groups": list(shares.get("private", {})),
            "shares": shares,
            "url_private": f"{base_url}/files/{self.id}/{self.name}",
            "permalink": f"{base_url}/files/{self.id}/{self.name}",
        }

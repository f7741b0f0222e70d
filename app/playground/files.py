"""A file as the workspace keeps it."""

import mimetypes
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from app.playground.installation import TEAM_DOMAIN

_TYPES = {"jpeg": "jpg", "md": "markdown", "py": "python", "txt": "text", "yml": "yaml"}
"""Slack's names of file types where they are not the extension
(docs.slack.dev/reference/objects/file-object#types)."""


@dataclass(eq=False)
class File:
    """An uploaded file: reserved, then filled with bytes, completed, processed, and shared.

    `shares` has the message's ts for every channel in which it was posted. `team_id` is the
    workspace of who uploaded it. One that `is_deleted` is gone for everybody.
    """

    id: str
    name: str
    length: int
    user_id: str
    team_id: str
    created: int
    title: str = ""
    alt_text: str = ""
    content: bytes | None = None
    is_complete: bool = False
    is_processed: bool = False
    is_deleted: bool = False
    shares: dict[str, str] = field(default_factory=dict)

    @property
    def mimetype(self) -> str:
        """What kind of file it is, guessed from its name."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def extension(self) -> str:
        """The end of its name without the dot, in small letters; empty if there is none."""
        return PurePath(self.name).suffix.removeprefix(".").lower()

    def payload(
        self, base_url: str, private_channels: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        """The file object (docs.slack.dev/reference/objects/file-object).

        Until it is processed its `mimetype` is empty, which is how Slack says so
        (slackapi/python-slack-sdk#1575).
        """
        shares: dict[str, dict[str, list[dict[str, str]]]] = {}
        for channel_id, ts in self.shares.items():
            reach = "private" if channel_id in private_channels else "public"
            shares.setdefault(reach, {})[channel_id] = [{"ts": ts}]
        filetype = _TYPES.get(self.extension, self.extension)
        name = quote(self.name, safe="")
        private = f"{base_url}/files-pri/{self.team_id}-{self.id}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "alt_txt": self.alt_text,
            "mimetype": self.mimetype if self.is_processed else "",
            "filetype": filetype if self.is_processed else "",
            "pretty_type": filetype.upper() if self.is_processed else "",
            "user": self.user_id,
            "user_team": self.team_id,
            "editable": False,
            "size": self.length,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": "public" in shares,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "channels": list(shares.get("public", {})),
            "groups": list(shares.get("private", {})),
            "ims": [],
            "shares": shares,
            "url_private": f"{private}/{name}",
            "url_private_download": f"{private}/download/{name}",
            "permalink": f"https://{TEAM_DOMAIN}.slack.com/files/{self.user_id}/{self.id}/{name}",
        }

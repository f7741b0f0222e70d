"""Hooks: the addresses that git servers call when a change is merged or a release is published.

How GitHub signs: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries.
How GitLab does: https://docs.gitlab.com/user/project/integrations/webhooks, with the signature of
https://www.standardwebhooks.com where it is given a signing token.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase

PATH = "/hooks/"
DEFAULT_LABEL = "milestone"
_PREFIX = "whsec_"
"""By which a secret is known for one, and what GitLab asks of a signing token."""
_ID = re.compile(r"[0-9a-f]{16}", re.ASCII)


class Forge(StrEnum):
    """What kind of git server calls."""

    GITHUB = "github"
    GITLAB = "gitlab"

    @property
    def words(self) -> str:
        return {Forge.GITHUB: "GitHub", Forge.GITLAB: "GitLab"}[self]


class HookMode(StrEnum):
    """What becomes of a milestone that a hook tells of."""

    OFFER = "offer"
    LOG = "log"


class Outcome(StrEnum):
    """What came of a delivery."""

    OFFERED = "offered"
    LOGGED = "logged"
    LEFT = "left"
    """It tells of nothing that makes a milestone here."""
    SEEN = "seen before"
    REFUSED = "refused"
    """It can't be trusted, read or carried out."""


@dataclass(frozen=True, slots=True)
class HookForm:
    """What a person says of a hook.

    Each of `repositories` is a name with its owner or group, such as `acme/billing` or `acme/*`;
    without any all count. A merged change makes a milestone if it has the `label` or says so in
    a trailer, a release does if `releases` count.
    """

    forge: Forge
    repositories: tuple[str, ...] = ()
    label: str = DEFAULT_LABEL
    releases: bool = False
    mode: HookMode = HookMode.OFFER

    def counts(self, repository: str) -> bool:
        """Whether deliveries of this repository count."""
        name = repository.casefold()
        allowed = self.repositories
        return not allowed or any(fnmatchcase(name, each.casefold()) for each in allowed)


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook; `scorecard` is a key, `made_by` a Slack user id or the operator.

    `told` is what came of the last delivery that could be read, at `told_at`, and `trouble` what
    was wrong with the last of `troubles` that could not, at `trouble_at`.
    """

    id: str
    scorecard: str
    form: HookForm
    made_by: str
    made_at: datetime
    told: str = ""
    told_at: datetime | None = None
    troubles: int = 0
    trouble: str = ""
    trouble_at: datetime | None = None

    @property
    def is_troubled(self) -> bool:
        """Whether the last delivery is one that was refused."""
        if self.trouble_at is None:
            return False
        return self.told_at is None or self.told_at < self.trouble_at


@dataclass(frozen=True, slots=True)
class HookAddresses:
    """Where hooks are called, and by which secrets: nobody makes these without the key.

    `public_url` is what the addresses begin with. A secret is HMAC-SHA256 (RFC 2104) over the path
    and the hook's id, in the form of a signing token of Standard Webhooks.
    """

    public_url: str
    key: bytes = field(repr=False)

    def of(self, forge: Forge, hook_id: str) -> str:
        return f"{self.public_url}{PATH}{forge}/{hook_id}"

    def secret(self, hook_id: str) -> str:
        signed = hmac.digest(self.key, f"{PATH}{hook_id}".encode(), hashlib.sha256)
        return _PREFIX + base64.b64encode(signed).decode()


def is_hook_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def is_genuine(forge: Forge, secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether who called knows the secret; `headers` have small letters.

    Whatever is compared takes the same time, right or wrong. A signature of GitLab's holds its
    time as well, which is let be: a delivery that is sent again is known by the change it tells of.
    """
    if forge is Forge.GITHUB:
        return _same(headers.get("x-hub-signature-256", ""), github_signature(secret, body))
    if "webhook-signature" in headers:
        wanted = standard_signature(
            secret, headers.get("webhook-id", ""), headers.get("webhook-timestamp", ""), body
        )
        return any(_same(given, wanted) for given in headers["webhook-signature"].split())
    return _same(headers.get("x-gitlab-token", ""), secret)


def github_signature(secret: str, body: bytes) -> str:
    """What GitHub sends in `X-Hub-Signature-256`."""
    return f"sha256={hmac.digest(secret.encode(), body, hashlib.sha256).hex()}"


def standard_signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    """What Standard Webhooks, and so GitLab, sends in `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())

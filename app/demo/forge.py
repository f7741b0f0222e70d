"""The git server of the demo's team: made-up changes that are merged, of which it tells the bot."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from itertools import count, cycle

import aiohttp

from app.domain.hooks import Forge, HookAddresses, github_signature

REPOSITORY = "acme/billing"


@dataclass(frozen=True)
class Change:
    """A change as its author wrote it; trailers end the description."""

    title: str
    description: str
    author: str
    branch: str


CHANGES = (
    Change(
        "Plan changes wait for their payment off session",
        "Renewals and plan changes by staff take effect once the payment went through.\n\n"
        "Work stream: PDE\nMoves: rollbacks ~6 off-session flows no longer roll back",
        "ben-cole",
        "ben/BILL-214-off-session",
    ),
    Change(
        "One path for dunning by card and by transfer",
        "Both are driven by the state of the recompute engine.\n\n"
        "Work stream: One Code Path\nMoves: dunning 2",
        "ana-beck",
        "ana/BILL-231-one-path",
    ),
    Change(
        "Late usage reaches the recompute engine",
        "What arrives after the invoice is recomputed the same night.\n\n"
        "Milestone: Late usage is recomputed\nWork stream: Recompute engine",
        "ben-cole",
        "ben/BILL-240-late-usage",
    ),
)


class GitServer:
    """Merges one made-up change after the other, in GitHub's words."""

    def __init__(self) -> None:
        self._changes = zip(count(431), cycle(CHANGES), strict=False)

    async def merge(self, addresses: HookAddresses, hook_id: str, at: datetime) -> Change:
        """Merge the next change and call the hook. Raises ValueError when it is turned away."""
        number, change = next(self._changes)
        body = json.dumps(_merged(number, change, at)).encode()
        headers = {
            "Content-Type": "application/json",
            "X-GitHub-Event": "pull_request",
            "X-GitHub-Delivery": hashlib.sha256(body).hexdigest()[:32],
            "X-Hub-Signature-256": github_signature(addresses.secret(hook_id), body),
        }
        url = addresses.of(Forge.GITHUB, hook_id)
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=body, headers=headers) as response,
        ):
            if not response.ok:
                raise ValueError(f"The bot turned the change away: {await response.text()}")
        return change


def _merged(number: int, change: Change, at: datetime) -> dict[str, object]:
    """docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request, as far as it is read
    by who follows merges."""
    merged_at = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return {
        "action": "closed",
        "number": number,
        "pull_request": {
            "number": number,
            "title": change.title,
            "body": change.description,
            "html_url": f"https://git.example.com/{REPOSITORY}/pull/{number}",
            "state": "closed",
            "merged": True,
            "merged_at": merged_at,
            "labels": [{"name": "milestone"}],
            "user": {"login": change.author},
            "merged_by": {"login": "ana-beck"},
            "head": {"ref": change.branch},
            "base": {"ref": "main"},
        },
        "repository": {"full_name": REPOSITORY},
        "sender": {"login": "ana-beck"},
    }

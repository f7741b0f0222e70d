"""What git servers send: payloads with the fields of those in their documentation.

The structure is that of https://docs.github.com/en/webhooks/webhook-events-and-payloads and
https://docs.gitlab.com/user/project/integrations/webhook_events; the contents are ours.
"""

import json
from pathlib import Path
from typing import Any

from app.domain.hooks import Forge, github_signature

HERE = Path(__file__).parent
GITHUB_EVENTS = {
    "ping": "ping",
    "pull_request.closed": "pull_request",
    "pull_request.closed.not_merged": "pull_request",
    "pull_request.labeled": "pull_request",
    "release.published": "release",
}
"""Each payload of GitHub's and its `X-GitHub-Event`."""


def a_payload(forge: Forge, name: str, **changed: Any) -> dict[str, Any]:
    """A payload by the name of its file.

    `changed` are fields of what it is about: the pull request, the merge request, the release.
    """
    payload: dict[str, Any] = json.loads((HERE / forge / f"{name}.json").read_text("utf-8"))
    for part in ("pull_request", "object_attributes", "release"):
        if part in payload:
            payload[part].update(changed)
    return payload


def a_delivery(
    forge: Forge,
    name: str,
    secret: str,
    *,
    number: int = 1,
    payload: dict[str, Any] | None = None,
    **changed: Any,
) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of a delivery, as the git server with this secret sends it."""
    body = json.dumps(payload or a_payload(forge, name, **changed)).encode()
    if forge is Forge.GITLAB:
        return body, {
            "Content-Type": "application/json",
            "X-Gitlab-Event": "Merge Request Hook",
            "X-Gitlab-Event-UUID": f"13792a34-cac6-4fda-95a8-c58e00a3{number:04}",
            "Idempotency-Key": f"f5e57ded-6fe3-4ef7-8aa4-2f1f00a3{number:04}",
            "X-Gitlab-Token": secret,
        }
    return body, {
        "Content-Type": "application/json",
        "X-GitHub-Event": GITHUB_EVENTS[name],
        "X-GitHub-Delivery": f"72d3162e-cc78-11e3-81ab-4c9367dc{number:04}",
        "X-Hub-Signature-256": github_signature(secret, body),
    }

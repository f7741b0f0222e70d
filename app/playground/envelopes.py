"""What the app is told, and how it is wrapped."""

import uuid
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from app.playground.blocks import Json

EnvelopeType = Literal["slash_commands", "interactive", "events_api"]
"""docs.slack.dev/apis/events-api/using-socket-mode"""


def _new_id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Envelope:
    """What the app is told. `retry_reason` is `timeout` or `error` when it is sent again.

    `id` is Socket Mode's `envelope_id`, which a request to a URL doesn't carry.
    """

    type: EnvelopeType
    payload: Json
    accepts_response_payload: bool = False
    retry_attempt: int = 0
    retry_reason: str = ""
    id: str = field(default_factory=_new_id)

    def as_retry(self, attempt: int, reason: str) -> Self:
        """The same payload in a new envelope, because the last one failed."""
        return replace(self, retry_attempt=attempt, retry_reason=reason, id=_new_id())

    def anew(self) -> Self:
        """Exactly the same, in a new envelope."""
        return replace(self, id=_new_id())

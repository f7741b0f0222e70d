"""What Slack hands the app for a while: trigger ids and response addresses. No I/O."""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from app.playground.errors import SlackError

TRIGGER_SECONDS = 3
"""docs.slack.dev/interactivity/handling-user-interaction: a trigger lives three seconds."""

RESPONSE_SECONDS = 30 * 60
RESPONSE_USES = 5
"""docs.slack.dev/interactivity/handling-user-interaction: five times within thirty minutes."""


@dataclass
class Trigger:
    """A trigger id: who did something, where, and in which modal, if it was one."""

    id: str
    user_id: str
    channel_id: str | None
    view_id: str | None
    expires: float
    used: bool = False


class Triggers:
    """Trigger ids, each good for opening one view."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._issued: dict[str, Trigger] = {}
        self._numbers = itertools.count(1)

    def issue(self, user_id: str, channel_id: str | None, view_id: str | None = None) -> str:
        """A new trigger id in Slack's form, `number.number.hex`."""
        now = self._clock()
        trigger_id = f"{int(now * 1000)}.{next(self._numbers)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = Trigger(
            trigger_id, user_id, channel_id, view_id, expires=now + TRIGGER_SECONDS
        )
        return trigger_id

    def expire(self, trigger_id: str) -> None:
        """Let a trigger's time be over, if there is such a one."""
        if trigger_id in self._issued:
            self._issued[trigger_id].expires = 0.0

    def redeem(self, trigger_id: str) -> Trigger:
        """Use a trigger up.

        Raises SlackError `invalid_trigger_id`, `exchanged_trigger_id`, `expired_trigger_id`
        (docs.slack.dev/reference/methods/views.open).
        """
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger


@dataclass
class ResponseUrl:
    """Where the app may answer an interaction later: to whom, and about which message."""

    id: str
    user_id: str
    channel_id: str
    message_ts: str | None
    expires: float
    uses_left: int = RESPONSE_USES


class ResponseUrls:
    """The addresses given out so far."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, user_id: str, channel_id: str, message_ts: str | None = None) -> str:
        """A new address for one interaction; returns its id."""
        new = ResponseUrl(
            secrets.token_hex(12),
            user_id,
            channel_id,
            message_ts,
            expires=self._clock() + RESPONSE_SECONDS,
        )
        self._issued[new.id] = new
        return new.id

    def use(self, response_id: str) -> ResponseUrl:
        """Count one use. Raises SlackError `no_service`, `expired_url`, `used_url`."""
        found = self._issued.get(response_id)
        if found is None:
            raise SlackError("no_service")
        if self._clock() > found.expires:
            raise SlackError("expired_url")
        if found.uses_left == 0:
            raise SlackError("used_url")
        found.uses_left -= 1
        return found

"""Each of Slack's requests: one event in the log, measured by its kind and how it ended."""

import json
import logging
import re
from collections.abc import Iterable
from enum import StrEnum
from time import perf_counter
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from app import measures
from app.logs import one_event
from app.slack.bot import Body
from app.slack.grammar import WORDS
from app.slack.ids import COMMAND, Action, Form, Shortcut, Step

log = logging.getLogger(__name__)

OTHER = "other"
EVENTS = (
    "app_mention",
    "app_home_opened",
    "member_joined_channel",
    "member_left_channel",
    "subteam_members_changed",
    "channel_archive",
    "channel_unarchive",
    "group_archive",
    "group_unarchive",
)


class Outcome(StrEnum):
    """How a request ended; a refusal is one that the person was told in so many words."""

    ANSWERED = "answered"
    REFUSED = "refused"
    FAILED = measures.FAILED
    UNHANDLED = "unhandled"
    LEFT = "left"
    """Not acknowledged, so that Slack tells of it again."""


OUTCOME = "outcome"
"""The key of the context under which the error handler leaves what it made of an error."""


NOT_YET = 503
"""Slack takes nothing but a success for an acknowledgement, and tells of an event twice more."""

_BY_STATUS = {200: Outcome.ANSWERED, NOT_YET: Outcome.LEFT}


class WatchedApp(AsyncApp):
    """Bolt's app, over a socket as over HTTP; its middleware ends before a listener begins."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Answer one request."""
        req.body = whole(req.body)
        kind, begun = kind_of(req.body), perf_counter()
        with one_event():
            response = await super().async_dispatch(req)
            handled = _BY_STATUS.get(response.status, Outcome.UNHANDLED)
            outcome: Outcome = req.context.get(OUTCOME, handled)
            seconds = perf_counter() - begun
            measures.request_ended(kind, outcome, seconds)
            facts = {"kind": kind, "outcome": outcome, "seconds": round(seconds, 4)}
            log.info(
                "request %s: %s in %.0f ms", kind, outcome, seconds * 1000, extra={"facts": facts}
            )
        return response


_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def whole(body: dict[str, Any]) -> dict[str, Any]:
    """The body with a sign of what is missing for each half of a character.

    JSON can escape one half of a pair (RFC 8259, section 8.2); no database or answer can hold it.
    """
    written = json.dumps(body, ensure_ascii=False)
    if written.isascii() or not _HALF_CHARACTER.search(written):
        return body
    found: dict[str, Any] = json.loads(_HALF_CHARACTER.sub("\ufffd", written))
    return found


def times_told_before(request: AsyncBoltRequest) -> int:
    """How often Slack has told of the same event before, over a socket as over HTTP."""
    number: str = request.headers.get("x-slack-retry-num", ["0"])[0]
    return int(number) if number.isdecimal() else 0


def kind_of(body: Body) -> str:
    """What a request is for, out of a fixed set: no name that people chose."""
    if "command" in body:
        first = str(body.get("text") or "").partition(" ")[0].casefold()
        return f"{COMMAND} {first}" if first in WORDS else COMMAND
    if "view" in body and body.get("type") in {"view_submission", "view_closed"}:
        return f"form {_known(body['view'].get('callback_id'), Form)}"
    if body.get("type") == "event_callback":
        event = body.get("event") or {}
        if event.get("type") == "function_executed":
            return f"step {_known((event.get('function') or {}).get('callback_id'), Step)}"
        return f"event {_known(event.get('type'), EVENTS)}"
    if body.get("type") in {"shortcut", "message_action"}:
        return f"shortcut {_known(body.get('callback_id'), Shortcut)}"
    if body.get("type") == "block_suggestion":
        return f"options {_action(body.get('action_id'))}"
    if actions := body.get("actions"):
        return f"click {_action(actions[0].get('action_id'))}"
    return OTHER


def _known(value: object, known: Iterable[str]) -> str:
    return next((str(each) for each in known if each == value), OTHER)


def _action(value: object) -> str:
    """The action with the longest name that an id begins with; the rest of an id names a thing."""
    found = [action for action in Action if str(value).startswith(action)]
    return str(max(found, key=len, default=OTHER))

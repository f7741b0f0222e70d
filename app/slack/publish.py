"""Reaching Slack: post, open, answer later; and Slack's errors narrowed to what they mean here."""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook import WebhookResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from app.slack.blocks.kit import Message
from app.slack.ids import DELIVERY_EVENT

log = logging.getLogger(__name__)
Sent = TypeVar("Sent")

HISTORY_PAGE = 200
"""What Slack recommends at most: https://docs.slack.dev/reference/methods/conversations.history"""
MOST_HISTORY_PAGES = 25
"""Half of what Slack grants a minute: https://docs.slack.dev/apis/web-api/rate-limits"""

_RESTRICTED = "Posting in {channel} is restricted. Ask a workspace admin."
_REMEDIES = {
    "not_in_channel": "The bot isn't in the channel {channel}. Invite it there: /invite @KPI",
    "channel_not_found": (
        "The bot can't see the channel {channel}. If it is private, invite the bot there: "
        "/invite @KPI"
    ),
    "is_archived": "The channel {channel} is archived. Unarchive it or choose another home.",
    "restricted_action": _RESTRICTED,
    "restricted_action_read_only_channel": _RESTRICTED,
    "restricted_action_thread_only_channel": _RESTRICTED,
    "missing_scope": (
        "The Slack app lacks the scope {needed}. Add it from manifest.yml and reinstall the app."
    ),
    "invalid_auth": "Slack refuses the bot's token. Set SLACK_BOT_TOKEN to a valid one.",
    "token_revoked": "The bot's token was revoked. Reinstall the app and set SLACK_BOT_TOKEN.",
    "token_expired": "The bot's token has expired. Reinstall the app and set SLACK_BOT_TOKEN.",
    "not_authed": "Slack got no token from the bot. Set SLACK_BOT_TOKEN.",
    "account_inactive": "The app was removed from the workspace. Reinstall it.",
    "expired_trigger_id": "Slack waited too long for the form. Type the command again.",
    "invalid_blocks": "Slack refused the form of the message.",
    "invalid_blocks_format": "Slack refused the form of the message.",
    "msg_blocks_too_long": "Slack refused the length of the message.",
    "thread_not_found": "The message that this belongs to was deleted.",
}
_REFUSED_FORMS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
_PASSING = frozenset(
    {
        "no_answer",
        "not_known_yet",
        "ratelimited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
    }
)
_FOR_GOOD = frozenset(_REMEDIES) - {"expired_trigger_id"} - _REFUSED_FORMS


@dataclass(eq=False)
class SlackFailure(Exception):
    """Slack could not do it. `remedy` says what helps; `is_final` that trying again doesn't."""

    code: str
    remedy: str
    is_final: bool = False
    retry_after: float | None = None

    @property
    def is_passing(self) -> bool:
        """Whether Slack was out of reach, busy or broken, so that waiting helps."""
        return self.code in _PASSING or self.code.startswith("http_5")

    def __str__(self) -> str:
        return f"{self.code}: {self.remedy}"


@dataclass(eq=False)
class Unsure(SlackFailure):
    """An earlier attempt may have reached Slack, and it can't be found out whether it did."""


def lacking(scope: str) -> SlackFailure:
    """The failure where Slack doesn't say itself that a scope is missing."""
    remedy = _REMEDIES["missing_scope"].format(needed=scope)
    return SlackFailure("missing_scope", remedy, is_final=True)


async def call(
    method: Callable[..., Awaitable[AsyncSlackResponse]], **arguments: Any
) -> AsyncSlackResponse:
    """Call a method of Slack's Web API; raises `SlackFailure`, and nothing else, if that fails."""
    try:
        return await method(**arguments)
    except SlackApiError as error:
        raise narrowed(error, arguments.get("channel", "")) from error
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise SlackFailure("no_answer", "Slack can't be reached.") from error


def narrowed(error: SlackApiError, channel: str = "") -> SlackFailure:
    """What an error of Slack's means for us, by its documented code."""
    response = error.response
    status = getattr(response, "status_code", 200)
    data: Any = getattr(response, "data", response)
    code = str(data.get("error", "")) if isinstance(data, Mapping) else ""
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        headers = getattr(response, "headers", {})
        wait = float(headers.get("Retry-After") or headers.get("retry-after") or 30)
        return SlackFailure("ratelimited", "Slack asks us to wait.", retry_after=wait)
    if code in _REMEDIES:
        needed = data.get("needed", "") if isinstance(data, Mapping) else ""
        remedy = _REMEDIES[code].format(channel=f"<#{channel}>" if channel else "", needed=needed)
        return SlackFailure(code, remedy, is_final=code in _FOR_GOOD)
    return SlackFailure(code or f"http_{status}", "Slack has a problem of its own.")


async def _send(message: Message, send: Callable[[dict[str, Any]], Awaitable[Sent]]) -> Sent:
    """Send a message in the richest form that Slack takes: with the blocks that Slack draws, in
    classic ones, in words."""
    *richer, plainest = message.payloads()
    for payload in richer:
        try:
            return await send(payload)
        except SlackFailure as failure:
            if failure.code not in _REFUSED_FORMS:
                raise
            log.warning("a message goes out in a plainer form: %s", failure)
    return await send(plainest)


async def post(
    client: AsyncWebClient,
    channel: str,
    message: Message,
    *,
    delivery: str | None = None,
    thread: str | None = None,
) -> str:
    """Post a message, into a thread if one is given, and give its `ts`.

    `delivery` goes along as metadata, by which `find_delivery` recognises the message.
    """
    arguments: dict[str, Any] = {"channel": channel, "unfurl_links": False, "unfurl_media": False}
    if thread is not None:
        arguments["thread_ts"] = thread
    if delivery is not None:
        payload = {"delivery": delivery}
        arguments["metadata"] = {"event_type": DELIVERY_EVENT, "event_payload": payload}
    posted = await _send(message, lambda form: call(client.chat_postMessage, **arguments, **form))
    return str(posted["ts"])


async def update(client: AsyncWebClient, channel: str, ts: str, message: Message) -> None:
    """Change a message of ours in place. One that was deleted stays so."""
    try:
        await _send(message, lambda form: call(client.chat_update, channel=channel, ts=ts, **form))
    except SlackFailure as failure:
        if failure.code != "message_not_found":
            raise


async def find_delivery(
    client: AsyncWebClient,
    channel: str,
    delivery: str,
    since: float,
    *,
    thread: str | None = None,
) -> str | None:
    """The `ts` of the message that carries this delivery, if an earlier attempt posted it.

    It is looked for in the channel or, if one is given, in a thread: a channel's history has none
    of the replies. Raises `Unsure` where Slack doesn't let us look, or not far enough.
    """
    try:
        return await _find(client, channel, delivery, since, thread)
    except SlackFailure as failure:
        raise Unsure(
            failure.code, failure.remedy, failure.is_final, failure.retry_after
        ) from failure


async def _find(
    client: AsyncWebClient, channel: str, delivery: str, since: float, thread: str | None
) -> str | None:
    history: Callable[..., Awaitable[AsyncSlackResponse]] = client.conversations_history
    place = {"channel": channel}
    if thread is not None:
        history, place = client.conversations_replies, {"channel": channel, "ts": thread}
    cursor = ""
    for _ in range(MOST_HISTORY_PAGES):
        page = await call(
            history,
            **place,
            oldest=f"{since:.6f}",
            limit=HISTORY_PAGE,
            include_all_metadata=True,
            **({"cursor": cursor} if cursor else {}),
        )
        for message in page["messages"]:
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == DELIVERY_EVENT and payload.get("delivery") == delivery:
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return None
    raise SlackFailure("too_much_history", "Too much was written there since.", is_final=True)


async def whisper(client: AsyncWebClient, channel: str, user: str, message: Message) -> None:
    """Show a message to one person: in the channel, or directly where that can't be."""
    try:
        await _send(
            message,
            lambda form: call(client.chat_postEphemeral, channel=channel, user=user, **form),
        )
    except SlackFailure as failure:
        if not failure.is_final and failure.code != "user_not_in_channel":
            raise
        opened = await call(client.conversations_open, users=user)
        await post(client, opened["channel"]["id"], message)


async def answer_later(
    response_url: str, message: Message, *, replace: bool = False, thread: str | None = None
) -> None:
    """Answer a command or a click after its ack, in the thread where it was clicked.

    Only what was clicked can be replaced: what a command's ack showed stays as it is, see
    https://github.com/slackapi/bolt-python/issues/1268. Raises `SlackFailure` if that fails.
    """
    webhook = AsyncWebhookClient(response_url)
    place: dict[str, Any] = {"response_type": "ephemeral", "replace_original": replace}
    if thread:
        place["thread_ts"] = thread

    async def send(form: dict[str, Any]) -> None:
        try:
            response = await webhook.send_dict({**form, **place})
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise SlackFailure("no_answer", "Slack can't be reached.") from error
        _raise_if_refused(response)

    await _send(message, send)


def _raise_if_refused(response: WebhookResponse) -> None:
    """A response address refuses by its status, or in the body alone."""
    code = _refusal(response.body)
    if code in _REFUSED_FORMS:
        raise SlackFailure(code, _REMEDIES[code])
    if code or response.status_code != 200:
        raise SlackFailure(code or f"http_{response.status_code}", "Slack refused the answer.")


def _refusal(body: str) -> str:
    """The error code in the answer of a response address: JSON, or nothing but the code."""
    try:
        told = json.loads(body)
    except ValueError:
        bare = body.strip()
        return bare if bare != "ok" and re.fullmatch("[a-z_]+", bare) else ""
    return str(told.get("error") or "") if isinstance(told, dict) else ""

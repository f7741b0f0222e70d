"""conversations.info, history, replies, members, open."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.messages import Message
from app.playground.web_api.call import Call, Method, page_of
from app.playground.workspace import Channel


def info(call: Call) -> Json:
    """A channel. Errors: channel_not_found, missing_scope.

    docs.slack.dev/reference/methods/conversations.info
    """
    return {"channel": _payload(call, call.visible_channel("read"))}


def _payload(call: Call, channel: Channel) -> Json:
    workspace = call.workspace
    common = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_channel": channel.kind == "channels",
        "is_group": channel.kind == "groups",
        "is_im": channel.kind == "im",
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_shared": workspace.is_shared(channel),
        "is_ext_shared": workspace.is_shared(channel),
        "is_org_shared": False,
        "shared_team_ids": workspace.teams_in(channel),
        "context_team_id": workspace.installation.team_id,
    }
    if channel.kind == "im":
        others = [member for member in channel.members if member != workspace.bot.id]
        return common | {"user": others[0]}
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_member": workspace.bot.id in channel.members,
        "num_members": len(channel.members),
    }


def history(call: Call) -> Json:
    """Messages of a channel, newest first, without replies in threads.

    `oldest` and `latest` are left out themselves unless `inclusive`. Message metadata comes only
    with `include_all_metadata`. Errors: channel_not_found, not_in_channel, invalid_limit,
    invalid_cursor, invalid_ts_oldest, invalid_ts_latest, missing_scope
    (docs.slack.dev/reference/methods/conversations.history).
    """
    channel = _readable_channel(call)
    start, limit = call.page(100)
    asked_for = _between(call, reversed(channel.messages))
    messages = [message for message in asked_for if message.broadcast or not message.is_reply]
    page, metadata = page_of(messages, start, limit)
    return {
        "messages": _message_payloads(call, page),
        "has_more": start + limit < len(messages),
        "pin_count": 0,
        **metadata,
    }


def replies(call: Call) -> Json:
    """A message and its thread, oldest first.

    Errors: channel_not_found, not_in_channel, thread_not_found, invalid_limit, invalid_cursor,
    missing_scope (docs.slack.dev/reference/methods/conversations.replies).
    """
    channel = _readable_channel(call)
    ts = call.required("ts")
    start, limit = call.page(1000)
    thread = channel.thread(ts)
    if not thread:
        raise SlackError("thread_not_found")
    asked_for = thread[:1] + _between(call, thread[1:])
    page, metadata = page_of(asked_for, start, limit)
    return {
        "messages": _message_payloads(call, page),
        "has_more": start + limit < len(asked_for),
        **metadata,
    }


def _readable_channel(call: Call) -> Channel:
    channel = call.visible_channel("history")
    if call.workspace.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _between(call: Call, messages: Iterable[Message]) -> list[Message]:
    """The messages between `oldest` and `latest`, without ephemeral ones."""
    oldest, latest = _instant(call, "oldest", "0"), _instant(call, "latest", "inf")
    ends = (oldest, latest) if call.flag("inclusive") else ()
    return [
        message
        for message in messages
        if not message.is_ephemeral
        and (oldest < Decimal(message.ts) < latest or Decimal(message.ts) in ends)
    ]


def _instant(call: Call, name: str, otherwise: str) -> Decimal:
    try:
        return Decimal(call.optional(name) or otherwise)
    except InvalidOperation:
        raise SlackError(f"invalid_ts_{name}") from None


def _message_payloads(call: Call, messages: list[Message]) -> list[Json]:
    with_metadata = call.flag("include_all_metadata")
    return [
        call.workspace.message_payload(message, with_metadata=with_metadata) for message in messages
    ]


def members(call: Call) -> Json:
    """The ids of those in a channel, by pages.

    Errors: channel_not_found, invalid_limit, invalid_cursor, missing_scope
    (docs.slack.dev/reference/methods/conversations.members).
    """
    channel = call.visible_channel("read")
    page, metadata = page_of(channel.members, *call.page(100))
    return {"members": page, **metadata}


def open_direct_message(call: Call) -> Json:
    """The direct message with one person.

    Errors: user_not_found, user_disabled, missing_scope
    (docs.slack.dev/reference/methods/conversations.open).
    """
    workspace = call.workspace
    user = workspace.user(call.required("users"))
    if user.has_left:
        raise SlackError("user_disabled")
    channel = workspace.direct_message(frozenset({user.id, workspace.bot.id}))
    full = _payload(call, channel)
    return {"channel": full if call.flag("return_im") else {"id": channel.id}}


METHODS = {
    "conversations.info": Method(info),
    "conversations.history": Method(history),
    "conversations.replies": Method(replies),
    "conversations.members": Method(members),
    "conversations.open": Method(open_direct_message, scope="im:write"),
}

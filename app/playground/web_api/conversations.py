"""conversations.info, list, history, replies, members, open."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.messages import Message
from app.playground.web_api.call import Call, Method, page_of
from app.playground.web_api.objects import LOCALE, conversation
from app.playground.workspace import Channel

MOST_LISTED = 999
"""Items on a page (docs.slack.dev/reference/methods/conversations.list, .../conversations.history,
.../users.conversations)."""

_TYPES = {
    "public_channel": "channels",
    "private_channel": "groups",
    "im": "im",
    "mpim": "mpim",
}
"""The types of conversations that can be asked for, and how scopes name them. There are no direct
messages of several people here."""


def info(call: Call) -> Json:
    """A channel or direct message. The number of members comes with `include_num_members`, the
    language with `include_locale`.

    Errors: channel_not_found (docs.slack.dev/reference/methods/conversations.info).
    """
    channel = call.visible_channel("read")
    with_members = call.flag("include_num_members")
    found = conversation(call.workspace, channel, with_members=with_members)
    return {"channel": found | ({"locale": LOCALE} if call.flag("include_locale") else {})}


def list_conversations(call: Call) -> Json:
    """The conversations that the bot can see, of the `types` asked for, public channels otherwise.

    Errors: invalid_types, invalid_cursor, invalid_limit
    (docs.slack.dev/reference/methods/conversations.list).
    """
    kinds = kinds_asked_for(call)
    seen = [
        conversation(call.workspace, channel, with_members=True)
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and (call.is_member(channel) or not channel.is_private)
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    return page_of_channels(call, seen)


def kinds_asked_for(call: Call) -> list[str]:
    """The kinds of channels named by `types`. Raises SlackError `invalid_types`, or
    `missing_scope` when the bot may not read one of them."""
    types = call.listed("types") or ["public_channel"]
    if not set(types) <= set(_TYPES):
        raise SlackError("invalid_types")
    kinds = [_TYPES[each] for each in types]
    for kind in kinds:
        call.require_scope(f"{kind}:read")
    return kinds


def page_of_channels(call: Call, channels: list[Json]) -> Json:
    """The page of conversations that is asked for. Raises SlackError `invalid_cursor`,
    `invalid_limit`."""
    asked = call.page(100, most=MOST_LISTED, refusal="invalid_limit")
    page, metadata = page_of(channels, *asked)
    return {"channels": page, **metadata}


def history(call: Call) -> Json:
    """Messages of a channel, newest first, without replies in threads.

    `oldest` and `latest` are left out themselves unless `inclusive`. Message metadata comes only
    with `include_all_metadata`.

    Errors: channel_not_found, not_in_channel, invalid_cursor, invalid_ts_oldest,
    invalid_ts_latest (docs.slack.dev/reference/methods/conversations.history).
    """
    channel = _readable_channel(call)
    start, limit = call.page(100, most=MOST_LISTED)
    asked_for = _between(call, reversed(channel.messages))
    messages = [message for message in asked_for if message.broadcast or not message.is_reply]
    page, metadata = page_of(messages, start, limit)
    latest = call.optional("latest")
    return {
        **({} if latest is None else {"latest": latest}),
        "messages": _message_payloads(call, page),
        "has_more": start + limit < len(messages),
        "pin_count": 0,
        **metadata,
    }


def replies(call: Call) -> Json:
    """A message and its thread, oldest first.

    The page doesn't list `not_in_channel`; a bot is refused with it as in conversations.history.

    Errors: channel_not_found, not_in_channel, thread_not_found, invalid_cursor,
    invalid_ts_oldest, invalid_ts_latest
    (docs.slack.dev/reference/methods/conversations.replies).
    """
    channel = _readable_channel(call)
    start, limit = call.page(1000)
    thread = channel.thread(call.required("ts", "thread_not_found"))
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
    if not call.is_member(channel):
        raise SlackError("not_in_channel")
    return channel


def _between(call: Call, messages: Iterable[Message]) -> list[Message]:
    """The messages between `oldest` and `latest`, without ephemeral ones."""
    oldest = _instant(call, "oldest", "0", "invalid_ts_oldest")
    latest = _instant(call, "latest", "inf", "invalid_ts_latest")
    ends = (oldest, latest) if call.flag("inclusive") else ()
    return [
        message
        for message in messages
        if not message.is_ephemeral
        and (oldest < Decimal(message.ts) < latest or Decimal(message.ts) in ends)
    ]


def _instant(call: Call, name: str, otherwise: str, refusal: str) -> Decimal:
    try:
        return Decimal(call.optional(name) or otherwise)
    except InvalidOperation:
        raise SlackError(refusal) from None


def _message_payloads(call: Call, messages: list[Message]) -> list[Json]:
    with_metadata = call.flag("include_all_metadata")
    return [
        call.workspace.message_payload(message, with_metadata=with_metadata) for message in messages
    ]


def members(call: Call) -> Json:
    """The ids of those in a channel, by pages.

    Errors: channel_not_found, invalid_cursor, invalid_limit
    (docs.slack.dev/reference/methods/conversations.members).
    """
    channel = call.visible_channel("read")
    page, metadata = page_of(channel.members, *call.page(100, refusal="invalid_limit"))
    return {"members": page, **metadata}


def open_direct_message(call: Call) -> Json:
    """The direct message with one person, or the one whose `channel` is given.

    `return_im` gives all of it, and tells whether it was there before.

    Errors: users_list_not_supplied, user_not_found, user_disabled, not_enough_users,
    channel_not_found, method_not_supported_for_channel_type
    (docs.slack.dev/reference/methods/conversations.open).
    """
    workspace = call.workspace
    known = len(workspace.channels)
    channel = _channel_to_open(call)
    if not call.flag("return_im"):
        return {"channel": {"id": channel.id}}
    before = {"no_op": True, "already_open": True} if len(workspace.channels) == known else {}
    return {**before, "channel": conversation(workspace, channel)}


def _channel_to_open(call: Call) -> Channel:
    workspace = call.workspace
    if call.optional("channel") is not None:
        channel = call.channel()
        if channel.kind != "im":
            raise SlackError("method_not_supported_for_channel_type")
        return channel
    users = [workspace.user(each) for each in call.listed("users")]
    if not users:
        raise SlackError("users_list_not_supplied")
    if users == [workspace.bot]:
        raise SlackError("not_enough_users")
    if len(users) > 1:  # direct messages of several people are not part of this workspace
        raise SlackError("method_not_supported_for_channel_type")
    if users[0].has_left:
        raise SlackError("user_disabled")
    return workspace.direct_message(frozenset({users[0].id, workspace.bot.id}))


METHODS = {
    "conversations.info": Method(info),
    "conversations.list": Method(list_conversations),
    "conversations.history": Method(history),
    "conversations.replies": Method(replies),
    "conversations.members": Method(members),
    "conversations.open": Method(open_direct_message, scope="im:write"),
}

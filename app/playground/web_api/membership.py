"""conversations.create, join, leave, invite, kick."""

import re

from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.users import User
from app.playground.web_api.call import Call, Method
from app.playground.web_api.objects import conversation
from app.playground.workspace import Channel, Kind

LONGEST_NAME = 80
MOST_INVITED = 100
"""docs.slack.dev/reference/methods/conversations.create and .../conversations.invite"""


def create(call: Call) -> Json:
    """A new channel, private with `is_private`, with the bot in it.

    Errors: invalid_name_required, invalid_name_maxlength, invalid_name_specials,
    invalid_name_punctuation, name_taken
    (docs.slack.dev/reference/methods/conversations.create).
    """
    kind: Kind = "groups" if call.flag("is_private") else "channels"
    _require_management(call, kind)
    name = _channel_name(call)
    bot = call.workspace.bot
    channel = call.workspace.add_channel(name, kind, [bot.id])
    channel.creator = bot.id
    call.events.announce(call.events.channel_created(channel))
    return {"channel": conversation(call.workspace, channel)}


def _channel_name(call: Call) -> str:
    name = call.required("name", "invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise SlackError("invalid_name_maxlength")
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if not re.search(r"[^\W_]", name):
        raise SlackError("invalid_name_punctuation")
    if any(channel.name == name for channel in call.workspace.channels.values()):
        raise SlackError("name_taken")
    return name


def join(call: Call) -> Json:
    """Put the bot into a public channel; with a warning where it is already.

    Errors: channel_not_found, is_archived, method_not_supported_for_channel_type
    (docs.slack.dev/reference/methods/conversations.join).
    """
    channel = _open_channel(call)
    if channel.kind != "channels":
        raise SlackError("method_not_supported_for_channel_type")
    if not call.is_member(channel):
        _add(call, channel, call.workspace.bot)
        return {"channel": conversation(call.workspace, channel)}
    warning = "already_in_channel"
    return {
        "channel": conversation(call.workspace, channel),
        "warning": warning,
        "response_metadata": {"warnings": [warning]},
    }


def leave(call: Call) -> Json:
    """Take the bot out of a channel. Where it isn't, the answer says so instead of an error.

    Errors: channel_not_found, is_archived, last_member, method_not_supported_for_channel_type
    (docs.slack.dev/reference/methods/conversations.leave).
    """
    channel = _open_channel(call)
    _require_management(call, channel.kind)
    if not call.is_member(channel):
        return {"ok": False, "not_in_channel": True}
    if len(channel.members) == 1:
        raise SlackError("last_member")
    _remove(call, channel, call.workspace.bot)
    return {}


def invite(call: Call) -> Json:
    """Put people into a channel in which the bot is.

    When one of several can't be invited, nobody is, unless `force`; `errors` tells of each.

    Errors: channel_not_found, not_in_channel, is_archived, method_not_supported_for_channel_type,
    no_user, user_not_found, cant_invite_self, already_in_channel, cant_invite
    (docs.slack.dev/reference/methods/conversations.invite).
    """
    channel = _open_channel(call)
    _require_management(call, channel.kind)
    if not call.is_member(channel):
        raise SlackError("not_in_channel")
    asked = call.listed("users")
    if not asked:
        raise SlackError("no_user")
    if len(asked) > MOST_INVITED:
        raise SlackError("invalid_arguments")
    refused = {user_id: code for user_id in asked if (code := _refusal(call, channel, user_id))}
    welcome = [user_id for user_id in asked if user_id not in refused]
    if refused and not (welcome and call.flag("force")):
        errors = [{"user": each, "ok": False, "error": code} for each, code in refused.items()]
        raise SlackError(next(iter(refused.values())), errors=errors)
    for user_id in welcome:
        _add(call, channel, call.workspace.users[user_id], inviter=call.workspace.bot)
    return {"channel": conversation(call.workspace, channel)}


def _refusal(call: Call, channel: Channel, user_id: str) -> str | None:
    """Why somebody can't be invited; strangers come by an invitation of another kind."""
    workspace = call.workspace
    user = workspace.users.get(user_id)
    if user is None:
        return "user_not_found"
    if user is workspace.bot:
        return "cant_invite_self"
    if user.id in channel.members:
        return "already_in_channel"
    return "cant_invite" if user.has_left or user.team != workspace.bot.team else None


def kick(call: Call) -> Json:
    """Take somebody out of a channel in which the bot is.

    Errors: channel_not_found, not_in_channel, user_not_found, cant_kick_self,
    method_not_supported_for_channel_type
    (docs.slack.dev/reference/methods/conversations.kick).
    """
    channel = call.channel()
    _require_room(channel)
    _require_management(call, channel.kind)
    user = call.workspace.user(call.required("user"))
    if user is call.workspace.bot:
        raise SlackError("cant_kick_self")
    if user.id not in channel.members or not call.is_member(channel):
        raise SlackError("not_in_channel")
    _remove(call, channel, user)
    return {"errors": {}}


def _open_channel(call: Call) -> Channel:
    channel = call.channel()
    _require_room(channel)
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def _require_room(channel: Channel) -> None:
    if channel.kind == "im":
        raise SlackError("method_not_supported_for_channel_type")


def _require_management(call: Call, kind: Kind) -> None:
    call.require_scope("groups:write" if kind == "groups" else "channels:manage")


def _add(call: Call, channel: Channel, user: User, inviter: User | None = None) -> None:
    channel.members.append(user.id)
    joined = call.events.membership_changed("member_joined_channel", channel, user, inviter)
    call.events.announce(joined)


def _remove(call: Call, channel: Channel, user: User) -> None:
    channel.members.remove(user.id)
    call.events.announce(call.events.membership_changed("member_left_channel", channel, user))


METHODS = {
    "conversations.create": Method(create),
    "conversations.join": Method(join, scope="channels:join"),
    "conversations.leave": Method(leave),
    "conversations.invite": Method(invite),
    "conversations.kick": Method(kick),
}

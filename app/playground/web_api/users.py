"""users.info, list, lookupByEmail, profile.get, conversations."""

from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.web_api.call import Call, Method, page_of
from app.playground.web_api.conversations import kinds_asked_for, page_of_channels
from app.playground.web_api.objects import LOCALE, conversation, user_object


def info(call: Call) -> Json:
    """A user with standing, zone and profile; with `include_locale` also the language.

    Errors: user_not_found (docs.slack.dev/reference/methods/users.info).
    """
    user = call.workspace.user(call.required("user"))
    return {"user": user_object(call.workspace, user) | _locale(call)}


def _locale(call: Call) -> Json:
    return {"locale": LOCALE} if call.flag("include_locale") else {}


def list_users(call: Call) -> Json:
    """The people and bots of the workspace, those who left included; all at once without `limit`.

    Errors: invalid_cursor (docs.slack.dev/reference/methods/users.list).
    """
    workspace = call.workspace
    own = [user for user in workspace.users.values() if user.team == workspace.bot.team]
    page, metadata = page_of(own, *call.page(max(len(own), 1)))
    return {
        "members": [user_object(workspace, user) | _locale(call) for user in page],
        "cache_ts": int(workspace.clock()),
        **metadata,
    }


def lookup_by_email(call: Call) -> Json:
    """The person of the workspace who has that address.

    Errors: users_not_found (docs.slack.dev/reference/methods/users.lookupByEmail).
    """
    workspace = call.workspace
    address = call.required("email").lower()
    for user in workspace.users.values():
        here = user.team == workspace.bot.team and not user.has_left
        if here and user.email.lower() == address:
            return {"user": user_object(workspace, user)}
    raise SlackError("users_not_found")


def get_profile(call: Call) -> Json:
    """The profile of a user, of the bot itself if none is given.

    Errors: user_not_found (docs.slack.dev/reference/methods/users.profile.get).
    """
    user = call.workspace.user(call.optional("user") or call.workspace.bot.id)
    return {"profile": user_object(call.workspace, user)["profile"]}


def list_conversations(call: Call) -> Json:
    """The conversations that somebody is in, the bot itself if nobody is given; those that are not
    public only if the bot is in them, too.

    Errors: user_not_found, invalid_types, invalid_cursor, invalid_limit
    (docs.slack.dev/reference/methods/users.conversations; `user_not_found` is not on it).
    """
    kinds = kinds_asked_for(call)
    user = call.workspace.user(call.optional("user") or call.workspace.bot.id)
    shared = [
        conversation(call.workspace, channel)
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and user.id in channel.members
        and (call.is_member(channel) or not channel.is_private)
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    return page_of_channels(call, shared)


METHODS = {
    "users.info": Method(info, scope="users:read"),
    "users.list": Method(list_users, scope="users:read"),
    "users.lookupByEmail": Method(lookup_by_email, scope="users:read.email"),
    "users.profile.get": Method(get_profile, scope="users.profile:read"),
    "users.conversations": Method(list_conversations),
}

"""Objects that several methods give: conversations and users."""

import datetime
from dataclasses import asdict
from zoneinfo import ZoneInfo

from app.playground.avatars import AVATAR_SIZES, color_of
from app.playground.blocks import Json
from app.playground.users import User
from app.playground.workspace import Channel, Workspace

_UNSAID = {"value": "", "creator": "", "last_set": 0}
"""A topic or purpose that nobody has set."""


LOCALE = "en-US"
"""The language of everybody and everything here."""


def conversation(workspace: Workspace, channel: Channel, *, with_members: bool = False) -> Json:
    """A channel or direct message as the bot sees it; `with_members` tells how many are in it.

    A private channel is a channel, too: `is_group` is for those made before March 2021
    (docs.slack.dev/reference/objects/conversation-object).
    """
    shared = workspace.is_shared(channel)
    common = {
        "id": channel.id,
        "created": channel.created,
        "updated": channel.created * 1000,
        "is_archived": channel.is_archived,
        "is_channel": channel.kind != "im",
        "is_group": False,
        "is_im": channel.kind == "im",
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": workspace.teams_in(channel),
        "context_team_id": workspace.installation.team_id,
    }
    if with_members:
        common["num_members"] = len(channel.members)
    own = _direct_message(workspace, channel) if channel.kind == "im" else _named(channel)
    return common | own | {"is_member": workspace.bot.id in channel.members}


def _direct_message(workspace: Workspace, channel: Channel) -> Json:
    other = next(member for member in channel.members if member != workspace.bot.id)
    left = workspace.users[other].has_left
    return {"user": other, "is_user_deleted": left, "is_open": True, "priority": 0}


def _named(channel: Channel) -> Json:
    return {
        "name": channel.name,
        "name_normalized": channel.name,
        "creator": channel.creator,
        "is_general": False,
        "is_frozen": False,
        "unlinked": 0,
        "parent_conversation": None,
        "previous_names": [],
        "topic": _UNSAID,
        "purpose": _UNSAID,
    }


def user_object(workspace: Workspace, user: User) -> Json:
    """A user with standing, zone and profile. The address needs `users:read.email`.

    `is_stranger` is true of people of another organisation with whom the bot shares no channel; of
    those with whom it does, only `team_id` tells (docs.slack.dev/reference/objects/user-object).
    """
    now = datetime.datetime.fromtimestamp(workspace.clock(), ZoneInfo(user.tz))
    offset = now.utcoffset() or datetime.timedelta()
    return {
        "id": user.id,
        "team_id": user.team.id,
        "name": user.name,
        "deleted": user.has_left,
        "color": color_of(user.id),
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": now.tzname(),
        "tz_offset": int(offset.total_seconds()),
        "is_bot": user.bot is not None,
        "is_app_user": False,
        **asdict(user.standing),
        "is_stranger": _is_stranger(workspace, user),
        "updated": workspace.created,
        "profile": _profile(workspace, user),
    }


def _profile(workspace: Workspace, user: User) -> Json:
    first_name, _, last_name = user.real_name.partition(" ")
    avatar = f"{workspace.base_url}/avatars/{user.id}"
    profile = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": first_name,
        "last_name": last_name,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": user.id.lower(),
        "team": user.team.id,
        **{f"image_{size}": f"{avatar}-{size}.png" for size in AVATAR_SIZES},
    }
    if "users:read.email" in workspace.installation.manifest.scopes and user.email:
        profile["email"] = user.email
    if user.bot is not None:
        profile |= {"bot_id": user.bot.id, "api_app_id": user.bot.app_id}
    return profile


def _is_stranger(workspace: Workspace, user: User) -> bool:
    meets_the_bot = any(
        {user.id, workspace.bot.id} <= set(channel.members)
        for channel in workspace.channels.values()
    )
    return user.team != workspace.installation.team and not meets_the_bot

"""users.info."""

import datetime
from dataclasses import asdict
from zoneinfo import ZoneInfo

from app.playground.blocks import Json
from app.playground.users import User
from app.playground.web_api.call import Call, Method
from app.playground.workspace import Workspace


def info(call: Call) -> Json:
    """A user with standing, zone and profile. The address needs `users:read.email`.

    `is_stranger` is true of people of another organisation with whom the bot shares no channel; of
    those with whom it does, only `team_id` tells (docs.slack.dev/reference/objects/user-object).

    Errors: user_not_found (docs.slack.dev/reference/methods/users.info).
    """
    user = call.workspace.user(call.required("user"))
    now = datetime.datetime.fromtimestamp(call.workspace.clock(), ZoneInfo(user.tz))
    offset = now.utcoffset() or datetime.timedelta()
    profile = {
        "real_name": user.real_name,
        "display_name": user.name,
        "team": user.team.id,
    }
    if "users:read.email" in call.workspace.installation.manifest.scopes and user.email:
        profile["email"] = user.email
    if user.bot is not None:
        profile |= {"bot_id": user.bot.id, "api_app_id": user.bot.app_id}
    return {
        "user": {
            "id": user.id,
            "team_id": user.team.id,
            "name": user.name,
            "deleted": user.has_left,
            "real_name": user.real_name,
            "tz": user.tz,
            "tz_label": now.tzname(),
            "tz_offset": int(offset.total_seconds()),
            "is_bot": user.bot is not None,
            **asdict(user.standing),
            "is_stranger": _is_stranger(call.workspace, user),
            "profile": profile,
        }
    }


def _is_stranger(workspace: Workspace, user: User) -> bool:
    meets_the_bot = any(
        {user.id, workspace.bot.id} <= set(channel.members)
        for channel in workspace.channels.values()
    )
    return user.team != workspace.installation.team and not meets_the_bot


METHODS = {"users.info": Method(info, scope="users:read")}

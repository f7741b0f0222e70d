"""users.info."""

import datetime
from zoneinfo import ZoneInfo

from app.playground.blocks import Json
from app.playground.web_api.call import Call, Method


def info(call: Call) -> Json:
    """A user with zone and profile. The address needs `users:read.email`.

    Errors: user_not_found (docs.slack.dev/reference/methods/users.info).
    """
    user = call.workspace.user(call.required("user"))
    now = datetime.datetime.fromtimestamp(call.workspace.clock(), ZoneInfo(user.tz))
    offset = now.utcoffset() or datetime.timedelta()
    profile = {"real_name": user.real_name, "display_name": user.name}
    if "users:read.email" in call.workspace.installation.manifest.scopes and user.email:
        profile["email"] = user.email
    return {
        "user": {
            "id": user.id,
            "team_id": call.workspace.installation.team_id,
            "name": user.name,
            "deleted": False,
            "real_name": user.real_name,
            "tz": user.tz,
            "tz_label": now.tzname(),
            "tz_offset": int(offset.total_seconds()),
            "is_bot": user.is_bot,
            "is_admin": False,
            "is_restricted": user.is_guest,
            "is_ultra_restricted": False,
            "profile": profile,
        }
    }


METHODS = {"users.info": Method(info, scope="users:read")}

"""team.info, bots.info."""

from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.installation import TEAM_DOMAIN
from app.playground.web_api.call import Call, Method


def team_info(call: Call) -> Json:
    """The workspace.

    Errors: team_not_found (docs.slack.dev/reference/methods/team.info).
    """
    team_id = call.workspace.installation.team_id
    if (call.optional("team") or team_id) != team_id:
        raise SlackError("team_not_found")
    team = {
        "id": team_id,
        "name": TEAM_DOMAIN.title(),
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "domain": TEAM_DOMAIN,
        "email_domain": "",
        "icon": {"image_default": True},
    }
    return {"team": team}


def bot_info(call: Call) -> Json:
    """A bot by its bot id, the app's own if none is given.

    Errors: bot_not_found (docs.slack.dev/reference/methods/bots.info).
    """
    bot_id = call.optional("bot") or call.workspace.installation.bot_id
    for user in call.workspace.users.values():
        if user.bot is not None and user.bot.id == bot_id:
            bot = {
                "id": bot_id,
                "deleted": False,
                "name": user.name,
                "updated": call.workspace.created,
                "app_id": user.bot.app_id,
                "user_id": user.id,
                "icons": _icons(call, user.id),
            }
            return {"bot": bot}
    raise SlackError("bot_not_found")


def _icons(call: Call, user_id: str) -> Json:
    avatar = f"{call.workspace.base_url}/avatars/{user_id}"
    return {f"image_{size}": f"{avatar}-{size}.png" for size in (36, 48, 72)}


METHODS = {
    "team.info": Method(team_info, scope="team:read"),
    "bots.info": Method(bot_info, scope="users:read"),
}

"""auth.test, api.test, apps.connections.open."""

from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.installation import TEAM_DOMAIN
from app.playground.web_api.call import Call, Method


def auth_test(call: Call) -> Json:
    """Who the token belongs to.

    Errors: none of its own (docs.slack.dev/reference/methods/auth.test).
    """
    installation = call.workspace.installation
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": TEAM_DOMAIN.title(),
        "user": call.workspace.bot.name,
        "team_id": installation.team_id,
        "user_id": installation.bot_user_id,
        "bot_id": installation.bot_id,
        "is_enterprise_install": False,
    }


def api_test(call: Call) -> Json:
    """Gives the arguments back, or fails with the `error` that it is asked for.

    Errors: none of its own (docs.slack.dev/reference/methods/api.test).
    """
    arguments = {name: value for name, value in call.arguments.items() if name != "token"}
    error = call.optional("error")
    if error is not None:
        raise SlackError(error, args=arguments)
    return {"args": arguments}


def connections_open(call: Call) -> Json:
    """An address for one Socket Mode connection.

    Errors: none of its own (docs.slack.dev/reference/methods/apps.connections.open).
    """
    ticket = call.workspace.issue_connection_ticket()
    address = call.workspace.base_url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.workspace.installation.app_id}"}


METHODS = {
    "auth.test": Method(auth_test),
    "api.test": Method(api_test, caller="anybody"),
    "apps.connections.open": Method(connections_open, caller="app"),
}

"""Opening forms for the one who asked, before their trigger runs out."""

from typing import Any

from app.services import scorecards
from app.services.callers import Caller, Right, demand
from app.slack.blocks.milestone_edits import plan_form
from app.slack.bot import Body, Bot
from app.slack.publish import SlackFailure, call


def open_view(bot: Bot, body: Body, view: dict[str, Any], doing: str) -> None:
    """Open a view, above the modal in which it was asked for; if it fails, the person is told."""

    in_modal = (body.get("view") or {}).get("type") == "modal"
    method = bot.client.views_push if in_modal else bot.client.views_open
    bot.follow_up(body, call(method, trigger_id=body["trigger_id"], view=view), doing=doing)


async def update_view(bot: Bot, view_id: str, view: dict[str, Any]) -> None:
    """Show something else in an open modal; one that was closed meanwhile stays closed.

    https://docs.slack.dev/reference/methods/views.update
    """
    try:
        await call(bot.client.views_update, view_id=view_id, view=view)
    except SlackFailure as failure:
        if failure.code != "not_found":
            raise


async def open_plan_form(bot: Bot, caller: Caller, command: Body, title: str) -> None:
    snapshot = await scorecards.show(bot.store, caller)
    demand(caller, Right.SHIP, snapshot.scorecard)
    form = plan_form(snapshot, caller.actor.channel, title=title)
    open_view(bot, command, form, "opening the form to plan a milestone")

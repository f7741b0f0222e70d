"""Opening forms for the one who asked, before their trigger runs out."""

from dataclasses import replace
from typing import Any

from app.services import scorecards
from app.services.callers import Caller, Right, demand
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.milestone_edits import plan_form
from app.slack.bot import Body, Bot
from app.slack.publish import SlackFailure, call, lacking


def open_view(bot: Bot, body: Body, view: dict[str, Any], doing: str, *, scope: str = "") -> None:
    """Open a form, above the modal in which it was asked for; if it fails, the person is told.

    `scope` is one without which Slack refuses the form as a whole, and doesn't say why.
    """
    asked_in = (body.get("channel") or {}).get("id") or body.get("channel_id")
    view = asked_for_in(view, asked_in)
    in_modal = (body.get("view") or {}).get("type") == "modal"
    method = bot.client.views_push if in_modal else bot.client.views_open

    async def show() -> None:
        try:
            await call(method, trigger_id=body["trigger_id"], view=view)
        except SlackFailure as failure:
            if scope and failure.code == "invalid_arguments":
                raise lacking(scope) from failure
            raise

    bot.follow_up(body, show(), doing=doing)


def asked_for_in(form: dict[str, Any], channel: str | None) -> dict[str, Any]:
    """The form, which remembers where it was asked for."""
    place = replace(FormPlace.from_metadata(form["private_metadata"]), asked_in=channel)
    return {**form, "private_metadata": place.as_metadata()}


def sender(body: Body, place: FormPlace) -> Body:
    """Who sent a form, and where they read the answer: where they asked for the form."""
    return {"user": body["user"], "channel": {"id": place.asked_in or place.channel}}


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

"""Shortcuts: a milestone logged from anywhere, or from a message."""

from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain import names
from app.services import scorecards
from app.services.callers import Caller, Right, Surface, demand
from app.slack.blocks import forms, kit
from app.slack.blocks.milestones import EMPTY, Draft, choose_scorecard_form, ship_form
from app.slack.bot import Body, Bot
from app.slack.failures import explain
from app.slack.inputs.forms import chosen_scorecard
from app.slack.mrkdwn import plain_words, title_and_detail
from app.slack.publish import SlackFailure, call

_TITLE = "Log a milestone"
_DOING = "opening the milestone form"
_NOWHERE = (
    "There is no scorecard that you can log a milestone in. Type /kpi in a team's channel to see "
    "whether it has one, or /kpi setup to make one."
)


async def log_milestone(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """The form, from anywhere in Slack."""
    await ack()
    _open_in_two_steps(bot, body, bot.caller(body["user"]["id"], None, Surface.FORM))


async def log_message(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """The form with a message's words and its address in it."""
    await ack()
    channel = body["channel"]["id"]
    caller = bot.caller(body["user"]["id"], channel, Surface.FORM)
    _open_in_two_steps(bot, body, caller, body["message"])


async def choose_scorecard(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """The form of the chosen scorecard, with all that stands in the one before."""
    state = view["state"]["values"]
    key = chosen_scorecard(state)
    caller = bot.caller(body["user"]["id"], None, Surface.FORM)
    caller = await bot.proven(caller, key, Right.SHIP)
    form = await _form_of(bot, caller, key, EMPTY)
    await ack(response_action="update", view=forms.keeping_state(form, state))


async def scorecard_options(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """The scorecards that match what is typed, where there are more than Slack shows at once."""
    caller = bot.caller(body["user"]["id"], None, Surface.FORM)
    caller = await bot.proven(caller, right=Right.SHIP, everywhere=True)
    typed = names.normalised(body.get("value") or "")
    open_to_them = await scorecards.named(bot.store, caller, Right.SHIP)
    matching = [
        kit.option(key, label)
        for key, label in open_to_them.items()
        if typed in names.normalised(label)
    ]
    await ack(options=matching[: kit.MOST_OPTIONS])


def _open_in_two_steps(bot: Bot, body: Body, caller: Caller, message: Body | None = None) -> None:
    """Open a view before the trigger runs out, and put the form into it when it is known."""

    async def open_view() -> None:
        opening = forms.told(_TITLE, "Opening the form.")
        opened = await call(bot.client.views_open, trigger_id=body["trigger_id"], view=opening)
        view_id = opened["view"]["id"]

        async def fill() -> None:
            draft = await _draft(bot, caller, message) if message else EMPTY
            proven = await bot.proven(caller, right=Right.SHIP, everywhere=True)
            await _show(bot, view_id, await _first_view(bot, proven, draft))

        async def tell_there(error: Exception) -> None:
            await _show(bot, view_id, forms.told(_TITLE, explain(error, _DOING).text))

        bot.tasks.spawn(fill(), tell=tell_there)

    async def tell(error: Exception) -> None:
        await bot.tell(body, explain(error, _DOING))

    bot.tasks.spawn(open_view(), tell=tell)


async def _show(bot: Bot, view_id: str, view: dict[str, Any]) -> None:
    await call(bot.client.views_update, view_id=view_id, view=view)


async def _draft(bot: Bot, caller: Caller, message: Body) -> Draft:
    title, detail = title_and_detail(plain_words(message.get("text") or ""))
    try:
        found = await call(
            bot.client.chat_getPermalink, channel=caller.actor.channel, message_ts=message["ts"]
        )
    except SlackFailure:  # a conversation that the bot isn't in has no address for it
        return Draft(title, detail)
    return Draft(title, detail, (found["permalink"],))


async def _first_view(bot: Bot, caller: Caller, draft: Draft) -> dict[str, Any]:
    """The form of the only scorecard that can be meant, or the question which one."""
    homes, here = await scorecards.homes(bot.store, caller), caller.actor.channel
    for key, home in homes.items():
        if home is not None and home == here:
            return await _form_of(bot, caller, key, draft)
    open_to_them = await scorecards.named(bot.store, caller, Right.SHIP)
    if len(open_to_them) > 1:
        return choose_scorecard_form(open_to_them, draft)
    for key in open_to_them:
        return await _form_of(bot, caller, key, draft)
    return forms.told(_TITLE, caller.actor.unanswered or _NOWHERE)


async def _form_of(bot: Bot, caller: Caller, key: str, draft: Draft) -> dict[str, Any]:
    snapshot = await scorecards.show(bot.store, caller, key)
    demand(caller, Right.SHIP, snapshot.scorecard)
    return ship_form(snapshot, snapshot.scorecard.channel or caller.actor.channel, draft=draft)

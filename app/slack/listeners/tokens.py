"""Tokens of the HTTP API: made, listed and revoked from the menu of /kpi setup."""

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain import names
from app.domain.access import Token
from app.domain.errors import KpiError
from app.services import scorecards, tokens
from app.services.callers import Caller, Right, Surface, demand
from app.slack.blocks import kit
from app.slack.blocks.kit import bold, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.tokens import secret_view, token_form, tokens_view
from app.slack.bot import Body, Bot
from app.slack.ids import read_number
from app.slack.inputs.forms import field_errors
from app.slack.inputs.tokens import read_token_form
from app.slack.listeners.opening import open_view, sender, update_view
from app.slack.listeners.setup import DOING, clicker, refresh_menu


async def open_list(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The tokens of the scorecard whose key the button carries."""
    await ack()
    caller, place = await clicker(bot, body, action["value"])
    known = await tokens.of_scorecard(bot.store, caller, place.scorecard)
    told_of = await scorecards.named(bot.store, caller)
    open_view(bot, body, tokens_view(known, told_of, place), DOING)


async def open_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await ack()
    caller, place = await clicker(bot, body, action["value"])
    scorecard = (await scorecards.show(bot.store, caller, place.scorecard)).scorecard
    demand(caller, Right.EDIT, scorecard)
    open_view(bot, body, token_form(FormPlace(scorecard.key, place.channel), scorecard.name), DOING)


async def reach_options(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """The scorecards that match what is typed and that the person may edit."""
    caller = bot.caller(body["user"]["id"], None, Surface.FORM)
    caller = await bot.proven(caller, right=Right.EDIT, everywhere=True)
    typed = names.normalised(body.get("value") or "")
    theirs = await scorecards.named(bot.store, caller, Right.EDIT)
    matching = [
        kit.option(key, name) for key, name in theirs.items() if typed in names.normalised(name)
    ]
    await ack(options=matching[: kit.MOST_OPTIONS])


async def make(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Make the token and show its secret in the place of the form, to who sent it alone."""
    sending = ("token form", view["id"])
    if not bot.once.begins(sending):
        await ack()
        return
    state = view["state"]["values"]
    try:
        token, secret = await _made(bot, body, view)
    except KpiError as error:
        bot.once.may_begin_again(sending)
        await ack(response_action="errors", errors=field_errors(error, state))
        return
    except BaseException:
        bot.once.may_begin_again(sending)
        raise
    await ack(response_action="update", view=secret_view(token, secret))
    told = f"{bold(token.name)} is made."
    _show_anew(bot, body, view["previous_view_id"], told)


async def _made(bot: Bot, body: Body, view: Body) -> tuple[Token, str]:
    place = FormPlace.from_metadata(view["private_metadata"])
    form = read_token_form(view["state"]["values"])
    known = await scorecards.guarded(bot.store)
    meant = [known[key] for key in form.scorecards if key in known]
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)
    return await tokens.make(bot.store, await bot.proven_about(meant, caller, Right.EDIT), form)


async def revoke(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Revoke a token, and say so in the list, or why it can't be."""
    await ack()
    number = read_number(action["value"])
    caller = await _in_list(bot, body)
    try:
        token = await tokens.revoke(bot.store, caller, number)
        told = f"{bold(token.name)} is revoked."
    except KpiError as error:
        told = escaped(error.message)
    _show_anew(bot, body, body["view"]["id"], told)


async def _in_list(bot: Bot, body: Body) -> Caller:
    """Who does something in the list, or in the form above it."""
    place = FormPlace.from_metadata(body["view"]["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.BUTTON)
    return await bot.proven(caller, place.scorecard, Right.EDIT)


def _show_anew(bot: Bot, body: Body, view_id: str, told: str) -> None:
    """Show what was changed in the list, and in the menu below it."""
    place = FormPlace.from_metadata(body["view"]["private_metadata"])

    async def show() -> None:
        caller = await _in_list(bot, body)
        known = await tokens.of_scorecard(bot.store, caller, place.scorecard)
        told_of = await scorecards.named(bot.store, caller)
        await update_view(bot, view_id, tokens_view(known, told_of, place, told))

    bot.follow_up(sender(body, place), show(), doing=DOING)
    refresh_menu(bot, body)

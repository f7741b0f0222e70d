"""Hooks of git servers: made, shown, edited and revoked from the menu of /kpi setup."""

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import BadInput, KpiError, NotFound
from app.domain.hooks import Hook, HookAddresses
from app.domain.links import LINKS_OFF
from app.services import hooks, scorecards
from app.services.callers import Caller, Right, Surface, demand
from app.slack.blocks.hooks import TITLE, hook_form, hook_view, hooks_view
from app.slack.blocks.kit import bold, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.bot import Body, Bot
from app.slack.inputs.forms import field_errors
from app.slack.inputs.hooks import read_hook_form
from app.slack.listeners.opening import open_view, sender, update_view
from app.slack.listeners.setup import DOING, clicker, refresh_menu


async def open_list(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The hooks of the scorecard whose key the button carries."""
    await ack()
    caller, place = await clicker(bot, body, action["value"])
    known = await hooks.of_scorecard(bot.store, caller, place.scorecard)
    open_view(bot, body, hooks_view(known, bot.hooks, place), DOING)


async def open_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await ack()
    caller, place = await clicker(bot, body, action["value"])
    scorecard = (await scorecards.show(bot.store, caller, place.scorecard)).scorecard
    demand(caller, Right.EDIT, scorecard)
    open_view(bot, body, hook_form(FormPlace(scorecard.key, place.channel)), DOING)


async def open_edit_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await ack()
    place, hook = await _clicked(bot, body, action["value"])
    place = FormPlace(place.scorecard, place.channel, part=hook.id)
    open_view(bot, body, hook_form(place, hook), DOING)


async def show(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Show the address and the secret again, to who may edit the scorecard."""
    await ack()
    place, hook = await _clicked(bot, body, action["value"])
    open_view(bot, body, hook_view(hook, _addresses(bot), place), DOING)


async def save(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Make a hook and show its secret in the place of the form, or save one that was edited."""
    sending = ("hook form", view["id"])
    if not bot.once.begins(sending):
        await ack()
        return
    place = FormPlace.from_metadata(view["private_metadata"])
    state = view["state"]["values"]
    try:
        caller = await _sender(bot, body, place, Surface.FORM)
        form = read_hook_form(state)
        if place.part:
            hook = await hooks.edit(bot.store, caller, place.part, form)
            await ack()
        else:
            hook = await hooks.make(bot.store, caller, form, key=place.scorecard)
            await ack(response_action="update", view=hook_view(hook, _addresses(bot), place))
    except KpiError as error:
        bot.once.may_begin_again(sending)
        await ack(response_action="errors", errors=field_errors(error, state))
        return
    except BaseException:
        bot.once.may_begin_again(sending)
        raise
    done = "is saved" if place.part else "is made"
    _show_anew(bot, body, view["previous_view_id"], f"{_name(hook)} {done}.")


async def revoke(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Revoke a hook, and say so in the list, or why it can't be."""
    await ack()
    place = FormPlace.from_metadata(body["view"]["private_metadata"])
    caller = await _sender(bot, body, place, Surface.BUTTON)
    try:
        hook = await hooks.revoke(bot.store, caller, action["value"])
        told = f"{_name(hook)} is revoked."
    except KpiError as error:
        told = escaped(error.message)
    _show_anew(bot, body, body["view"]["id"], told)


def _name(hook: Hook) -> str:
    return bold(f"{hook.form.forge.words} hook {hook.id}")


def _addresses(bot: Bot) -> HookAddresses:
    if bot.hooks is None:
        raise BadInput(f"{TITLE} are {LINKS_OFF}.")
    return bot.hooks


async def _clicked(bot: Bot, body: Body, hook_id: str) -> tuple[FormPlace, Hook]:
    """The hook of a button in the list, for who may edit its scorecard."""
    place = FormPlace.from_metadata(body["view"]["private_metadata"])
    caller = await _sender(bot, body, place, Surface.BUTTON)
    for hook in await hooks.of_scorecard(bot.store, caller, place.scorecard):
        if hook.id == hook_id:
            return place, hook
    raise NotFound("This hook has been revoked.")


async def _sender(bot: Bot, body: Body, place: FormPlace, surface: Surface) -> Caller:
    caller = bot.caller(body["user"]["id"], place.channel, surface)
    return await bot.proven(caller, place.scorecard, Right.EDIT)


def _show_anew(bot: Bot, body: Body, view_id: str, told: str) -> None:
    """Show what was changed in the list, and in the menu below it."""
    place = FormPlace.from_metadata(body["view"]["private_metadata"])

    async def show_list() -> None:
        caller = await _sender(bot, body, place, Surface.BUTTON)
        known = await hooks.of_scorecard(bot.store, caller, place.scorecard)
        listed = FormPlace(place.scorecard, place.channel)
        await update_view(bot, view_id, hooks_view(known, bot.hooks, listed, told))

    bot.follow_up(sender(body, place), show_list(), doing=DOING)
    refresh_menu(bot, body)

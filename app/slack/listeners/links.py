"""Links to the progress page: made, shown and revoked from the menu of /kpi setup."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import KpiError
from app.services import links, setup
from app.services.callers import Caller, Right, Surface
from app.slack.blocks.kit import escaped
from app.slack.blocks.links import links_view
from app.slack.blocks.metric_fields import FormPlace
from app.slack.bot import Body, Bot
from app.slack.ids import read_number
from app.slack.listeners.opening import open_view, sender, update_view
from app.slack.listeners.setup import DOING, clicker, refresh_menu


async def open_list(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The links to the page of the scorecard whose key the button carries."""
    await ack()
    caller, place = await clicker(bot, body, action["value"])
    open_view(bot, body, await _view(bot, caller, place), DOING)


async def make(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Make a link that is open as long as the button says."""
    days = read_number(action["value"]) or None

    async def made(caller: Caller, place: FormPlace) -> str:
        await links.make(bot.store, caller, days=days, key=place.scorecard)
        return "The new link is the first below."

    await _change(ack, body, bot, made)


async def revoke(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    async def revoked(caller: Caller, _place: FormPlace) -> str:
        await links.revoke(bot.store, caller, action["value"])
        return "The link is revoked: nobody opens the page with it any more."

    await _change(ack, body, bot, revoked)


async def _change(
    ack: AsyncAck, body: Body, bot: Bot, change: Callable[[Caller, FormPlace], Awaitable[str]]
) -> None:
    """Change the links, and say so above them, or why it can't be."""
    await ack()
    view = body["view"]
    place = FormPlace.from_metadata(view["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.BUTTON)
    caller = await bot.proven(caller, place.scorecard, Right.EDIT)
    try:
        told = await change(caller, place)
    except KpiError as error:
        told = escaped(error.message)

    async def show() -> None:
        await update_view(bot, view["id"], await _view(bot, caller, place, told))

    bot.follow_up(sender(body, place), show(), doing=DOING)
    refresh_menu(bot, body)


async def _view(bot: Bot, caller: Caller, place: FormPlace, told: str = "") -> dict[str, Any]:
    known = await setup.show(bot.store, caller, place.scorecard)
    return links_view(known.snapshot.scorecard, known.links, bot.links, place, told)

"""The Home tab, published when it is opened and again when its owner has changed something."""

from contextlib import suppress
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from app.services import reminders, scorecards
from app.services.callers import Surface
from app.slack.blocks.home import home_view, trouble_view
from app.slack.bot import Body, Bot
from app.slack.failures import explain
from app.slack.ids import read_number
from app.slack.publish import SlackFailure, call


async def opened(event: Body, bot: Bot) -> None:
    if event.get("tab") == "home":
        _publish(bot, event["user"])


async def turn_page(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await ack()
    _publish(bot, body["user"]["id"], read_number(action["value"]))


async def membership_changed(event: Body, bot: Bot) -> None:
    """Whoever joins or leaves sees something else from now on."""
    bot.membership.forget(event["channel"])
    if event["user"] in bot.homes:
        _publish(bot, event["user"])


async def channel_changed(event: Body, bot: Bot) -> None:
    bot.membership.forget(event["channel"])


def refresh(bot: Bot, user: str) -> None:
    """Show a person's own change in their Home tab, if they have opened it before."""
    if user in bot.homes:
        _publish(bot, user)


def refresh_all(bot: Bot) -> None:
    """Show everybody who has opened their Home tab what they may see now."""

    async def publish() -> None:
        for user in sorted(bot.homes):
            with suppress(SlackFailure):  # which has been logged
                await _published(bot, user)

    bot.tasks.spawn(publish())


def _publish(bot: Bot, user: str, page: int = 0) -> None:
    bot.tasks.spawn(_published(bot, user, page))


async def _published(bot: Bot, user: str, page: int = 0) -> None:
    try:
        view = await _view(bot, user, page)
        await call(bot.client.views_publish, user_id=user, view=view)
        bot.homes.add(user)
    except Exception as error:  # noqa: BLE001  # whatever it is, the person waits for it here
        message = explain(error, "publishing a Home tab")
        if not isinstance(error, SlackFailure):  # one that refused this view refuses another too
            view = trouble_view(message.text)
            await call(bot.client.views_publish, user_id=user, view=view)


async def _view(bot: Bot, user: str, page: int) -> dict[str, Any]:
    caller = await bot.proven(bot.caller(user, None, Surface.HOME), everywhere=True)
    seen = await scorecards.show_all(bot.store, caller)
    preferences = await reminders.preferences(bot.store, user, caller.now)
    return home_view(seen, user, caller.now, preferences, page)

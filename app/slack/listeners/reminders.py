"""Reminders snoozed, turned off and turned on, by their buttons and in the Home tab."""

from slack_bolt.context.ack.async_ack import AsyncAck

from app.services import reminders
from app.services.reminders import Choice
from app.slack.blocks.reminders import chosen
from app.slack.bot import Body, Bot
from app.slack.ids import read_choice
from app.slack.listeners import home
from app.slack.publish import update


async def choose(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Keep what was chosen, and say so where it was clicked."""
    await ack()

    async def keep() -> None:
        caller = bot.clicker(body)
        preferences = await reminders.choose(
            bot.store, caller, read_choice(Choice, action["value"])
        )
        home.refresh(bot, caller.actor.id)
        if message := body.get("message"):
            told = chosen(message["blocks"], message["text"], preferences)
            await update(bot.client, body["channel"]["id"], message["ts"], told)

    bot.follow_up(body, keep(), doing="setting reminders")

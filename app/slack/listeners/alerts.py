"""Alerts: the form for where they go, and their metrics muted by the buttons of a message."""

from collections.abc import Awaitable, Callable

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.outcomes import Mute
from app.services import muting
from app.services.callers import Right
from app.slack.blocks.alert_form import ALERT_FIELDS, alerts_form
from app.slack.blocks.alerts import with_mute
from app.slack.bot import Body, Bot
from app.slack.ids import read_about
from app.slack.inputs.alerts import read_alerts_form
from app.slack.listeners.setup_forms import open_form, save_form
from app.slack.publish import update

Write = Callable[..., Awaitable[Mute]]


async def open_alerts_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await open_form(ack, body, action, bot, form_of=alerts_form, fields=ALERT_FIELDS)


async def save_alerts(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Save where alerts go, unless somebody else was faster."""
    await save_form(ack, body, view, bot, read=read_alerts_form, form_of=alerts_form)


async def mute(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await _write(ack, body, action, bot, muting.mute)


async def unmute(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await _write(ack, body, action, bot, muting.unmute)


async def _write(ack: AsyncAck, body: Body, action: Body, bot: Bot, write: Write) -> None:
    """Mute a metric or unmute it, and say so in the message for all who read it."""
    await ack()
    subject = action["value"]
    key, metric = read_about(subject)

    async def keep() -> None:
        caller = await bot.proven_clicker(body, key, Right.RECORD)
        muted = await write(bot.store, caller, metric, key=key)
        message = body["message"]
        told = with_mute(message["blocks"], message["text"], subject, muted)
        await update(bot.client, body["channel"]["id"], message["ts"], told)

    bot.follow_up(body, keep(), doing="muting alerts")

"""Alerts: the form for where they go, and their metrics muted by the buttons of a message."""

from collections.abc import Awaitable, Callable

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.outcomes import Edited, Mute
from app.services import editing, muting, setup
from app.services.callers import Caller, Right
from app.slack.blocks.alert_form import ALERT_FIELDS, alerts_form
from app.slack.blocks.alerts import with_mute
from app.slack.blocks.forms import FormState
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.setup import saved_reply
from app.slack.bot import Body, Bot
from app.slack.ids import read_about
from app.slack.inputs.alerts import read_alerts_form
from app.slack.listeners.opening import open_view
from app.slack.listeners.setup import DOING, clicker
from app.slack.listeners.setup_forms import answer, saved, some_marks
from app.slack.publish import update

Write = Callable[..., Awaitable[Mute]]


async def open_alerts_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The form of the scorecard whose key the button carries."""
    await ack()
    caller, place = await clicker(bot, body, action["value"])
    scorecard = (await setup.show(bot.store, caller, place.scorecard)).snapshot.scorecard
    form = alerts_form(scorecard, place.channel, some_marks(scorecard, ALERT_FIELDS))
    open_view(bot, body, form, DOING)


async def save_alerts(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Save where alerts go, unless somebody else was faster."""

    async def save(caller: Caller, place: FormPlace, state: FormState) -> Edited:
        return await editing.edit_scorecard(
            bot.store, caller, read_alerts_form(state), seen=place.seen, key=place.scorecard
        )

    edited = await saved(ack, body, view, bot, save=save, form_of=alerts_form)
    if edited is not None:
        answer(bot, body, view, saved_reply(edited.snapshot, edited.revisions, edited.change))


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

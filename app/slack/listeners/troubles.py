"""What an owner decides about a message that was given up: send it again, or it is there."""

from collections.abc import Awaitable, Callable

from slack_bolt.context.ack.async_ack import AsyncAck

from app.services import deliveries, troubles
from app.services.callers import Caller, Right, Surface
from app.services.deliveries import State
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.troubles import settled_notice
from app.slack.bot import Body, Bot
from app.slack.ids import OutOfDate, read_number
from app.slack.listeners import setup
from app.slack.listeners.opening import sender
from app.slack.publish import update
from app.store.engine import Store

DOING = "sending a message again"

Decide = Callable[[Store, Caller, int], Awaitable[None]]


async def send_again(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await _decide(ack, body, action, bot, troubles.send_again)


async def is_there(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await _decide(ack, body, action, bot, troubles.settle)


async def _decide(ack: AsyncAck, body: Body, action: Body, bot: Bot, decide: Decide) -> None:
    await ack()
    delivery = read_number(action["value"])
    to = _sender(body)

    async def carry_out() -> None:
        await decide(bot.store, await _caller(bot, body, delivery), delivery)
        await bot.outbox.deliver_due()
        await _show(bot, body, delivery)

    bot.follow_up(to, carry_out(), doing=DOING)


def _sender(body: Body) -> Body:
    """Where the person who clicked is told what goes wrong."""
    if "view" not in body:
        return body
    return sender(body, FormPlace.from_metadata(body["view"]["private_metadata"]))


async def _caller(bot: Bot, body: Body, delivery: int) -> Caller:
    scorecard = await troubles.guarded(bot.store, delivery)
    if scorecard is None:
        raise OutOfDate
    caller = bot.clicker(body)
    if "view" in body:
        channel = FormPlace.from_metadata(body["view"]["private_metadata"]).channel
        caller = bot.caller(body["user"]["id"], channel, Surface.BUTTON)
    return await bot.proven_about([scorecard], caller, Right.EDIT, in_time=False)


async def _show(bot: Bot, body: Body, delivery: int) -> None:
    """What has become of it, where it was clicked."""
    if "view" in body:
        await setup.show_menu_anew(bot, body)
        return
    message = body["message"]
    told = settled_notice(message["blocks"][0]["text"]["text"], await _outcome(bot, delivery))
    await update(bot.client, body["channel"]["id"], message["ts"], told)


async def _outcome(bot: Bot, delivery: int) -> str:
    state, _, error = await deliveries.state_of(bot.store, delivery)
    if state is State.DELIVERED:
        return "It stands there now."
    if state in {State.WAITING, State.CLAIMED}:
        return f"It is on its way. {error or ''}".strip()
    return f"It could not be posted. {error}"

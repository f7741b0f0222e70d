"""Milestones from git that are offered in a channel: logged, edited first, or declined."""

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.outcomes import Offer
from app.services import landings
from app.services.callers import Caller, Right, demand
from app.slack.blocks.landings import draft_of
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.milestone_edits import logged_reply
from app.slack.blocks.milestones import ship_form
from app.slack.bot import Body, Bot
from app.slack.ids import OutOfDate, read_number
from app.slack.listeners import home
from app.slack.listeners.commands import trouble_delivering
from app.slack.listeners.opening import open_view

DOING = "deciding about a milestone"


async def log(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Log the milestone as it is offered; who was first has decided."""
    await ack()
    number = read_number(action["value"])

    async def carry_out() -> None:
        caller = await _clicker(bot, body, number)
        news = await landings.log(bot.store, caller, number)
        home.refresh(bot, caller.actor.id)
        trouble = await trouble_delivering(bot, news.delivery) if news.delivery else ""
        await bot.tell(body, logged_reply(news, trouble))

    bot.follow_up(body, carry_out(), doing=DOING)


async def open_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The form to log a milestone, with all that is offered in it."""
    await ack()
    number = read_number(action["value"])
    caller = await _clicker(bot, body, number)
    offer = await landings.offer(bot.store, caller, number)
    demand(caller, Right.SHIP, offer.snapshot.scorecard)
    landings.refuse_decided(offer.state)
    open_view(bot, body, _form(offer, caller), "opening the milestone form")


def _form(offer: Offer, caller: Caller) -> dict[str, object]:
    scorecard = offer.snapshot.scorecard
    channel = scorecard.channel or caller.actor.channel
    form = ship_form(offer.snapshot, channel, draft=draft_of(offer))
    place = FormPlace(scorecard.key, channel, landing=offer.id)
    return {**form, "private_metadata": place.as_metadata()}


async def decline(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Say that it is no milestone."""
    await ack()
    number = read_number(action["value"])

    async def carry_out() -> None:
        await landings.decline(bot.store, await _clicker(bot, body, number), number)
        await bot.outbox.deliver_due()

    bot.follow_up(body, carry_out(), doing=DOING)


async def _clicker(bot: Bot, body: Body, landing: int) -> Caller:
    """Who clicked below an offer, with what Slack says of them."""
    scorecard = await landings.guarded(bot.store, landing)
    if scorecard is None:
        raise OutOfDate
    return await bot.proven_about([scorecard], bot.clicker(body), Right.SHIP)

"""Forms that were sent."""

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import KpiError
from app.services import landings, milestones, scorecards
from app.services.callers import Right, Surface
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.milestone_edits import logged_reply
from app.slack.bot import Body, Bot
from app.slack.inputs.forms import field_errors, grown_form, has_grown, read_ship_form
from app.slack.listeners import home
from app.slack.listeners.commands import trouble_delivering
from app.slack.listeners.opening import sender


async def ship(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Log the milestone and close the form, or keep it open with each error at its field."""
    place = FormPlace.from_metadata(view["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)
    state = view["state"]["values"]
    try:
        caller = await bot.proven(caller, place.scorecard, Right.SHIP)
        snapshot = await scorecards.show(bot.store, caller, place.scorecard)
        if not has_grown(state, snapshot.scorecard):
            await ack(response_action="update", view=grown_form(view, snapshot, place.channel))
            return
        form = read_ship_form(state, snapshot, view["id"])
        if place.landing is None:
            news = await milestones.ship(bot.store, caller, form, key=place.scorecard)
        else:
            news = await landings.log(bot.store, caller, place.landing, form)
    except KpiError as error:
        await ack(response_action="errors", errors=field_errors(error, state))
        return
    await ack()
    home.refresh(bot, caller.actor.id)
    to = sender(body, place)

    async def announce() -> None:
        trouble = await trouble_delivering(bot, news.delivery) if news.delivery else ""
        await bot.tell(to, logged_reply(news, trouble))

    bot.follow_up(to, announce(), doing="announcing a milestone")

"""Recording values: typed behind /kpi update, or with the form."""

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import AlreadyDone, KpiError
from app.domain.updates import parse_update
from app.services import readings, scorecards
from app.services.callers import Caller, Right, Surface, demand
from app.slack.blocks.kit import Message
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.metrics import recorded_reply
from app.slack.blocks.notices import remedy
from app.slack.blocks.scorecards import NO_METRICS
from app.slack.blocks.updates import update_form, updated_reply
from app.slack.bot import Body, Bot
from app.slack.ids import read_about
from app.slack.inputs.forms import field_errors, grown_form, has_grown, read_update_form
from app.slack.listeners import home
from app.slack.listeners.opening import open_view, sender


async def update(bot: Bot, caller: Caller, command: Body, typed: str) -> Message | None:
    """Record what was typed; without a value the form opens instead."""
    snapshot = await scorecards.show(bot.store, caller)
    demand(caller, Right.RECORD, snapshot.scorecard)
    if not snapshot.scorecard.metrics:
        return remedy(NO_METRICS)
    update = parse_update(typed, snapshot.scorecard) if typed else None
    if update is None or update.value is None:
        metric = update.metric if update else None
        form = update_form(snapshot, caller.actor.channel, initial_metric=metric)
        open_view(bot, command, form, "opening the update form")
        return None
    recorded = await readings.record(
        bot.store,
        caller,
        update.metric,
        update.value,
        note=update.note,
        key=snapshot.scorecard.key,
    )
    bot.tasks.spawn(bot.outbox.deliver_due())
    return recorded_reply(recorded)


async def open_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The button of a screen; its metric is preset."""
    await ack()
    key, metric = read_about(action["value"])
    caller = await bot.proven_clicker(body, key, Right.RECORD)
    snapshot = await scorecards.show(bot.store, caller, key)
    demand(caller, Right.RECORD, snapshot.scorecard)
    place = snapshot.scorecard.channel or caller.actor.channel
    form = update_form(snapshot, place, initial_metric=metric)
    open_view(bot, body, form, "opening the update form")


async def record(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Record all values and close the form, or keep it open with each error at its field."""
    place = FormPlace.from_metadata(view["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)
    state = view["state"]["values"]
    try:
        caller = await bot.proven(caller, place.scorecard, Right.RECORD)
        snapshot = await scorecards.show(bot.store, caller, place.scorecard)
        if not has_grown(state, snapshot.scorecard):
            await ack(response_action="update", view=grown_form(view, snapshot, place.channel))
            return
        form = read_update_form(state, snapshot, submission=view["id"])
        recorded = await readings.record_several(bot.store, caller, form, key=place.scorecard)
    except AlreadyDone:  # the other click is answered
        await ack()
        return
    except KpiError as error:
        await ack(response_action="errors", errors=field_errors(error, state))
        return
    await ack()
    home.refresh(bot, body["user"]["id"])
    to = sender(body, place)
    bot.tasks.spawn(bot.tell(to, updated_reply(recorded)))
    bot.tasks.spawn(bot.outbox.deliver_due())

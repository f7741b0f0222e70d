"""Planning and editing milestones."""

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import KpiError
from app.services import milestone_edits, milestones, scorecards
from app.services.callers import Right, Surface, demand
from app.services.contents import ChangedMeanwhile, marks_of
from app.slack.blocks import forms
from app.slack.blocks.kit import Message
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.milestone_edits import edit_form, milestone_screen, milestone_story
from app.slack.bot import Body, Bot
from app.slack.ids import read_about
from app.slack.inputs.forms import field_errors, read_milestone_form
from app.slack.listeners import home
from app.slack.listeners.actions import answer_click
from app.slack.listeners.commands import deliver_and_tell, open_ship_form
from app.slack.listeners.opening import asked_for_in, open_view, sender


async def show(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The milestone's screen, for the one who clicked."""

    async def screen() -> Message:
        key, milestone = read_about(action["value"])
        caller = await bot.proven_clicker(body, key)
        return milestone_story(await milestones.story(bot.store, caller, milestone, key))

    await answer_click(ack, body, bot, screen)


async def open_edit_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await ack()
    key, milestone = read_about(action["value"])
    caller = await bot.proven_clicker(body, key, Right.SHIP)
    news = await milestones.show(bot.store, caller, milestone, key)
    demand(caller, Right.SHIP, news.snapshot.scorecard)
    present = news.shipped.milestone
    place = news.snapshot.scorecard.channel or caller.actor.channel
    form = edit_form(news.snapshot, place, present, marks_of(present))
    open_view(bot, body, form, "opening the form to edit a milestone")


async def ship_planned(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Open the form that logs this very milestone as shipped."""
    await ack()
    key, milestone = read_about(action["value"])
    caller = await bot.proven_clicker(body, key, Right.SHIP)
    news = await milestones.show(bot.store, caller, milestone, key)
    await open_ship_form(bot, caller, body, title=news.shipped.milestone.title, key=key)


async def plan(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Log a planned milestone, or keep the form open with each error at its field."""
    place = FormPlace.from_metadata(view["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)
    caller = await bot.proven(caller, place.scorecard, Right.SHIP)
    state = view["state"]["values"]
    try:
        form = read_milestone_form(state, submission=view["id"])
        news = await milestone_edits.plan(bot.store, caller, form, key=place.scorecard)
    except KpiError as error:
        await ack(response_action="errors", errors=field_errors(error, state))
        return
    await ack()
    home.refresh(bot, caller.actor.id)
    to = sender(body, place)
    bot.tasks.spawn(bot.tell(to, milestone_screen(news, done="Planned:")))


async def edit(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Write the milestone as it stands in the form, unless somebody else was faster."""
    place = FormPlace.from_metadata(view["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)
    caller = await bot.proven(caller, place.scorecard, Right.SHIP)
    state = view["state"]["values"]
    snapshot = await scorecards.show(bot.store, caller, place.scorecard)
    try:
        known = milestones.known_milestone(snapshot.scorecard, place.milestone)
        form = read_milestone_form(state, known=known)
        news = await milestone_edits.edit(
            bot.store, caller, place.milestone, form, seen=place.seen, key=place.scorecard
        )
    except ChangedMeanwhile as changed:
        present = changed.present
        again = edit_form(
            snapshot, place.channel, present, marks_of(present), theirs=changed.fields
        )
        again = asked_for_in(forms.keeping_state(again, state), place.asked_in)
        await ack(response_action="update", view=again)
        return
    except KpiError as error:
        await ack(response_action="errors", errors=field_errors(error, state))
        return
    await ack()
    home.refresh(bot, caller.actor.id)
    to = sender(body, place)
    bot.tasks.spawn(bot.tell(to, milestone_screen(news, done="Saved:")))
    if news.delivery is None:
        return

    bot.follow_up(to, deliver_and_tell(bot, to, news.delivery), doing="updating an announcement")

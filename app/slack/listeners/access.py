"""Who may do what with a scorecard: the form for it, and who is in a user group."""

from functools import partial

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain import names
from app.services import setup
from app.slack.blocks import kit
from app.slack.blocks.access import ACCESS_FIELDS, access_form
from app.slack.bot import Body, Bot
from app.slack.inputs.access import read_access_form
from app.slack.listeners import home
from app.slack.listeners.opening import open_view
from app.slack.listeners.setup import DOING, clicker
from app.slack.listeners.setup_forms import save_form, some_marks


async def open_access_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The form of the scorecard whose key the button carries."""
    await ack()
    caller, place = await clicker(bot, body, action["value"])
    scorecard = (await setup.show(bot.store, caller, place.scorecard)).snapshot.scorecard
    marks = some_marks(scorecard, ACCESS_FIELDS)
    groups = await bot.membership.user_groups() if scorecard.access.groups else {}
    open_view(bot, body, access_form(scorecard, place.channel, marks, groups=groups), DOING)


async def save_access(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Save whom the form names, unless somebody else was faster."""
    # What was chosen stays in the form, with the names of the groups.
    form = partial(access_form, groups={})
    if await save_form(ack, body, view, bot, read=read_access_form, form_of=form) is not None:
        home.refresh_all(bot)


async def group_options(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """The user groups that match what is typed."""
    typed = names.normalised(body.get("value") or "")
    groups = await bot.membership.user_groups()
    matching = [
        kit.option(group, label)
        for group, label in groups.items()
        if typed in names.normalised(label)
    ]
    await ack(options=matching[: kit.MOST_OPTIONS])


async def group_changed(event: Body, bot: Bot) -> None:
    """Whoever joins or leaves a user group may do something else from now on."""
    bot.membership.forget_group(event["subteam_id"])

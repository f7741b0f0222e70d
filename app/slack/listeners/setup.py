"""Setting up a scorecard from Slack: the menu, and what belongs to the scorecard itself."""

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.outcomes import SetUp
from app.services import editing, setup
from app.services.callers import Caller, Right, Surface
from app.slack.blocks import kit
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.setup import TITLE, retired_reply, setup_menu
from app.slack.bot import Body, Bot
from app.slack.listeners import home
from app.slack.publish import SlackFailure, call

DOING = "setting up a scorecard"


def open_setup(bot: Bot, caller: Caller, command: Body) -> None:
    """Open the menu of the channel's scorecard, for who may edit it."""

    async def open_menu() -> None:
        key = await setup.at_home(bot.store, caller)
        known = await setup.show(bot.store, await bot.proven(caller, key, Right.EDIT), key)
        menu = setup_menu(known, caller.actor.channel)
        trigger = command["trigger_id"]
        opened = await call(bot.client.views_open, trigger_id=trigger, view=menu)
        await _tell_trouble(bot, known, caller.actor.channel, opened["view"]["id"])

    bot.follow_up(command, open_menu(), doing=DOING)


async def clicker(bot: Bot, body: Body, key: str) -> tuple[Caller, FormPlace]:
    """Who clicked in the menu of a scorecard, and where it was asked for."""
    channel = FormPlace.from_metadata(body["view"]["private_metadata"]).channel
    caller = bot.caller(body["user"]["id"], channel, Surface.BUTTON)
    return await bot.proven(caller, key, Right.EDIT), FormPlace(key, channel)


async def retire(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Retire the scorecard; the answer has the way back."""
    await ack()
    caller, place = await clicker(bot, body, action["value"])
    retired = await editing.retire(bot.store, caller, key=place.scorecard)
    home.refresh(bot, caller.actor.id)
    if retired.change is None:
        return
    reply = retired_reply(retired.snapshot, retired.change)
    view_id, gone = body["view"]["id"], kit.told(TITLE, reply.text)
    sender = {"user": body["user"], "channel": {"id": place.channel}}
    bot.tasks.spawn(bot.tell(sender, reply))
    bot.tasks.spawn(call(bot.client.views_update, view_id=view_id, view=gone))


def refresh_menu(bot: Bot, body: Body) -> None:
    """Show in the menu what a form above it, or a list, has just changed.

    `body` is the form's submission or a click in the list; nothing happens where there is no
    menu below.
    """
    view = body["view"]
    root = view.get("root_view_id") or view["id"]
    if root == view["id"]:
        return
    place = FormPlace.from_metadata(view["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)

    async def refresh() -> None:
        proven = await bot.proven(caller, place.scorecard, Right.EDIT)
        known = await setup.show(bot.store, proven, place.scorecard)
        menu = setup_menu(known, place.channel)
        await call(bot.client.views_update, view_id=root, view=menu)
        await _tell_trouble(bot, known, place.channel, root)

    sender = {"user": body["user"], "channel": {"id": place.channel}}
    bot.follow_up(sender, refresh(), doing=DOING)


async def _tell_trouble(bot: Bot, known: SetUp, channel: str | None, view_id: str) -> None:
    """Say in the menu what keeps the bot out of the scorecard's home: Slack is asked."""
    home = known.snapshot.scorecard.channel
    trouble = await home_trouble(bot, home) if home else ""
    if trouble:
        menu = setup_menu(known, channel, trouble)
        await call(bot.client.views_update, view_id=view_id, view=menu)


async def home_trouble(bot: Bot, channel: str) -> str:
    """What keeps the bot from posting in a channel and how to mend it, in mrkdwn; empty if nothing
    does, or Slack can't say."""
    try:
        found = (await call(bot.client.conversations_info, channel=channel))["channel"]
    except SlackFailure as failure:
        return "" if failure.is_passing else failure.remedy
    if found.get("is_archived"):
        return f"<#{channel}> is archived. Unarchive it or choose another home."
    if not found.get("is_member"):
        return f"The bot isn't in <#{channel}>. Invite it there: `/invite @KPI`"
    return ""

"""Setting up a scorecard from Slack: the menu, and what belongs to the scorecard itself."""

from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import NotAllowed, NotFound
from app.domain.outcomes import SetUp
from app.domain.scorecards import Scorecard
from app.services import editing, scorecards, setup
from app.services.callers import Caller, Right, Standing, Surface
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.setup import retired_reply, setup_menu
from app.slack.blocks.setup_start import start_view
from app.slack.bot import Body, Bot
from app.slack.listeners import home
from app.slack.listeners.opening import sender, update_view
from app.slack.publish import SlackFailure, call

DOING = "setting up a scorecard"
UTC = ZoneInfo("UTC")


def open_setup(bot: Bot, caller: Caller, command: Body) -> None:
    """Open the menu of the channel's scorecard for who may edit it, or the ways to begin one."""

    async def open_menu() -> None:
        key = await setup.at_home(bot.store, caller)
        if key is None:
            view = await start(bot, caller)
            await call(bot.client.views_open, trigger_id=command["trigger_id"], view=view)
            return
        known = await _set_up_here(bot, caller, key)
        menu = setup_menu(known, caller.actor.channel)
        opened = await call(bot.client.views_open, trigger_id=command["trigger_id"], view=menu)
        await tell_trouble(bot, known, caller.actor.channel, opened["view"]["id"])

    bot.follow_up(command, open_menu(), doing=DOING)


async def _set_up_here(bot: Bot, caller: Caller, key: str) -> SetUp:
    """The scorecard at home in the caller's channel; who may not see it isn't told that it is."""
    proven = await bot.proven(caller, key, Right.EDIT)
    try:
        return await setup.show(bot.store, proven, key)
    except NotFound:
        if proven.actor.unanswered:
            raise
        raise NotAllowed(
            "You can't set up a scorecard in this channel.", "Ask an admin of this workspace."
        ) from None


async def start(bot: Bot, caller: Caller) -> dict[str, Any]:
    """The ways to begin a scorecard, for who may; raises `NotAllowed`."""
    maker = await as_maker(bot, caller, caller.actor.channel)
    if maker.actor.standing is Standing.STRANGER:
        raise NotAllowed(
            "People of other organisations and bots can't make a scorecard.",
            "Ask somebody of this workspace.",
        )
    theirs = await scorecards.named(bot.store, maker, Right.EDIT)
    homes = await scorecards.homes(bot.store, maker)
    homeless = {key: name for key, name in theirs.items() if homes[key] is None}
    retired = await setup.retired_here(bot.store, maker)
    return start_view(caller.actor.channel, retired, homeless)


async def as_maker(bot: Bot, caller: Caller, home: str | None) -> Caller:
    """The caller with what Slack says of them, as far as it decides on a scorecard of theirs."""
    theirs = Scorecard("theirs", "", "", UTC, channel=home, access=editing.owned_by(caller))
    return await bot.proven_about([theirs], caller, Right.EDIT)


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
    to = sender(body, place)
    bot.tasks.spawn(bot.tell(to, retired_reply(retired.snapshot, retired.change)))

    async def show_start() -> None:
        view = await start(bot, caller)
        await update_view(bot, body["view"]["id"], view)

    bot.follow_up(to, show_start(), doing=DOING)


def refresh_menu(bot: Bot, body: Body) -> None:
    """Show in the menu what a form above it, or a list, has just changed.

    `body` is the form's submission or a click in the list; nothing happens where there is no
    menu below.
    """
    view = body["view"]
    root = view.get("root_view_id") or view["id"]
    if root == view["id"]:
        return
    to = sender(body, FormPlace.from_metadata(view["private_metadata"]))
    bot.follow_up(to, show_menu_anew(bot, body), doing=DOING)


async def show_menu_anew(bot: Bot, body: Body) -> None:
    """Show in the menu how things stand now, after a click or a submission in it or above it."""
    view = body["view"]
    root = view.get("root_view_id") or view["id"]
    place = FormPlace.from_metadata(view["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)
    proven = await bot.proven(caller, place.scorecard, Right.EDIT)
    known = await setup.show(bot.store, proven, place.scorecard)
    await update_view(bot, root, setup_menu(known, place.channel))
    await tell_trouble(bot, known, place.channel, root)


async def tell_trouble(bot: Bot, known: SetUp, channel: str | None, view_id: str) -> None:
    """Say in the menu what keeps the bot out of the scorecard's home."""
    if trouble := await trouble_of(bot, known):
        menu = setup_menu(known, channel, trouble)
        await update_view(bot, view_id, menu)


async def trouble_of(bot: Bot, known: SetUp) -> str:
    """What keeps the bot out of a scorecard's home and how to mend it, in mrkdwn.

    Empty if nothing does, or Slack can't say.
    """
    channel = known.snapshot.scorecard.channel
    if channel is None:
        return ""
    try:
        found = (await call(bot.client.conversations_info, channel=channel))["channel"]
    except SlackFailure as failure:
        return "" if failure.is_passing else failure.remedy
    if found.get("is_archived"):
        return f"<#{channel}> is archived. Unarchive it or choose another home."
    if not found.get("is_member"):
        return f"The bot isn't in <#{channel}>. Invite it there: `/invite @KPI`"
    return ""

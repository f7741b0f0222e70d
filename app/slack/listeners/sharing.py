"""Sharing in the channel what only the asker sees."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from slack_bolt.context.ack.async_ack import AsyncAck

from app.services import scorecards
from app.services.callers import Caller, Guarded, Right, Standing, Surface, demand, may
from app.slack.blocks import kit
from app.slack.blocks.kit import Block, Message
from app.slack.blocks.metrics import metric_screen
from app.slack.blocks.roadmap import roadmap_screen
from app.slack.blocks.scorecards import scorecard_post
from app.slack.blocks.sharing import shared, shared_reply
from app.slack.bot import Body, Bot
from app.slack.failures import explain
from app.slack.ids import Action, about, read_about, read_number
from app.slack.publish import SlackFailure, answer_later, call
from app.slack.single import UnderWay, post_once, posted_before


def can_share(caller: Caller, scorecard: Guarded) -> bool:
    """Whether a screen of this scorecard gets the button.

    Not where all see it anyway, nor in a direct message, which has nobody to share it with.
    """
    channel = caller.actor.channel
    alone = caller.surface is not Surface.MENTION
    in_channel = channel is not None and not channel.startswith("D")
    return alone and in_channel and may(caller.actor, Right.SHARE, scorecard)


def can_edit(caller: Caller, scorecard: Guarded) -> bool:
    """Whether a screen gets the buttons that change what the scorecard is.

    Not in public. An owner by name gets them also where Slack has not been asked who that
    is, which would keep them waiting for what they read: the click asks.
    """
    actor = caller.actor
    if actor.standing is Standing.UNKNOWN:
        actor = replace(actor, standing=Standing.MEMBER)
    return caller.surface is not Surface.MENTION and may(actor, Right.EDIT, scorecard)


async def share_page(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    key, page = read_about(action["value"])

    async def screen(caller: Caller) -> Message:
        snapshot = await scorecards.show(bot.store, caller, key)
        demand(caller, Right.SHARE, snapshot.scorecard)
        picture = await bot.pictures.of_scorecard(caller, key)
        return scorecard_post(snapshot, read_number(page), picture)

    back = kit.button("Back to the scorecard", Action.SHOW_PAGE, action["value"])
    await ack()
    _share(body, action, bot, screen, back)


async def share_metric(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    key, metric = read_about(action["value"])

    async def screen(caller: Caller) -> Message:
        history = await scorecards.show_metric(bot.store, caller, metric, key, with_trajectory=True)
        demand(caller, Right.SHARE, history.snapshot.scorecard)
        return metric_screen(history, picture=await bot.pictures.of_metric(caller, metric, key))

    back = kit.button("Back to the metric", Action.SHOW_METRIC, about(key, metric))
    await ack()
    _share(body, action, bot, screen, back)


async def share_roadmap(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    key, page = read_about(action["value"])

    async def screen(caller: Caller) -> Message:
        snapshot = await scorecards.show(bot.store, caller, key)
        demand(caller, Right.SHARE, snapshot.scorecard)
        picture = await bot.pictures.of_roadmap(snapshot)
        return roadmap_screen(snapshot, read_number(page), picture=picture)

    back = kit.button("Back to the roadmap", Action.SHOW_ROADMAP, action["value"])
    await ack()
    _share(body, action, bot, screen, back)


def _share(
    body: Body,
    action: Body,
    bot: Bot,
    screen: Callable[[Caller], Awaitable[Message]],
    back: Block,
) -> None:
    """Post the screen; its button is gone once that is done.

    A second click posts nothing. It only says again what was done, for the process that took the
    first may have died before it said so.
    """
    channel, key = body["channel"]["id"], read_about(action["value"])[0]
    shown_at = body["container"]["message_ts"]
    # Slack names each block anew whenever a message is shown anew.
    click = f"share-{channel}-{shown_at}-{action['block_id']}"

    async def make() -> Message:
        caller = await bot.proven_clicker(body, key, Right.SHARE)
        return shared(await screen(caller), body["user"]["id"])

    async def share() -> None:
        with suppress(UnderWay):
            ts = await post_once(bot, click, make, channel)
            if ts is None:
                ts = await posted_before(bot, click, channel, float(shown_at))
            reply = shared_reply(await _link(bot, channel, ts) if ts else None, back)
            await answer_later(body["response_url"], reply, replace=True)

    async def say_why(error: Exception) -> None:
        await bot.tell(body, explain(error, "sharing a screen"))

    bot.tasks.spawn(share(), tell=say_why)


async def _link(bot: Bot, channel: str, ts: str) -> str | None:
    """Where the post stands; sharing doesn't fail for want of a link."""
    try:
        found = await call(bot.client.chat_getPermalink, channel=channel, message_ts=ts)
    except SlackFailure:
        return None
    return str(found["permalink"])

"""What happens in Slack: somebody mentions the bot."""

import asyncio
import re
from contextlib import suppress

from slack_bolt.response import BoltResponse

from app.services.callers import Caller, Surface
from app.slack import grammar
from app.slack.blocks.kit import Message
from app.slack.blocks.notices import notice
from app.slack.bot import Body, Bot
from app.slack.failures import explain
from app.slack.ids import COMMAND
from app.slack.listeners import commands
from app.slack.publish import SlackFailure, post
from app.slack.requests import NOT_YET
from app.slack.single import UnderWay, post_once

ACK_SECONDS = 2.0
"""How long Slack waits for the ack, of its 3 seconds, for the answer to be posted."""


async def mention(event: Body, body: Body, bot: Bot) -> BoltResponse | None:
    """Answer `@KPI rollbacks` in its thread, to all who can read the channel.

    What is acknowledged is answered. Until then Slack tells of it again under the same id, at once
    and after a minute, and so another process learns of it if this one dies.
    """
    if event.get("bot_id"):
        return None
    channel, thread = event["channel"], event.get("thread_ts") or event["ts"]
    caller = bot.caller(event["user"], channel, Surface.MENTION)
    thing, settled = f"mention-{body['event_id']}", asyncio.Event()

    async def make() -> Message:
        typed = _words_for(bot.identity.user_id, event.get("text") or "")
        return await _answer(bot, caller, event, typed)

    async def say_why(error: Exception) -> None:
        message = explain(error, "answering a mention")
        if isinstance(error, SlackFailure) and error.is_passing:
            return  # it may be answered when Slack tells of it again
        settled.set()
        if not isinstance(error, SlackFailure):  # one that refused a post refuses this one too
            await post(bot.client, channel, message, thread=thread)

    async def answer() -> None:
        with suppress(UnderWay):
            await post_once(bot, thing, make, channel, thread=thread)
            settled.set()

    await asyncio.wait({bot.tasks.spawn(answer(), tell=say_why)}, timeout=ACK_SECONDS)
    return None if settled.is_set() else BoltResponse(status=NOT_YET)


async def _answer(bot: Bot, caller: Caller, event: Body, typed: str) -> Message:
    asked = grammar.parse(typed)
    if isinstance(asked, grammar.ReadOnly):
        proven = await bot.proven(caller, right=commands.right_for(asked))
        answer = await commands.answer(bot, proven, event, asked)
        if answer is not None:
            return answer
    return notice(f"A mention only shows. For this, type the command: {COMMAND} {typed}")


def _words_for(bot_user: str | None, text: str) -> str:
    """What stands behind the first mention of the bot; nothing asks for the scorecard."""
    parts = re.split(rf"<@{bot_user}(?:\|[^>]*)?>", text, maxsplit=1)
    return parts[-1].strip() if len(parts) > 1 else ""

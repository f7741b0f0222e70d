"""What happens in Slack: somebody mentions the bot."""

import asyncio
import re
from contextlib import suppress

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from app.services.callers import Surface
from app.slack import grammar
from app.slack.blocks.kit import Message
from app.slack.blocks.notices import notice
from app.slack.bot import Body, Bot
from app.slack.failures import explain
from app.slack.ids import COMMAND
from app.slack.listeners import commands
from app.slack.publish import SlackFailure, post
from app.slack.requests import NOT_YET, times_told_before
from app.slack.single import UnderWay, post_once, posted_before

DOING = "answering a mention"
ACK_SECONDS = 2.0
"""How long Slack waits for the ack, of its 3 seconds, for the answer to be posted."""
AT_ONCE = 1
"""Slack tells of an event again at once, when the first attempt may still be at it; the next time
is a minute later (docs.slack.dev/apis/events-api)."""


async def mention(
    event: Body, body: Body, request: AsyncBoltRequest, bot: Bot
) -> BoltResponse | None:
    """Answer `@KPI rollbacks` in its thread, to all who can read the channel.

    What is acknowledged is answered. Until then Slack tells of it again under the same id, at once
    and after a minute, and so another process learns of it if this one dies.
    """
    if event.get("bot_id"):
        return None
    told = _Mention(bot, event, f"mention-{body['event_id']}", times_told_before(request))
    return None if await told.is_settled_in_time() else BoltResponse(status=NOT_YET)


class _Mention:
    """One telling of a mention: it is settled once its answer stands, or none can."""

    def __init__(self, bot: Bot, event: Body, thing: str, told_before: int) -> None:
        self._bot, self._event = bot, event
        self._thing, self._told_before = thing, told_before
        self._channel = event["channel"]
        self._thread = event.get("thread_ts") or event["ts"]
        self._is_settled = self._is_late = False

    async def is_settled_in_time(self) -> bool:
        task = self._bot.tasks.spawn(self._answer(), tell=self._say_why)
        await asyncio.wait({task}, timeout=ACK_SECONDS)
        self._is_late = not self._is_settled
        return self._is_settled

    async def _answer(self) -> None:
        with suppress(UnderWay):
            await post_once(
                self._bot,
                self._thing,
                self._make,
                self._channel,
                thread=self._thread,
                asked_before=self._told_before > 0,
            )
            self._is_settled = True

    async def _make(self) -> Message:
        try:
            return await self._shown()
        except SlackFailure:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the person waits for it here
            return explain(error, DOING)

    async def _shown(self) -> Message:
        typed = _words_for(self._bot.identity.user_id, self._event.get("text") or "")
        asked = grammar.parse(typed)
        if isinstance(asked, grammar.ReadOnly):
            caller = self._bot.caller(self._event["user"], self._channel, Surface.MENTION)
            proven = await self._bot.proven(caller, right=commands.right_for(asked))
            answer = await commands.answer(self._bot, proven, self._event, asked)
            if answer is not None:
                return answer
        return notice(f"A mention only shows. For this, type the command: {COMMAND} {typed}")

    async def _say_why(self, error: Exception) -> None:
        """What keeps an answer from being posted at all: the database or Slack."""
        message = explain(error, DOING)
        if isinstance(error, SlackFailure):
            # What refused a post refuses this one too; what passes is tried again when told again.
            self._is_settled = not error.is_passing
        elif not self._is_late and self._told_before != AT_ONCE:
            # Otherwise an attempt before this one or after it may answer, which can't be seen now.
            await self._post_unless_answered(message)
            self._is_settled = True

    async def _post_unless_answered(self, message: Message) -> None:
        bot, thing, channel, thread = self._bot, self._thing, self._channel, self._thread
        if await posted_before(bot, thing, channel, float(thread), thread=thread) is None:
            await post(bot.client, channel, message, delivery=thing, thread=thread)


def _words_for(bot_user: str | None, text: str) -> str:
    """What stands behind the first mention of the bot; nothing asks for the scorecard."""
    parts = re.split(rf"<@{bot_user}(?:\|[^>]*)?>", text, maxsplit=1)
    return parts[-1].strip() if len(parts) > 1 else ""

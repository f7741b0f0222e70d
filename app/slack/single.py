"""A post that is asked for by what may come twice: it stands in Slack once, whichever process is
asked, and however often."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from app.services import once
from app.slack.blocks.kit import Message
from app.slack.bot import Bot
from app.slack.publish import Unsure, find_delivery, post

log = logging.getLogger(__name__)


class UnderWay(Exception):
    """Another attempt is at it, or was when its process died."""


MOST_SECONDS = 40.0
"""An attempt ends by itself before its lease does."""
CLOCKS_DIFFER = timedelta(hours=1)


async def post_once(
    bot: Bot,
    thing: str,
    make: Callable[[], Awaitable[Message]],
    channel: str,
    *,
    thread: str | None = None,
    asked_before: bool = False,
) -> str | None:
    """Post what `make` gives for a thing, and give its `ts`; None where another attempt has.

    `asked_before` says that there was an attempt, even if it left no trace in the database. Raises
    `UnderWay` while another is at it, and what keeps it from being posted: then the next time
    counts as the first.
    """
    begun = await once.begin(bot.store, thing, bot.clock())
    if begun is None:
        if await once.is_done(bot.store, thing):
            return None
        raise UnderWay
    try:
        async with asyncio.timeout(MOST_SECONDS):
            ts = None
            if begun.was_tried or asked_before:
                since = float(thread) if thread else (begun.since - CLOCKS_DIFFER).timestamp()
                ts = await posted_before(bot, thing, channel, since, thread=thread)
            if ts is None:
                ts = await post(bot.client, channel, await make(), delivery=thing, thread=thread)
    except BaseException:
        with suppress(SQLAlchemyError):  # then the lease runs out
            await once.may_begin_again(bot.store, thing, bot.clock())
        raise
    await _note_end(bot, thing)
    return ts


async def _note_end(bot: Bot, thing: str) -> None:
    """It stands, whatever the database says to that: who is asked once the lease has run out finds
    it in Slack."""
    try:
        await once.end(bot.store, thing)
    except SQLAlchemyError as error:
        log.warning("that %s is done could not be noted: %s", thing, type(error).__name__)


async def posted_before(
    bot: Bot, thing: str, channel: str, since: float, *, thread: str | None = None
) -> str | None:
    """The `ts` of what an earlier attempt has posted; None also where Slack doesn't say."""
    try:
        return await find_delivery(bot.client, channel, thing, since, thread=thread)
    except Unsure as failure:
        log.warning("an earlier attempt could not be looked for: %s", failure)
        return None

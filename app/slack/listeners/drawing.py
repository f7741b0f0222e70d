"""What follows a screen as soon as it is drawn. The screen says all of it in words already."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable

from app.domain.errors import NotFound
from app.services import scorecards
from app.services.callers import Caller
from app.slack.blocks.kit import Message
from app.slack.blocks.metrics import metric_chart
from app.slack.blocks.roadmap import roadmap_picture
from app.slack.bot import Body, Bot
from app.slack.failures import explain
from app.slack.publish import answer_later

AFTER_THE_ANSWER = 0.1
"""Seconds. The ack leaves when its listener is through; what is sent at once could overtake it."""


def show_trajectory(
    bot: Bot, caller: Caller, body: Body, metric: str, key: str | None = None
) -> None:
    """Let the trajectory of a metric follow: as a picture, else as a chart that Slack draws."""

    async def draw() -> Message | None:
        try:
            history = await scorecards.show_metric(
                bot.store, caller, metric, key, with_trajectory=True
            )
        except NotFound:
            return None  # the answer has said so
        if metric_chart(history) is None:
            return None
        return metric_chart(history, await bot.pictures.of_metric(caller, metric, key))

    _follow(bot, caller, body, ("trajectory", key, metric), draw)


def show_timeline(bot: Bot, caller: Caller, body: Body) -> None:
    """Let the timeline of the roadmap follow, where a picture can be had."""

    async def draw() -> Message | None:
        try:
            snapshot = await scorecards.show(bot.store, caller)
        except NotFound:
            return None
        picture = await bot.pictures.of_roadmap(snapshot)
        return roadmap_picture(snapshot, picture) if picture else None

    _follow(bot, caller, body, ("timeline",), draw)


def _follow(
    bot: Bot,
    caller: Caller,
    body: Body,
    subject: tuple[Hashable, ...],
    draw: Callable[[], Awaitable[Message | None]],
) -> None:
    """Send what is drawn, below the answer and in its thread.

    Who asks again meanwhile gets it once, below the last of the answers.
    """
    asked = (caller.actor.id, caller.actor.channel, *subject)
    if not bot.once.begins(asked):
        return
    thread = (body.get("container") or {}).get("thread_ts")

    async def show() -> None:
        await asyncio.sleep(AFTER_THE_ANSWER)
        bot.once.may_begin_again(asked)
        drawn = await draw()
        if drawn is not None:
            await answer_later(body["response_url"], drawn, thread=thread)

    async def note(error: Exception) -> None:
        explain(error, "showing a chart")

    bot.tasks.spawn(show(), tell=note)

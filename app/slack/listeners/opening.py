"""Opening a form for the one who asked, before their trigger runs out."""

from typing import Any

from app.slack.bot import Body, Bot
from app.slack.failures import explain
from app.slack.publish import call


def open_view(bot: Bot, body: Body, view: dict[str, Any], doing: str) -> None:
    """Open a view; if that fails, the person is told."""

    async def say_why(error: Exception) -> None:
        await bot.tell(body, explain(error, doing))

    bot.tasks.spawn(
        call(bot.client.views_open, trigger_id=body["trigger_id"], view=view), tell=say_why
    )

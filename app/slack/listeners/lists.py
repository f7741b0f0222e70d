"""Lists, and turning their pages."""

from slack_bolt.context.ack.async_ack import AsyncAck

from app.services import lists, scorecards
from app.services.callers import Right
from app.slack.blocks.filters import read_place
from app.slack.blocks.history import history_screen
from app.slack.blocks.kit import Message
from app.slack.blocks.milestone_list import milestones_screen
from app.slack.blocks.roadmap import roadmap_screen
from app.slack.bot import Body, Bot
from app.slack.ids import read_about, read_number
from app.slack.listeners.actions import answer_click
from app.slack.listeners.sharing import can_edit, can_share


async def show_roadmap(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    async def screen() -> Message:
        key, page = read_about(action["value"])
        caller = await bot.proven_clicker(body, key, Right.EDIT)
        snapshot = await scorecards.show(bot.store, caller, key)
        scorecard = snapshot.scorecard
        return roadmap_screen(
            snapshot,
            read_number(page),
            can_edit=can_edit(caller, scorecard),
            can_share=can_share(caller, scorecard),
        )

    await answer_click(ack, body, bot, screen)


async def show_milestones(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    async def screen() -> Message:
        key, subject = read_about(action["value"])
        page, typed = read_place(subject)
        caller = await bot.proven_clicker(body, key)
        listed = await lists.milestones(bot.store, caller, typed, key=key)
        return milestones_screen(listed, read_number(page))

    await answer_click(ack, body, bot, screen)


async def show_history(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    async def screen() -> Message:
        key, subject = read_about(action["value"])
        page, typed = read_place(subject)
        caller = await bot.proven_clicker(body, key, Right.EDIT)
        history = await lists.history(bot.store, caller, typed, beside=_beside(page), key=key)
        return history_screen(history)

    await answer_click(ack, body, bot, screen)


def _beside(page: str) -> lists.Beside | None:
    """`older:12` and `newer:12` as the page beside that change; anything else is the newest."""
    side, _, change = page.partition(":")
    return lists.Beside(read_number(change), newer=side == "newer") if change else None

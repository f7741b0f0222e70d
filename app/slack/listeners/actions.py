"""Clicks: buttons of messages, and choices in forms."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain import names
from app.domain.outcomes import Undone
from app.services import scorecards, undoing
from app.services.callers import Right, Surface
from app.slack.blocks import forms, kit
from app.slack.blocks.history import reverted_reply
from app.slack.blocks.kit import Message
from app.slack.blocks.metric_fields import FormPlace, metric_options
from app.slack.blocks.metrics import metric_screen, undone_reply
from app.slack.blocks.milestones import phase_options, stream_options
from app.slack.blocks.part_forms import need_options
from app.slack.blocks.scorecards import scorecard_screen
from app.slack.bot import Body, Bot
from app.slack.failures import explain
from app.slack.ids import Action, read_about, read_number
from app.slack.inputs.forms import grown_form
from app.slack.listeners import drawing, home
from app.slack.listeners.commands import open_ship_form
from app.slack.listeners.sharing import can_edit, can_share
from app.slack.publish import answer_later, call

_OPTIONS = {
    Action.CHOOSE_METRICS: metric_options,
    Action.CHOOSE_WORK_STREAMS: stream_options,
    Action.CHOOSE_PHASE: phase_options,
    Action.CHOOSE_DRIVERS: stream_options,
    Action.CHOOSE_NEEDS: need_options,
}


async def show_metric(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    key, metric = read_about((action.get("selected_option") or action)["value"])

    async def screen() -> Message:
        caller = await bot.proven_clicker(body, key, Right.EDIT)
        history = await scorecards.show_metric(bot.store, caller, metric, key)
        scorecard = history.snapshot.scorecard
        return metric_screen(
            history, can_share=can_share(caller, scorecard), can_edit=can_edit(caller, scorecard)
        )

    async def draw() -> None:
        caller = await bot.proven_clicker(body, key)
        drawing.show_trajectory(bot, caller, body, metric, key)

    await answer_click(ack, body, bot, screen, then=draw)


async def show_page(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    async def screen() -> Message:
        key, page = read_about(action["value"])
        caller = await bot.proven_clicker(body, key)
        snapshot = await scorecards.show(bot.store, caller, key)
        shareable = can_share(caller, snapshot.scorecard)
        return scorecard_screen(snapshot, read_number(page), can_share=shareable)

    await answer_click(ack, body, bot, screen)


async def undo(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    async def screen() -> Message:
        return await _taken_back(bot, body, read_number(action["value"]))

    await answer_click(ack, body, bot, screen)


async def undo_one(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Undo one of several; the answer that lists them all stays."""
    await ack()

    async def take_back() -> None:
        await answer_later(
            body["response_url"], await _taken_back(bot, body, read_number(action["value"]))
        )

    bot.follow_up(body, take_back(), doing="answering a click")


async def _taken_back(bot: Bot, body: Body, change: int) -> Message:
    changed = await undoing.guarded(bot.store, change)
    about = [changed] if changed else []
    caller = await bot.proven_about(about, bot.clicker(body), Right.EDIT, in_time=False)
    undone = await undoing.undo(bot.store, caller, change)
    bot.tasks.spawn(bot.outbox.deliver_due())
    home.refresh(bot, body["user"]["id"])
    return undone_reply(undone) if isinstance(undone, Undone) else reverted_reply(undone)


async def ship(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await ack()
    key, metric = read_about(action["value"])
    caller = await bot.proven_clicker(body, key, Right.SHIP)
    await open_ship_form(bot, caller, body, key=key, metric=metric)


async def answer_click(
    ack: AsyncAck,
    body: Body,
    bot: Bot,
    screen: Callable[[], Awaitable[Message]],
    *,
    then: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Take the click at once; its screen replaces what only this person sees.

    What is clicked in the Home tab opens a modal, in which further clicks stay: there is no place
    for what comes `then`.
    """
    await ack()
    container = body.get("container") or {}
    own, thread = bool(container.get("is_ephemeral")), container.get("thread_ts")

    async def show() -> None:
        message = await screen()
        if "view" in body:
            await _show_in_modal(bot, body, message)
            return
        await answer_later(body["response_url"], message, replace=own, thread=thread)
        if then is not None:
            await then()

    bot.follow_up(body, show(), doing="answering a click")


async def _show_in_modal(bot: Bot, body: Body, message: Message) -> None:
    modal = forms.screen("Scorecard", message)
    if body["view"]["type"] == "modal":
        await call(bot.client.views_update, view_id=body["view"]["id"], view=modal)
    else:
        await call(bot.client.views_open, trigger_id=body["trigger_id"], view=modal)


async def choose_metrics(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """Let the form grow a field for each chosen metric; what was typed stays."""
    await ack()
    view = body["view"]
    place = FormPlace.from_metadata(view["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)

    async def grow() -> None:
        # Without the view's hash: who ticks two metrics in a row has seen neither update, and
        # the later one is right.
        proven = await bot.proven(caller, place.scorecard)
        snapshot = await scorecards.show(bot.store, proven, place.scorecard)
        grown = grown_form(view, snapshot, place.channel)
        await call(bot.client.views_update, view_id=view["id"], view=grown)

    async def note(error: Exception) -> None:
        # The form may be closed by now; otherwise it grows when it is sent.
        explain(error, "growing a form")

    bot.tasks.spawn(grow(), tell=note)


async def options(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """The choices that match what is typed, where there are more than Slack shows at once."""
    place = FormPlace.from_metadata(body["view"]["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)
    caller = await bot.proven(caller, place.scorecard)
    snapshot = await scorecards.show(bot.store, caller, place.scorecard)
    typed = names.normalised(body.get("value") or "")
    matching: list[dict[str, Any]] = [
        kit.option(key, label)
        for key, label in _OPTIONS[Action(body["action_id"])](snapshot).items()
        if typed in names.normalised(label)
    ]
    await ack(options=matching[: kit.MOST_OPTIONS])

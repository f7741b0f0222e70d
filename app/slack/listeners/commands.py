"""The command /kpi."""

from contextlib import suppress

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import NotFound
from app.services import deliveries, digests, lists, milestones, scorecards
from app.services.callers import Caller, Right, Surface, demand
from app.services.deliveries import State
from app.slack import grammar
from app.slack.blocks.digests import digest_preview
from app.slack.blocks.history import history_screen
from app.slack.blocks.kit import Message
from app.slack.blocks.metrics import metric_screen
from app.slack.blocks.milestone_list import milestones_screen
from app.slack.blocks.milestones import Draft, ship_form
from app.slack.blocks.notices import help_screen, notice, remedy, suggestions
from app.slack.blocks.offers import offer
from app.slack.blocks.roadmap import roadmap_screen
from app.slack.blocks.scorecards import scorecard_post, scorecard_screen
from app.slack.bot import Body, Bot
from app.slack.ids import Action, about
from app.slack.listeners import drawing, home, updating
from app.slack.listeners.opening import open_plan_form, open_view
from app.slack.listeners.setup import open_setup
from app.slack.listeners.setup_forms import show_schedule_form
from app.slack.listeners.sharing import can_edit, can_share
from app.slack.publish import answer_later


async def kpi(ack: AsyncAck, command: Body, bot: Bot) -> None:
    """Answer /kpi in its ack; what would take longer follows."""
    asked = grammar.parse(command.get("text") or "")
    caller = bot.caller(command["user_id"], command["channel_id"], Surface.COMMAND)
    try:
        caller, shown = await _answered(bot, caller, command, asked)
    except scorecards.NoneHere as nothing:
        await ack()
        _offer_others(bot, caller, command, nothing)
        return
    if shown is None:
        await ack()
    else:
        await ack({"response_type": "ephemeral", **shown.as_payload()})
    match asked:
        case grammar.ShowMetric(typed):
            drawing.show_trajectory(bot, caller, command, typed)
        case grammar.ShowRoadmap():
            drawing.show_timeline(bot, caller, command)
    if not isinstance(asked, grammar.ReadOnly):
        home.refresh(bot, caller.actor.id)


_RIGHTS: dict[type[grammar.Command], Right] = {
    grammar.Update: Right.RECORD,
    grammar.Ship: Right.SHIP,
    grammar.Plan: Right.SHIP,
    grammar.PostDigest: Right.POST_DIGEST,
    grammar.ScheduleDigest: Right.EDIT,
    grammar.ShowHistory: Right.EDIT,
}
"""What a command takes; the history tells what its reader can undo, which may take that."""


def right_for(asked: grammar.Command) -> Right:
    return _RIGHTS.get(type(asked), Right.SEE)


async def _answered(
    bot: Bot, caller: Caller, command: Body, asked: grammar.Command
) -> tuple[Caller, Message | None]:
    """The answer, and the caller with the proof that it took.

    To read what is at home in one's own channel takes none, unless few are named for it.
    """
    right = right_for(asked)
    if not right.is_change:
        with suppress(scorecards.NoneHere):
            return caller, await answer(bot, caller, command, asked)
    caller = await bot.proven(caller, right=right)
    return caller, await answer(bot, caller, command, asked)


def _offer_others(bot: Bot, caller: Caller, command: Body, nothing: scorecards.NoneHere) -> None:
    """Let the asker choose of the scorecards that they may see; who that is, Slack is asked."""

    async def show() -> None:
        proven = await bot.proven(caller, everywhere=True)
        seen = await scorecards.show_all(bot.store, proven)
        unsaid = scorecards.not_said(proven.actor) if proven.actor.unanswered else nothing.message
        message = offer(seen) if seen else notice(unsaid)
        await answer_later(command["response_url"], message)

    bot.follow_up(command, show(), doing="offering scorecards")


async def answer(bot: Bot, caller: Caller, command: Body, asked: grammar.Command) -> Message | None:
    """What is shown at once to who asked; None where a form opens instead."""
    match asked:
        case grammar.Update(typed):
            return await updating.update(bot, caller, command, typed)
        case grammar.Plan(title):
            await open_plan_form(bot, caller, command, title)
            return None
        case grammar.Ship(title):
            await open_ship_form(bot, caller, command, title=title)
            return None
        case grammar.ScheduleDigest():
            await show_schedule_form(bot, caller, command, None)
            return None
        case grammar.SetUp():
            open_setup(bot, caller, command)
            return None
        case grammar.PreviewDigest():
            return digest_preview(await digests.preview(bot.store, caller))
        case grammar.PostDigest():
            return await _post_digest(bot, caller, command)
        case _:
            return await _screen(bot, caller, asked)


async def _screen(bot: Bot, caller: Caller, asked: grammar.ReadOnly) -> Message:
    """What is only read; all can see what a mention is answered, so pictures stand in it."""
    in_public = caller.surface is Surface.MENTION
    match asked:
        case grammar.ShowScorecard():
            snapshot = await scorecards.show(bot.store, caller)
            if in_public:
                return scorecard_post(snapshot, picture=await bot.pictures.of_scorecard(caller))
            return scorecard_screen(snapshot, can_share=can_share(caller, snapshot.scorecard))
        case grammar.ShowMetric(typed):
            return await _metric(bot, caller, typed)
        case grammar.ShowMilestones(typed):
            return milestones_screen(await lists.milestones(bot.store, caller, typed))
        case grammar.ShowHistory(typed):
            return history_screen(await lists.history(bot.store, caller, typed))
        case grammar.ShowRoadmap():
            snapshot = await scorecards.show(bot.store, caller)
            return roadmap_screen(
                snapshot,
                can_edit=can_edit(caller, snapshot.scorecard),
                can_share=can_share(caller, snapshot.scorecard),
                picture=await bot.pictures.of_roadmap(snapshot) if in_public else None,
            )
        case grammar.Help():
            return help_screen()


async def _metric(bot: Bot, caller: Caller, typed: str) -> Message:
    in_public = caller.surface is Surface.MENTION
    try:
        history = await scorecards.show_metric(bot.store, caller, typed, with_trajectory=in_public)
    except NotFound as error:
        if error.field != "metric":
            raise
        return await _suggestions(bot, caller, typed, error)
    scorecard = history.snapshot.scorecard
    return metric_screen(
        history,
        can_share=can_share(caller, scorecard),
        can_edit=can_edit(caller, scorecard),
        picture=await bot.pictures.of_metric(caller, typed) if in_public else None,
    )


async def _suggestions(bot: Bot, caller: Caller, typed: str, error: NotFound) -> Message:
    """What to say of a word that is no metric, with the metrics that may have been meant."""
    told = grammar.unknown_word(typed, error)
    if not error.suggestions:
        return notice(told)
    scorecard = (await scorecards.show(bot.store, caller)).scorecard
    metrics = {
        about(scorecard.key, key): scorecard.metrics_by_key[key].name for key in error.suggestions
    }
    return suggestions(told, Action.SHOW_METRIC, metrics)


async def open_ship_form(
    bot: Bot,
    caller: Caller,
    body: Body,
    *,
    title: str = "",
    key: str | None = None,
    metric: str | None = None,
) -> None:
    """Open the milestone form for the one who asked, before their trigger runs out."""
    snapshot = await scorecards.show(bot.store, caller, key)
    demand(caller, Right.SHIP, snapshot.scorecard)
    planned = milestones.open_milestone(snapshot.scorecard, title) if title else None
    view = ship_form(
        snapshot,
        snapshot.scorecard.channel or caller.actor.channel,
        draft=Draft.of(planned) if planned else Draft(title),
        initial_metric=metric if metric in snapshot.scorecard.metrics_by_key else None,
    )
    open_view(bot, body, view, "opening the milestone form")


async def _post_digest(bot: Bot, caller: Caller, command: Body) -> Message:
    delivery = await digests.post_now(bot.store, caller)

    bot.follow_up(command, deliver_and_tell(bot, command, delivery), doing="posting a digest")
    return notice("Posting this week's digest.")


async def deliver_and_tell(bot: Bot, body: Body, delivery: int) -> None:
    """Deliver what is owed now; who caused this delivery hears if it can't be made."""
    if trouble := await trouble_delivering(bot, delivery):
        await bot.tell(body, remedy(trouble))


async def trouble_delivering(bot: Bot, delivery: int) -> str:
    """Deliver what is owed now; gives what to say of this delivery if it can't be made."""
    await bot.outbox.deliver_due()
    state, _, error = await deliveries.state_of(bot.store, delivery)
    if state is State.FAILED:
        return f"It is kept, but it could not be posted. {error}"
    if state is State.UNSURE:
        return f"Whether it stands in the channel is not sure: /kpi setup asks. {error}"
    return f"It is kept and will be posted. {error}" if state is State.WAITING else ""

"""Steps of workflows: what Workflow Builder lets people add to a workflow of theirs."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from slack_bolt.context.complete.async_complete import AsyncComplete
from slack_bolt.context.fail.async_fail import AsyncFail

from app.domain.errors import KpiError
from app.services import milestones, readings, workflows
from app.services.callers import Actor, Caller, Right, Role, Surface
from app.slack.bot import Body, Bot
from app.slack.failures import explain
from app.slack.inputs.steps import named_by_input, read_milestone, read_reading
from app.slack.publish import SlackFailure, call
from app.slack.step_outputs import Outputs, milestone_outputs, reading_outputs

PAUSES = (1.0, 5.0, 30.0)
"""Seconds to wait before Slack is told again how a step ended: until then its workflow waits."""
_OVER = "execution_not_in_running_state"


async def record(event: Body, complete: AsyncComplete, fail: AsyncFail, bot: Bot) -> None:
    """The step "Record a reading"."""

    async def write(caller: Caller) -> Outputs:
        snapshot = await workflows.scorecard_at_home(bot.store, caller, Right.RECORD)
        scorecard = snapshot.scorecard
        form = read_reading(event["inputs"], snapshot)
        [recorded] = await readings.record_several(bot.store, caller, form, key=scorecard.key)
        return reading_outputs(recorded, scorecard)

    await _carry_out(event, complete, fail, bot, write)


async def ship(event: Body, complete: AsyncComplete, fail: AsyncFail, bot: Bot) -> None:
    """The step "Log a milestone"."""

    async def write(caller: Caller) -> Outputs:
        snapshot = await workflows.scorecard_at_home(bot.store, caller, Right.SHIP)
        key = snapshot.scorecard.key
        form = read_milestone(event["inputs"], snapshot, submission=_run(event))
        try:
            news = await milestones.ship(bot.store, caller, form, key=key)
        except milestones.SentBefore as sent:
            news = await milestones.show(bot.store, caller, sent.milestone, key)
        return milestone_outputs(news)

    await _carry_out(event, complete, fail, bot, write)


async def _carry_out(
    event: Body,
    complete: AsyncComplete,
    fail: AsyncFail,
    bot: Bot,
    write: Callable[[Caller], Awaitable[Outputs]],
) -> None:
    """Write, acknowledge, and only then tell Slack how the step ended.

    Bolt acknowledges when this returns. So Slack tells of a run again whose writing a crash cut
    short; one that has written writes nothing more, and completes with the same outputs.
    """
    if not bot.once.begins(("step", _run(event))):
        return
    try:
        outputs = await write(_caller(bot, event))
    except Exception as error:  # noqa: BLE001 - whatever it is, the workflow waits to hear of it
        bot.tasks.spawn(_end(partial(fail, error=_told(error))))
        return
    bot.tasks.spawn(bot.outbox.deliver_due())
    bot.tasks.spawn(_end(partial(complete, outputs=outputs)))


def _run(event: Body) -> str:
    """The id of one execution of the step, the same however often Slack tells of it."""
    return str(event["function_execution_id"])


def _caller(bot: Bot, event: Body) -> Caller:
    """Slack says which run it is, and not of which workflow."""
    run = f"workflow run {_run(event)}"
    actor = Actor(run, Role.WORKFLOW, channel=event["inputs"].get("channel"))
    return Caller(actor, Surface.WORKFLOW, bot.clock())


def _told(error: Exception) -> str:
    """What is wrong, in words: Slack hands it to the people of the workflow, as a message."""
    if isinstance(error, KpiError):
        error = named_by_input(error)
    return explain(error, "carrying out a step of a workflow").text


async def _end(tell: Callable[[], Awaitable[Any]]) -> None:
    """Tell Slack how a step ended; a step that is over has ended for another process too."""
    for pause in (*PAUSES, None):
        try:
            await call(tell)
        except SlackFailure as failure:
            if failure.code == _OVER:
                return
            if pause is None or not failure.is_passing:
                raise
            await asyncio.sleep(failure.retry_after or pause)
        else:
            return

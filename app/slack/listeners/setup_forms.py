"""Forms of what belongs to a scorecard itself: its goal, and when and where its digest goes out."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.errors import BadInput, KpiError
from app.domain.outcomes import Edited
from app.domain.scorecards import Scorecard
from app.services import editing, setup
from app.services.callers import Caller, Right, Surface
from app.services.contents import ChangedMeanwhile, marks_of
from app.slack.blocks import forms, kit
from app.slack.blocks.forms import FormState
from app.slack.blocks.kit import Message
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.setup import next_digest, saved_reply, trial_post
from app.slack.blocks.setup_fields import zone_option
from app.slack.blocks.setup_forms import GOAL_FIELDS, SCHEDULE_FIELDS, goal_form, schedule_form
from app.slack.bot import Body, Bot
from app.slack.ids import Field
from app.slack.inputs.forms import field_errors
from app.slack.inputs.setup import read_goal_form, read_schedule_form, wants_test_post
from app.slack.listeners import home
from app.slack.listeners.opening import open_view, sender
from app.slack.listeners.setup import DOING, clicker, refresh_menu
from app.slack.publish import SlackFailure, post
from app.slack.zones import known_zones, matching_zones

TEST_POST_SECONDS = 2.0
"""Within how long a test post has to be out, so that the form can still say what is missing."""

_CHANNEL = re.compile(r"\b([Tt])he channel <#\w+>|<#\w+>")

Save = Callable[[Caller, FormPlace, FormState], Awaitable[Edited]]
FormOf = Callable[[Scorecard, str | None, Mapping[str, str], Sequence[str]], dict[str, Any]]
"""A form by the scorecard, the channel, the marks and what was changed meanwhile."""


async def open_goal_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await open_form(ack, body, action, bot, form_of=goal_form, fields=GOAL_FIELDS)


async def open_form(
    ack: AsyncAck,
    body: Body,
    action: Body,
    bot: Bot,
    *,
    form_of: FormOf,
    fields: Sequence[str] | Mapping[str, str],
) -> None:
    """Open a form with these fields of the scorecard whose key the button carries."""
    await ack()
    caller, place = await clicker(bot, body, action["value"])
    scorecard = (await setup.show(bot.store, caller, place.scorecard)).snapshot.scorecard
    form = form_of(scorecard, place.channel, some_marks(scorecard, fields), ())
    open_view(bot, body, form, DOING)


async def open_schedule_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await ack()
    caller, place = await clicker(bot, body, action["value"])
    await show_schedule_form(bot, caller, body, place.scorecard)


async def show_schedule_form(bot: Bot, caller: Caller, body: Body, key: str | None) -> None:
    scorecard = (await setup.show(bot.store, caller, key)).snapshot.scorecard
    form = schedule_form(scorecard, caller.actor.channel, some_marks(scorecard, SCHEDULE_FIELDS))
    open_view(bot, body, form, DOING)


async def save_goal(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Save name and goal as they stand in the form, unless somebody else was faster."""
    await save_form(ack, body, view, bot, read=read_goal_form, form_of=goal_form)


async def save_form(
    ack: AsyncAck,
    body: Body,
    view: Body,
    bot: Bot,
    *,
    read: Callable[[FormState], Mapping[str, Any]],
    form_of: FormOf,
) -> Edited | None:
    """Save fields of the scorecard as a form says them, and tell so; None if it stays open."""

    async def save(caller: Caller, place: FormPlace, state: FormState) -> Edited:
        return await editing.edit_scorecard(
            bot.store, caller, read(state), seen=place.seen, key=place.scorecard
        )

    edited = await saved(ack, body, view, bot, save=save, form_of=form_of)
    if edited is not None:
        answer(bot, body, view, saved_reply(edited.snapshot, edited.revisions, edited.change))
    return edited


async def save_schedule(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Save the digest's schedule, once a test post has reached its channel if one is wanted."""
    deadline = asyncio.get_running_loop().time() + TEST_POST_SECONDS

    async def save(caller: Caller, place: FormPlace, state: FormState) -> Edited:
        fields = read_schedule_form(state)
        known = (await setup.show(bot.store, caller, place.scorecard)).snapshot.scorecard
        wanted = await setup.refuse_edition(
            bot.store, caller, fields, seen=place.seen, key=place.scorecard
        )
        if wants_test_post(state, moves=wanted.channel != known.channel):
            await _send_test_post(bot, caller, wanted, deadline)
        return await editing.edit_scorecard(
            bot.store, caller, fields, seen=place.seen, key=place.scorecard
        )

    edited = await saved(ack, body, view, bot, save=save, form_of=schedule_form)
    if edited is not None:
        snapshot = edited.snapshot
        more = next_digest(snapshot)
        reply = saved_reply(snapshot, edited.revisions, edited.change, more=more)
        answer(bot, body, view, reply)


async def saved(
    ack: AsyncAck, body: Body, view: Body, bot: Bot, *, save: Save, form_of: FormOf
) -> Edited | None:
    """Save a form by its own way; None if it stays open, with what is wrong said in it."""
    place = FormPlace.from_metadata(view["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)
    state = view["state"]["values"]
    try:
        proven = await bot.proven(caller, place.scorecard, Right.EDIT)
        edited = await save(proven, place, state)
    except ChangedMeanwhile as changed:
        present: Scorecard = changed.present
        marks = some_marks(present, place.seen)
        again = form_of(present, place.channel, marks, changed.fields)
        await ack(response_action="update", view=forms.keeping_state(again, state))
        return None
    except KpiError as error:
        await ack(response_action="errors", errors=field_errors(error, state))
        return None
    await ack()
    return edited


def answer(bot: Bot, body: Body, view: Body, reply: Message) -> None:
    """Tell who saved a form what came of it, and show it where it is to be seen."""
    place = FormPlace.from_metadata(view["private_metadata"])
    home.refresh(bot, body["user"]["id"])
    refresh_menu(bot, body)
    to = sender(body, place)
    bot.tasks.spawn(bot.tell(to, reply))


async def _send_test_post(bot: Bot, caller: Caller, scorecard: Scorecard, deadline: float) -> None:
    """Post what a digest would be posted as; raises `BadInput` with what is missing for it."""
    message = trial_post(scorecard, caller.actor.id)
    try:
        async with asyncio.timeout_at(deadline):
            await post(bot.client, scorecard.channel or "", message)
    except TimeoutError as error:
        raise BadInput(
            "Slack takes long to answer, and nothing was saved. Try again in a moment.",
            field=Field.CHANNEL,
        ) from error
    except SlackFailure as failure:
        remedy = _CHANNEL.sub(lambda found: f"{found[1] or 't'}his channel", failure.remedy)
        raise BadInput(f"The test post could not be sent. {remedy}", field=Field.CHANNEL) from (
            failure
        )


async def zone_options(ack: AsyncAck, body: Body) -> None:
    """The time zones that match what is typed."""
    zones = await asyncio.to_thread(known_zones)
    matching = matching_zones(body.get("value") or "", zones)[: kit.MOST_OPTIONS]
    await ack(options=[zone_option(zone) for zone in matching])


def some_marks(scorecard: Scorecard, fields: Sequence[str] | Mapping[str, str]) -> dict[str, str]:
    marks = marks_of(scorecard)
    return {field: marks[field] for field in fields}

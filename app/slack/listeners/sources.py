"""What feeds a metric: its form, trying it, saving and removing it."""

from dataclasses import replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.edits import PartKind, part_named
from app.domain.errors import KpiError
from app.domain.outcomes import Edited
from app.domain.scorecards import MetricState
from app.domain.sources import Question, SourceFailure
from app.domain.values import Value
from app.services import editing
from app.services.callers import Caller, Right, Surface
from app.services.contents import ChangedMeanwhile, marks_of
from app.slack.blocks import forms
from app.slack.blocks.forms import FormState
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.part_names import read_part
from app.slack.blocks.source_form import ASKING, not_tried, removed_view, source_form, tried
from app.slack.bot import Body, Bot
from app.slack.ids import read_about
from app.slack.inputs.forms import field_errors
from app.slack.inputs.sources import chosen_kind, read_question, read_source_form
from app.slack.listeners.opening import open_view, sender, update_view
from app.slack.listeners.parts import opened_from, place_of, snapshot_of, tell_of
from app.slack.listeners.setup import DOING
from app.slack.publish import SlackFailure, call
from app.sources import asking


async def open_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The form of a metric's source: from the list of metrics, or from a screen that shows it."""
    await ack()
    scorecard, name = read_about(action["value"])
    caller, place = await opened_from(bot, body, scorecard or "")
    place = replace(place, part=name)
    state = await _metric(bot, caller, place)
    open_view(bot, body, _form(bot, state, replace(place, seen=_mark(state))), DOING)


def _mark(state: MetricState) -> dict[str, str]:
    return {"source": marks_of(state.metric)["source"]}


async def _metric(bot: Bot, caller: Caller, place: FormPlace) -> MetricState:
    """The metric that the form is about; raises `NotFound` if it was retired."""
    snapshot = await snapshot_of(bot, caller, place)
    _, key = read_part(place.part)
    return snapshot.state(part_named(snapshot.scorecard, PartKind.METRIC, key).key)


def _form(bot: Bot, state: MetricState, place: FormPlace, **rest: Any) -> dict[str, Any]:
    places = bot.places
    return source_form(
        state, place, sorted(places.databases), allows_addresses=bool(places.addresses), **rest
    )


def _filled(
    bot: Bot, state: MetricState, place: FormPlace, typed: FormState, **rest: Any
) -> dict[str, Any]:
    """The form with all that stands in it."""
    form = _form(bot, state, place, kind=chosen_kind(typed), **rest)
    return forms.keeping_state(form, typed)


async def choose_kind(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """Show the fields of the kind that was chosen; what was typed stays."""
    await ack()
    view = body["view"]

    async def show() -> None:
        caller, place = await place_of(bot, body)
        state = await _metric(bot, caller, place)
        await update_view(bot, view["id"], _filled(bot, state, place, view["state"]["values"]))

    bot.follow_up(
        sender(body, FormPlace.from_metadata(view["private_metadata"])), show(), doing=DOING
    )


# --- trying ---------------------------------------------------------------------------


async def try_out(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """Ask what stands in the form, and say there what it gives. Nothing is recorded."""
    await ack()
    view = body["view"]
    sending = ("source tried", view["id"])
    if not bot.once.begins(sending):
        return  # it is being asked

    async def work() -> None:
        try:
            await _try_out(bot, body)
        finally:
            bot.once.may_begin_again(sending)

    to = sender(body, FormPlace.from_metadata(view["private_metadata"]))
    bot.follow_up(to, work(), doing="trying the source")


async def _try_out(bot: Bot, body: Body) -> None:
    caller, place = await place_of(bot, body)
    state, typed = await _metric(bot, caller, place), body["view"]["state"]["values"]
    try:
        question = read_question(typed, bot.places)
    except KpiError as error:
        told = not_tried(error.message)
        await update_view(bot, body["view"]["id"], _filled(bot, state, place, typed, told=told))
        return
    asking_view = _filled(bot, state, place, typed, told=ASKING)
    shown_hash = await _updated(bot, body["view"]["id"], asking_view)
    told = await _answer(bot, state, question)
    if shown_hash is not None:
        answered = _filled(bot, state, place, typed, told=told)
        await _updated(bot, body["view"]["id"], answered, shown_hash)


async def _answer(bot: Bot, state: MetricState, question: Question) -> str:
    try:
        return tried(state, Value(await asking.ask(question, bot.places)))
    except SourceFailure as failure:
        return not_tried(failure.message)


async def _updated(
    bot: Bot, view_id: str, view: dict[str, Any], known: str | None = None
) -> str | None:
    """Show something else in the form, and give the mark of that; None if it can't be shown.

    The form may have been closed, or be that of another kind by now: then the answer is to a
    question that is asked no more.
    """
    only = {"hash": known} if known else {}
    try:
        response = await call(bot.client.views_update, view_id=view_id, view=view, **only)
    except SlackFailure as failure:
        if failure.code in {"not_found", "hash_conflict"}:
            return None
        raise
    return str(response["view"]["hash"])


# --- saving and removing ----------------------------------------------------------------


async def save(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Save the source, or keep the form open with each error at its field."""
    sending = ("source form", view["id"])
    if not bot.once.begins(sending):
        await ack()
        return
    edited = None
    try:
        edited = await _saved(ack, body, view, bot)
    finally:
        if edited is None:
            bot.once.may_begin_again(sending)
    if edited is None:
        return
    await ack()
    bot.feed_soon()
    tell_of(bot, body, FormPlace.from_metadata(view["private_metadata"]), edited)


async def _saved(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> Edited | None:
    """None if the form stays open, with what is wrong said in it."""
    place = FormPlace.from_metadata(view["private_metadata"])
    typed = view["state"]["values"]
    _, key = read_part(place.part)
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)
    try:
        caller = await bot.proven(caller, place.scorecard, Right.EDIT)
        source = read_source_form(typed, bot.places)
        return await editing.edit_source(
            bot.store, caller, key, source, seen=place.seen, key=place.scorecard
        )
    except ChangedMeanwhile:
        state = await _metric(bot, caller, place)
        place = replace(place, seen=_mark(state))
        await ack(response_action="update", view=_filled(bot, state, place, typed, is_changed=True))
    except KpiError as error:
        await ack(response_action="errors", errors=field_errors(error, typed))
    return None


async def remove(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """Remove the source, and say so in the place of its form, or there why it can't be."""
    await ack()
    view = body["view"]

    async def work() -> None:
        caller, place = await place_of(bot, body)
        _, key = read_part(place.part)
        edited = await editing.edit_source(
            bot.store, caller, key, None, seen={}, key=place.scorecard
        )
        name = edited.snapshot.scorecard.metrics_by_key[key].name
        await update_view(bot, view["id"], removed_view(name))
        tell_of(bot, body, place, edited)

    bot.follow_up(
        sender(body, FormPlace.from_metadata(view["private_metadata"])), work(), doing=DOING
    )

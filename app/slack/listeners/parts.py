"""Metrics, work streams and phases: their lists, their forms, and what is done to them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from app.domain.edits import PartKind, part_named
from app.domain.errors import KpiError
from app.domain.metrics import Metric
from app.domain.outcomes import Edited, Reverted
from app.domain.scorecards import Snapshot
from app.services import editing, setup, undoing
from app.services.callers import Caller, Right, Surface
from app.services.contents import ChangedMeanwhile, marks_of
from app.slack.blocks import forms
from app.slack.blocks.forms import FormState
from app.slack.blocks.kit import Message
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.metrics import undone_reply
from app.slack.blocks.part_forms import part_form
from app.slack.blocks.part_names import part_name, read_part
from app.slack.blocks.parts import (
    changed_notice,
    changed_reply,
    page_of,
    parts_view,
    refused_notice,
    undone_notice,
)
from app.slack.bot import Body, Bot
from app.slack.failures import explain
from app.slack.ids import Action, Form, read_about, read_number
from app.slack.inputs.parts import (
    chosen_parts,
    lacks_focus,
    part_errors,
    read_first_reading,
    read_part_form,
    typed_state,
)
from app.slack.listeners import home
from app.slack.listeners.opening import open_view, sender, update_view
from app.slack.listeners.setup import DOING, clicker, refresh_menu
from app.slack.publish import call

_KINDS: Mapping[str, PartKind] = {
    Action.SETUP_METRICS: PartKind.METRIC,
    Action.SETUP_STREAMS: PartKind.WORK_STREAM,
    Action.SETUP_PHASES: PartKind.PHASE,
}


# --- the lists -----------------------------------------------------------------


async def open_list(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The list of one kind of parts, above the menu."""
    await ack()
    caller, place = await clicker(bot, body, action["value"])
    snapshot = await snapshot_of(bot, caller, place)
    place = replace(place, part=part_name(_KINDS[action["action_id"]]), page=0)
    open_view(bot, body, parts_view(snapshot, place), DOING)


async def turn_page(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    await ack()
    caller, place = await place_of(bot, body)
    snapshot = await snapshot_of(bot, caller, place)
    turned = replace(place, page=read_number(action["value"]))
    shown = _show_list(bot, body["view"]["id"], snapshot, turned)
    bot.follow_up(sender(body, place), shown, doing=DOING)


async def move(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    kind, key = read_part(action["value"])
    steps = -1 if action["action_id"].endswith(":up") else 1

    async def moved(caller: Caller, place: FormPlace) -> Listed:
        edited = await editing.move_part(bot.store, caller, kind, key, steps, key=place.scorecard)
        return _listed(edited, place, "Moved")

    await _change(ack, body, bot, moved)


async def retire(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    kind, key = read_part(action["value"])

    async def retired(caller: Caller, place: FormPlace) -> Listed:
        edited = await editing.retire_part(bot.store, caller, kind, key, key=place.scorecard)
        return _listed(edited, place, "Retired")

    await _change(ack, body, bot, retired)


async def undo(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """Take back what was changed in the list."""

    async def undone(caller: Caller, place: FormPlace) -> Listed:
        done = await undoing.undo(bot.store, caller, read_number(action["value"]))
        bot.tasks.spawn(bot.outbox.deliver_due())
        told = undone_notice(done) if isinstance(done, Reverted) else undone_reply(done)
        return await snapshot_of(bot, caller, place), place, told

    await _change(ack, body, bot, undone)


Listed = tuple[Snapshot, FormPlace, Message]
"""The scorecard after a change, the page of the list that shows it, and what is said above."""


def _listed(edited: Edited, place: FormPlace, done: str) -> Listed:
    page = page_of(edited.snapshot.scorecard, edited.subject, otherwise=place.page or 0)
    return edited.snapshot, replace(place, page=page), changed_notice(edited, done)


async def _change(
    ack: AsyncAck,
    body: Body,
    bot: Bot,
    change: Callable[[Caller, FormPlace], Awaitable[Listed]],
) -> None:
    """Change something from its list, and show there what came of it, also a refusal."""
    await ack()

    async def work() -> None:
        caller, place = await place_of(bot, body)
        try:
            listed = await change(caller, place)
        except KpiError as error:
            listed = await snapshot_of(bot, caller, place), place, refused_notice(error.message)
        _refresh(bot, body)
        await _show_list(bot, body["view"]["id"], *listed)

    to = sender(body, FormPlace.from_metadata(body["view"]["private_metadata"]))
    bot.follow_up(to, work(), doing=DOING)


async def place_of(bot: Bot, body: Body) -> tuple[Caller, FormPlace]:
    """Who clicked in a list, and which page of which list it is."""
    place = FormPlace.from_metadata(body["view"]["private_metadata"])
    caller = bot.caller(body["user"]["id"], place.channel, Surface.BUTTON)
    return await bot.proven(caller, place.scorecard, Right.EDIT), place


async def snapshot_of(bot: Bot, caller: Caller, place: FormPlace) -> Snapshot:
    return (await setup.show(bot.store, caller, place.scorecard)).snapshot


async def _show_list(
    bot: Bot, view_id: str, snapshot: Snapshot, place: FormPlace, told: Message | None = None
) -> None:
    """Show the list anew; whoever has closed it by now waits for nothing."""
    await update_view(bot, view_id, parts_view(snapshot, place, told))


def _refresh(bot: Bot, body: Body) -> None:
    """Show a person's change in the menu below and in their Home tab."""
    refresh_menu(bot, body)
    home.refresh(bot, body["user"]["id"])


# --- the forms -----------------------------------------------------------------


async def open_form(ack: AsyncAck, body: Body, action: Body, bot: Bot) -> None:
    """The form of a part, new or known: from list or menu, or from a screen that shows the part."""
    await ack()
    scorecard, name = read_about(action["value"])
    caller, place = await opened_from(bot, body, scorecard or "")
    snapshot = await snapshot_of(bot, caller, place)
    kind, key = read_part(name)
    known = part_named(snapshot.scorecard, kind, key) if key else None
    place = replace(place, part=name, seen=marks_of(known) if known else {})
    open_view(bot, body, part_form(snapshot, place, known), DOING)


async def opened_from(bot: Bot, body: Body, scorecard: str) -> tuple[Caller, FormPlace]:
    if body.get("view", {}).get("callback_id") in {Form.PARTS, Form.SETUP}:
        return await place_of(bot, body)
    caller = await bot.proven_clicker(body, scorecard, Right.EDIT)
    return caller, FormPlace(scorecard, caller.actor.channel)


async def choose_drivers(ack: AsyncAck, body: Body, bot: Bot) -> None:
    """Let the form grow a field for the focus of each work stream; what was typed stays."""
    await ack()
    view = body["view"]

    async def grow() -> None:
        caller, place = await place_of(bot, body)
        snapshot = await snapshot_of(bot, caller, place)
        grown = _grown(snapshot, place, view["state"]["values"])
        await call(bot.client.views_update, view_id=view["id"], view=grown)

    async def note(error: Exception) -> None:
        # The form may be closed by now; otherwise it grows when it is sent.
        explain(error, "growing a form")

    bot.tasks.spawn(grow(), tell=note)


def _grown(
    snapshot: Snapshot, place: FormPlace, state: FormState, changed: ChangedMeanwhile | None = None
) -> dict[str, Any]:
    """The form with all that stands in it, and with what somebody else has changed meanwhile."""
    kind, key = read_part(place.part)
    known = part_named(snapshot.scorecard, kind, key) if key else None
    if changed is not None and known is not None:
        place = replace(place, seen=marks_of(known))
    form = part_form(
        snapshot,
        place,
        known,
        theirs=changed.fields if changed else (),
        chosen=chosen_parts(state, kind, snapshot.scorecard),
    )
    return forms.keeping_state(form, typed_state(state))


async def save(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> None:
    """Add or save the part, or keep the form open with each error at its field."""
    sending = ("part form", view["id"])
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
    tell_of(bot, body, FormPlace.from_metadata(view["private_metadata"]), edited)


async def _saved(ack: AsyncAck, body: Body, view: Body, bot: Bot) -> Edited | None:
    """None if the form stays open, with what is wrong said in it."""
    place = FormPlace.from_metadata(view["private_metadata"])
    state = view["state"]["values"]
    caller = bot.caller(body["user"]["id"], place.channel, Surface.FORM)
    try:
        caller = await bot.proven(caller, place.scorecard, Right.EDIT)
        snapshot = await snapshot_of(bot, caller, place)
        if lacks_focus(state, snapshot.scorecard):
            await ack(response_action="update", view=_grown(snapshot, place, state))
            return None
        return await _written(bot, caller, place, snapshot, state)
    except ChangedMeanwhile as changed:
        present = await snapshot_of(bot, caller, place)
        await ack(response_action="update", view=_grown(present, place, state, changed))
    except KpiError as error:
        await ack(response_action="errors", errors=part_errors(error, state))
    return None


async def _written(
    bot: Bot, caller: Caller, place: FormPlace, snapshot: Snapshot, state: FormState
) -> Edited:
    kind, key = read_part(place.part)
    known = part_named(snapshot.scorecard, kind, key) if key else None
    part = read_part_form(kind, state, snapshot, known)
    if known:
        return await editing.edit_part(
            bot.store, caller, part, seen=place.seen, key=place.scorecard
        )
    readings = read_first_reading(state, part, caller) if isinstance(part, Metric) else []
    return await editing.add_part(bot.store, caller, part, readings=readings, key=place.scorecard)


def tell_of(bot: Bot, body: Body, place: FormPlace, edited: Edited) -> None:
    """Say what was changed: above the list below the form, or to who opened it from elsewhere."""
    kind, key = read_part(place.part)
    done, to = "Saved" if key else "Added", sender(body, place)
    if place.page is None:
        told = bot.tell(to, changed_reply(edited, done))
    else:
        listed = _listed(edited, replace(place, part=part_name(kind), seen={}), done)
        told = _show_list(bot, body["view"]["previous_view_id"], *listed)
    bot.follow_up(to, told, doing=DOING)
    if place.page is None and key:  # what lies below is the screen of the part, and no menu
        home.refresh(bot, body["user"]["id"])
    else:
        _refresh(bot, body)

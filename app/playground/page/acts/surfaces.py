"""What is done to the elements of messages, modals and the home: clicks, choices, submissions."""

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.playground.blocks import Json
from app.playground.inputs import Field, fields_of
from app.playground.page.acts.act import Act, ActFailed, Handler
from app.playground.page.html.reader import Surface
from app.playground.page.screen import Form
from app.playground.views import View

HOME_SECONDS = 1.5
"""How long it is waited for a home before it counts as not there."""


async def click(act: Act) -> None:
    """Press the button `action` in `block`, or choose `choice` in what tells the app at once."""
    surface, field = act.surface(), _field(act)
    if field.element["type"] == "workflow_button":
        raise ActFailed("This starts a workflow in Slack. There are none in the playground")
    block_id, action_id = field.place
    choice = _read(act, field, act.given("choice"))
    reaction = await act.person.clicks(surface, action_id, choice, block_id=block_id)
    if reaction.error is not None:
        raise ActFailed(f"This failed with the error “{reaction.error}”")


async def fill(act: Act) -> None:
    """Keep what stands in an input, of which the app hears later."""
    field = _field(act)
    choice = _read(act, field, act.given("choice"))
    act.person.fills(act.surface(), {field.block["block_id"]: choice})


async def search(act: Act) -> dict[str, Any]:
    """The lines of a select that have the words `text`."""
    block_id, action_id = _field(act).place
    text = str(act.given("text", ""))
    menu = await act.person.opens_menu(act.surface(), action_id, text, block_id=block_id)
    if menu.error is not None:
        raise ActFailed(f"The options did not load: “{menu.error}”")
    return {"offers": [asdict(offer) for offer in menu.offers]}


async def attach(act: Act) -> None:
    """Upload the file `name`, of which the body has the bytes, into the input `block`."""
    view = act.view(act.query["surface"])
    act.person.attaches(view, act.query["block"], act.query["name"], act.body)


async def submit(act: Act) -> dict[str, Any]:
    """Submit a modal as it was filled in; `fault` is the id of the first field with an error."""
    view = act.view(str(act.given("surface", "")))
    forms = act.screen.memory.forms
    if forms.get(view.id, Form()).is_submitting:
        return {}
    forms[view.id] = Form(is_submitting=True)
    try:
        reaction = await act.person.submits(view)
    finally:
        del forms[view.id]
    if reaction.errors or reaction.error:
        forms[view.id] = Form(reaction.errors, reaction.error or "")
    return {"fault": _first_fault(view, reaction.errors)}


async def close(act: Act) -> None:
    """Close a modal."""
    view = act.view(str(act.given("surface", "")))
    await act.person.closes(view)
    act.screen.memory.forms.pop(view.id, None)


async def open_home(act: Act) -> None:
    """Look at the app's home, of which the app hears; it may publish it a little later."""
    if await act.person.opens_home() is None:
        with suppress(TimeoutError):
            await act.person.sees_home(timeout=HOME_SECONDS)
    act.screen.memory.has_opened_home = True


def _field(act: Act) -> Field:
    """The element that was acted on. Raises LookupError when it is gone."""
    place = act.given("block"), act.given("action")
    for field in fields_of(act.surface().all_blocks):
        if field.place == place:
            return field
    raise LookupError("That is gone")


def _read(act: Act, field: Field, choice: Any) -> Any:
    """A choice as a person's acts take it: files themselves, an instant of her own clock as
    seconds since 1970, and None for what is empty."""
    if field.element["type"] == "file_input":
        files = act.slack.workspace.files
        return [files[each] for each in choice if each in files]
    if field.element["type"] == "datetimepicker" and choice:
        return int(datetime.fromisoformat(choice).replace(tzinfo=act.screen.zone).timestamp())
    return choice or None


def _first_fault(view: View, errors: Json) -> str | None:
    surface = Surface(view.id)
    places = (field.place for field in fields_of(view.blocks) if field.is_input)
    return next((surface.element_id(*place) for place in places if place[0] in errors), None)


ACTS: dict[str, Handler] = {
    "click": click,
    "fill": fill,
    "search": search,
    "attach": attach,
    "submit": submit,
    "close": close,
    "open_home": open_home,
}

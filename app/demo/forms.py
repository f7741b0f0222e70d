"""A modal filled in at a terminal prompt, field by field."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.playground import Person, View

Ask = Callable[[str], Awaitable[str]]


def typed_in(view: View) -> dict[str, str | list[str]]:
    """What stands in a view's fields, by block id."""
    return {block_id: _shown(state) for (block_id, _), state in view.chosen.items()}


def _shown(state: dict[str, Any]) -> str | list[str]:
    if options := state.get("selected_options"):
        return [option["value"] for option in options]
    if option := state.get("selected_option"):
        return str(option["value"])
    return str(state.get("value") or state.get("selected_date") or "")


async def fill_in(person: Person, view: View, ask: Ask, *, only: frozenset[str]) -> View:
    """Ask for each field (or only for some) and fill it in; gives the view as it is then.

    A choice that makes the form grow is told to the app at once, and the new
    fields are asked for too.
    """
    asked: set[str] = set()
    while block := _next_input(view, asked, only):
        block_id = block["block_id"]
        asked.add(block_id)
        answer = await ask(_question(block))
        if not answer:
            continue
        choice: Any = answer.split() if block["element"]["type"].startswith("multi_") else answer
        try:
            if block.get("dispatch_action"):
                await person.dispatches(view, block_id, choice)
                view = await person.sees_view(": new value", timeout=3)
                only = only | {b["block_id"] for b in view.blocks} if only else only
            else:
                person.fills(view, {block_id: choice})
        except LookupError as error:
            asked.discard(block_id)
            await ask(f"{error} (Enter to try again)")
    return view


def _next_input(view: View, asked: set[str], only: frozenset[str]) -> dict[str, Any] | None:
    for block in view.blocks:
        wanted = not only or block["block_id"] in only
        if block["type"] == "input" and block["block_id"] not in asked and wanted:
            return block
    return None


def _question(block: dict[str, Any]) -> str:
    options = [option["value"] for option in block["element"].get("options", [])]
    choices = f" [{' '.join(options)}]" if options else ""
    optional = " (optional)" if block.get("optional") else ""
    default = block["element"].get("initial_value") or block["element"].get("initial_date")
    given = f" ({default})" if default else optional
    return f"  {block['label']['text']}{choices}{given}: "

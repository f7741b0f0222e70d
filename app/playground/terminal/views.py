"""A modal in its frame, or the Home tab of an app."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.align import Align
from rich.console import RenderableType
from rich.panel import Panel
from rich.text import Text

from app.playground.passages import Names
from app.playground.terminal.blocks import Block, render_blocks
from app.playground.terminal.elements import (
    MENU_SIGN,
    UPLOAD_SIGN,
    Value,
    choices,
    content,
    is_choice,
    text_of,
)
from app.playground.terminal.layout import beside, stacked
from app.playground.terminal.safe import readable

_TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input")


def render_view(
    view: Mapping[str, Any],
    *,
    values: Mapping[str, Value] | None = None,
    errors: Mapping[str, str] | None = None,
    names: Names | None = None,
) -> RenderableType:
    """A modal or a Home tab, its inputs filled in.

    `values` and `errors` are by block id. A value is what was typed or picked: text, a date, the
    value of an option or several of them, the names of files, the id of a user or channel (shown
    by `names`).
    """
    given, wrong = values or {}, errors or {}

    def input_block(block: Block, known: Names) -> RenderableType:
        block_id = block.get("block_id", "")
        return _input(block, known, given.get(block_id), wrong.get(block_id))

    body = render_blocks(view.get("blocks", []), names or {}, {"input": input_block})
    return body if view.get("type") == "home" else _framed(view, body)


def _framed(view: Mapping[str, Any], body: RenderableType) -> Panel:
    title = text_of(view.get("title"))
    title.stylize("bold")
    close = text_of(view.get("close")).plain or "Cancel"
    buttons = [f"[ {close} ]"]
    if view.get("submit"):
        buttons.append(f"[ {text_of(view['submit'])} ]")
    foot = Align.right(Text("  ".join(buttons), style="bold"))
    return Panel(
        stacked([body, Text(), foot]),
        title=Text(" ").append_text(title).append(" "),
        title_align="left",
        box=box.ROUNDED,
        padding=(1, 2),
    )


def _input(block: Block, names: Names, value: Value | None, error: str | None) -> RenderableType:
    label = text_of(block.get("label"))
    label.stylize("bold")
    if block.get("optional"):
        label.append(" (optional)", "dim")
    element = block.get("element", {})
    parts: list[RenderableType] = [label]
    if is_choice(element):
        parts.extend(choices(element, value))
    else:
        parts.append(_box(element, names, value, wrong=error is not None))
    if error is not None:
        parts.append(Text(f"✗ {readable(error)}", style="bold red"))
    if block.get("hint"):
        hint = text_of(block["hint"])
        hint.stylize("dim")
        parts.append(hint)
    return stacked(parts)


def _box(element: Block, names: Names, value: Value | None, *, wrong: bool) -> Panel:
    held: RenderableType = content(element, names, value)
    if element.get("type") not in _TYPED:
        sign = UPLOAD_SIGN if element.get("type") == "file_input" else MENU_SIGN
        held = beside(held, Text(sign))
    return Panel(held, box=box.ROUNDED, border_style="red" if wrong else "dim")

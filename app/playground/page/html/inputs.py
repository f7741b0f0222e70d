"""Input blocks as HTML: label, element, hint, and what is wrong with what was typed."""

import htpy as h

from app.playground.blocks import Json
from app.playground.inputs import Field
from app.playground.page.html.elements import render_element
from app.playground.page.html.icons import icon
from app.playground.page.html.reader import Reader, Surface
from app.playground.page.html.widget import Attributes, Widget

_GROUPS = {"radio_buttons": "radiogroup", "checkboxes": "group"}
_INSIDE = ("select", "file_input")
"""Elements in which it is a field within them that has the label."""


def render_input(block: Json, reader: Reader, surface: Surface) -> h.Node:
    """An input block. A group of choices is named by a legend, everything else by a label."""
    widget = Widget(Field(block, block["element"]), reader, surface)
    element = render_element(widget.field, reader, surface)
    name = [widget.words(block["label"]), _optional(block)]
    if widget.kind in _GROUPS:
        return h.fieldset(".input", _of_group(widget))[h.legend[name], element, _below(widget)]
    id_ = f"{widget.id}/input" if widget.kind.endswith(_INSIDE) else widget.id
    return h.div(".input")[h.label(for_=id_)[name], element, _below(widget)]


def _of_group(widget: Widget) -> Attributes:
    role = _GROUPS[widget.kind]
    if role == "group":
        return {"aria-describedby": widget.described_by}
    return {"role": role, **widget.naming}


def _optional(block: Json) -> h.Node:
    return h.span(".optional")[" (optional)"] if block.get("optional") else None


def _below(widget: Widget) -> h.Node:
    hint = widget.field.block.get("hint")
    has_room = "max_length" in widget.element
    return [
        h.output(".room", for_=widget.id) if has_room else None,
        h.p(".hint", id=f"{widget.id}/hint")[widget.words(hint)] if hint else None,
        h.p(".hint")["Press Enter to send"] if "enter" in (widget.tells or "") else None,
        h.p(".problem", id=f"{widget.id}/problem")[icon("warning"), widget.problem]
        if widget.problem
        else None,
    ]

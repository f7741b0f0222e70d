"""Input blocks as HTML: label, element, hint, and what is wrong with what was typed."""

import htpy as h

from app.playground.blocks import Json
from app.playground.inputs import Field
from app.playground.page.html.elements import render_element
from app.playground.page.html.reader import Reader, Surface


def render_input(block: Json, reader: Reader, surface: Surface) -> h.Node:
    """An input block."""
    field = Field(block, block["element"])
    return h.div(".input")[block["label"]["text"], render_element(field, reader, surface)]

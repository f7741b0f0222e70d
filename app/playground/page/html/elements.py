"""Interactive elements as HTML: buttons, menus, selects, pickers, inputs."""

import htpy as h

from app.playground.inputs import Field
from app.playground.page.html.reader import Reader, Surface


def render_element(field: Field, reader: Reader, surface: Surface) -> h.Node:
    """One element, as it stands in an actions block, beside a section, or in an input."""
    del reader
    block_id, action_id = field.place
    return h.button(id=surface.element_id(block_id, action_id))[action_id]

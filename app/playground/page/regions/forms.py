"""The blocks of a view, each a piece of its own: what is typed in one outlives its neighbours."""

import json
from collections.abc import Mapping

import htpy as h

from app.playground.blocks import Json
from app.playground.inputs import fields_of
from app.playground.page.html.blocks import render_blocks
from app.playground.page.html.reader import Surface
from app.playground.page.pieces import Piece, digest
from app.playground.page.screen import Screen
from app.playground.views import View


def block_pieces(
    screen: Screen, view: View, errors: Mapping[str, str] | None = None
) -> list[Piece]:
    """A piece for each block; `errors` stand below inputs, by block id."""
    surface = Surface(view.id, view.chosen, errors or {})
    reader = screen.reader
    return [
        Piece.of(
            id_ := f"{view.id}/{block['block_id']}",
            h.div(".form-part", id=id_, data_surface=view.id)[
                render_blocks([block], reader, surface)
            ],
            _version(view, block, surface),
        )
        for block in view.blocks
    ]


def _version(view: View, block: Json, surface: Surface) -> str | None:
    """A block with elements is made anew when the app changes it or objects to it, not when it is
    filled in: the browser has that already. Only files are shown when they have arrived."""
    fields = fields_of([block])
    if not fields:
        return None
    files = [
        view.chosen.get(field.place) for field in fields if field.element["type"] == "file_input"
    ]
    return digest(json.dumps([block, surface.errors.get(block["block_id"]), files]))

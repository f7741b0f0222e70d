"""The blocks of a view, each a piece of its own: what is typed in one outlives its neighbours."""

import json
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import htpy as h

from app.playground.blocks import Json
from app.playground.inputs import fields_of
from app.playground.page.html.blocks import render_blocks
from app.playground.page.html.reader import Reader, Surface
from app.playground.page.pieces import Piece, digest
from app.playground.page.screen import Screen
from app.playground.views import View

_made: WeakKeyDictionary[View, dict[str, tuple[Any, Piece]]] = WeakKeyDictionary()
"""The piece of each block of a view, with all that it was made of."""

NO_ERRORS: Mapping[str, str] = {}


def block_pieces(screen: Screen, view: View, errors: Mapping[str, str] = NO_ERRORS) -> list[Piece]:
    """A piece for each block; `errors` stand below inputs, by block id."""
    reader = screen.reader
    kept = _made.setdefault(view, {})
    return [
        _piece(view, block, errors.get(block["block_id"]), reader, kept) for block in view.blocks
    ]


def _piece(
    view: View, block: Json, error: str | None, reader: Reader, kept: dict[str, tuple[Any, Piece]]
) -> Piece:
    block_id = block["block_id"]
    chosen = {place: state for place, state in view.chosen.items() if place[0] == block_id}
    made_of = block, error, chosen, reader.zone, reader.now.date(), reader.names
    if block_id not in kept or kept[block_id][0] != made_of:
        surface = Surface(view.id, chosen, {block_id: error} if error else {})
        kept[block_id] = made_of, _made_anew(block, reader, surface)
    return kept[block_id][1]


def _made_anew(block: Json, reader: Reader, surface: Surface) -> Piece:
    id_ = f"{surface.id}/{block['block_id']}"
    element = h.div(".form-part", id=id_, data_surface=surface.id)
    return Piece.of(id_, element[render_blocks([block], reader, surface)], _version(block, surface))


def _version(block: Json, surface: Surface) -> str | None:
    """A block with elements is made anew when the app changes it or objects to it, not when it is
    filled in: the browser has that already. Only files are shown when they have arrived."""
    fields = fields_of([block])
    if not fields:
        return None
    files = [
        surface.chosen.get(field.place) for field in fields if field.element["type"] == "file_input"
    ]
    return digest(json.dumps([block, surface.errors.get(block["block_id"]), files]))

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

_made: WeakKeyDictionary[View, tuple[Any, list[Piece]]] = WeakKeyDictionary()
"""The pieces of each view, with all that they were made of."""

NO_ERRORS: Mapping[str, str] = {}


def block_pieces(screen: Screen, view: View, errors: Mapping[str, str] = NO_ERRORS) -> list[Piece]:
    """A piece for each block; `errors` stand below inputs, by block id."""
    reader = screen.reader
    surface = Surface(view.id, dict(view.chosen), errors)
    made_of = view.content, surface, reader.names, reader.zone, reader.now.date()
    if view not in _made or _made[view][0] != made_of:
        _made[view] = made_of, _pieces(view, reader, surface)
    return _made[view][1]


def _pieces(view: View, reader: Reader, surface: Surface) -> list[Piece]:
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

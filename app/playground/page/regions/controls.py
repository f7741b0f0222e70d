"""The host's buttons, and what came of them."""

import htpy as h

from app.playground.page.controls import Control
from app.playground.page.pieces import Piece
from app.playground.page.screen import Screen


def pieces(screen: Screen) -> list[Piece]:
    """A button for each control, of which none can be used while one is at work."""
    at_work = screen.controls.at_work
    return [
        Piece.of(_id(control), _button(control, at_work=at_work)) for control in screen.controls.all
    ]


def news(screen: Screen) -> list[Piece]:
    """How far the control at work is, or what came of the last one."""
    words = screen.controls.words
    return [Piece.of("control-words", h.p("#control-words")[words])] if words else []


def _id(control: Control) -> str:
    return f"control-{control.id}"


def _button(control: Control, *, at_work: Control | None) -> h.Element:
    return h.button(
        id=_id(control),
        type="button",
        title=control.hint,
        data_control=control.id,
        aria_disabled="true" if at_work else None,
        aria_busy="true" if control is at_work else None,
    )[control.label]

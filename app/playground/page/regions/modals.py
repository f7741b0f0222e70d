"""The modal that the person looks at: the one on top of her stack."""

import htpy as h

from app.playground.page.html.icons import icon
from app.playground.page.html.text import render_inline
from app.playground.page.pieces import Piece
from app.playground.page.regions.forms import block_pieces
from app.playground.page.screen import Form, Screen
from app.playground.views import View

CLOSE = {"type": "plain_text", "text": "Close"}
CANCEL = {"type": "plain_text", "text": "Cancel"}


def head(screen: Screen) -> list[Piece]:
    """Its title, with the way out; of one that was pushed on top of another, the way back."""
    view = _top(screen)
    if view is None:
        return []
    title = h.h2("#modal-title", tabindex="-1")[render_inline(view.content["title"], screen.reader)]
    way = ("Back", icon("back")) if view.previous_id else ("Close", icon("close"))
    leave = h.button(".icon-button", type="button", data_closes=True, aria_label=way[0])[way[1]]
    pushed = "is-pushed" if view.previous_id else None
    return [
        Piece.of(
            "modal-head",
            h.div("#modal-head", class_=pushed, data_view=view.id)[
                [leave, title] if pushed else [title, leave]
            ],
        )
    ]


def pieces(screen: Screen) -> list[Piece]:
    """Its blocks."""
    view = _top(screen)
    return [] if view is None else block_pieces(screen, view, _form(screen, view).errors)


def foot(screen: Screen) -> list[Piece]:
    """Its buttons, and why its last submission failed."""
    view = _top(screen)
    if view is None:
        return []
    form = _form(screen, view)
    submit = view.content.get("submit")
    close = view.content.get("close") or (CANCEL if submit else CLOSE)
    return [
        Piece.of(
            "modal-foot",
            h.div("#modal-foot")[
                _failure(form),
                h.button("#modal-close.button", type="button", data_closes=True)[
                    render_inline(close, screen.reader)
                ],
                h.button(
                    "#modal-submit.button.is-primary",
                    type="submit",
                    aria_busy="true" if form.is_submitting else None,
                )[render_inline(submit, screen.reader)]
                if submit
                else None,
            ],
        )
    ]


def _top(screen: Screen) -> View | None:
    return screen.slack.workspace.views.top(screen.person.id)


def _form(screen: Screen, view: View) -> Form:
    return screen.memory.forms.get(view.id, Form())


def _failure(form: Form) -> h.Node:
    if not form.failure:
        return None
    return h.p(".failure", role="alert")[
        icon("warning"),
        h.span["We had some trouble connecting. Try again? ", h.code[form.failure]],
    ]

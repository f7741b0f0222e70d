"""The messages of a channel and of a thread."""

import htpy as h

from app.playground.messages import Message
from app.playground.page.pieces import Piece
from app.playground.page.screen import Screen

MOST_MESSAGES = 100


def pieces(screen: Screen) -> list[Piece]:
    """The channel's messages, oldest first."""
    return [_piece(screen, each) for each in screen.person.sees(screen.channel)[-MOST_MESSAGES:]]


def thread(screen: Screen) -> list[Piece]:
    """The messages of the open thread."""
    top = screen.thread
    return [] if top is None else [_piece(screen, each, "t") for each in screen.person.thread(top)]


def _piece(screen: Screen, message: Message, where: str = "m") -> Piece:
    id_ = f"{where}-{message.ts}"
    return Piece.of(id_, h.article(id=id_)[screen.names[message.user_id], " ", message.wording])

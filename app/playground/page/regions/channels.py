"""The side bar, and the head of the channel that is shown."""

import htpy as h

from app.playground.page.pieces import Piece
from app.playground.page.screen import Screen
from app.playground.workspace import Channel


def pieces(screen: Screen) -> list[Piece]:
    """A link for each conversation."""
    return [Piece.of(f"channel-{each.id}", _link(screen, each)) for each in screen.channels()]


def head(screen: Screen) -> list[Piece]:
    """The name of the channel."""
    name = name_of(screen, screen.channel)
    return [Piece.of("head-name", h.h1("#head-name")[name])]


def name_of(screen: Screen, channel: Channel) -> str:
    """A conversation's name as it is shown: a direct message has that of the other one."""
    if channel.kind != "im":
        return f"#{channel.name}"
    others = [each for each in channel.members if each != screen.person.id]
    return screen.names[others[0] if others else screen.person.id]


def _link(screen: Screen, channel: Channel) -> h.Element:
    here = channel.id == screen.place.channel
    return h.li(id=f"channel-{channel.id}")[
        h.a(href=screen.place.at(channel.id).address, aria_current="page" if here else None)[
            name_of(screen, channel)
        ]
    ]

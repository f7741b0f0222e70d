"""The side bar."""

from collections.abc import Iterable

import htpy as h

from app.playground.page.html.icons import icon
from app.playground.page.html.people import avatar, badge
from app.playground.page.pieces import Piece
from app.playground.page.screen import Screen
from app.playground.workspace import Channel


def pieces(screen: Screen) -> list[Piece]:
    """The channels and the direct messages, each a link."""
    channels = sorted((c for c in screen.channels() if c.kind != "im"), key=lambda c: c.name)
    direct = [each for each in screen.channels() if each.kind == "im"]
    return [
        Piece.of("side-channels", _group(screen, "side-channels", "Channels", channels)),
        Piece.of("side-direct", _group(screen, "side-direct", "Direct messages", direct)),
    ]


def sign_of(screen: Screen, channel: Channel) -> h.Node:
    """What stands before a conversation's name: who it is with, a lock, or #."""
    if channel.kind == "im":
        return avatar(screen.other(channel))
    if channel.is_private:
        return [icon("lock"), h.span(".visually-hidden")["private channel "]]
    return h.span(".sign")["#"]


def marks_of(screen: Screen, channel: Channel) -> h.Node:
    """What else is to be known of a conversation: shared, archived, with an app."""
    workspace = screen.slack.workspace
    if channel.kind == "im":
        return badge(screen.other(channel), workspace.installation.team)
    return [
        h.span(".badge")["Shared"] if workspace.is_shared(channel) else None,
        h.span(".badge")["Archived"] if channel.is_archived else None,
    ]


def _group(screen: Screen, id_: str, title: str, channels: Iterable[Channel]) -> h.Element:
    return h.section(id=id_, aria_labelledby=f"{id_}-title")[
        h.h2(".side-title", id=f"{id_}-title")[title],
        h.ul[(h.li[_link(screen, channel)] for channel in channels)],
    ]


def _link(screen: Screen, channel: Channel) -> h.Element:
    here = channel.id == screen.place.channel
    unread = 0 if here else screen.unread(channel)
    kinds = [".is-unread" if unread else "", ".is-archived" if channel.is_archived else ""]
    return h.a(
        f".side-link{''.join(kinds)}",
        id=f"side-{channel.id}",
        href=screen.place.at(channel.id).address,
        aria_current="page" if here else None,
    )[
        sign_of(screen, channel),
        h.span(".side-name")[screen.name_of(channel)],
        marks_of(screen, channel),
        h.span(".side-count")[unread, h.span(".visually-hidden")[" unread"]] if unread else None,
    ]

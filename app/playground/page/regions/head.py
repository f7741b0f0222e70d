"""The head of the conversation that is shown, and of the open thread."""

import json
from collections.abc import Iterator

import htpy as h

from app.playground.page.html.icons import icon
from app.playground.page.html.people import avatar, badge, role
from app.playground.page.pieces import Piece
from app.playground.page.regions.channels import marks_of, sign_of
from app.playground.page.screen import Screen
from app.playground.users import User
from app.playground.workspace import Channel


def pieces(screen: Screen) -> list[Piece]:
    """The conversation's name, who is in it, and what can be done with it."""
    channel = screen.channel
    head = h.div("#head.head", data_place=f"{screen.person.id}/{channel.id}")[
        h.button(".icon-button.only-narrow", type="button", data_opens_side=True)[
            icon("back"), h.span(".visually-hidden")["Conversations"]
        ],
        h.h1(".head-name")[sign_of(screen, channel), screen.name_of(channel)],
        marks_of(screen, channel),
        _tabs(screen) if screen.is_with_app else None,
        h.span(".head-space"),
        [_members(screen), _menu(screen)] if channel.kind != "im" else None,
    ]
    return [Piece.of("head", head)]


def thread(screen: Screen) -> list[Piece]:
    """What the pane of the thread is, and the way out of it."""
    top = screen.thread
    if top is None:
        return []
    head = h.div("#thread-head.head", data_place=f"{screen.person.id}/{top.ts}")[
        h.h2(".head-name")["Thread"],
        h.span(".quiet")[screen.address_of(screen.channel)],
        h.span(".head-space"),
        h.a(
            "#thread-close.icon-button",
            href=screen.place.but(thread="").address,
            data_then_focus=f"replies-m-{top.ts}",
            aria_label="Close the thread",
            title="Close the thread",
        )[icon("close")],
    ]
    return [Piece.of("thread-head", head)]


def _tabs(screen: Screen) -> h.Element:
    tabs = {"home": "Home", "": "Messages", "about": "About"}
    return h.nav(".tabs", aria_label="The app's tabs")[
        (
            h.a(
                ".tab",
                id=f"tab-{tab or 'messages'}",
                href=screen.place.at(screen.channel.id, tab=tab).address,
                aria_current="page" if tab == screen.place.tab else None,
            )[label]
            for tab, label in tabs.items()
        )
    ]


def _members(screen: Screen) -> h.Node:
    workspace = screen.slack.workspace
    home = workspace.installation.team
    others = {screen.slack.bot_user_id, *screen.slack.people} - {screen.person.id}
    members = [workspace.users[each] for each in screen.channel.members]
    word = " member" if len(members) == 1 else " members"
    return [
        h.button("#members-button.quiet-button", type="button", popovertarget="members")[
            icon("people"), len(members), h.span(".head-word")[word]
        ],
        h.div("#members.menu.members", popover=True, role="dialog", aria_label="Members")[
            h.ul[
                (
                    h.li[
                        avatar(user),
                        h.span(".menu-words")[
                            h.span[user.real_name, " ", badge(user, home)],
                            h.span(".menu-detail")[role(user, home)],
                        ],
                        _write_to(user) if user.id in others else None,
                    ]
                    for user in members
                )
            ]
        ],
    ]


def _write_to(user: User) -> h.Element:
    return h.button(
        ".quiet-button",
        type="button",
        aria_label=f"Message {user.real_name}",
        data_act="write_to",
        data_content=json.dumps({"person": user.id}),
    )["Message"]


def _menu(screen: Screen) -> h.Node:
    choices = list(_choices(screen, screen.channel))
    if not choices:
        return None
    return [
        h.button(
            "#channel-menu-button.icon-button",
            type="button",
            popovertarget="channel-menu",
            aria_haspopup="menu",
            aria_label="What to do with this channel",
        )[icon("more")],
        h.div("#channel-menu.menu", popover=True, role="menu", aria_label="This channel")[
            (
                h.button(".menu-item", type="button", role="menuitem", data_act=act)[label]
                for act, label in choices
            )
        ],
    ]


def _choices(screen: Screen, channel: Channel) -> Iterator[tuple[str, str]]:
    """The acts that are possible, with what they are called."""
    app = screen.slack.workspace.bot
    is_member = screen.person.id in channel.members
    if channel.is_archived:
        if is_member:
            yield "unarchive", "Unarchive this channel"
    elif is_member:
        if app.id in channel.members:
            yield "remove_app", f"Remove {app.real_name}"
        else:
            yield "add_app", f"Add {app.real_name}"
        yield "leave", "Leave this channel"
        yield "archive", "Archive this channel"
    elif not channel.is_private:
        yield "join", "Join this channel"

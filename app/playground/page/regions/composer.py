"""Where one writes, and what is suggested while one does."""

import json
from typing import Any

import htpy as h

from app.playground.page.html.icons import icon
from app.playground.page.html.people import role
from app.playground.page.pieces import Piece
from app.playground.page.screen import Screen


def pieces(screen: Screen) -> list[Piece]:
    """The channel's composer, or why nobody can write here."""
    if screen.place.tab:
        return []
    closed = _closed(screen)
    return [
        closed
        or _composer(screen, "composer", f"Message {screen.address_of(screen.channel)}", "Message")
    ]


def thread(screen: Screen) -> list[Piece]:
    """The composer of the open thread."""
    if screen.thread is None or not screen.can_write:
        return []
    return [_composer(screen, "thread-composer", "Reply…", "Reply")]


def known(screen: Screen) -> list[Piece]:
    """What can be suggested: commands, people and user groups, channels."""
    suggestions = {
        "/": _commands(screen),
        "@": [*_people(screen), *_groups(screen)],
        "#": [_known(each.name) for each in screen.channels() if each.kind != "im"],
    }
    return [Piece.of("known", h.div("#known", data_suggestions=json.dumps(suggestions)))]


def _closed(screen: Screen) -> Piece | None:
    channel = screen.channel
    if channel.is_archived:
        words, way_in = f"#{channel.name} is archived. Its messages can still be read.", None
    elif screen.person.id not in channel.members:
        words = f"You are looking at #{channel.name}, and are not in it."
        way_in = h.button(".button", type="button", data_act="join")["Join the channel"]
    else:
        return None
    return Piece.of("composer-closed", h.div("#composer-closed.closed")[h.p[words], way_in])


def _composer(screen: Screen, id_: str, placeholder: str, label: str) -> Piece:
    place = screen.place
    text_id = f"{id_}-text"
    return Piece.of(
        id_,
        h.form(
            ".composer",
            id=id_,
            data_draft=f"{place.person}/{place.channel}"
            + (f"/{place.thread}" if id_ == "thread-composer" else ""),
            data_in_thread=id_ == "thread-composer",
        )[
            h.p(".composer-problem", role="alert", hidden=True),
            h.ul(
                ".options.suggestions",
                id=f"{id_}-suggestions",
                role="listbox",
                aria_label="Suggestions",
                hidden=True,
            ),
            h.label(".visually-hidden", for_=text_id)[label],
            h.textarea(
                id=text_id,
                name="text",
                rows="1",
                placeholder=placeholder,
                autocomplete="off",
                aria_autocomplete="list",
                aria_haspopup="listbox",
                aria_controls=f"{id_}-suggestions",
                aria_describedby=f"{id_}-hint",
            ),
            h.div(".composer-foot")[
                _shortcuts(screen) if id_ == "composer" else None,
                h.p(".composer-hint", id=f"{id_}-hint"),
                h.button(".send", type="submit", aria_label="Send", title="Send")[icon("send")],
            ],
        ],
    )


def _shortcuts(screen: Screen) -> h.Node:
    if not screen.slack.workspace.installation.manifest.shortcuts_of("global"):
        return None
    return h.button(
        "#shortcuts-button.icon-button",
        type="button",
        popovertarget="shortcuts-menu",
        aria_haspopup="menu",
        aria_label="Shortcuts",
        title="Shortcuts",
    )[icon("bolt")]


def _commands(screen: Screen) -> list[dict[str, Any]]:
    commands = screen.slack.workspace.installation.manifest.commands or {}
    return [
        _known(command.name, command.description, hint=command.usage_hint)
        for command in commands.values()
    ]


def _people(screen: Screen) -> list[dict[str, Any]]:
    workspace = screen.slack.workspace
    home = workspace.installation.team
    return [
        _known(user.real_name, role(user, home), also=user.name)
        for user in workspace.users.values()
        if not user.has_left
    ]


def _groups(screen: Screen) -> list[dict[str, Any]]:
    groups = screen.slack.workspace.user_groups.values()
    return [_known(group.handle, group.name) for group in groups if not group.disabled]


def _known(name: str, detail: str = "", **more: str) -> dict[str, Any]:
    return {"name": name.lstrip("/"), "detail": detail, **more}

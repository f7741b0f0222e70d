"""The page without what is in it: its regions, empty until the stream fills them."""

import json

import htpy as h

from app.playground.installation import Manifest
from app.playground.page.html.dialogs import confirmation, modal
from app.playground.page.html.icons import icon
from app.playground.page.screen import Screen

STYLES = (
    "properties",
    "page",
    "frame",
    "menus",
    "messages",
    "composer",
    "blocks",
    "elements",
    "combobox",
    "modals",
    "home",
    "inspector",
    "faults",
)
THEMES = {"system": "As the system", "light": "Light", "dark": "Dark"}


def shell(screen: Screen) -> h.Renderable:
    """The document; `screen` only names the workspace."""
    manifest = screen.slack.workspace.installation.manifest
    return h.html(lang="en")[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.title[f"{manifest.name} · playground"],
            h.link(rel="icon", href="/static/icon.svg"),
            (h.link(rel="stylesheet", href=f"/static/{name}.css") for name in STYLES),
            h.script(src="/static/theme.js"),
            h.script(type="module", src="/static/page.js"),
        ],
        h.body[
            h.noscript["The playground needs JavaScript."],
            h.a(".skip", href="#main")["Skip to the conversation"],
            _bar(),
            h.div(".panes")[
                h.nav("#side.side", aria_label="Conversations")[
                    h.div(".side-list", data_region="channels")
                ],
                _main(),
                _thread(),
                h.aside("#inspector.pane.inspector", aria_label="Inspector")[
                    h.div(data_region="inspector")
                ],
            ],
            modal(),
            confirmation(),
            _switcher(),
            _message_menu(manifest),
            _shortcuts_menu(manifest),
            h.div(data_region="known", hidden=True),
            h.div("#cut-off.cut-off", role="status"),
            h.div("#told.told", role="alert"),
        ],
    ]


def _bar() -> h.Element:
    return h.header(".bar")[
        h.div(".bar-workspace", data_region="bar"),
        h.div(".bar-controls", data_region="controls"),
        h.div(".bar-you")[_theme(), h.div(".bar-you", data_region="you")],
        h.div(".bar-news", data_region="control_news", role="status"),
    ]


def _theme() -> h.Node:
    return [
        h.button(
            ".bar-button",
            type="button",
            popovertarget="theme",
            aria_haspopup="menu",
            aria_label="Theme",
            title="Theme",
        )[icon("theme")],
        h.div("#theme.menu", popover=True, role="menu", aria_label="Theme")[
            (
                h.button(
                    ".menu-item",
                    type="button",
                    role="menuitemradio",
                    aria_checked="false",
                    data_theme_choice=theme,
                )[label, icon("tick")]
                for theme, label in THEMES.items()
            )
        ],
    ]


def _main() -> h.Element:
    return h.main("#main.main", tabindex="-1")[
        h.div(data_region="head"),
        _log("messages", "Messages"),
        h.div("#home.scroller", data_region="home"),
        h.div(".composing", data_region="composer"),
    ]


def _thread() -> h.Element:
    return h.aside("#thread.pane.thread", aria_label="Thread")[
        h.div(data_region="thread_head"),
        _log("thread", "Messages in the thread"),
        h.div(".composing", data_region="thread_composer"),
    ]


def _log(region: str, label: str) -> h.Node:
    return [
        h.div(".scroller.messages", data_region=region, role="log", aria_label=label, tabindex="0"),
        h.div(".to-end")[
            h.button(".button", type="button", hidden=True, data_shows_end=region)["New messages"]
        ],
    ]


def _switcher() -> h.Element:
    return h.dialog("#switcher.switcher", aria_label="Go to a conversation")[
        h.input(
            type="text",
            role="combobox",
            aria_label="Go to",
            aria_autocomplete="list",
            aria_expanded="true",
            aria_controls="switcher-list",
            autocomplete="off",
            placeholder="Go to a conversation",
        ),
        h.ul("#switcher-list.options", role="listbox", aria_label="Conversations"),
    ]


def _message_menu(manifest: Manifest) -> h.Element:
    """The menu of whichever message it was opened for; an ephemeral one has no thread or link."""
    return _menu("message-menu", "This message")[
        _item("Reply in thread", data_of_message="reply"),
        _item("Copy link", data_of_message="copy_link"),
        _item("Copy text", data_of_message="copy_text"),
        (
            _item(
                shortcut.name,
                manifest.name,
                data_of_message="shortcut",
                data_shortcut=shortcut.callback_id,
            )
            for shortcut in manifest.shortcuts_of("message")
        ),
    ]


def _shortcuts_menu(manifest: Manifest) -> h.Element:
    return _menu("shortcuts-menu", "Shortcuts")[
        (
            _item(
                shortcut.name,
                shortcut.description,
                data_act="use_shortcut",
                data_content=json.dumps({"shortcut": shortcut.callback_id}),
            )
            for shortcut in manifest.shortcuts_of("global")
        )
    ]


def _menu(id_: str, label: str) -> h.Element:
    return h.div(".menu", id=id_, popover=True, role="menu", aria_label=label)


def _item(label: str, detail: str = "", **attributes: str) -> h.Element:
    return h.button(".menu-item", type="button", role="menuitem", **attributes)[
        h.span(".menu-words")[label, h.span(".menu-detail")[detail] if detail else None]
    ]

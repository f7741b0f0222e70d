"""Buttons and the menu behind one."""

import htpy as h

from app.playground.blocks import Json
from app.playground.page.html.icons import icon
from app.playground.page.html.text import opens, words_of
from app.playground.page.html.widget import Attributes, Widget


def button(widget: Widget) -> h.Node:
    """A button; with an address it is a link as well."""
    element = widget.element
    look = f".button.is-{element['style']}" if "style" in element else ".button"
    attributes = widget.attributes | {"aria-label": element.get("accessibility_label")}
    return _pressable(look, attributes, element)[widget.words(element["text"])]


def icon_button(widget: Widget) -> h.Node:
    """A button that shows a picture, and its words to who points at it."""
    name = widget.element.get("accessibility_label") or words_of(widget.element["text"])
    return h.button(
        ".button.is-icon",
        widget.attributes,
        type="button",
        aria_label=name,
        title=words_of(widget.element["text"]),
    )[icon("trash")]


def feedback(widget: Widget) -> h.Node:
    """Two buttons, of which one says yes and one says no."""
    return h.span(".feedback", widget.attributes, role="group", aria_label="Feedback")[
        (
            h.button(
                ".button.is-quiet",
                type="button",
                data_of=widget.id,
                data_choice=each["value"],
                aria_label=each.get("accessibility_label"),
            )[widget.words(each["text"])]
            for each in (widget.element["positive_button"], widget.element["negative_button"])
        )
    ]


def overflow(widget: Widget) -> h.Node:
    """A button with a menu behind it."""
    menu = f"{widget.id}/menu"
    return h.span(".overflow")[
        h.button(
            ".button.is-icon",
            widget.attributes,
            type="button",
            popovertarget=menu,
            aria_haspopup="menu",
            aria_label="More options",
        )[icon("more")],
        h.div(".menu", id=menu, role="menu", aria_label="More options", popover=True)[
            (_item(widget, option) for option in widget.element["options"])
        ],
    ]


def _item(widget: Widget, option: Json) -> h.Element:
    attributes: Attributes = {
        "role": "menuitem",
        "data-of": widget.id,
        "data-choice": option["value"],
    }
    detail = option.get("description")
    return _pressable(".menu-item", attributes, option)[
        h.span(".menu-words")[
            widget.words(option["text"]),
            h.span(".menu-detail")[widget.words(detail)] if detail else None,
        ]
    ]


def _pressable(look: str, attributes: Attributes, holder: Json) -> h.Element:
    """A button, or a link where there is an address that a browser may safely open."""
    address = holder.get("url", "")
    if not opens(address):
        return h.button(look, attributes, type="button")
    return h.a(look, attributes, href=address, target="_blank", rel="noopener noreferrer")

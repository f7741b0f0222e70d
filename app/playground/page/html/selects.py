"""Selects: a combobox for one choice or several.

Their lines are not in the document: the page asks for them when one is opened.
"""

from typing import Any

import htpy as h

from app.playground.page.html.icons import icon
from app.playground.page.html.text import words_of
from app.playground.page.html.widget import Widget
from app.playground.people.acting import MIN_QUERY_LENGTH


def select(widget: Widget) -> h.Node:
    """A combobox: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/."""
    kind = widget.kind.removeprefix("multi_")
    many = widget.kind != kind
    chosen = [_chosen(widget, each) for each in _listed(widget.value)]
    most = widget.element.get("max_selected_items")
    least = widget.element.get("min_query_length", MIN_QUERY_LENGTH)
    only = chosen[0] if chosen and not many else (None, "")
    return h.span(
        ".combobox",
        widget.attributes,
        data_chosen=only[0],
        data_label=only[1] or None,
        data_many=many,
        data_most=str(most) if most else None,
        data_least=str(least) if kind == "external_select" else None,
        data_placeholder=widget.hint,
    )[
        (_token(*each) for each in chosen) if many else None,
        h.input(
            widget.naming,
            id=f"{widget.id}/input",
            type="text",
            role="combobox",
            autocomplete="off",
            spellcheck="false",
            aria_autocomplete="list",
            aria_expanded="false",
            aria_controls=f"{widget.id}/list",
            placeholder=None if many and chosen else widget.hint,
            value=only[1],
        ),
        _clear(widget) if widget.field.block.get("optional") and not many else None,
        h.span(".combobox-sign")[icon("down")],
        h.div(
            ".menu",
            id=f"{widget.id}/list",
            role="listbox",
            aria_label="Options",
            aria_multiselectable="true" if many else None,
            popover="manual",
        ),
        h.span(".visually-hidden", role="status"),
    ]


def _listed(value: Any) -> list[Any]:
    if not value:
        return []
    return value if isinstance(value, list) else [value]


def _chosen(widget: Widget, choice: Any) -> tuple[str, str]:
    """What is chosen and what it is called: of an option its value and text, else an id."""
    if isinstance(choice, dict):
        return choice["value"], words_of(choice["text"])
    return choice, widget.reader.names.get(choice) or choice


def _token(choice: str, label: str) -> h.Element:
    return h.span(".token", data_chosen=choice)[
        h.span[label],
        h.button(type="button", aria_label=f"Remove {label}")["×"],
    ]


def _clear(widget: Widget) -> h.Element:
    return h.button(
        ".combobox-clear",
        type="button",
        aria_label=f"Clear {widget.label}",
        hidden=not widget.value,
    )[icon("close")]

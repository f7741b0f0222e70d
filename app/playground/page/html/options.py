"""Checkboxes and radio buttons."""

import htpy as h

from app.playground.blocks import Json
from app.playground.page.html.widget import Attributes, Widget


def checkboxes(widget: Widget) -> h.Node:
    """Options of which several can be ticked."""
    chosen = [option["value"] for option in widget.value]
    return _choices(widget, "checkbox", chosen, {"aria-invalid": widget.naming.get("aria-invalid")})


def radio_buttons(widget: Widget) -> h.Node:
    """Options of which one can be chosen."""
    return _choices(widget, "radio", [widget.value["value"]] if widget.value else [], {})


def _choices(widget: Widget, kind: str, chosen: list[str], naming: Attributes) -> h.Element:
    role = "radiogroup" if kind == "radio" else "group"
    group = {} if widget.field.is_input else {"role": role, **widget.naming}
    return h.div(".choices", widget.attributes, group)[
        (
            h.label(".choice")[
                h.input(
                    naming,
                    id=f"{widget.id}/{number}",
                    type=kind,
                    name=widget.id,
                    value=option["value"],
                    checked=option["value"] in chosen,
                ),
                _words(widget, option),
            ]
            for number, option in enumerate(widget.element["options"])
        )
    ]


def _words(widget: Widget, option: Json) -> h.Element:
    detail = option.get("description")
    return h.span(".choice-words")[
        h.span[widget.words(option["text"])],
        h.span(".choice-detail")[widget.words(detail)] if detail else None,
    ]

"""Checkboxes and radio buttons."""

import htpy as h

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
                    type=kind,
                    name=widget.id,
                    value=option["value"],
                    checked=option["value"] in chosen,
                ),
                h.span[
                    widget.words(option["text"]),
                    h.small[widget.words(option["description"])]
                    if "description" in option
                    else None,
                ],
            ]
            for option in widget.element["options"]
        )
    ]

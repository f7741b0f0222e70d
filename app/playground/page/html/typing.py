"""Fields that one types into."""

import htpy as h

from app.playground.blocks import Json
from app.playground.page.html.widget import Attributes, Widget

_ROWS = 4


def text(widget: Widget) -> h.Node:
    """A line of text, or several."""
    if widget.element.get("multiline"):
        return _area(widget, widget.value)
    return _line(widget, {"type": "text"})


def number(widget: Widget) -> h.Node:
    """A number, in a field of text: a browser's own number field hides what it can't read."""
    decimal = widget.element["is_decimal_allowed"]
    return _line(widget, {"type": "text", "inputmode": "decimal" if decimal else "numeric"})


def email(widget: Widget) -> h.Node:
    """An email address."""
    return _line(widget, {"type": "email", "autocapitalize": "off"})


def address(widget: Widget) -> h.Node:
    """A web address."""
    return _line(widget, {"type": "url", "autocapitalize": "off"})


def rich_text(widget: Widget) -> h.Node:
    """Text that the app receives as rich text."""
    return _area(widget, plain_of(widget.value) if widget.value else None)


def plain_of(rich: Json) -> str:
    """The words of rich text, a line for each of its parts."""
    return "\n".join(line for element in rich["elements"] for line in _lines(element))


def _lines(element: Json) -> list[str]:
    if element["type"] == "rich_text_list":
        return [line for item in element["elements"] for line in _lines(item)]
    return ["".join(_said(part) for part in element["elements"])]


def _said(part: Json) -> str:
    if part["type"] == "emoji":
        return f":{part['name']}:"
    return str(part.get("text") or part.get("url") or "")


def _line(widget: Widget, attributes: Attributes) -> h.VoidElement:
    return h.input(
        ".field", _common(widget), attributes, value=widget.value or "", autocomplete="off"
    )


def _area(widget: Widget, value: str | None) -> h.Element:
    # The parser drops a line break at the start of a text area.
    return h.textarea(".field", _common(widget), rows=_ROWS)[f"\n{value or ''}"]


def _common(widget: Widget) -> Attributes:
    most = widget.element.get("max_length")
    return {
        **widget.attributes,
        **widget.naming,
        "placeholder": widget.placeholder,
        "data-most": str(most) if most else None,
    }

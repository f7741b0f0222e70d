"""Dates, times and files, in the browser's own pickers."""

from datetime import UTC, datetime

import htpy as h

from app.playground.blocks import Json
from app.playground.page.html.icons import icon
from app.playground.page.html.widget import Attributes, Widget
from app.playground.pickers import MOST_FILES


def date(widget: Widget) -> h.Node:
    """A day."""
    return _picker(widget, "date", widget.value, {"min": "1000-01-01", "max": "9999-12-31"})


def time(widget: Widget) -> h.Node:
    """A time of day, with the zone that the app names."""
    return _zoned(_picker(widget, "time", widget.value, {}), widget.element.get("timezone"))


def date_and_time(widget: Widget) -> h.Node:
    """An instant, in the zone of who fills it in."""
    at = widget.value and datetime.fromtimestamp(widget.value, UTC).astimezone(widget.reader.zone)
    value = at.strftime("%Y-%m-%dT%H:%M") if at else None
    picker = _picker(
        widget, "datetime-local", value, {"min": "1000-01-01T00:00", "max": "9999-12-31T23:59"}
    )
    return _zoned(picker, str(widget.reader.zone))


def files(widget: Widget) -> h.Node:
    """Files that were chosen, and a field to choose more."""
    kinds = [f".{each.removeprefix('.')}" for each in widget.element.get("filetypes", [])]
    most = widget.element.get("max_files", MOST_FILES)
    return h.div(".files", widget.attributes)[
        h.ul(aria_label="Files")[(_file(each) for each in widget.value)] if widget.value else None,
        h.input(
            ".file",
            widget.naming,
            id=f"{widget.id}/input",
            type="file",
            multiple=most > 1,
            accept=",".join(kinds) or None,
        ),
    ]


def _picker(widget: Widget, kind: str, value: str | None, bounds: Attributes) -> h.VoidElement:
    return h.input(".field", widget.attributes, widget.naming, bounds, type=kind, value=value or "")


def _zoned(picker: h.VoidElement, zone: str | None) -> h.Node:
    return [picker, h.span(".zone")[zone.replace("_", " ")]] if zone else picker


def _file(file: Json) -> h.Element:
    return h.li(data_file=file["id"])[
        h.span[file["name"]],
        h.button(type="button", data_remove=True, aria_label=f"Remove {file['name']}")[
            icon("close")
        ],
    ]

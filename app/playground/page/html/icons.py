"""Small pictures beside words. They say nothing by themselves: what they stand for is written."""

from typing import Literal

import htpy as h

Icon = Literal[
    "archive",
    "back",
    "bolt",
    "close",
    "down",
    "file",
    "info",
    "lock",
    "more",
    "people",
    "play",
    "reply",
    "search",
    "send",
    "shared",
    "theme",
    "tick",
    "trash",
    "warning",
]

_PATHS: dict[Icon, str] = {
    "archive": "M3 4h14v4H3zM4.5 8v8h11V8M8 11h4",
    "back": "M12.5 4 6.5 10l6 6",
    "bolt": "M11 2.5 4.5 11.5H10l-1 6 6.5-9H10z",
    "close": "m5 5 10 10M15 5 5 15",
    "down": "m5.5 8 4.5 4.5L14.5 8",
    "file": "M5 2.5h6.5L15.5 6.5v11H5zM11.5 2.5v4h4",
    "info": "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9v4.5M10 6.3v.01",
    "lock": "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
    "more": "M10 4.5v.01M10 10v.01M10 15.5v.01",
    "people": "M7.5 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 16.5a5 5 0 0 1 10 0M13 4.3a3 3 0 0 1 0 "
    "5.4M14.5 12.3a5 5 0 0 1 3 4.2",
    "play": "M6.5 4v12l9.5-6z",
    "reply": "M4 4.5h12v8.5H9.5L6 16.5V13H4z",
    "search": "M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM12.5 12.5l4.5 4.5",
    "send": "M3 3.5 17 10 3 16.5 5 10zM5 10h6",
    "shared": "M8 12l4-4M9 6.5l1.5-1.5a3.2 3.2 0 0 1 4.5 4.5L13.5 11M11 13.5 9.5 15a3.2 3.2 0 0 "
    "1-4.5-4.5L6.5 9",
    "theme": "M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14",
    "tick": "m4.5 10.5 3.5 3.5 7.5-8",
    "trash": "M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v5M11.5 9v5",
    "warning": "M10 3 2.5 16.5h15zM10 8v4M10 14.2v.01",
}


def icon(name: Icon) -> h.Element:
    """A line drawing in the colour and about the size of the text beside it."""
    return h.svg(".icon", viewBox="0 0 20 20", aria_hidden="true")[h.path(d=_PATHS[name])]

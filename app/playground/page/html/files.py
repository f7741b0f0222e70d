"""Files that are shared in a message."""

from collections.abc import Sequence

import htpy as h

from app.playground.files import File
from app.playground.page.html.icons import icon

_UNITS = ("bytes", "KB", "MB", "GB")


def render_files(files: Sequence[File]) -> h.Node:
    """Files in their order: images as they are, all others to be downloaded."""
    if not files:
        return None
    return h.ul(".shared-files", aria_label="Files")[(h.li[_file(each)] for each in files)]


def _file(file: File) -> h.Element:
    return _image(file) if file.mimetype.startswith("image/") else _card(file)


def _image(file: File) -> h.Element:
    title = file.title or file.name
    return h.figure[
        h.figcaption[title],
        h.a(href=f"/files/{file.id}", target="_blank")[
            h.img(src=f"/files/{file.id}", alt=file.alt_text or title)
        ],
    ]


def _card(file: File) -> h.Element:
    kind = file.extension.upper() or "File"
    return h.a(".file-card", href=f"/files/{file.id}", download=file.name)[
        icon("file"),
        h.span[h.b[file.title or file.name], h.span(".quiet")[f"{kind}, {size(file.length)}"]],
        h.span(".visually-hidden")["Download"],
    ]


def size(count: int) -> str:
    """A number of bytes as people read it: `980 bytes`, `1.4 MB`."""
    if count < 1000:
        return f"{count} byte" if count == 1 else f"{count} bytes"
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}"

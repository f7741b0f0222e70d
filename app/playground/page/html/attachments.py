"""Secondary attachments: what older apps put below a message
(docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments)."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

import htpy as h

from app.playground.blocks import Json
from app.playground.page.html import dates
from app.playground.page.html.images import render_image_block
from app.playground.page.html.reader import Reader, Surface
from app.playground.page.html.text import link, render_mrkdwn

Blocks = Callable[[Sequence[Json], Reader, Surface], h.Node]

_COLOURS = {"good": "#2eb67d", "warning": "#ecb22e", "danger": "#e01e5a"}
_HEX = re.compile(r"#?((?:[0-9a-f]{3}){1,2})", re.IGNORECASE)


def render_attachments(
    attachments: Sequence[Json], reader: Reader, surface: Surface, blocks: Blocks
) -> h.Node:
    """Attachments below each other, each beside a bar in its colour. `blocks` renders blocks.

    Slack looks at the blocks of an attachment alone: of the rest, what has not its form is left
    out.
    """
    return [
        h.div(".attachment")[
            _text(each, "pretext", reader),
            h.div(".attachment-body")[
                _bar(each),
                h.div[
                    blocks(each["blocks"], reader, surface)
                    if each.get("blocks")
                    else _parts(each, reader)
                ],
            ],
        ]
        for each in attachments
    ]


def _parts(attachment: Json, reader: Reader) -> h.Node:
    parts = [
        _linked(attachment, "author_name", "author_link", ".attachment-author"),
        _linked(attachment, "title", "title_link", ".attachment-title"),
        _text(attachment, "text", reader),
        _fields(attachment, reader),
        _image(attachment, reader),
        _footer(attachment, reader),
    ]
    said = [part for part in parts if part is not None]
    return said or _text(attachment, "fallback", reader)


def _said(holder: Json, field: str) -> str:
    value = holder.get(field)
    return value if isinstance(value, str) else ""


def _text(holder: Json, field: str, reader: Reader) -> h.Node:
    words = _said(holder, field)
    return render_mrkdwn(words, reader) if words else None


def _linked(attachment: Json, field: str, address: str, class_: str) -> h.Node:
    words, url = _said(attachment, field), _said(attachment, address)
    if not words:
        return None
    return h.p(class_)[link(url, words) if url else words]


def _fields(attachment: Json, reader: Reader) -> h.Node:
    fields = attachment.get("fields")
    shown = [each for each in fields if isinstance(each, dict)] if isinstance(fields, list) else []
    if not shown:
        return None
    return h.div(".attachment-fields")[
        (
            h.div(class_={"is-short": each.get("short") is True})[
                h.p[h.b[_said(each, "title")]], _text(each, "value", reader)
            ]
            for each in shown
        )
    ]


def _image(attachment: Json, reader: Reader) -> h.Node:
    url = _said(attachment, "image_url") or _said(attachment, "thumb_url")
    if not url:
        return None
    alt = _said(attachment, "fallback") or _said(attachment, "title") or "Image"
    return render_image_block({"image_url": url, "alt_text": alt}, reader)


def _footer(attachment: Json, reader: Reader) -> h.Node:
    when = _instant(attachment.get("ts"), reader)
    parts = [_said(attachment, "footer"), when]
    words = " | ".join(part for part in parts if part)
    return h.p(".quiet")[words] if words else None


def _instant(seconds: object, reader: Reader) -> str:
    try:
        instant = datetime.fromtimestamp(float(str(seconds)), reader.zone)
    except (ValueError, OverflowError, OSError):
        return ""
    return dates.in_words("{date_short_pretty} at {time}", instant, reader.now)


def _bar(attachment: Json) -> h.Element:
    colour = _said(attachment, "color")
    found = _HEX.fullmatch(_COLOURS.get(colour, colour))
    return h.svg(".attachment-bar", viewBox="0 0 1 1", preserveAspectRatio="none")[
        h.rect(width="1", height="1", fill=f"#{found[1]}" if found else None)
    ]

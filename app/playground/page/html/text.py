"""Text as HTML: plain text, mrkdwn, and whatever else was read into passages."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import htpy as h

from app.playground.blocks import Json
from app.playground.mrkdwn import read, read_inline, read_plain
from app.playground.page.html import dates
from app.playground.page.html.reader import Reader
from app.playground.passages import (
    CodeBlock,
    Colour,
    Date,
    Link,
    ListItem,
    Mention,
    Passage,
    Quote,
    Sign,
    Span,
    Spans,
    Style,
    Words,
)

_OPENS = re.compile(r"https?://|mailto:", re.IGNORECASE)
_HEX = re.compile(r"#(?:[0-9a-f]{3}){1,2}", re.IGNORECASE)
_STYLES = {"code": h.code, "underline": h.u, "strike": h.s, "italic": h.i, "bold": h.b}


def render_text(holder: Json, reader: Reader) -> h.Node:
    """A text object with all its forms: passages of mrkdwn, or one of plain text."""
    if holder["type"] == "mrkdwn":
        return render_mrkdwn(holder["text"], reader, verbatim=bool(holder.get("verbatim")))
    return h.div(".formatted")[h.p[render_inline(holder, reader)]]


def render_inline(holder: Json, reader: Reader) -> h.Node:
    """A text object as one run of text, where passages have no room: labels, titles, notes."""
    return [render_span(each, reader) for each in _spans(holder)]


def render_mrkdwn(text: str, reader: Reader, *, verbatim: bool = False) -> h.Node:
    """Mrkdwn, such as the text of a message without blocks."""
    return render_passages(read(text, verbatim=verbatim), reader)


def render_passages(passages: Sequence[Passage], reader: Reader) -> h.Node:
    """Passages below each other."""
    groups = groupby(passages, key=lambda each: isinstance(each, ListItem))
    return h.div(".formatted")[
        (
            _list([each for each in group if isinstance(each, ListItem)], reader)
            if is_list
            else [_passage(each, reader) for each in group]
            for is_list, group in groups
        )
    ]


def words_of(holder: Json) -> str:
    """What a text object says, for where only words can stand: attributes, placeholders."""
    return "".join(_words(each) for each in _spans(holder))


def opens(url: str) -> bool:
    """Whether a browser may safely open an address that an app or a person wrote."""
    return _OPENS.match(url) is not None


def link(url: str, label: h.Node) -> h.Node:
    """A link that opens beside the page; only words where the address is none that opens a page."""
    if not opens(url):
        return label if label == url else [label, f" ({url})"]
    return h.a(href=url, target="_blank", rel="noreferrer noopener")[label]


def render_span(span: Span, reader: Reader) -> h.Node:
    """One run of text in its style."""
    return _styled(_content(span, reader), span.style)


def _spans(holder: Json) -> Spans:
    if holder["type"] == "mrkdwn":
        return read_inline(holder["text"], verbatim=bool(holder.get("verbatim")))
    return read_plain(holder["text"], with_emoji=holder.get("emoji", True))


def _words(span: Span) -> str:
    match span:
        case Words(text):
            return text
        case Sign(sign):
            return sign
        case Link(url, label):
            return label or url
        case Mention(_, id_, label):
            return label or id_
        case Date(_, _, fallback):
            return fallback
        case Colour(value):
            return value


def _passage(passage: Passage, reader: Reader) -> h.Element:
    content = [render_span(each, reader) for each in passage.spans]
    match passage:
        case CodeBlock():
            return h.pre[h.code[content]]
        case Quote():
            return h.blockquote[content]
        case _:
            # An empty line is as high as any other.
            return h.p[content or h.br]


def _list(items: Sequence[ListItem], reader: Reader) -> h.Element:
    """Items below each other, each with the deeper ones that follow it."""
    heads: list[list[ListItem]] = []
    for item in items:
        if heads and item.depth > heads[-1][0].depth:
            heads[-1].append(item)
        else:
            heads.append([item])
    return h.ul[(_item(head, inner, reader) for head, *inner in heads)]


def _item(item: ListItem, inner: Sequence[ListItem], reader: Reader) -> h.Element:
    return h.li(class_="is-quoted" if item.is_quoted else None)[
        h.span(".sign")[item.sign, " "],
        h.div[
            (render_span(each, reader) for each in item.spans),
            _list(inner, reader) if inner else None,
        ],
    ]


def _styled(content: h.Node, style: Style) -> h.Node:
    for name, element in _STYLES.items():
        if name in style:
            content = element[content]
    return h.mark[content] if "highlight" in style else content


def _content(span: Span, reader: Reader) -> h.Node:
    match span:
        case Words(text):
            return text
        case Sign(sign, code):
            return emoji(sign, code)
        case Link(url, label):
            return link(url, label or url.removeprefix("mailto:"))
        case Mention():
            return _mention(span, reader)
        case Date():
            return _date(span, reader)
        case Colour(value):
            return [_swatch(value), value]


def emoji(sign: str, code: str) -> h.Element:
    """A sign that says what it is called."""
    return h.span(".emoji", role="img", aria_label=code.replace("_", " "), title=f":{code}:")[sign]


def _mention(mention: Mention, reader: Reader) -> h.Element:
    means_me = mention.kind == "broadcast" or mention.id == reader.id
    return h.span(
        ".mention.is-me" if means_me else ".mention",
        data_channel=mention.id if mention.kind == "channel" else None,
    )[mention.words(reader.names)]


def _date(date: Date, reader: Reader) -> h.Node:
    try:
        instant = datetime.fromtimestamp(date.seconds or 0, reader.zone)
    except (ValueError, OverflowError, OSError):
        return date.fallback
    if date.seconds is None:
        return date.fallback
    shown = h.time(datetime=instant.isoformat(), title=dates.full(instant))[
        dates.in_words(date.pattern, instant, reader.now)
    ]
    return link(date.url, shown) if date.url else shown


def _swatch(value: str) -> h.Node:
    """The colour itself, where the value is one."""
    if not _HEX.fullmatch(value):
        return None
    return h.svg(".swatch", viewBox="0 0 1 1", aria_hidden="true")[
        h.rect(width="1", height="1", fill=value)
    ]

"""Slack's mrkdwn, read.

Source: docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from app.playground import emoji
from app.playground.passages import (
    DEEPEST,
    PLAIN,
    CodeBlock,
    Date,
    Link,
    ListItem,
    Mention,
    Paragraph,
    Passage,
    Passages,
    Quote,
    Sign,
    Span,
    Spans,
    Style,
    Words,
)

ZERO_WIDTH_SPACE = "\u200b"

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_LIST_ITEM = re.compile(r"(\s*)([•◦▪*-]|\d{1,3}[.)]) +(\S.*)")
_QUOTE = re.compile(r"(?:&gt;|>) ?")
_LONG_QUOTE = re.compile(r"(?:(?:&gt;){3}|>>>) ?")


def _between(sign: str, name: str) -> str:
    """A pair of signs that hugs a run of text, as Slack wants it to become a style.

    A zero-width space before the first sign keeps it a sign: apps use that to show what people
    typed as it is.
    """
    mark = re.escape(sign)
    opening = rf"(?<![\w{mark}{ZERO_WIDTH_SPACE}]){mark}"
    return rf"{opening}(?P<{name}>(?=\S)[^{mark}\n]*[^\s{mark}]){mark}(?![\w{mark}])"


_URL_SIGN = r"(?!&[lg]t;)[^\s<>|`]"
_FORMS = (
    r"`(?P<code>[^`\n]+)`",
    r"<(?P<angle>[^<>\n]+)>",
    _between("*", "bold"),
    _between("_", "italic"),
    _between("~", "strike"),
)
_VERBATIM = re.compile("|".join(_FORMS))
_LINKING = re.compile(
    "|".join([*_FORMS, rf"(?P<url>https?://(?:{_URL_SIGN})*(?:{_URL_SIGN}(?<![.,;:!?'\")\]*_~])))"])
)


@lru_cache(maxsize=4096)
def read(text: str, *, verbatim: bool = False) -> Passages:
    """Passages of mrkdwn. Addresses that stand in it become links unless it is `verbatim`
    (docs.slack.dev/reference/block-kit/composition-objects/text-object)."""
    passages: list[Passage] = []
    for place, part in enumerate(_FENCE.split(text)):
        if place % 2:
            passages.append(CodeBlock((Words(_shown(part)),)))
        elif part.strip("\n"):
            passages.extend(_lines(part.strip("\n"), verbatim))
    return tuple(passages)


@lru_cache(maxsize=4096)
def read_inline(text: str, *, verbatim: bool = False) -> Spans:
    """Mrkdwn as one run of spans, where there is no room for code blocks, quotes and lists."""
    return tuple(_inline(text, PLAIN, verbatim))


@lru_cache(maxsize=4096)
def read_plain(text: str, *, with_emoji: bool = True) -> Spans:
    """A plain text, in which nothing but emoji is read, and not even they if that isn't wished."""
    shown = _shown(text)
    return tuple(_signs(shown, PLAIN)) if with_emoji else (Words(shown),)


def unescape(text: str) -> str:
    """Undo the three escapes of mrkdwn."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(text: str) -> str:
    """Text as people see it: what kept a sign a sign has done its work."""
    return unescape(text).replace(ZERO_WIDTH_SPACE, "")


def _lines(part: str, verbatim: bool) -> Iterator[Passage]:
    """A passage for each line, but one for each run of quoted lines."""

    def inline(words: str) -> Spans:
        return tuple(_inline(words, PLAIN, verbatim))

    lines = part.split("\n")
    while lines:
        line = lines.pop(0)
        item = _LIST_ITEM.fullmatch(line)
        if _LONG_QUOTE.match(line):
            yield Quote(inline(_LONG_QUOTE.sub("", "\n".join([line, *lines]), count=1)))
            return
        if _QUOTE.match(line):
            run = [line]
            while lines and _QUOTE.match(lines[0]):
                run.append(lines.pop(0))
            yield Quote(inline("\n".join(_QUOTE.sub("", each, count=1) for each in run)))
        elif item:
            indent, sign, words = item.groups()
            yield ListItem(sign, inline(words), min(len(indent.expandtabs(4)) // 2, DEEPEST))
        else:
            yield Paragraph(inline(line))


def _inline(text: str, style: Style, verbatim: bool) -> Iterator[Span]:
    end = 0
    for found in (_VERBATIM if verbatim else _LINKING).finditer(text):
        yield from _signs(_shown(text[end : found.start()]), style)
        kind, content = next((name, each) for name, each in found.groupdict().items() if each)
        match kind:
            case "code":
                yield Words(_shown(content), style | {"code"})
            case "angle":
                yield _angle(content, style)
            case "url":
                yield Link(unescape(content), style=style)
            case _:
                yield from _inline(content, style | {kind}, verbatim)
        end = found.end()
    yield from _signs(_shown(text[end:]), style)


def _signs(text: str, style: Style) -> Iterator[Span]:
    for part in emoji.split(text):
        if isinstance(part, str):
            yield Words(part, style)
        else:
            yield Sign(part.sign, part.code, style)


def _angle(content: str, style: Style) -> Span:
    """What stands in angle brackets: a mention, a date or a link."""
    target, _, label = content.partition("|")
    label = emoji.with_signs(unescape(label))
    if target.startswith("!date^"):
        return _date(unescape(target), label, style)
    if target.startswith("!subteam^"):
        return Mention("group", target.removeprefix("!subteam^"), label, style)
    if target.startswith("!"):
        return Mention("broadcast", target[1:], label, style)
    if target.startswith("@"):
        return Mention("user", target[1:], label, style)
    if target.startswith("#"):
        return Mention("channel", target[1:], label, style)
    return Link(unescape(target), label, style)


def _date(target: str, fallback: str, style: Style) -> Date:
    _, seconds, pattern, url, *_ = [*target.split("^", 3), "", ""]
    number = int(seconds) if re.fullmatch(r"-?\d{1,12}", seconds, re.ASCII) else None
    return Date(number, pattern, fallback or seconds * (number is None), url, style)

"""Slack's mrkdwn, read into styled text.

Source: docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from rich.console import RenderableType
from rich.style import Style
from rich.text import Text

from app.playground.terminal.layout import Hanging, stacked
from app.playground.terminal.safe import ZERO_WIDTH_SPACE, clean, readable, unescape

Names = Mapping[str, str]

MENTION = Style(bold=True, color="cyan")
LINK = Style(underline=True, color="blue")
CODE = Style(color="red")
QUOTE_BAR = "▎ "

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_LIST_ITEM = re.compile(r"(\s*)(?:[•◦▪*-]|(\d{1,3})[.)]) +(\S.*)")
_QUOTE = re.compile(r"(?:&gt;|>) ?")


def _between(sign: str, name: str) -> str:
    """A pair of signs that hugs a run of text, as Slack wants it to become a style.

    A zero-width space before the first sign keeps it a sign: apps use that to show what people
    typed as it is.
    """
    mark = re.escape(sign)
    opening = rf"(?<![\w{mark}{ZERO_WIDTH_SPACE}]){mark}"
    return rf"{opening}(?P<{name}>(?=\S)[^{mark}\n]*[^\s{mark}]){mark}(?![\w{mark}])"


_INLINE = re.compile(
    "|".join(
        [
            r"`(?P<code>[^`\n]+)`",
            r"<(?P<angle>[^<>\n]+)>",
            _between("*", "bold"),
            _between("_", "italic"),
            _between("~", "strike"),
        ]
    )
)
_STYLES = {
    "bold": Style(bold=True),
    "italic": Style(italic=True),
    "strike": Style(strike=True),
}


def inline(text: object, names: Names | None = None, style: Style | None = None) -> Text:
    """Mrkdwn as one styled text: emphasis, code, links, mentions, dates, emoji.

    `names` are display names by the id of a user or channel; without one the id is shown.
    """
    return _inline(_clean(text), names or {}, style or Style())


def mrkdwn(text: object, names: Names | None = None) -> RenderableType:
    """Mrkdwn with its larger forms as well: code blocks, quotes and lists."""
    known = names or {}
    parts: list[RenderableType] = []
    for place, passage in enumerate(_FENCE.split(_clean(text))):
        if place % 2:
            parts.append(Hanging("  ", Text(unescape(clean(passage)), style=CODE)))
        elif passage.strip("\n"):
            parts.extend(_lines(passage.strip("\n"), known))
    return stacked(parts)


def _lines(passage: str, names: Names) -> list[RenderableType]:
    """Lines as they are, but each run of quoted lines behind a bar and each list item hanging."""
    parts: list[RenderableType] = []
    lines = passage.split("\n")
    while lines:
        line = lines.pop(0)
        item = _LIST_ITEM.fullmatch(line)
        if line.startswith(("&gt;&gt;&gt;", ">>>")):
            rest = re.sub(r"^(?:(?:&gt;){3}|>>>) ?", "", "\n".join([line, *lines]))
            return [*parts, quoted(_inline(rest, names, Style()))]
        if _QUOTE.match(line):
            run = [line]
            while lines and _QUOTE.match(lines[0]):
                run.append(lines.pop(0))
            words = "\n".join(_QUOTE.sub("", each, count=1) for each in run)
            parts.append(quoted(_inline(words, names, Style())))
        elif item:
            indent, number, words = item.groups()
            sign = f"{indent}{number}. " if number else f"{indent}• "
            parts.append(Hanging(sign, _inline(words, names, Style())))
        else:
            parts.append(_inline(line, names, Style()))
    return parts


def _clean(text: object) -> str:
    """Clean text in which the signs that shall stay signs are still to be told."""
    return clean(text, keeping=ZERO_WIDTH_SPACE)


def quoted(content: RenderableType) -> Hanging:
    """Content behind the bar of a quote."""
    return Hanging(QUOTE_BAR, content, rest=QUOTE_BAR)


def _inline(text: str, names: Names, style: Style) -> Text:
    result = Text()
    end = 0
    for found in _INLINE.finditer(text):
        result.append(readable(text[end : found.start()]), style)
        kind, content = next((name, each) for name, each in found.groupdict().items() if each)
        if kind == "code":
            result.append(unescape(clean(content)), style + CODE)
        elif kind == "angle":
            result.append_text(_angle(content, names, style))
        else:
            result.append_text(_inline(content, names, style + _STYLES[kind]))
        end = found.end()
    return result.append(readable(text[end:]), style)


def _angle(content: str, names: Names, style: Style) -> Text:
    """What stands in angle brackets: a mention, a date or a link."""
    target, _, label = content.partition("|")
    if target.startswith("!date^"):
        return Text(readable(label) or _date(target), style)
    if target.startswith(("@", "#", "!")):
        return Text(mention(target, names, label), style + MENTION)
    return linked(unescape(clean(target)), readable(label), style)


def mention(target: str, names: Names, label: str = "") -> str:
    """A mention as people read it: `@U1` is a user, `#C1` a channel, `!here` everyone around."""
    kind, identifier = target[0], target[1:]
    if kind == "!" and identifier.startswith("subteam^"):
        identifier = identifier.removeprefix("subteam^")
    name = clean(names.get(identifier, "")) or readable(label) or identifier
    sign = "#" if kind == "#" else "@"
    return sign + name.removeprefix(sign)


def linked(url: str, label: str = "", style: Style | None = None) -> Text:
    """A link, with its address in words behind it unless the label says it already."""
    shown = url.removeprefix("mailto:")
    text = Text(label or shown, (style or Style()) + LINK)
    if label and label != shown:
        text.append(f" ({shown})", "dim")
    return text


def _date(target: str) -> str:
    """The instant of a date without a fallback, in UTC."""
    seconds = target.split("^")[1]
    try:
        return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return seconds

"""Formatted text, styled for a terminal."""

from collections.abc import Iterable
from datetime import UTC, datetime

from rich.console import RenderableType
from rich.style import Style
from rich.text import Text

from app.playground.mrkdwn import ZERO_WIDTH_SPACE, read, read_inline
from app.playground.passages import (
    CodeBlock,
    Colour,
    Date,
    Link,
    ListItem,
    Mention,
    Names,
    Paragraph,
    Passage,
    Quote,
    Sign,
    Span,
    Words,
)
from app.playground.terminal.layout import Hanging, stacked
from app.playground.terminal.safe import clean

MENTION = Style(bold=True, color="cyan")
LINK = Style(underline=True, color="blue")
CODE = Style(color="red")
QUOTE_BAR = "▎ "

_STYLES = {
    "bold": Style(bold=True),
    "italic": Style(italic=True),
    "strike": Style(strike=True),
    "underline": Style(underline=True),
    "highlight": Style(reverse=True),
    "code": CODE,
}


def inline(text: object, names: Names | None = None) -> Text:
    """Mrkdwn as one styled text: emphasis, code, links, mentions, dates, emoji.

    `names` are display names by the id of a user or channel.
    """
    return styled(read_inline(_clean(text)), names or {})


def mrkdwn(text: object, names: Names | None = None) -> RenderableType:
    """Mrkdwn with its larger forms as well: code blocks, quotes and lists."""
    return below_each_other(read(_clean(text)), names or {})


def below_each_other(passages: Iterable[Passage], names: Names) -> RenderableType:
    """Passages, whoever wrote them how."""
    return stacked(_passage(each, names) for each in passages)


def styled(spans: Iterable[Span], names: Names) -> Text:
    """Spans as one text."""
    return Text().join(_span(each, names) for each in spans)


def _clean(text: object) -> str:
    """Clean text in which the signs that shall stay signs are still to be told."""
    return clean(text, keeping=ZERO_WIDTH_SPACE)


def _passage(passage: Passage, names: Names) -> RenderableType:
    content = styled(passage.spans, names)
    match passage:
        case Paragraph():
            return content
        case CodeBlock():
            return Hanging("  ", Text(content.plain, style=CODE))
        case Quote():
            return Hanging(QUOTE_BAR, content, rest=QUOTE_BAR)
        case ListItem(sign, _, depth, is_quoted):
            bar = QUOTE_BAR if is_quoted else ""
            item = Hanging("  " * depth + f"{sign} ", content)
            return Hanging(bar, item, rest=bar) if bar else item


def _span(span: Span, names: Names) -> Text:
    style = Style.combine([Style(), *(_STYLES[each] for each in sorted(span.style))])
    match span:
        case Words(text) | Colour(text):
            return Text(clean(text), style)
        case Sign(sign):
            return Text(clean(sign), style)
        case Link(url, label):
            return _linked(clean(url), clean(label), style)
        case Mention():
            return Text(clean(span.words(names)), style + MENTION)
        case Date(seconds, _, fallback):
            return Text(clean(fallback) or _instant(seconds), style)


def _linked(url: str, label: str, style: Style) -> Text:
    """A link, with its address in words behind it unless the label says it already."""
    shown = url.removeprefix("mailto:")
    text = Text(label or shown, style + LINK)
    if label and label != shown:
        text.append(f" ({shown})", "dim")
    return text


def _instant(seconds: int | None) -> str:
    """The instant of a date without a fallback, in UTC."""
    try:
        return datetime.fromtimestamp(seconds or 0, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return str(seconds)

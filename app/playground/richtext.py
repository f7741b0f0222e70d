"""The `rich_text` block, read (docs.slack.dev/reference/block-kit/blocks/rich-text-block)."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.playground.emoji import sign_of, with_skin
from app.playground.passages import (
    DEEPEST,
    CodeBlock,
    Colour,
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

_BULLETS = "•◦▪"
_ROMAN = {10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}
_STYLES = {
    **{name: name for name in ("bold", "italic", "strike", "underline", "code", "highlight")},
    "client_highlight": "highlight",
}

Json = Mapping[str, Any]


def read_rich_text(block: Json) -> Passages:
    """Passages of a rich text that Block Kit's rules have nothing against."""
    return tuple(passage for each in block["elements"] for passage in _passages(each))


def _passages(element: Json) -> Iterator[Passage]:
    match element["type"]:
        case "rich_text_list":
            yield from _items(element)
        case "rich_text_quote":
            yield Quote(_spans(element))
        case "rich_text_preformatted":
            yield CodeBlock(_spans(element))
        case _:
            yield Paragraph(_spans(element))


def _items(element: Json) -> Iterator[ListItem]:
    depth, first = min(element.get("indent", 0), DEEPEST), element.get("offset", 0) + 1
    for number, item in enumerate(element["elements"], start=first):
        ordered = element["style"] == "ordered"
        sign = f"{_numeral(number, depth)}." if ordered else _BULLETS[depth % len(_BULLETS)]
        yield ListItem(sign, _spans(item), depth, bool(element.get("border")))


def _numeral(number: int, depth: int) -> str:
    """1, 2, 3 outside; a, b, c within; i, ii, iii within that; and again."""
    match depth % 3:
        case 1 if number <= 26:
            return "abcdefghijklmnopqrstuvwxyz"[number - 1]
        case 2 if number < 40:
            return _roman(number)
        case _:
            return str(number)


def _roman(number: int) -> str:
    numeral = ""
    for value, letters in _ROMAN.items():
        numeral += letters * (number // value)
        number %= value
    return numeral


def _spans(element: Json) -> Spans:
    return tuple(_span(part, _style(part.get("style", {}))) for part in element["elements"])


def _style(flags: Json) -> Style:
    return frozenset(_STYLES[name] for name, is_on in flags.items() if is_on and name in _STYLES)


def _span(part: Json, style: Style) -> Span:
    match part["type"]:
        case "link":
            return _link(part, style)
        case "emoji":
            return _emoji(part, style)
        case "color":
            return Colour(part["value"], style)
        case "date":
            fallback, url = part.get("fallback", ""), part.get("url", "")
            return Date(part["timestamp"], part["format"], fallback, url, style)
        case "text":
            return Words(part["text"], style)
        case _:
            return _mention(part, style)


def _link(part: Json, style: Style) -> Span:
    if part.get("style", {}).get("unlink"):
        return Words(part.get("text") or part["url"], style)
    return Link(part["url"], part.get("text", ""), style)


def _emoji(part: Json, style: Style) -> Span:
    """An emoji by its name, or else by its code points; as typed where neither is known."""
    code = part["name"]
    sign = sign_of(code) or _from_code_points(part.get("unicode", ""))
    if sign is None:
        return Words(f":{code}:", style)
    return Sign(with_skin(sign, part.get("skin_tone")), code, style)


def _from_code_points(written: str) -> str | None:
    """The sign of code points such as `1f44d-1f3fb`."""
    try:
        return "".join(chr(int(each, 16)) for each in written.split("-"))
    except (ValueError, OverflowError):
        return None


def _mention(part: Json, style: Style) -> Mention:
    match part["type"]:
        case "user":
            return Mention("user", part["user_id"], style=style)
        case "channel":
            return Mention("channel", part["channel_id"], style=style)
        case "usergroup":
            return Mention("group", part["usergroup_id"], style=style)
        case "team":
            return Mention("team", part["team_id"], style=style)
        case _:
            return Mention("broadcast", part["range"], style=style)

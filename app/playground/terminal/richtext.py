"""The `rich_text` block (docs.slack.dev/reference/block-kit/blocks/rich-text-block)."""

from collections.abc import Mapping
from typing import Any

from rich.console import RenderableType
from rich.style import Style
from rich.text import Text

from app.playground.terminal.layout import Hanging, stacked
from app.playground.terminal.mrkdwn import CODE, MENTION, Names, linked, mention, quoted
from app.playground.terminal.safe import clean, readable, with_signs

_BULLETS = "•◦▪"
_MENTIONS = {
    "user": ("@", "user_id"),
    "usergroup": ("@", "usergroup_id"),
    "channel": ("#", "channel_id"),
    "broadcast": ("!", "range"),
}


def rich_text(block: Mapping[str, Any], names: Names) -> RenderableType:
    """Sections, lists, quotes and preformatted passages below each other."""
    return stacked(_passage(each, names) for each in block.get("elements", []))


def rich_line(block: Mapping[str, Any], names: Names) -> Text:
    """All of a rich text as one styled text, for a cell of a table."""
    return Text("\n").join(
        _parts(section, names)
        for passage in block.get("elements", [])
        for section in (
            passage["elements"] if passage.get("type") == "rich_text_list" else [passage]
        )
    )


def _passage(passage: Mapping[str, Any], names: Names) -> RenderableType:
    match passage.get("type"):
        case "rich_text_list":
            return stacked(_items(passage, names))
        case "rich_text_quote":
            return quoted(_parts(passage, names))
        case "rich_text_preformatted":
            return Hanging("  ", Text(_parts(passage, names).plain, style=CODE))
        case _:
            return _parts(passage, names)


def _items(passage: Mapping[str, Any], names: Names) -> list[RenderableType]:
    depth = passage.get("indent", 0)
    first = passage.get("offset", 0) + 1
    ordered = passage.get("style") == "ordered"
    bullet = _BULLETS[depth % len(_BULLETS)]
    return [
        Hanging("  " * depth + (f"{number}. " if ordered else f"{bullet} "), _parts(item, names))
        for number, item in enumerate(passage.get("elements", []), start=first)
    ]


def _parts(section: Mapping[str, Any], names: Names) -> Text:
    return Text().join(_part(part, names) for part in section.get("elements", []))


def _part(part: Mapping[str, Any], names: Names) -> Text:
    style = _style(part.get("style", {}))
    kind = part.get("type", "")
    if kind in _MENTIONS:
        sign, field = _MENTIONS[kind]
        return Text(mention(sign + clean(part[field]), names), style + MENTION)
    match kind:
        case "text":
            return Text(clean(part["text"]), style)
        case "link":
            return linked(clean(part["url"]), clean(part.get("text", "")), style)
        case "emoji":
            return Text(with_signs(f":{clean(part['name'])}:"), style)
        case _:
            shown = part.get("fallback") or part.get("value") or part.get("timestamp") or ""
            return Text(readable(shown), style)


def _style(flags: Mapping[str, Any]) -> Style:
    style = Style(
        bold=flags.get("bold"),
        italic=flags.get("italic"),
        strike=flags.get("strike"),
        underline=flags.get("underline"),
    )
    return style + CODE if flags.get("code") else style

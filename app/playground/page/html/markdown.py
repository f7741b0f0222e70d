"""The `markdown` block: standard Markdown
(docs.slack.dev/reference/block-kit/blocks/markdown-block)."""

from collections.abc import Callable, Mapping
from functools import lru_cache

import htpy as h
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from app.playground.blocks import Json
from app.playground.emoji import split
from app.playground.page.html.text import emoji, link

_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_HEADING_LEVEL = 3
"""Of the largest heading; what is above it belongs to the page."""


def render_markdown(block: Json) -> h.Node:
    """Markdown without HTML; pictures become links, for nothing is loaded from outside."""
    return h.div(".markdown")[_children(_tree(block["text"]))]


@lru_cache(maxsize=512)
def _tree(text: str) -> SyntaxTreeNode:
    return SyntaxTreeNode(_PARSER.parse(text))


def _children(node: SyntaxTreeNode) -> list[h.Node]:
    return [_node(each) for each in node.children]


def _node(node: SyntaxTreeNode) -> h.Node:
    if node.type in _ELEMENTS:
        return _ELEMENTS[node.type][_children(node)]
    return _RENDERERS[node.type](node) if node.type in _RENDERERS else _children(node)


def _text(node: SyntaxTreeNode) -> h.Node:
    return [
        each if isinstance(each, str) else emoji(each.sign, each.code)
        for each in split(node.content)
    ]


def _heading(node: SyntaxTreeNode) -> h.Element:
    level = min(int(node.tag[1:]) + _HEADING_LEVEL - 1, 6)
    return getattr(h, f"h{level}")[_children(node)]  # type: ignore[no-any-return]


def _code(node: SyntaxTreeNode) -> h.Element:
    return h.pre[h.code[node.content.removesuffix("\n")]]


def _ordered(node: SyntaxTreeNode) -> h.Element:
    return h.ol(start=str(node.attrs.get("start", 1)))[_children(node)]


def _paragraph(node: SyntaxTreeNode) -> h.Node:
    return _children(node) if node.hidden else h.p[_children(node)]


def _link(node: SyntaxTreeNode) -> h.Node:
    return link(str(node.attrs["href"]), _children(node))


def _image(node: SyntaxTreeNode) -> h.Node:
    url = str(node.attrs["src"])
    return link(url, node.content or url)


def _table(node: SyntaxTreeNode) -> h.Element:
    return h.div(".table-frame", tabindex="0", role="group", aria_label="Table")[
        h.table[_children(node)]
    ]


def _cell(node: SyntaxTreeNode) -> h.Element:
    align = str(node.attrs.get("style", "")).removeprefix("text-align:")
    class_ = f"is-wrapped align-{align}" if align else "is-wrapped"
    if node.tag == "th":
        return h.th(scope="col", class_=class_)[_children(node)]
    return h.td(class_=class_)[_children(node)]


_ELEMENTS: Mapping[str, h.Element] = {
    "strong": h.b,
    "em": h.i,
    "s": h.s,
    "bullet_list": h.ul,
    "list_item": h.li,
    "blockquote": h.blockquote,
    "thead": h.thead,
    "tbody": h.tbody,
    "tr": h.tr,
}
_RENDERERS: Mapping[str, Callable[[SyntaxTreeNode], h.Node]] = {
    "text": _text,
    "heading": _heading,
    "paragraph": _paragraph,
    "ordered_list": _ordered,
    "code_inline": lambda node: h.code[node.content],
    "code_block": _code,
    "fence": _code,
    "link": _link,
    "image": _image,
    "table": _table,
    "th": _cell,
    "td": _cell,
    "hr": lambda node: h.hr,  # noqa: ARG005
    "softbreak": lambda node: h.br,  # noqa: ARG005
    "hardbreak": lambda node: h.br,  # noqa: ARG005
}

"""Blocks as HTML, one renderer for each type (docs.slack.dev/reference/block-kit/blocks)."""

from collections.abc import Callable, Mapping, Sequence

import htpy as h

from app.playground.blocks import Json
from app.playground.inputs import Field
from app.playground.messages import Message
from app.playground.page.html.attachments import render_attachments
from app.playground.page.html.charts import render_chart
from app.playground.page.html.elements import render_element
from app.playground.page.html.files import render_files
from app.playground.page.html.icons import Icon, icon
from app.playground.page.html.images import render_image_block, render_small_image
from app.playground.page.html.inputs import render_input
from app.playground.page.html.markdown import render_markdown
from app.playground.page.html.reader import Reader, Surface
from app.playground.page.html.tables import render_data_table, render_table
from app.playground.page.html.tasks import render_plan, render_task
from app.playground.page.html.text import (
    link,
    render_inline,
    render_mrkdwn,
    render_passages,
    render_text,
)
from app.playground.richtext import read_rich_text

Renderer = Callable[[Json, Reader, Surface], h.Node]

_HEADING_LEVEL = "3"
"""Below the page's name and that of a channel, thread or modal."""

_ALERTS: Mapping[str, tuple[Icon, str]] = {
    "error": ("warning", "Error: "),
    "warning": ("warning", "Warning: "),
    "success": ("tick", "Done: "),
}


def render_blocks(blocks: Sequence[Json], reader: Reader, surface: Surface) -> h.Node:
    """Blocks below each other."""
    return [
        h.div(class_=f"block block-{block['type']}")[_render(block, reader, surface)]
        for block in blocks
    ]


def render_content(message: Message, reader: Reader, surface: Surface) -> h.Node:
    """All that a message says: blocks, which take the place of its text, attachments, files."""
    text_alone = message.text if not message.blocks else ""
    return [
        render_mrkdwn(text_alone, reader) if text_alone else None,
        render_blocks(message.blocks, reader, surface),
        render_attachments(message.attachments, reader, surface, render_blocks),
        render_files(message.files),
    ]


def _render(block: Json, reader: Reader, surface: Surface) -> h.Node:
    kind = block["type"]
    if kind in _SAYING:
        return _SAYING[kind](block, reader)
    return _ACTING[kind](block, reader, surface)


def _header(block: Json, reader: Reader) -> h.Node:
    return h.div(".heading", role="heading", aria_level=_HEADING_LEVEL)[
        render_inline(block["text"], reader)
    ]


def _section(block: Json, reader: Reader, surface: Surface) -> h.Node:
    fields = block.get("fields")
    return [
        h.div(".said")[
            render_text(block["text"], reader) if "text" in block else None,
            h.div(".fields")[(render_text(each, reader) for each in fields)] if fields else None,
        ],
        _accessory(block, reader, surface) if "accessory" in block else None,
    ]


def _accessory(block: Json, reader: Reader, surface: Surface) -> h.Node:
    element = block["accessory"]
    if element["type"] == "image":
        return h.div(".accessory.is-image")[render_small_image(element)]
    return h.div(".accessory")[render_element(Field(block, element), reader, surface)]


def _context(block: Json, reader: Reader) -> h.Node:
    return [
        render_small_image(each) if each["type"] == "image" else h.span[render_inline(each, reader)]
        for each in block["elements"]
    ]


def _actions(block: Json, reader: Reader, surface: Surface) -> h.Node:
    return _elements(block, block["elements"], reader, surface)


def _elements(block: Json, elements: Sequence[Json], reader: Reader, surface: Surface) -> h.Node:
    return h.div(".elements")[
        (render_element(Field(block, each), reader, surface) for each in elements)
    ]


def _divider(block: Json, reader: Reader) -> h.Node:  # noqa: ARG001
    return h.hr


def _rich_text(block: Json, reader: Reader) -> h.Node:
    return render_passages(read_rich_text(block), reader)


def _alert(block: Json, reader: Reader) -> h.Node:
    sign, level = _ALERTS.get(block.get("level", ""), ("info", ""))
    return h.div(class_=f"alert alert-{block.get('level', 'default')}")[
        icon(sign), h.div[h.span(".visually-hidden")[level], render_inline(block["text"], reader)]
    ]


def _carousel(block: Json, reader: Reader, surface: Surface) -> h.Node:
    return h.ul(".cards", tabindex="0", aria_label="Cards")[
        (h.li[_card(each, reader, surface)] for each in block["elements"])
    ]


def _card(card: Json, reader: Reader, surface: Surface) -> h.Node:
    return h.div(".card")[
        _hero(card["hero_image"]) if "hero_image" in card else None,
        h.div(".card-head")[
            render_small_image(card["icon"]) if "icon" in card else None,
            h.div[
                (
                    h.p(f".card-{part}")[render_inline(card[part], reader)]
                    for part in ("title", "subtitle")
                    if part in card
                )
            ],
        ],
        (
            h.p(f".card-{part}")[render_inline(card[part], reader)]
            for part in ("body", "subtext")
            if part in card
        ),
        _elements(card, card["actions"], reader, surface) if "actions" in card else None,
    ]


def _container(block: Json, reader: Reader, surface: Surface) -> h.Node:
    head = [
        render_small_image(block["icon"]) if "icon" in block else None,
        h.span[_container_title(block, reader), _container_subtitle(block, reader)],
    ]
    children = render_blocks(block["child_blocks"], reader, surface)
    if block.get("is_collapsible"):
        is_open = not block.get("default_collapsed")
        return h.details(".container", open=is_open)[h.summary(".card-head")[head], children]
    return h.div(".container")[h.div(".card-head")[head], children]


def _container_title(block: Json, reader: Reader) -> h.Node:
    """The title, of which the rich one counts where there are both."""
    if "rich_text_title" in block:
        return render_passages(read_rich_text(block["rich_text_title"]), reader)
    return h.span(".card-title")[render_inline(block["title"], reader)]


def _container_subtitle(block: Json, reader: Reader) -> h.Node:
    if "subtitle" not in block:
        return None
    return [" ", h.span(".card-subtitle")[render_inline(block["subtitle"], reader)]]


def _hero(image: Json) -> h.Element:
    return h.div(".card-hero")[render_small_image(image)]


def _video(block: Json, reader: Reader) -> h.Node:
    """A video, told and linked: the playground loads nothing from outside."""
    title = render_inline(block["title"], reader)
    made_by = [block[each] for each in ("author_name", "provider_name") if each in block]
    return [
        h.p(".video-title")[link(block["title_url"], title) if "title_url" in block else title],
        h.p(".quiet")[" · ".join(made_by)] if made_by else None,
        h.p[render_inline(block["description"], reader)] if "description" in block else None,
        h.div(".video-still")[
            icon("play"),
            h.p[block["alt_text"]],
            h.p(".quiet")[
                "Not played: the playground loads nothing from outside. ",
                link(block["video_url"], block["video_url"]),
            ],
        ],
    ]


def _remote_file(block: Json, reader: Reader) -> h.Node:  # noqa: ARG001
    return h.div(".file-card")[
        icon("file"),
        h.span[h.b[block["external_id"]], h.span(".quiet")["A file that stands elsewhere"]],
    ]


_SAYING: Mapping[str, Callable[[Json, Reader], h.Node]] = {
    "header": _header,
    "context": _context,
    "divider": _divider,
    "image": render_image_block,
    "rich_text": _rich_text,
    "markdown": lambda block, reader: render_markdown(block),  # noqa: ARG005
    "table": render_table,
    "data_table": render_data_table,
    "data_visualization": lambda block, reader: render_chart(block),  # noqa: ARG005
    "alert": _alert,
    "video": _video,
    "file": _remote_file,
    "task_card": render_task,
    "plan": render_plan,
}
_ACTING: Mapping[str, Renderer] = {
    "section": _section,
    "actions": _actions,
    "context_actions": _actions,
    "input": render_input,
    "card": _card,
    "container": _container,
    "carousel": _carousel,
}

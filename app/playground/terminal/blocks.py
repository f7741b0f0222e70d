"""Blocks, one renderable each, and blocks below each other."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from app.playground.emoji import with_signs
from app.playground.passages import Names
from app.playground.terminal.elements import choices, is_choice, picture, piece, text_of
from app.playground.terminal.layout import Flow, beside, in_columns, noted, stacked
from app.playground.terminal.mrkdwn import inline, mrkdwn
from app.playground.terminal.richtext import rich_text
from app.playground.terminal.safe import clean, readable
from app.playground.terminal.tables import chart, table

Block = Mapping[str, Any]
Renderer = Callable[[Block, Names], RenderableType]

_ALERTS = {"error": "red", "warning": "yellow", "success": "green", "info": "blue"}


def render_blocks(
    blocks: Sequence[Block], names: Names, more: Mapping[str, Renderer] | None = None
) -> RenderableType:
    """Blocks below each other, with air between those that don't belong together.

    `more` renders types of blocks that only one surface has.
    """
    renderers = {**_RENDERERS, **(more or {})}
    parts: list[RenderableType] = []
    for place, block in enumerate(blocks):
        kind = block.get("type", "")
        if place and not ({kind, blocks[place - 1].get("type")} & {"divider"} or kind == "context"):
            parts.append(Text())
        parts.append(renderers.get(kind, _unknown)(block, names))
    return stacked(parts)


def _header(block: Block, names: Names) -> RenderableType:
    title = text_of(block.get("text"), names)
    title.stylize("bold")
    return Group(title, Text("━" * title.cell_len, style="dim", overflow="crop", no_wrap=True))


def _section(block: Block, names: Names) -> RenderableType:
    parts: list[RenderableType] = []
    if block.get("text"):
        parts.append(_paragraph(block["text"], names))
    if block.get("fields"):
        parts.append(in_columns([_paragraph(each, names) for each in block["fields"]]))
    accessory = block.get("accessory")
    if not accessory:
        return stacked(parts)
    if is_choice(accessory):
        return stacked([*parts, *choices(accessory)])
    return beside(stacked(parts), piece(accessory, names))


def _paragraph(holder: Block, names: Names) -> RenderableType:
    if holder.get("type") == "mrkdwn":
        return mrkdwn(holder.get("text", ""), names)
    return text_of(holder, names)


def _context(block: Block, names: Names) -> RenderableType:
    pieces = [
        picture(each) if each.get("type") == "image" else text_of(each, names)
        for each in block.get("elements", [])
    ]
    for each in pieces:
        each.stylize("dim")
    return Flow(pieces)


def _actions(block: Block, names: Names) -> RenderableType:
    return Flow([piece(each, names) for each in block.get("elements", [])])


def _divider(block: Block, names: Names) -> RenderableType:  # noqa: ARG001
    return Rule(style="dim", characters="─")


def _image(block: Block, names: Names) -> RenderableType:
    title = text_of(block.get("title"), names)
    title.stylize("bold")
    return stacked([*([title] if title else []), picture(block)])


def _markdown(block: Block, names: Names) -> RenderableType:  # noqa: ARG001
    return Markdown(clean(with_signs(clean(block.get("text", "")))), hyperlinks=False)


def _chart(block: Block, names: Names) -> RenderableType:  # noqa: ARG001
    return chart(block)


def _alert(block: Block, names: Names) -> RenderableType:
    text = Text("! ").append_text(text_of(block.get("text"), names))
    text.stylize(_ALERTS.get(block.get("level", ""), "bold"))
    return text


def _card(block: Block, names: Names) -> RenderableType:
    parts: list[RenderableType] = [
        picture(block[field]) for field in ("hero_image", "icon") if block.get(field)
    ]
    for field, style in (("title", "bold"), ("subtitle", "dim"), ("body", ""), ("subtext", "dim")):
        if block.get(field):
            text = text_of(block[field], names)
            text.stylize(style)
            parts.append(text)
    if block.get("actions"):
        parts.append(Flow([piece(each, names) for each in block["actions"]]))
    return Padding(stacked(parts), (0, 0, 0, 2))


def _carousel(block: Block, names: Names) -> RenderableType:
    return render_blocks(block.get("elements", []), names)


def _container(block: Block, names: Names) -> RenderableType:
    parts: list[RenderableType] = []
    if block.get("rich_text_title"):
        parts.append(rich_text(block["rich_text_title"], names))
    elif block.get("title"):
        title = text_of(block["title"], names)
        title.stylize("bold")
        parts.append(title)
    if block.get("subtitle"):
        subtitle = text_of(block["subtitle"], names)
        subtitle.stylize("dim")
        parts.append(subtitle)
    parts.append(render_blocks(block.get("child_blocks", []), names))
    return Padding(stacked(parts), (0, 0, 0, 2))


def _task(block: Block, names: Names) -> RenderableType:
    status = clean(block.get("status", "")).replace("_", " ")
    parts: list[RenderableType] = [inline(f"[{status}] {clean(block.get('title', ''))}")]
    parts += [rich_text(block[part], names) for part in ("details", "output") if block.get(part)]
    parts += [
        inline(f"{clean(each.get('text', ''))} {clean(each.get('url', ''))}")
        for each in block.get("sources", [])
    ]
    return stacked(parts)


def _plan(block: Block, names: Names) -> RenderableType:
    title = Text(clean(block.get("title", "")), style="bold")
    tasks = [_task(each, names) for each in block.get("tasks", [])]
    return stacked([title, Padding(stacked(tasks), (0, 0, 0, 2))])


def _video(block: Block, names: Names) -> RenderableType:
    title = text_of(block.get("title"), names).plain
    return inline(f"[video: {title}] {clean(block.get('title_url', ''))}".rstrip())


def _file(block: Block, names: Names) -> RenderableType:  # noqa: ARG001
    return noted(f"[file: {block.get('external_id', '')}]")


def _unknown(block: Block, names: Names) -> RenderableType:  # noqa: ARG001
    return noted(f"[{readable(block.get('type', 'unknown'))} block]")


_RENDERERS: dict[str, Renderer] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "context_actions": _actions,
    "divider": _divider,
    "image": _image,
    "rich_text": rich_text,
    "markdown": _markdown,
    "table": table,
    "data_table": table,
    "data_visualization": _chart,
    "alert": _alert,
    "card": _card,
    "carousel": _carousel,
    "container": _container,
    "task_card": _task,
    "plan": _plan,
    "video": _video,
    "file": _file,
}

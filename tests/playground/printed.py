"""Blocks, and how they stand in a terminal."""

import io
from textwrap import dedent
from typing import Any

from rich.console import Console, RenderableType

from app.playground.terminal import plain_text, render_message, render_view

Payload = dict[str, Any]
NAMES = {"U1": "Ada", "C1": "billing"}


def plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


def formatted(text: str) -> Payload:
    return {"type": "mrkdwn", "text": text}


def button(label: str, **fields: Any) -> Payload:
    return {"type": "button", "text": plain(label), **fields}


def option(label: str, value: str) -> Payload:
    return {"text": plain(label), "value": value}


def rich_section(*parts: Payload) -> Payload:
    return {"type": "rich_text_section", "elements": list(parts)}


def number(value: float, shown: str) -> Payload:
    return {"type": "raw_number", "value": value, "text": shown}


def raw(text: str) -> Payload:
    return {"type": "raw_text", "text": text}


METRICS = [option("Rollbacks / day", "rollbacks"), option("Bad debt", "bad_debt")]


def shown(text: str = "", *blocks: Payload, width: int = 88, **fields: Any) -> str:
    """What stands below the line that names the sender."""
    message = {"text": text, "blocks": list(blocks), **fields}
    page = plain_text(
        render_message(message, sender="KPI", channel="#billing", names=NAMES), width=width
    )
    return dedent(page.partition("\n")[2]).strip("\n")


def asked(*blocks: Payload, **fields: Any) -> str:
    """What stands in the Home tab of an app, which has no frame around it."""
    view = {"type": "home", "blocks": list(blocks)}
    return plain_text(render_view(view, names=NAMES, **fields), width=40).rstrip("\n")


def asking(element: Payload, **fields: Any) -> Payload:
    return {
        "type": "input",
        "block_id": "asked",
        "label": plain("Metric"),
        "element": element,
        **fields,
    }


def coloured(renderable: RenderableType) -> str:
    page = Console(file=io.StringIO(), width=88, force_terminal=True, color_system="truecolor")
    with page.capture() as capture:
        page.print(renderable)
    return capture.get()

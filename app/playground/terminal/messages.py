"""A message as it stands in a channel."""

from collections.abc import Mapping
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from app.playground.passages import Names
from app.playground.terminal.blocks import render_blocks
from app.playground.terminal.layout import noted, stacked
from app.playground.terminal.mrkdwn import mrkdwn
from app.playground.terminal.safe import clean, readable


def render_message(
    message: Mapping[str, Any],
    *,
    sender: str,
    channel: str,
    when: str = "",
    ephemeral: bool = False,
    names: Names | None = None,
) -> RenderableType:
    """A message of chat.postMessage's shape under a line that says who wrote it, where and when.

    The message is one that the validator beside this package finds nothing wrong with. As in
    Slack, blocks take the place of the text. Files are shown by their alternative text or
    title. `names` are display names by the id of a user or channel.
    """
    known = names or {}
    head = Text(clean(sender), style="bold")
    head.append("".join(f"  {clean(each)}" for each in (channel, when) if each), "dim")
    body: list[RenderableType] = []
    if ephemeral:
        body.append(noted("Only visible to you"))
    if message.get("blocks"):
        body.append(render_blocks(message["blocks"], known))
    elif message.get("text"):
        body.append(mrkdwn(message["text"], known))
    body.extend(_file(each) for each in message.get("files") or [])
    return stacked([head, Padding(stacked(body), (0, 0, 0, 2))])


def _file(file: Mapping[str, Any]) -> Text:
    title = file.get("alt_txt") or file.get("title") or file.get("name") or file.get("id", "")
    kind = "picture" if str(file.get("mimetype", "image/")).startswith("image/") else "file"
    return Text(f"[{kind}: {readable(title)}]", style="italic")

"""A strict reading of Block Kit's documented rules: which problems would Slack find?

Pure: payloads in, problems out; no payload makes it raise.
"""

from collections.abc import Mapping
from typing import Any, Literal

from app.playground.blockkit.problem import Problem

__all__ = ["Problem", "problems_in_message", "problems_in_view"]


def problems_in_message(
    message: Mapping[str, Any],
    surface: Literal["message", "ack"] = "message",  # noqa: ARG001
) -> list[Problem]:
    """The problems of a message's text and blocks."""
    return _problems_in_blocks(message.get("blocks", []), limit=50)


def problems_in_view(view: Mapping[str, Any]) -> list[Problem]:
    """The problems of a modal or an App Home view."""
    return _problems_in_blocks(view.get("blocks", []), limit=100)


def _problems_in_blocks(blocks: object, limit: int) -> list[Problem]:
    if not isinstance(blocks, list):
        return [Problem("/blocks", "must be an array")]
    if len(blocks) > limit:
        return [Problem("/blocks", f"no more than {limit} items allowed")]
    return []

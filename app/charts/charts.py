"""What a picture is before it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_ALTERNATIVE_LENGTH = 1_900
"""Slack takes 2,000 in an image's `alt_text` (docs.slack.dev/reference/block-kit/blocks)."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture as a Vega specification, and what it shows in words.

    `alternative` has at most 1,900 characters. A chart is plain data: it can be pickled, and
    `specification` is ready for JSON.
    """

    title: str
    alternative: str
    specification: Mapping[str, Any]


def alternative_text(*sentences: str) -> str:
    """The sentences that aren't empty, as one text that fits."""
    text = " ".join(sentence for sentence in sentences if sentence)
    if len(text) <= MOST_ALTERNATIVE_LENGTH:
        return text
    return f"{text[: MOST_ALTERNATIVE_LENGTH - 1].rstrip()}…"

"""Blocks as HTML."""

from collections.abc import Sequence

import htpy as h

from app.playground.blocks import Json, words_in
from app.playground.page.html.reader import Reader, Surface


def render_blocks(blocks: Sequence[Json], reader: Reader, surface: Surface) -> h.Node:
    """Blocks below each other."""
    del reader, surface
    return [h.div(".block")[" ".join(words_in(block))] for block in blocks]

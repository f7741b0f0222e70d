"""Walking through blocks: their elements, their ids, their words. Pure."""

import copy
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Json = dict[str, Any]

Place = tuple[str, str]
"""Block id and action id: what names an element in a message or view."""

INNER_BLOCKS = {"carousel": "elements", "container": "child_blocks", "plan": "tasks"}
"""The types of blocks that hold others, and the field in which they stand."""

_READABLE = ("text", "alt_text", "fallback", "title")
_WITHOUT_ACTION = frozenset({"image", "mrkdwn", "plain_text"})


def elements_of(block: Json) -> list[Json]:
    """The elements of a section, actions, context or input block, the buttons of a card; not those
    of the blocks inside it."""
    match block.get("type"):
        case "rich_text" | "carousel":
            return []
        case "card":
            return _objects(block.get("actions"))
    single = [block[key] for key in ("accessory", "element") if isinstance(block.get(key), dict)]
    return single + _objects(block.get("elements"))


def _objects(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def every_block(blocks: Iterable[Json]) -> Iterator[Json]:
    """The blocks in order, each followed by those inside it: the cards of a carousel, the children
    of a container, the tasks of a plan."""
    for block in blocks:
        yield block
        inner = INNER_BLOCKS.get(block.get("type", ""))
        if inner is not None:
            yield from every_block(_objects(block.get(inner)))


def with_ids(blocks: list[Json], new_id: Callable[[str], str]) -> list[Json]:
    """A copy of the blocks in which every block and interactive element has an id."""
    named = copy.deepcopy(blocks)
    for block in every_block(named):
        block["block_id"] = block.get("block_id") or new_id("b")
        for element in elements_of(block):
            if element.get("type") not in _WITHOUT_ACTION:
                element.setdefault("action_id", new_id("a"))
    return named


def words_in(payload: object) -> Iterator[str]:
    """The readable strings of blocks, in order. What a button carries unseen is left out."""
    if isinstance(payload, list):
        for part in payload:
            yield from words_in(part)
    elif isinstance(payload, dict):
        for key, part in payload.items():
            if not isinstance(part, str):
                yield from words_in(part)
            elif key in _READABLE:
                yield part

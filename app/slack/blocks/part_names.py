"""How buttons and forms name the part of a scorecard that they are about."""

from app.domain.edits import PartKind
from app.slack.blocks import kit
from app.slack.blocks.kit import Block
from app.slack.ids import Action, OutOfDate, about


def part_name(kind: PartKind, key: str = "") -> str:
    """`metric rollbacks`, or `metric` for a new one."""
    return f"{kind.value} {key}".strip()


def read_part(name: str) -> tuple[PartKind, str]:
    """The kind and the key, which is empty for a new part; raises `OutOfDate`."""
    kind = next((kind for kind in PartKind if f"{name} ".startswith(f"{kind.value} ")), None)
    if kind is None:
        raise OutOfDate
    return kind, name.removeprefix(kind.value).strip()


def edit_button(scorecard: str, kind: PartKind, key: str) -> Block:
    return kit.button("Edit", Action.OPEN_PART_FORM, about(scorecard, part_name(kind, key)))

"""Whom a person named in the access form."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.access import Access
from app.slack.blocks.forms import FormState
from app.slack.ids import Allowed, Field, groups_field, read_choice


def read_access_form(state: FormState) -> dict[str, Access]:
    """The form's access, as the one field of a scorecard that it edits."""
    chosen = _chosen(state, Field.ALLOWED, "options")
    allowed = {read_choice(Allowed, option["value"]).value: True for option in chosen}
    access = Access(
        owners=tuple(_named(state, Field.OWNERS)),
        editors=tuple(_named(state, Field.EDITORS)),
        viewers=tuple(_named(state, Field.VIEWERS)),
        **allowed,
    )
    return {"access": access}


def _named(state: FormState, role: Field) -> Iterator[str]:
    yield from _chosen(state, role, "users")
    yield from (option["value"] for option in _chosen(state, groups_field(role), "options"))


def _chosen(state: FormState, block_id: str, what: str) -> list[Any]:
    inputs: Mapping[str, Mapping[str, Any]] = state.get(block_id) or {}
    return [each for given in inputs.values() for each in given.get(f"selected_{what}") or ()]

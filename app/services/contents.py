"""A scorecard as changes record it: what it is itself and each of its parts, under a name.

So a change holds just what it changed, before and after, and can be undone without
what others have changed since.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter

from app.domain.edits import Part, PartKind, kind_of, parts, refuse_taken_title, title_of
from app.domain.errors import AlreadyDone, KpiError
from app.domain.metrics import Metric
from app.domain.milestones import Milestone
from app.domain.revisions import Revision, revisions_of
from app.domain.roadmap import Phase
from app.domain.scorecards import Scorecard, WorkStream

Content = dict[str, Any]
"""JSON by name: `scorecard`, `metric rollbacks`, `order of metrics`, ..."""

ITSELF = "scorecard"
READINGS = "readings"
"""The ids of readings that a change lets count; recorded beside the parts."""
RETIREMENT = "retirement"
"""That the whole scorecard is retired; recorded beside the parts."""

_SCORECARD: TypeAdapter[Scorecard] = TypeAdapter(Scorecard)
_PARTS: Mapping[PartKind, TypeAdapter[Any]] = {
    PartKind.WORK_STREAM: TypeAdapter(WorkStream),
    PartKind.METRIC: TypeAdapter(Metric),
    PartKind.MILESTONE: TypeAdapter(Milestone),
    PartKind.PHASE: TypeAdapter(Phase),
}


class ChangedMeanwhile(KpiError):
    """Somebody changed a part since its form was opened; `fields` are those that differ.

    `present` is the part as it is now, or the scorecard where its own fields were edited.
    """

    def __init__(self, present: Part | Scorecard, fields: tuple[str, ...]) -> None:
        title = present.name if isinstance(present, Scorecard) else title_of(present)
        super().__init__(f"“{title}” was changed while you were writing.")
        self.present: Any = present
        self.fields = fields


def name_of(kind: PartKind, key: str) -> str:
    """What changes call a part: `metric rollbacks`."""
    return f"{kind.value} {key}"


def content_of(scorecard: Scorecard) -> Content:
    """Everything that the scorecard is, by name."""
    itself = _SCORECARD.dump_python(scorecard, mode="json")
    content: Content = {ITSELF: itself}
    for kind in PartKind:
        those = itself.pop(kind.field)
        content[_order_of(kind)] = [part["key"] for part in those]
        content |= {name_of(kind, part["key"]): part for part in those}
    return content


def _order_of(kind: PartKind) -> str:
    return f"order of {kind.value}s"


_ORDERS = frozenset(_order_of(kind) for kind in PartKind)


def difference(before: Scorecard, after: Scorecard) -> tuple[Content, Content]:
    """What differs between two editions, as it was and as it is, by name.

    The order of parts is among it where it can't be told from the parts that are new.
    """
    old, new = content_of(before), content_of(after)
    differing = [name for name in {**old, **new} if _differ(name, old.get(name), new.get(name))]
    return _some(old, differing), _some(new, differing)


def _differ(name: str, before: Any, after: Any) -> bool:
    if name in _ORDERS:
        return bool(after[: len(before)] != before)
    return bool(before != after)


def _some(content: Content, names: Iterable[str]) -> Content:
    return {name: content[name] for name in names if name in content}


def reverted(current: Scorecard, before: Content, after: Content) -> Scorecard:
    """The scorecard once a change from `before` to `after` is taken back.

    What others have changed since stays. Raises `AlreadyDone` where they changed the
    same thing, and `BadInput` where the outcome would not fit together, or a name is taken.
    """
    content = content_of(current)
    for name in {**before, **after}:
        if name not in _ORDERS and name not in {READINGS, RETIREMENT}:
            known = _taken_back(name, content.pop(name, None), before.get(name), after.get(name))
            if known is not None:
                content[name] = known
    whole = dict(content[ITSELF])
    for kind in PartKind:
        order = _order_of(kind)
        keys = _order_taken_back(order, content[order], before.get(order), after.get(order))
        names = [name_of(kind, key) for key in dict.fromkeys([*keys, *_keys(content, kind)])]
        whole[kind.field] = [content[name] for name in names if name in content]
    wanted = _SCORECARD.validate_python(whole)
    _refuse_names_taken_since(current, wanted)
    return wanted


def _refuse_names_taken_since(current: Scorecard, wanted: Scorecard) -> None:
    """Milestones are let be: one that was dropped leaves its title to another."""
    for kind in PartKind:
        known = {part.key: title_of(part) for part in parts(current, kind)}
        for part in parts(wanted, kind):
            if kind is not PartKind.MILESTONE and known.get(part.key) != title_of(part):
                refuse_taken_title(wanted, part)


def _keys(content: Content, kind: PartKind) -> Iterable[str]:
    return (name.removeprefix(f"{kind.value} ") for name in content if _kind(name) is kind)


def _kind(name: str) -> PartKind | None:
    return next((kind for kind in PartKind if name.startswith(f"{kind.value} ")), None)


def _taken_back(name: str, present: Any, before: Any, after: Any) -> Any:
    """A part without a change of it: whole where it came or went, otherwise field by field."""
    if before is None or after is None:
        if present != _in_todays_form(name, after):
            raise _changed_since(name)
        return before
    changed = [field for field in after if before.get(field) != after[field]]
    if present is None or any(present[field] != after[field] for field in changed):
        raise _changed_since(name)
    return {**present, **_some(before, changed)}


def _in_todays_form(name: str, said: Any) -> Any:
    """A part as it would be recorded now: with the fields that parts have got since."""
    kind = _kind(name)
    if kind is None or not isinstance(said, Mapping):
        return said
    return _PARTS[kind].dump_python(_PARTS[kind].validate_python(said), mode="json")


def _order_taken_back(
    name: str, present: list[str], before: list[str] | None, after: list[str] | None
) -> list[str]:
    """The order without a change of it; what comes back stands where it stood among the others."""
    if before is None or after is None:
        return present
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:  # parts were moved
        if [key for key in present if key in after] != [key for key in after if key in present]:
            raise _changed_since(name)
        return [*before, *present]
    order = list(present)
    for place, key in enumerate(before):
        if key not in order:
            order.insert(order.index(before[place - 1]) + 1 if place else 0, key)
    return order


def _changed_since(name: str) -> AlreadyDone:
    return AlreadyDone(
        f"The {name} has been changed since. Undo that first, or edit it as it is now."
    )


def revisions(before: Content, after: Content) -> tuple[Revision, ...]:
    """What a change changed, thing by thing, as people read it."""
    told: list[Revision] = []
    for name in {**before, **after}:
        told.extend(_revisions(name, before.get(name), after.get(name)))
    if told:
        return tuple(told)
    return tuple(_move(name, before[name], after[name]) for name in after if name in _ORDERS)


def _move(name: str, before: list[str], after: list[str]) -> Revision:
    """The stretch of an order in which something moved."""
    differing = [place for place, key in enumerate(before) if after[place : place + 1] != [key]]
    stretch = slice(differing[0], differing[-1] + 1)
    return Revision("", name, ", ".join(before[stretch]), ", ".join(after[stretch]))


def _revisions(name: str, before: Any, after: Any) -> Iterable[Revision]:
    if name in _ORDERS or name in {READINGS, RETIREMENT}:
        return ()
    if not _is_whole(name, before, after):
        was, now = _plain(before), _plain(after)
        return (Revision("", name, was, now),) if was or now else ()
    kind = _kind(name)
    parse = _SCORECARD.validate_python if kind is None else _PARTS[kind].validate_python
    return revisions_of(
        name, *(parse(said) if said is not None else None for said in (before, after))
    )


def _plain(said: Any) -> str | None:
    return None if said in (None, "", []) else str(said)


def is_whole(before: Content, after: Content) -> bool:
    """Whether a record keeps all that its undoing takes."""
    return all(
        name in _ORDERS
        or name in {READINGS, RETIREMENT}
        or _is_whole(name, before.get(name), after.get(name))
        for name in {**before, **after}
    )


def _is_whole(name: str, before: Any, after: Any) -> bool:
    """Whether a part is recorded with all its fields; there are records older than that."""
    is_part = name == ITSELF or _kind(name) is not None
    return is_part and all(said is None or isinstance(said, Mapping) for said in (before, after))


def part_from(name: str, content: Any) -> Any:
    """The part that a change recorded under this name."""
    kind = _kind(name)
    if kind is None:
        raise LookupError(f"{name} is no part")
    return _PARTS[kind].validate_python(content)


def marks_of(subject: Part | Scorecard) -> dict[str, str]:
    """A short mark of each field's content, by which a later change of it is noticed."""
    if isinstance(subject, Scorecard):
        content = content_of(subject)[ITSELF]
    else:
        content = _PARTS[kind_of(subject)].dump_python(subject, mode="json")
    return {field: _mark(said) for field, said in content.items() if field not in _NOT_IN_FORMS}


_NOT_IN_FORMS = frozenset({"key", "logged_by", "logged_at"})


def _mark(said: Any) -> str:
    return hashlib.blake2s(json.dumps(said).encode(), digest_size=6).hexdigest()


def refuse_later_change(present: Part | Scorecard, seen: Mapping[str, str]) -> None:
    """Raises `ChangedMeanwhile` if one of the fields is no longer as it was `seen`."""
    marks = marks_of(present)
    changed = tuple(field for field, mark in seen.items() if marks.get(field) != mark)
    if changed:
        raise ChangedMeanwhile(present, changed)

"""What can be told of a file's tree only across its parts: keys, references, values by unit.

These checks read the tree and not the models: they also see the entries beside
one that has another problem, so that everything is told at once.
"""

from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from app.domain import names
from app.domain.errors import BadInput
from app.domain.metrics import parse_target
from app.domain.values import parse_value
from app.files.problems import FieldPath, instead
from app.files.tree import Tree

Finding = tuple[FieldPath, str]
Pattern = tuple[str, ...]

EACH = "*"
_NAMED_BY = {"work_streams": "name", "metrics": "name", "milestones": "title", "phases": "name"}
_REFERENCES: dict[Pattern, str] = {
    ("metrics", EACH, "drivers", EACH, "work_stream"): "work_streams",
    ("metrics", EACH, "readings", EACH, "milestone"): "milestones",
    ("milestones", EACH, "work_streams", EACH): "work_streams",
    ("phases", EACH, "needs", "phases", EACH): "phases",
    ("phases", EACH, "needs", "milestones", EACH): "milestones",
}
_SAID_ONCE: tuple[Pattern, ...] = (
    ("metrics", EACH, "drivers", EACH, "work_stream"),
    ("metrics", EACH, "readings", EACH, "at"),
    ("milestones", EACH, "work_streams", EACH),
    ("phases", EACH, "needs", "phases", EACH),
    ("phases", EACH, "needs", "milestones", EACH),
)
_VALUES: dict[Pattern, Callable[[str, str], object]] = {
    ("baseline", "value"): parse_value,
    ("target",): parse_target,
    ("readings", EACH, "value"): parse_value,
}


def with_keys(data: dict[str, Tree]) -> dict[str, Tree]:
    """The tree with a key in every entry that needs one, made from its name or title.

    The same file always gets the same keys; one that a person wrote is never taken.
    """
    filled = {**data, **{s: _keyed(s, data[s]) for s in _NAMED_BY if s in data}}
    if "key" not in filled:
        filled["key"] = names.key_from(_text(data, "name"), fallback="scorecard")
    return filled


def _keyed(section: str, entries: Tree) -> Tree:
    if not isinstance(entries, list):
        return entries
    written = (_text(entry, "key") for entry in entries)
    taken = {key for key in written if key}
    if section == "metrics":
        taken |= names.RESERVED_WORDS
    keyed: list[Tree] = []
    for entry in entries:
        if isinstance(entry, dict) and "key" not in entry:
            key = names.key_from(_text(entry, _NAMED_BY[section]), taken)
            taken.add(key)
            keyed.append({"key": key, **entry})
        else:
            keyed.append(entry)
    return keyed


def findings(data: dict[str, Tree]) -> Iterator[Finding]:
    """All that is wrong across the parts of a tree that has its keys."""
    yield from _values(data)
    yield from _keys_used_twice(data)
    yield from _unknown_references(data)
    yield from _said_twice(data)
    yield from _circle(data)


def _values(data: Tree) -> Iterator[Finding]:
    for path, metric in _found(data, ("metrics", EACH)):
        unit = _text(metric, "unit").strip()
        for pattern, parse in _VALUES.items():
            for inner, text in _texts(metric, pattern):
                try:
                    parse(text, unit)
                except BadInput as error:
                    yield (*path, *inner), error.message


def _keys_used_twice(data: Tree) -> Iterator[Finding]:
    for section in _NAMED_BY:
        seen: set[str] = set()
        for path, key in _texts(data, (section, EACH, "key")):
            if key in seen:
                yield path, f"“{key}” is the key of another entry above: take another."
            seen.add(key)


def _unknown_references(data: Tree) -> Iterator[Finding]:
    for pattern, section in _REFERENCES.items():
        known = [key for _, key in _texts(data, (section, EACH, "key"))]
        what = section.removesuffix("s").replace("_", " ")
        for path, key in _texts(data, pattern):
            if key not in known:
                yield path, f"there is no {what} “{key[:60]}”: {instead(key[:60], known)}"


def _said_twice(data: Tree) -> Iterator[Finding]:
    """What one entry names a second time, and a second reading of one instant."""
    for pattern in _SAID_ONCE:
        seen: set[tuple[FieldPath, str]] = set()
        for path, text in _texts(data, pattern):
            entry = path[:2]
            if (entry, text) in seen:
                yield path, f"“{text[:60]}” stands here twice: remove one of them."
            seen.add((entry, text))


def _circle(data: Tree) -> Iterator[Finding]:
    """The first circle of phases that need each other, told at one of its phases."""
    found = list(_found(data, ("phases", EACH)))
    phases = {_text(phase, "key"): phase for _, phase in found}
    paths = {_text(phase, "key"): path for path, phase in found}
    needed = {
        key: [need for _, need in _texts(phase, ("needs", "phases", EACH))]
        for key, phase in phases.items()
    }
    try:
        TopologicalSorter(needed).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        shown = " → ".join(_text(phases[key], "name") or key for key in circle)
        message = f"phases can't wait for each other in a circle: {shown}. Remove one of these."
        yield (*paths[circle[0]], "needs"), message


def _found(tree: Tree, pattern: Pattern) -> Iterator[tuple[FieldPath, Tree]]:
    """Everything in a tree at a path, where `EACH` stands for every entry of a list."""
    if not pattern:
        yield (), tree
        return
    step, rest = pattern[0], pattern[1:]
    inner: Iterable[tuple[str | int, Tree]] = ()
    if isinstance(tree, list) and step == EACH:
        inner = enumerate(tree)
    elif isinstance(tree, dict) and step in tree:
        inner = ((step, tree[step]),)
    for name, branch in inner:
        for path, found in _found(branch, rest):
            yield (name, *path), found


def _texts(tree: Tree, pattern: Pattern) -> Iterator[tuple[FieldPath, str]]:
    for path, found in _found(tree, pattern):
        if isinstance(found, str):
            yield path, found


def _text(tree: Tree, name: str) -> str:
    return next((text for _, text in _texts(tree, (name,))), "")

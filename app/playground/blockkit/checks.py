"""The small language in which Block Kit is described, and what reads it.

A *check* takes any JSON value with its pointer and yields the problems it finds. Checks are built
from one another (`array(text(75), most=10)`, `shape(required={...}, optional={...})`), so that the
families beside this file read like the tables of Slack's documentation. A *rule* is a check on how
the fields of one object agree with each other; it also runs when single fields are broken, and
therefore trusts nothing about them.

The wording of the messages is Slack's own, as it comes back in `response_metadata.messages`.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeGuard

from app.playground.blockkit.problem import Problem

Check = Callable[[object, str], Iterator[Problem]]
Rule = Callable[[Mapping[str, Any], str], Iterator[Problem]]


def text(most: int | None = None, *, least: int = 1) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(pointer, "must provide a string")
        elif len(value) < least:
            yield Problem(pointer, f"must be more than {least - 1} characters")
        elif most is not None and len(value) > most:
            yield Problem(pointer, f"must be less than {most + 1} characters")

    return check


def word(*allowed: str) -> Check:
    """One of a few fixed strings."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(pointer, f"must be one of: {', '.join(allowed)}")

    return check


def matching(pattern: str, meaning: str) -> Check:
    """A string of a fixed form, which `meaning` puts in words."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(pointer, "must provide a string")
        elif not re.fullmatch(pattern, value, re.ASCII):
            yield Problem(pointer, f"must be {meaning}")

    return check


def integer(least: int | None = None, most: int | None = None) -> Check:
    """A whole number from `least` to `most`."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(pointer, "must provide an integer")
        elif least is not None and value < least:
            yield Problem(pointer, f"must be at least {least}")
        elif most is not None and value > most:
            yield Problem(pointer, f"must be at most {most}")

    return check


def number(value: object, pointer: str) -> Iterator[Problem]:
    """A finite number."""
    if not is_number(value):
        yield Problem(pointer, "must provide a number")


def positive_number(value: object, pointer: str) -> Iterator[Problem]:
    """A finite number above zero."""
    if not is_number(value):
        yield Problem(pointer, "must provide a number")
    elif value <= 0:
        yield Problem(pointer, "must be more than 0")


def boolean(value: object, pointer: str) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        yield Problem(pointer, "must provide a boolean")


def any_object(value: object, pointer: str) -> Iterator[Problem]:
    """An object with whatever fields."""
    if not isinstance(value, Mapping):
        yield Problem(pointer, "must provide an object")


def array(item: Check, *, least: int = 1, most: int | None = None) -> Check:
    """A list of `least` to `most` items, each of which passes `item`."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(pointer, "must provide an array")
            return
        if len(value) < least:
            yield Problem(pointer, f"no fewer than {least} items allowed")
        if most is not None and len(value) > most:
            yield Problem(pointer, f"no more than {most} items allowed")
        for index, each in enumerate(value):
            yield from item(each, f"{pointer}/{index}")

    return check


def shape(
    *,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    rules: Iterable[Rule] = (),
) -> Check:
    """An object with these fields and no others, which agree with each other by these rules."""
    must = dict(required or {})
    known = must | dict(optional or {})
    agreements = tuple(rules)

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(pointer, "must provide an object")
            return
        for field in must:
            if field not in value:
                yield Problem(pointer, f"missing required field: {field}")
        for field, content in value.items():
            if field in known:
                yield from known[field](content, f"{pointer}/{field}")
            else:
                yield Problem(pointer, f"invalid additional property: {field}")
        for rule in agreements:
            yield from rule(value, pointer)

    return check


def by_type(shapes: Mapping[str, Check]) -> Check:
    """An object whose `type` says which of these shapes its other fields have."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem(pointer, "must provide an object")
            return
        if "type" not in value:
            yield Problem(pointer, "missing required field: type")
            return
        kind = value["type"]
        if not isinstance(kind, str):
            yield Problem(f"{pointer}/type", "must provide a string")
            return
        if kind not in shapes:
            yield Problem(f"{pointer}/type", f"unsupported type: {kind}")
            return
        fields = {field: content for field, content in value.items() if field != "type"}
        yield from shapes[kind](fields, pointer)

    return check


def exactly_one_of(*fields: str) -> Rule:
    """Fields that exclude each other and of which one is needed."""
    listed = " or ".join(f"`{field}`" for field in fields)

    def rule(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
        present = sum(field in value for field in fields)
        if present == 0:
            yield Problem(pointer, f"must define either {listed}")
        elif present > 1:
            yield Problem(pointer, f"must define only one of {listed}")

    return rule


def at_least_one_of(*fields: str) -> Rule:
    """Fields of which one or more are needed."""
    listed = " or ".join(f"`{field}`" for field in fields)

    def rule(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
        if not any(field in value for field in fields):
            yield Problem(pointer, f"must define either {listed}")

    return rule


def at_most_one_of(*fields: str) -> Rule:
    """Fields that exclude each other."""
    listed = " or ".join(f"`{field}`" for field in fields)

    def rule(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
        if sum(field in value for field in fields) > 1:
            yield Problem(pointer, f"must define only one of {listed}")

    return rule


def in_order(lower: str, upper: str) -> Rule:
    """Two numbers, or strings that hold numbers, of which the first may not exceed the second."""

    def rule(value: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
        low, high = _as_number(value.get(lower)), _as_number(value.get(upper))
        if low is not None and high is not None and low > high:
            yield Problem(f"{pointer}/{lower}", f"must not be greater than {upper}")

    return rule


def repeated(places: Iterable[tuple[object, str]], message: str) -> Iterator[Problem]:
    """A problem at every place whose string stood at an earlier place already.

    `{value}` in the message is filled with that string.
    """
    seen: Counter[str] = Counter()
    for value, pointer in places:
        if not isinstance(value, str):
            continue
        if seen[value]:
            yield Problem(pointer, message.format(value=value))
        seen[value] += 1


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a JSON value is a finite number, which true and false are not."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def items(value: object) -> list[Any]:
    """The items of a list, and none of anything else."""
    return value if isinstance(value, list) else []


def objects(value: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects in a list with their places, leaving out whatever is no object."""
    return ((i, each) for i, each in enumerate(items(value)) if isinstance(each, Mapping))


def field_of(value: object, field: str) -> Any:
    """A field of an object, and None of anything else."""
    return value.get(field) if isinstance(value, Mapping) else None


def _as_number(value: object) -> float | None:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return value if is_number(value) else None

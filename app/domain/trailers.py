"""Trailers: the `Key: value` lines that end a commit message or a description, as git has them.

https://git-scm.com/docs/git-interpret-trailers
"""

import re
from collections.abc import Collection, Sequence

Trailer = tuple[str, str]
"""A key, in small letters with hyphens for blanks, and its value on one line."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,39}")


def split_trailers(text: str, known: Collection[str]) -> tuple[str, tuple[Trailer, ...]]:
    """A text before its trailers, and these; `known` are the keys that somebody looks for.

    The last paragraph is one of trailers if a known key is among them and they are at least a
    quarter of its lines; a line that begins with a blank goes on with the trailer before it.
    That is git's rule; beyond it, keys may hold blanks, and what a description holds as a
    comment of HTML doesn't count.
    """
    lines = _COMMENT.sub("", text).strip().splitlines()
    blank = (number for number in reversed(range(len(lines))) if not lines[number].strip())
    start = next(blank, -1) + 1
    trailers, others = _read(lines[start:])
    if 3 * len(trailers) < others or not any(key in known for key, _ in trailers):
        return "\n".join(lines), ()
    return "\n".join(lines[:start]).strip(), trailers


def _read(lines: Sequence[str]) -> tuple[tuple[Trailer, ...], int]:
    """The trailers among some lines, and how many of these are none."""
    trailers: list[tuple[str, list[str]]] = []
    others = 0
    for line in lines:
        name, colon, said = line.partition(":")
        if line[0].isspace() and trailers:
            trailers[-1][1].append(line.strip())
        elif colon and _KEY.fullmatch(name.rstrip()):
            trailers.append(("-".join(name.casefold().split()), [said.strip()]))
        else:
            others += 1
    return tuple((key, " ".join(filter(None, parts))) for key, parts in trailers), others

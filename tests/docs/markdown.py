"""Markdown that is put together from what the code says."""

from collections.abc import Iterable, Sequence

WRITTEN = "<!-- Written by python -m tests.docs, from the code. Change it there. -->"


def page(title: str, introduction: str, *parts: str) -> str:
    return "\n\n".join([WRITTEN, f"# {title}", introduction, *parts]) + "\n"


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; in a cell, a line break and `|` would end it."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: object) -> str:
    return f"`{text}`"


def listed(texts: Iterable[object]) -> str:
    return ", ".join(code(text) for text in texts)

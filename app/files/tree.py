"""YAML as plain text values with their places.

Every scalar stays the text that was typed: `12.50` keeps its zero, `2026-02-30`
is refused later with its own wording, and `no` isn't turned into a truth value.
A field that is left empty counts as left out. Tags, anchors and aliases, which
make objects or multiply text, are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias

import yaml
from yaml.events import (
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from app.files.problems import FieldPath, FileProblem, in_words

MOST_DEPTH = 12
MOST_ENTRIES = 2_000

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"

NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_EMPTY = {"", "~", "null", "Null", "NULL"}


class Place(NamedTuple):
    """A line and a column, from 1."""

    line: int
    column: int


@dataclass
class Document:
    """What a text holds, where each field's name or entry begins, and what is wrong so far."""

    data: Tree = None
    places: dict[FieldPath, Place] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)

    def place(self, path: FieldPath) -> Place:
        """Where a field stands; for one that is missing, what it is missing from."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))

    def problem(self, path: FieldPath, message: str) -> FileProblem:
        return FileProblem(*self.place(path), in_words(path), message)


def read_tree(text: str) -> Document:
    """The document in a YAML text; one that isn't YAML holds no data and one problem."""
    document = Document()
    try:
        document.data = _Builder(document, text).root()
    except _TooDeep as error:
        message = "The file is nested too deeply to be a scorecard."
        document.problems.append(FileProblem(*error.place, "", message))
    except yaml.MarkedYAMLError as error:
        document.problems.append(_syntax_problem(error))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        document.problems.append(FileProblem(line, 1, "", _UNSHOWABLE))
    return document


class _TooDeep(Exception):
    """More levels than a scorecard has, at a place."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


class _Builder:
    """Turns the parser's events into a tree, and notes places and problems on the way."""

    def __init__(self, document: Document, text: str) -> None:
        self._events: Iterator[Event] = yaml.parse(text, Loader=yaml.SafeLoader)
        self._document = document

    def root(self) -> Tree:
        tree: Tree = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(event, (), "A second scorecard begins here: give it its own file.")
                    break
            elif isinstance(event, NodeEvent):
                self._document.places[()] = _place(event.start_mark)
                tree = self._node(event, ())
        return tree

    def _node(self, event: Event, path: FieldPath) -> Tree:
        if len(path) > MOST_DEPTH:
            raise _TooDeep(_place(event.start_mark))
        if getattr(event, "anchor", None) is not None:
            self._refuse(event, path, "“&” and “*” refer to other places: write the value out.")
        if getattr(event, "tag", None) is not None:
            self._refuse(event, path, "“!” makes it a tag: put the value into quotes.")
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, path)
        return self._scalar(event, path) if isinstance(event, ScalarEvent) else None

    def _scalar(self, event: ScalarEvent, path: FieldPath) -> str | None:
        if event.style is None and event.value in _EMPTY:
            return None
        if NO_TEXT.search(event.value):
            self._refuse(event, path, _UNSHOWABLE)
            return None
        return event.value

    def _sequence(self, start: Event, path: FieldPath) -> list[Tree]:
        entries: list[Tree] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            inner = (*path, len(entries))
            self._document.places[inner] = _place(event.start_mark)
            entries.append(self._node(event, inner))
        if len(entries) > MOST_ENTRIES:
            message = f"{len(entries):,} entries are too many: a list holds {MOST_ENTRIES:,}."
            self._refuse(start, path, message)
        return entries[:MOST_ENTRIES]

    def _mapping(self, path: FieldPath) -> dict[str, Tree]:
        """Fields by name. The first of a name counts, the others are problems."""
        fields: dict[str, Tree] = {}
        seen: dict[str, int] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            # A name that is none may be as deep as any value.
            inside = path if isinstance(event, ScalarEvent) else (*path, "?")
            name = self._node(event, inside)
            if not isinstance(name, str):
                self._refuse(event, path, "A field's name is a plain word before “:”.")
                self._node(next(self._events), (*path, "?"))
                continue
            inner = (*path, name)
            if name in seen:
                self._refuse(event, inner, f"stands here again; it is on line {seen[name]} too.")
                self._node(next(self._events), (*path, "?"))
                continue
            seen[name] = _place(event.start_mark).line
            self._document.places[inner] = _place(event.start_mark)
            value = self._node(next(self._events), inner)
            if value is not None:
                fields[name] = value
        return fields

    def _refuse(self, event: Event, path: FieldPath, message: str) -> None:
        problem = FileProblem(*_place(event.start_mark), in_words(path), message)
        self._document.problems.append(problem)


class _Mark(Protocol):
    """A place as the parser gives it, from 0."""

    line: int
    column: int


def _place(mark: _Mark | None) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark is not None else Place(1, 1)


# --- YAML's own complaints, in words ---------------------------------------

_UNSHOWABLE = "A character stands here that can't be shown: remove it."
_INDENTATION = (
    "The indentation doesn't fit the lines above: fields of one entry begin in one column."
)
_QUOTES = "The value needs quotes around it because of its"
_FIRST_SIGN = f"{_QUOTES} first sign, such as “%” or “@”."

_COMPLAINTS = {
    r"'\t'": "A tab stands here: use blanks.",
    "cannot start any token": _FIRST_SIGN,
    "expected alphabetic or numeric character": _FIRST_SIGN,
    "expected chomping or indentation": _FIRST_SIGN,
    "expected the node content": _FIRST_SIGN,
    "mapping values are not allowed": f"{_QUOTES} “: ”; or the line's indentation doesn't fit.",
    "could not find expected ':'": "“:” is missing: a field is written as name: value.",
    "expected <block end>": _INDENTATION,
    "expected '<document start>'": _INDENTATION,
    "found unexpected end of stream": "A quote is opened here and never closed.",
    "expected ',' or ']'": "“[” is opened here and never closed.",
    "expected ',' or '}'": "“{” is opened here and never closed.",
    "sequence entries are not allowed": "A list begins on the line after its field's name.",
    "unknown escape character": "“\\” has a meaning in double quotes: use single quotes.",
}
_BEGINS_EARLIER = ("unexpected end of stream", "expected ',' or", "expected ':'")


def _syntax_problem(error: yaml.MarkedYAMLError) -> FileProblem:
    complaint = error.problem or ""
    mark = error.problem_mark
    if error.context_mark is not None and any(part in complaint for part in _BEGINS_EARLIER):
        mark = error.context_mark
    message = next(
        (words for part, words in _COMPLAINTS.items() if part in complaint),
        f"This isn't YAML: {complaint}.",
    )
    return FileProblem(*_place(mark), "", message)

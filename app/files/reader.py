"""Read a scorecard file: from text or path to a checked file, or to all that is wrong with it."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.files import format as parts
from app.files import settings, sources
from app.files.checks import Finding, findings, with_keys
from app.files.format import ScorecardFile
from app.files.problems import MOST_PROBLEMS, FieldPath, FileErrors, FileProblem, instead
from app.files.tree import Tree, read_tree

MOST_BYTES = 1_000_000

_MODELS: dict[str, type[BaseModel]] = {
    "digest": settings.DigestEntry,
    "thresholds": settings.ThresholdsEntry,
    "alerts": settings.AlertsEntry,
    "work_streams": parts.WorkStreamEntry,
    "metrics": parts.MetricEntry,
    "baseline": parts.BaselineEntry,
    "drivers": parts.DriverEntry,
    "source": sources.SourceEntry,
    "sql": sources.SqlEntry,
    "promql": sources.PromqlEntry,
    "json": sources.JsonEntry,
    "readings": parts.ReadingEntry,
    "milestones": parts.MilestoneEntry,
    "phases": parts.PhaseEntry,
    "needs": parts.NeedsEntry,
}
_NOT_GIVEN = {"missing": "is missing", "string_too_short": "is empty"}
_WRONG_KIND = {
    "model_type": "needs fields, written as name: value.",
    "dict_type": "needs fields, written as name: value.",
    "tuple_type": "needs a list: write each entry on its own line after “- ”.",
    "string_type": "needs one value.",
}


def read_scorecard_path(path: Path) -> ScorecardFile:
    """The scorecard in a file; raises `FileErrors` also where it can't be read or isn't UTF-8."""
    return read_scorecard_bytes(read_bytes(path, MOST_BYTES), str(path))


def read_bytes(path: Path, most: int) -> bytes:
    """The content of a file, or one byte more than the most of a larger one.

    Raises `FileErrors` where it can't be read.
    """
    source = str(path)
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError as error:
        raise _unusable(source, "there is no such file.") from error
    except IsADirectoryError as error:
        raise _unusable(source, "this is a folder: name a file in it.") from error
    except OSError as error:
        raise _unusable(source, f"the file can't be read: {error.strerror}.") from error


def read_scorecard_bytes(data: bytes, source: str) -> ScorecardFile:
    """The scorecard in a file's content; raises `FileErrors` also where it isn't UTF-8."""
    try:
        return read_scorecard_file(data.decode(), source)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _unusable(source, "a character isn't UTF-8: save the file as UTF-8.", line) from error


def read_scorecard_file(text: str, source: str) -> ScorecardFile:
    """The scorecard in a YAML text; `source` is what messages call it.

    Raises `FileErrors` with every problem at its line.
    """
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise _unusable(source, f"the file is larger than {MOST_BYTES // 1_000_000} MB.")
    document = read_tree(text)
    if not isinstance(document.data, dict):
        raise FileErrors(source, document.problems or [_no_scorecard(document.data)])
    file, found = _checked(with_keys(document.data))
    told = {problem.field for problem in document.problems}
    untold = (document.problem(*finding) for finding in found.items())
    problems = [*document.problems, *(each for each in untold if each.field not in told)]
    if file is None or problems:
        raise FileErrors(source, problems)
    return file


def _unusable(source: str, message: str, line: int = 0) -> FileErrors:
    return FileErrors(source, [FileProblem(line, min(line, 1), "", message)])


def _no_scorecard(data: Tree) -> FileProblem:
    said = "The file is empty." if data is None else "This isn't a scorecard."
    return FileProblem(1, 1, "", f"{said} Begin with a line such as name: Billing Platform")


def _checked(data: dict[str, Tree]) -> tuple[ScorecardFile | None, dict[FieldPath, str]]:
    """The file if it has the right shape, and one message for each field that is wrong."""
    file = None
    found: dict[FieldPath, str] = {}
    try:
        file = ScorecardFile.model_validate(data)
    except ValidationError as error:
        found.update(_finding(details) for details in error.errors(include_url=False))
    across: Iterator[Finding] = islice(findings(data), MOST_PROBLEMS)
    return file, {**dict(across), **found}


def _finding(details: ErrorDetails) -> Finding:
    path: FieldPath = details["loc"]
    context = details.get("ctx", {})
    for step in filter(None, str(context.get("field", "")).split(".")):
        path = (*path, step)
    return path, _in_words(details, path)


def _in_words(details: ErrorDetails, path: FieldPath) -> str:
    """Pydantic's complaint about a field in plain words."""
    kind = details["type"]
    if kind in _NOT_GIVEN:
        return _NOT_GIVEN[kind] + _such_as(path)
    if kind == "extra_forbidden":
        name = str(path[-1])[:60]
        return f"unknown field “{name}”: {instead(name, _fields_of(path))}"
    if kind == "string_too_long":
        length = len(str(details["input"]).strip())
        most = details.get("ctx", {})["max_length"]
        return f"has {length} characters; at most {most} are possible."
    return _WRONG_KIND.get(kind, details["msg"])


def _model_of(path: FieldPath) -> type[BaseModel]:
    """The model that a field belongs to: the one its nearest named ancestor holds."""
    ancestors = [step for step in path[:-1] if isinstance(step, str)]
    return _MODELS[ancestors[-1]] if ancestors else ScorecardFile


def _fields_of(path: FieldPath) -> list[str]:
    """What else could stand in the place of a field."""
    fields = _model_of(path).model_fields.items()
    return [field.alias or name for name, field in fields]


def _such_as(path: FieldPath) -> str:
    """How the field is written, from the format's own example."""
    name = str(path[-1])
    field = _model_of(path).model_fields.get(name)
    if field is None or not field.examples:
        return "."
    example = field.examples[0]
    if isinstance(example, dict):
        example = "{" + ", ".join(f"{inner}: {value}" for inner, value in example.items()) + "}"
    return f": write it as {name}: {example}"

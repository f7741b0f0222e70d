"""What is wrong with a scorecard file: each problem at its place, all of them at once."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.errors import KpiError

MOST_PROBLEMS = 100
"""More than these say nothing new: they come from one mistake at the root."""

MOST_NAMED = 20

FieldPath = tuple[str | int, ...]
"""Where a field is: `("metrics", 0, "target")`."""


@dataclass(frozen=True, slots=True, order=True)
class FileProblem:
    """One thing to mend. `line` and `column` count from 1, or are 0 for the file as a whole."""

    line: int
    column: int
    field: str
    message: str

    def told(self, source: str) -> str:
        place = f"{source}:{self.line}" if self.line else source
        return ": ".join(part for part in (place, self.field, self.message) if part)


class FileErrors(KpiError):
    """A file can't be used; its message has one line for each problem, in the file's order."""

    def __init__(self, source: str, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(sorted(problems))
        shown = [problem.told(source) for problem in self.problems[:MOST_PROBLEMS]]
        if len(self.problems) > MOST_PROBLEMS:
            shown.append(f"{source}: … and more problems. Mend these first.")
        super().__init__("\n".join(shown))


def in_words(path: FieldPath) -> str:
    """`("metrics", 0, "target")` as `metrics[0].target`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def instead(typed: str, known: Sequence[str]) -> str:
    """What could be written in place of a word that isn't known."""
    close = difflib.get_close_matches(typed.casefold(), known, n=1)
    if close:
        return f"did you mean “{close[0]}”?"
    if not known:
        return "there is none in this file."
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return f"there is {', '.join(known[:MOST_NAMED])}{more}."

"""The fenced blocks of README and docs, and whether what a command printed is what they show.

- `console`: lines after `$ ` are typed in a terminal; what stands below one is what it prints.
  Without anything below, it only has to succeed. `…` stands for what may change, alone in a line
  for any number of lines. A command that is shown to be refused (`kpi: …`, `BAD …`) has to fail.
  What ends with ` &` goes on until `kill %1`, or the end of the page.
- `slack`: a line after `/kpi` is typed by Ana in #billing of the demo; below it, what she sees.
- `sh`: a script that asks the HTTP API, whose address and token it has; `tests/http/api` runs it.
- Above a block that can't be run in tests stands `<!-- not run: why -->`.
- A page whose commands need a scorecard says so with `<!-- given: the billing scorecard -->`.
"""

import re
from dataclasses import dataclass

from tests.project.files import ROOT, text_of

GIVEN_BILLING = "<!-- given: the billing scorecard -->"
_FENCED = re.compile(
    r"(?:^ *<!-- not run: (?P<why>[^\n]+) -->\n+)?"
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<content>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Snippet:
    """A fenced block; `why_not` says why it isn't run, and is empty for one that is."""

    page: str
    language: str
    content: str
    why_not: str

    @property
    def steps(self) -> list["Step"]:
        """What is typed, each with what is shown below it."""
        sign = r"\$ " if self.language == "console" else "(?=/kpi)"
        typed = re.split(rf"^{sign}", self.content, flags=re.MULTILINE)[1:]
        return [Step(*_typed_and_shown(each)) for each in typed]


@dataclass(frozen=True)
class Step:
    """A line that is typed, with the lines that are shown below it."""

    typed: str
    shown: str

    @property
    def is_refused(self) -> bool:
        return re.search(r"^(kpi: |BAD )", self.shown, re.MULTILINE) is not None

    def is_shown_by(self, printed: str) -> bool:
        """Whether what was printed is what the page shows."""
        lines = "".join(f"{line.rstrip()}\n" for line in printed.strip().splitlines())
        return not self.shown or re.fullmatch(_pattern(self.shown), lines) is not None


def pages() -> list[str]:
    """README and every page that a person wrote."""
    written = sorted((ROOT / "docs").rglob("*.md"))
    return ["README.md", *(str(path.relative_to(ROOT)) for path in written)]


def snippets_of(page: str) -> list[Snippet]:
    return [
        Snippet(
            page,
            found["language"],
            re.sub(rf"^{found['indent']}", "", found["content"], flags=re.MULTILINE),
            found["why"] or "",
        )
        for found in _FENCED.finditer(text_of(page))
    ]


def _typed_and_shown(text: str) -> tuple[str, str]:
    """A typed line goes on where it ends with a backslash."""
    lines = text.split("\n")
    last = next(number for number, line in enumerate(lines) if not line.endswith("\\"))
    return "\n".join(lines[: last + 1]), "\n".join(lines[last + 1 :]).strip()


def _pattern(shown: str) -> str:
    lines = (
        r"(?:.*\n)*" if line.strip() == "…" else re.escape(line.rstrip()).replace("…", ".*") + r"\n"
        for line in shown.splitlines()
    )
    return "".join(lines)

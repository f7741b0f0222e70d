"""What was measured: printed as it comes, and kept in docs/speed.md between two marks."""

from pathlib import Path

from tests.bench.tables import Aim, aims_table

PAGE = Path(__file__).parents[2] / "docs" / "speed.md"
BEGIN = "<!-- measured: begin, written by make bench -->"
END = "<!-- measured: end -->"


class Report:
    """Sections of a title and tables, and the aims that they speak of."""

    def __init__(self, introduction: str) -> None:
        self._introduction = introduction
        self._sections: list[str] = []
        self._aims: list[Aim] = []
        print(introduction, flush=True)

    def add(self, title: str, *parts: str) -> None:
        """A section of tables and remarks."""
        section = "\n\n".join([f"### {title}", *parts])
        self._sections.append(section)
        print(f"\n{section}", flush=True)

    def aim(self, *aims: Aim) -> None:
        """What was promised of what was measured."""
        self._aims.extend(aims)

    def end(self) -> str:
        """All of it in Markdown, the aims first; the aims are printed."""
        aims = f"### Aims\n\n{aims_table(self._aims)}"
        print(f"\n{aims}", flush=True)
        return "\n\n".join([self._introduction, aims, *self._sections])


def keep(measured: str, page: Path = PAGE) -> None:
    """Write what was measured into a page, in place of what stands between its marks."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}")

"""What was measured as Markdown tables, each figure beside that of the baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.measures import Start, Times
from tests.bench.subjects import Memory

Figures = tuple[float | None, ...]
Row = tuple[str, Figures]


@dataclass(frozen=True)
class Aim:
    """What is promised of all that were measured: at most so many `unit`."""

    what: str
    most: float
    unit: str
    measured: Sequence[tuple[str, float]]

    @property
    def worst(self) -> tuple[str, float]:
        """Who is farthest from the aim, and its figure."""
        return max(self.measured, key=lambda one: one[1])

    @property
    def is_met(self) -> bool:
        return self.worst[1] <= self.most


def aims_table(aims: Sequence[Aim]) -> str:
    """Every aim, and whether it is met by the worst of those that were measured."""
    rows = [("aim", "at most", "measured", "of", "")]
    for aim in aims:
        name, figure = aim.worst
        verdict = "met" if aim.is_met else "**missed**"
        most, seen = f"{aim.most:.4g} {aim.unit}", f"{figure:.2f} {aim.unit}"
        rows.append((aim.what, most, seen, name, verdict))
    return _lines(rows, rights=(1, 2))


def starts_table(starts: Sequence[tuple[str, Sequence[Start]]], painters: Sequence[Memory]) -> str:
    """Medians over several starts; the first is the baseline."""
    rows: list[Row] = [
        (
            name,
            (
                median(start.seconds for start in of_one),
                median(start.memory.resident_mb for start in of_one),
                median(start.memory.unique_mb for start in of_one),
                median(start.first_answer for start in of_one) * 1e3,
            ),
        )
        for name, of_one in starts
    ]
    painter = (
        median(memory.resident_mb for memory in painters),
        median(memory.unique_mb for memory in painters),
    )
    rows.append(("its painter, after a picture", (None, *painter, None)))
    header = ("a process", "to healthy (s)", "RSS (MB)", "USS (MB)", "first /kpi (ms)")
    return beside_baseline(header, rows)


def times_table(what: str, times: Sequence[tuple[str, Times]]) -> str:
    """Milliseconds; the first is the baseline."""
    rows: list[Row] = [
        (name, (one.median * 1e3, one.p99 * 1e3, one.cpu * 1e3)) for name, one in times
    ]
    return beside_baseline((what, "median (ms)", "p99 (ms)", "CPU each (ms)"), rows)


def beside_baseline(header: Sequence[str], rows: Sequence[Row]) -> str:
    """Each figure with how many times the first row's it is."""
    _, baseline = rows[0]
    cells = [_with_ratio_columns(header)]
    for name, figures in rows:
        pairs = zip(figures, baseline, strict=True)
        cells.append(
            [name, *(cell for figure, base in pairs for cell in _figure_and_ratio(figure, base))]
        )
    return _lines(cells, rights=range(1, len(cells[0])))


def _with_ratio_columns(header: Sequence[str]) -> list[str]:
    first, *measured = header
    return [first, *(cell for name in measured for cell in (name, "times"))]


def _figure_and_ratio(figure: float | None, base: float | None) -> tuple[str, str]:
    if figure is None:
        return "–", "–"
    # The system counts CPU time in steps of 10 ms: in a short run it may be none.
    return f"{figure:.2f}", f"{figure / base:.1f}" if base else "–"


def _lines(rows: Sequence[Sequence[str]], rights: Sequence[int]) -> str:
    """Cells as a table whose columns stand below each other, some of them at the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rule = [
        "-" * (width - 1) + ":" if column in rights else "-" * width
        for column, width in enumerate(widths)
    ]
    padded = [
        [
            cell.rjust(width) if column in rights else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in [rows[0], rule, *rows[1:]]
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in padded)

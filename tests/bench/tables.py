"""What was measured as Markdown tables, each figure beside that of the baseline."""

from collections.abc import Sequence
from statistics import median

from tests.bench.measures import Start, Times


def starts_table(starts: Sequence[tuple[str, Sequence[Start]]]) -> str:
    """Medians over several starts; the first is the baseline."""
    rows = [
        (
            name,
            (
                median(start.seconds for start in of_one),
                median(start.memory_mb for start in of_one),
                median(start.first_answer for start in of_one) * 1e3,
            ),
        )
        for name, of_one in starts
    ]
    return _table(
        ("a process", "start to healthy (s)", "idle memory (MB)", "first /kpi (ms)"), rows
    )


def times_table(what: str, times: Sequence[tuple[str, Times]]) -> str:
    """Milliseconds; the first is the baseline."""
    rows = [(name, (one.median * 1e3, one.p99 * 1e3, one.cpu * 1e3)) for name, one in times]
    return _table((what, "median (ms)", "p99 (ms)", "CPU each (ms)"), rows)


def _table(header: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]]) -> str:
    _, baseline = rows[0]
    cells = [_with_ratio_columns(header)]
    for name, figures in rows:
        pairs = zip(figures, baseline, strict=True)
        cells.append(
            [name, *(cell for figure, base in pairs for cell in _figure_and_ratio(figure, base))]
        )
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_line(row, widths) for row in [cells[0], rule, *cells[1:]])


def _with_ratio_columns(header: Sequence[str]) -> list[str]:
    first, *measured = header
    return [first, *(cell for name in measured for cell in (name, "times"))]


def _figure_and_ratio(figure: float, base: float) -> tuple[str, str]:
    # The system counts CPU time in steps of 10 ms: in a short run it may be none.
    return f"{figure:.2f}", f"{figure / base:.1f}" if base else "–"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *numbers = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in numbers)]
    return f"| {' | '.join(padded)} |"

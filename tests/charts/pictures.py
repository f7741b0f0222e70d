"""The pictures in the README: `python -m tests.charts.pictures` draws them anew."""

import re
from collections.abc import Iterator
from pathlib import Path

from app.charts.charts import Chart
from app.charts.looks import DARK, LIGHT
from app.charts.multiples import scorecard_chart
from app.charts.rendering import svg
from app.charts.timelines import roadmap_chart
from app.charts.trajectories import metric_chart
from tests.charts.histories import (
    THE_QUARTERS_END,
    history_of,
    the_billing_quarter,
    the_billing_snapshot,
)

DOCS = Path(__file__).parents[2] / "docs"
LOOKS = {"light": LIGHT, "dark": DARK}


def pictures() -> Iterator[tuple[Path, Chart]]:
    """Each picture of the billing scorecard and its made-up quarter, and where it is kept."""
    scorecard, readings = the_billing_quarter()
    history = history_of(scorecard, "rollbacks", readings, THE_QUARTERS_END)
    snapshot, trajectories = the_billing_snapshot()
    for name, look in LOOKS.items():
        yield DOCS / f"trajectory-{name}.svg", metric_chart(history, look)
        yield DOCS / f"scorecard-{name}.svg", scorecard_chart(snapshot, trajectories, look)
        yield DOCS / f"roadmap-{name}.svg", roadmap_chart(snapshot, look)


def kept(chart: Chart) -> str:
    """The picture as it is kept. Its clippings are counted from 1: the renderer counts on through
    all that a process draws."""
    numbers: dict[str, str] = {}
    drawn = svg(chart) + "\n"
    return re.sub(
        r"clip\d+", lambda id_: numbers.setdefault(id_[0], f"clip{len(numbers) + 1}"), drawn
    )


if __name__ == "__main__":
    for path, chart in pictures():
        path.write_text(kept(chart), encoding="utf-8")

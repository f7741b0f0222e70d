"""The pictures of a progress page: SVG whose colours are those of the page that it stands in.

One picture serves light, dark and paper, for its colours are names that the page's CSS gives a
value: https://developer.mozilla.org/docs/Web/CSS/var
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial

from app.charts.charts import Chart
from app.charts.looks import Look
from app.charts.multiples import scorecard_chart
from app.charts.rendering import svg
from app.charts.timelines import roadmap_chart
from app.charts.trajectories import metric_chart
from app.domain.outcomes import Report

MOST_TRAJECTORIES = 24
"""As many as stand side by side in the picture of the scorecard."""
SCORECARD, ROADMAP = "scorecard", "roadmap"

PAGE = Look(**{colour.name: f"var(--{colour.name})" for colour in fields(Look)})
_ID = re.compile(r'(?<= id=")(?=[^"]+")|(?<=url\(#)')

Draw = Callable[[], Chart]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG for a page, and what it shows in words."""

    title: str
    alternative: str
    svg: str


def trajectory_name(metric: str) -> str:
    """The name of the picture of a metric's trajectory, by the metric's key."""
    return f"trajectory-{metric}"


def drawings(report: Report) -> Mapping[str, Draw]:
    """What makes the charts of a page, by the names of the pictures; each can be pickled."""
    snapshot = report.snapshot
    drawn: dict[str, Draw] = {}
    trajectories = [each.trajectory for each in report.histories if each.trajectory]
    if any(state.current for state in snapshot.metrics):
        drawn[SCORECARD] = partial(scorecard_chart, snapshot, trajectories, PAGE)
    for history in report.histories[:MOST_TRAJECTORIES]:
        if history.state.current is not None:
            drawn[trajectory_name(history.state.metric.key)] = partial(metric_chart, history, PAGE)
    if snapshot.phases:
        drawn[ROADMAP] = partial(roadmap_chart, snapshot, PAGE)
    return drawn


def picture(name: str, draw: Draw) -> Picture:
    """A picture by its name, which no other on the page has. Takes a tenth of a second."""
    chart = draw()
    return Picture(chart.title, chart.alternative, _in_its_own_names(svg(chart), name))


def _in_its_own_names(drawn: str, name: str) -> str:
    """A drawing whose ids are no other picture's: in one document, the first of a name counts."""
    return _ID.sub(f"{name}-", drawn)

"""`kpi draw`."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.charts.charts import Chart
from app.charts.looks import DARK, LIGHT
from app.charts.multiples import scorecard_chart
from app.charts.rendering import png, svg
from app.charts.timelines import roadmap_chart
from app.charts.trajectories import metric_chart
from app.cli.terminal import ScorecardKey, the_operator, with_store
from app.domain.errors import BadInput
from app.services import scorecards, trajectories
from app.store.engine import Store


class LookName(StrEnum):
    """The looks of a picture."""

    LIGHT = "light"
    DARK = "dark"


LOOKS = {LookName.LIGHT: LIGHT, LookName.DARK: DARK}
RENDERERS: dict[str, Callable[[Chart], bytes]] = {
    ".png": png,
    ".svg": lambda chart: svg(chart).encode(),
}


def draw(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="METRIC|scorecard|roadmap", help="What to draw: a metric by its key or name."
        ),
    ] = "scorecard",
    *,
    out: Annotated[Path, typer.Option(metavar="FILE", help="A file that ends in .png or .svg.")],
    look: Annotated[LookName, typer.Option(help="For a light or a dark page.")] = LookName.LIGHT,
    scorecard: ScorecardKey = None,
) -> None:
    """Draw the scorecard, a metric or the roadmap into a file.

    It is the picture that Slack shows. A file of that name is replaced.

    \b
    Examples:
      kpi draw --out scorecard.png
      kpi draw rollbacks --out rollbacks.svg --look dark
      kpi draw roadmap --out roadmap.png --scorecard billing
    """
    render = RENDERERS.get(out.suffix.lower())
    if render is None:
        raise BadInput(f"“{out}” is no name of a picture. End it in .png or .svg.")
    if not out.parent.is_dir():
        raise BadInput(f"There is no folder “{out.parent}”. Make it first, or name another.")

    async def work(store: Store) -> Chart:
        caller = the_operator()
        if subject == "scorecard":
            whole = await trajectories.of_scorecard(store, caller, scorecard)
            return scorecard_chart(*whole, LOOKS[look])
        if subject == "roadmap":
            return roadmap_chart(await scorecards.show(store, caller, scorecard), LOOKS[look])
        history = await trajectories.of_metric(store, caller, subject, scorecard)
        return metric_chart(history, LOOKS[look])

    chart = with_store(work)
    try:
        out.write_bytes(render(chart))
    except OSError as error:
        raise BadInput(f"“{out}” can't be written: {error.strerror}.") from None
    print(f"{chart.title}: drawn into {out}.")

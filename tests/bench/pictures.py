"""A metric's picture, beside a plain line of the same readings by the same renderer:
`python -m tests.bench.pictures DATABASE_URL COUNT`."""

import asyncio
import json
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import vl_convert

from app.charts.rendering import SCALE, png
from app.charts.trajectories import metric_chart
from app.domain.outcomes import MetricHistory
from app.main import utc_now
from app.services import trajectories
from app.services.callers import OPERATOR, Caller, Surface
from app.store.engine import Store


def plain_line(history: MetricHistory) -> dict[str, Any]:
    """What one writes by hand in Vega-Lite to see the readings."""
    drawn = history.trajectory
    points = drawn.points if drawn else ()
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 720,
        "height": 360,
        "data": {
            "values": [
                {"at": each.at.isoformat(), "value": float(each.value.number)} for each in points
            ]
        },
        "mark": "line",
        "encoding": {
            "x": {"field": "at", "type": "temporal"},
            "y": {"field": "value", "type": "quantitative"},
        },
    }


def _seconds(paint: Callable[[], object], count: int) -> list[float]:
    """Each of `count` times, after one that starts the renderer."""
    found = []
    for _ in range(count + 1):
        begun = perf_counter()
        paint()
        found.append(perf_counter() - begun)
    return found[1:]


async def main(database_url: str, count: int) -> None:
    """Print the seconds of each."""
    caller = Caller(OPERATOR, Surface.COMMAND, utc_now())
    async with Store(database_url) as store:
        history = await trajectories.of_metric(store, caller, "rollbacks")
    line = plain_line(history)
    print(
        json.dumps(
            {
                "plain": _seconds(lambda: vl_convert.vegalite_to_png(line, scale=SCALE), count),
                "picture": _seconds(lambda: png(metric_chart(history)), count),
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))

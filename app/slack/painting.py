"""Charts painted in a process of their own, so that nobody waits for the seconds that it takes."""

from collections.abc import Awaitable, Callable

from anyio import CapacityLimiter, to_process

from app.charts.charts import Chart
from app.charts.rendering import png

Paint = Callable[[Chart], Awaitable[bytes]]
"""A chart as a PNG."""


class Painter:
    """Paints one chart after the other.

    The process starts with the first chart, stays for the next ones, which take a tenth of a
    second then, and ends with the event loop. It runs the main module of this program again, as
    `__mp_main__`: https://anyio.readthedocs.io/en/stable/subprocesses.html
    """

    def __init__(self, render: Callable[[Chart], bytes] = png) -> None:
        self._render = render
        self._one_at_a_time = CapacityLimiter(1)

    async def paint(self, chart: Chart) -> bytes:
        """The chart as a PNG; whoever is cancelled while waiting for it ends the process with it.

        Raises what the renderer raises, and `BrokenWorkerProcess` if its process breaks.
        """
        return await to_process.run_sync(
            self._render, chart, cancellable=True, limiter=self._one_at_a_time
        )

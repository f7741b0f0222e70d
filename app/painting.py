"""Pictures made in a process of their own, so that nobody waits for the seconds that it takes."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_process

from app.charts.charts import Chart
from app.charts.rendering import png

Made = TypeVar("Made")
Paint = Callable[[Chart], Awaitable[bytes]]
"""A chart as a PNG."""


class Painter:
    """Makes one picture after the other, for messages and for progress pages.

    The process starts with the first picture, stays for the next ones, which take a tenth of a
    second then, and ends with the event loop. It runs the main module of this program again, as
    `__mp_main__`: https://anyio.readthedocs.io/en/stable/subprocesses.html
    """

    def __init__(self, render: Callable[[Chart], bytes] = png) -> None:
        self._render = render
        self._one_at_a_time = CapacityLimiter(1)

    async def paint(self, chart: Chart) -> bytes:
        """The chart as a PNG; raises what the renderer raises, and what `make` does."""
        return await self.make(self._render, chart)

    async def make(self, work: Callable[..., Made], *of: object) -> Made:
        """What `work` makes of something, in its turn; both are pickled on their way.

        Whoever is cancelled while waiting for it ends the process with it. Raises what `work`
        raises, and `BrokenWorkerProcess` if its process breaks.
        """
        return await to_process.run_sync(work, *of, cancellable=True, limiter=self._one_at_a_time)

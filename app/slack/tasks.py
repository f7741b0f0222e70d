"""Work that goes on after an answer: kept track of, and finished before the bot stops."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)

CANCEL_SECONDS = 1.0

OnFailure = Callable[[Exception], Awaitable[None]]


class Tasks:
    """The tasks of one process. Each failure is logged once and told to who waits for it."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def spawn(
        self, work: Coroutine[Any, Any, object], *, tell: OnFailure | None = None
    ) -> asyncio.Task[None]:
        """Start work; `tell` hears of its failure. Who waits for the task hears of none."""
        task = asyncio.create_task(_guarded(work, tell))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def drain(self, seconds: float) -> None:
        """Wait for what is running, and for what that begins, but no longer than `seconds`."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        while self._running and (left := ends - loop.time()) > 0:
            await asyncio.wait(self._running, timeout=left)
        unfinished = set(self._running)
        for task in unfinished:
            task.cancel()
        if unfinished:
            log.warning(
                "%s tasks did not finish in %.1f s and were cancelled", len(unfinished), seconds
            )
            # They still have to let go of what they hold, such as a transaction.
            await asyncio.wait(unfinished, timeout=CANCEL_SECONDS)


async def _guarded(work: Coroutine[Any, Any, object], tell: OnFailure | None) -> None:
    try:
        await work
    except Exception as error:
        if tell is None:
            log.exception("a task failed")
            return
        try:
            await tell(error)
        except Exception:
            log.exception("a failure could not be told")

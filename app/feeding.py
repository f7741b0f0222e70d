"""Sources are asked beside all else the bot does, when they are due, a few at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from app.logs import one_event
from app.services import sources
from app.services.sources import Ask, Claim
from app.slack.tasks import Tasks
from app.store.engine import Store

log = logging.getLogger(__name__)

AT_ONCE = 3
"""So many are asked side by side: a slow one holds up none of the others, and no command."""
SHORTEST_SLEEP = timedelta(seconds=1)
"""So that what another process claims at this moment is not looked for again and again."""
LONGEST_SLEEP = timedelta(seconds=30)
"""How soon a source that another process has saved, or left behind, is noticed."""


class Feeding:
    """Asks what is due, and records what comes of it. Every process may: each claims what it asks.

    `deliver` sends what an answer may have caused, such as an alert.
    """

    def __init__(
        self,
        store: Store,
        ask: Ask,
        clock: Callable[[], datetime],
        worker: str,
        tasks: Tasks,
        *,
        deliver: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._ask = ask
        self._clock = clock
        self._worker = worker
        self._tasks = tasks
        self._deliver = deliver
        self._under_way: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._is_failing = False

    def start(self) -> None:
        self._looking = asyncio.create_task(self._look())

    async def stop(self) -> None:
        """Begin nothing more. What is being asked is one of the tasks, and finished with them."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    def wake(self) -> None:
        """Look at once: a source was saved, or the clock was moved."""
        self._awake.set()

    async def ask_due(self) -> None:
        """Ask all that is due now, and wait until that is done."""
        while await self._begin() or self._under_way:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    async def _look(self) -> None:
        while True:
            self._awake.clear()
            pause = await self._begin_due()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause.total_seconds()):
                    await self._awake.wait()

    async def _begin_due(self) -> timedelta:
        """Begin to ask what is due, and tell how long to sleep; a failure is logged once."""
        try:
            await self._begin()
            due = await sources.next_due(self._store)
        except Exception:
            if not self._is_failing:
                log.exception("sources could not be looked at; it is tried again")
            self._is_failing = True
            return LONGEST_SLEEP
        self._is_failing = False
        if due is None or len(self._under_way) == AT_ONCE:
            return LONGEST_SLEEP  # who ends wakes it
        return max(SHORTEST_SLEEP, min(LONGEST_SLEEP, due - self._clock()))

    async def _begin(self) -> int:
        """Begin to ask as many as there is room for; gives how many."""
        room, now = AT_ONCE - len(self._under_way), self._clock()
        due = await sources.next_due(self._store)
        if not room or due is None or due > now:
            return 0
        claims = await sources.claim_due(self._store, self._worker, now, most=room)
        for claim in claims:
            task = self._tasks.spawn(self._feed(claim))
            self._under_way.add(task)
            task.add_done_callback(self._ended)
        return len(claims)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self.wake()

    async def _feed(self, claim: Claim) -> None:
        with one_event():
            await sources.feed(self._store, claim, self._ask, self._worker, self._clock)
        await self._deliver()

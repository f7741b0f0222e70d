"""What is due now, at its time and again: digests and reminders that are owed, waiting messages."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app.logs import one_event
from app.services import alerts, deliveries, digests, once, reminders
from app.slack.outbox import Outbox
from app.slack.tasks import Tasks
from app.store.engine import Store

log = logging.getLogger(__name__)

LONGEST_SLEEP = timedelta(seconds=30)
"""How soon a schedule changed by another process, or a lease left by a dead one, is noticed."""
SELDOM = timedelta(minutes=15)
"""What is or will be stale is told in hours, so that not every run need look at every metric."""
STUCK_SECONDS = 300.0
"""Longer than any run takes that has much to deliver to a slow Slack."""

_JOB = "what is due"


class Schedule:
    """One job that runs when the next thing is due, and finds out what that is.

    It computes what is owed from what has been done, so that a second too late,
    a restart, or a day of downtime are all the same to it.
    """

    def __init__(
        self, store: Store, outbox: Outbox, clock: Callable[[], datetime], tasks: Tasks
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._tasks = tasks
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._running = asyncio.Lock()
        self._is_failing = False
        self._ran_at: float | None = None
        self._seldom_at = datetime.min.replace(tzinfo=UTC)

    def start(self) -> None:
        self._ran_at = monotonic()
        self._scheduler.start()
        self._run_in(timedelta(0))

    def stop(self) -> None:
        """Start nothing more. What runs is one of the tasks, and finished with them."""
        self._scheduler.shutdown(wait=False)

    def trouble(self) -> str | None:
        """Why nothing is done in its time; None while all is well."""
        if self._ran_at is None or not self._scheduler.running:
            return "not started, as the bot waits for Slack, or stopped"
        if self._is_failing:
            return "what is due could not be done; the log says why"
        silence = monotonic() - self._ran_at
        return f"nothing ran for {silence:.0f} s" if silence > STUCK_SECONDS else None

    async def run_due(self) -> None:
        """Claim what is owed and deliver what waits; then sleep until the next."""
        async with self._running:
            with one_event():
                pause = await self._run()
        if self._scheduler.running:
            self._run_in(pause)

    async def _run(self) -> timedelta:
        """Do what is due, and tell how long to sleep; failures are logged, and not raised."""
        self._ran_at = monotonic()
        began = self._clock()
        try:
            await self._claim_owed(began)
            await self._outbox.deliver_due()
            pause = await self._until_next(began)
        except Exception:
            # A database that stays away is logged once, not twice a minute.
            if not self._is_failing:
                log.exception("what is due could not be done; it is tried again")
            self._is_failing = True
            return LONGEST_SLEEP
        self._is_failing = False
        return pause

    async def _claim_owed(self, now: datetime) -> None:
        await digests.claim_owed(self._store, now)
        if now >= self._seldom_at:
            await reminders.claim_owed(self._store, now)
            await alerts.claim_stale(self._store, now)
            await once.forget_old(self._store, now)
            self._seldom_at = now + SELDOM

    async def _until_next(self, looked_at: datetime) -> timedelta:
        """How long until something is due that wasn't when it was looked at, or is already."""
        instants = [slot.at for slot in await digests.next_slots(self._store, looked_at)]
        waiting = await deliveries.next_due(self._store)
        instants += [waiting] if waiting else []
        now = self._clock()
        return max(timedelta(0), min([LONGEST_SLEEP, *(instant - now for instant in instants)]))

    async def _begin(self) -> None:
        # The scheduler cancels its own jobs when it stops, even in the middle of a post.
        self._tasks.spawn(self.run_due())

    def _run_in(self, pause: timedelta) -> None:
        self._scheduler.add_job(
            self._begin,
            "date",
            run_date=datetime.now(UTC) + pause,
            id=_JOB,
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
        )

"""What a running bot's health is made of: each check says what is wrong, or nothing."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from app import measures
from app.http.app import Check
from app.jobs import Schedule
from app.services import deliveries
from app.slack.socket import Socket
from app.store.engine import Store
from app.store.migrations import newest_revision, revision_of

DATABASE_SECONDS = 2.0
OVERDUE = timedelta(minutes=15)
"""From when on a message that is owed counts as stuck; a digest counts as late then, too."""


class InTime:
    """A check that answers in time, even if what it asks does not.

    What hangs is left to hang, once: another check meanwhile waits for the same answer.
    """

    def __init__(self, check: Check, seconds: float = DATABASE_SECONDS) -> None:
        self._check = check
        self._seconds = seconds
        self._asking: asyncio.Task[str | None] | None = None

    async def __call__(self) -> str | None:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._asked())
        done, _ = await asyncio.wait({self._asking}, timeout=self._seconds)
        if not done:
            return f"no answer within {self._seconds:g} s"
        return self._asking.result()

    async def _asked(self) -> str | None:
        try:
            return await self._check()
        except (SQLAlchemyError, OSError) as error:
            # What the error says may name hosts and people; the log has it.
            return f"it can't be read ({type(error).__name__})"


def checks_of(
    store: Store, clock: Callable[[], datetime], schedule: Schedule, socket: Socket | None
) -> Mapping[str, Check]:
    """What `/health/ready` looks at; without a socket where Slack's requests come over HTTP."""

    async def database() -> str | None:
        await revision_of(store)
        return None

    async def migrations() -> str | None:
        revision, newest = await revision_of(store), newest_revision()
        return None if revision == newest else f"at {revision}, this program needs {newest}"

    async def owed() -> str | None:
        now = clock()
        since = await deliveries.oldest_owed(store, now)
        measures.OLDEST_OWED_SECONDS.set((now - since).total_seconds() if since else 0)
        if since is None or now - since <= OVERDUE:
            return None
        return f"the oldest message that is owed waits for {(now - since).total_seconds():.0f} s"

    async def scheduler() -> str | None:
        return schedule.trouble()

    checks: dict[str, Check] = {
        "database": InTime(database),
        "migrations": InTime(migrations),
        "deliveries": InTime(owed),
        "scheduler": scheduler,
    }
    if socket is not None:

        async def connection() -> str | None:
            trouble = await socket.trouble()
            measures.SOCKET_CONNECTED.set(trouble is None)
            return trouble

        checks["socket"] = connection
    return checks

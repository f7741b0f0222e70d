"""The bot as its own process would be: stopped and started anew on the same database."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Self

from app.main import Running


class RestartableBot:
    """Runs the bot for as long as the context lasts, one life after the other.

    `new_life` makes the next one, from connected to drained.
    """

    def __init__(self, new_life: Callable[[], AbstractAsyncContextManager[Running]]) -> None:
        self._new_life = new_life
        self._life = AsyncExitStack()
        self._running: Running | None = None
        self._changing = asyncio.Lock()

    @property
    def running(self) -> Running:
        """The bot in its present life. Raises LookupError while it is stopped."""
        if self._running is None:
            raise LookupError("The bot is stopped. Try again once it is back")
        return self._running

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Kept for good: what has ended for the last time isn't started any more.
        await self._changing.acquire()
        await self._stop()

    async def restart(self, between: Callable[[], None]) -> None:
        """Stop the bot, finishing what it began, and start it; `between` is called in between."""
        async with self._changing:
            await self._stop()
            between()
            await self._start()

    async def _start(self) -> None:
        self._running = await self._life.enter_async_context(self._new_life())

    async def _stop(self) -> None:
        self._running = None
        await self._life.aclose()

"""Changes, as they happen, by server-sent events (html.spec.whatwg.org/#server-sent-events)."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from starlette.responses import StreamingResponse

from app.playground.changes import Changes
from app.playground.page.pieces import Sent
from app.playground.page.regions import regions_of
from app.playground.page.screen import Screen

GATHER_SECONDS = 0.02
"""What changes within this time is sent at once: one click changes many things."""

ANYWAY_SECONDS = 5.0
"""So often the clock on the page is looked after, and a browser that is gone noticed."""


class Stream:
    """Sends one browser what is new in what it shows.

    First it says which `run` of the playground this is: a browser that finds another one than
    before starts anew.
    """

    def __init__(self, run: str, changes: Changes, look: Callable[[], Screen]) -> None:
        self._run = run
        self._changes = changes
        self._look = look
        self._sent = Sent()

    def response(self, closing: asyncio.Event) -> StreamingResponse:
        """Events until the browser leaves or the workspace closes."""
        return StreamingResponse(self._events(closing), media_type="text/event-stream")

    async def _events(self, closing: asyncio.Event) -> AsyncIterator[str]:
        yield f"retry: 500\nevent: hello\ndata: {self._run}\n\n"
        with self._changes.watched() as changed:
            while not closing.is_set():
                changed.clear()
                yield self._news()
                try:
                    async with asyncio.timeout(ANYWAY_SECONDS):
                        await changed.wait()
                    await asyncio.sleep(GATHER_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"

    def _news(self) -> str:
        screen = self._look()
        news = self._sent.news(regions_of(screen))
        screen.is_read()
        return f"data: {json.dumps(news)}\n\n" if news else ""

"""Word that something in the workspace is different now."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Changes:
    """Wakes whoever watches the workspace; costs nothing while nobody does."""

    def __init__(self) -> None:
        self._watching: set[asyncio.Event] = set()

    def happened(self) -> None:
        """Something is different now."""
        for watching in self._watching:
            watching.set()

    @contextmanager
    def watched(self) -> Iterator[asyncio.Event]:
        """An event that is set at every change; who watches clears it."""
        changed = asyncio.Event()
        self._watching.add(changed)
        try:
            yield changed
        finally:
            self._watching.discard(changed)

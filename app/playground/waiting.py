"""Waiting for something to become visible."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

WAIT_SECONDS = 20.0
"""What takes longer, even on a machine with much else to do, doesn't come."""

_STEP_SECONDS = 0.002


async def until(find: Callable[[], Found | None], timeout: float, missing: str) -> Found:  # noqa: ASYNC109
    """Call `find` until it gives something. Raises TimeoutError with the words in `missing`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + timeout
    while (found := find()) is None:
        if loop.time() > deadline:
            raise TimeoutError(f"{missing} within {timeout:g} s")
        await asyncio.sleep(_STEP_SECONDS)
    return found

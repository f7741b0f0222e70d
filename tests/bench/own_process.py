"""What is measured in a process of its own, whose memory nothing else has used before."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

import psutil

SAMPLE_SECONDS = 0.002


async def result_of(module: str, *arguments: str) -> Any:
    """Run a module of this folder; what it prints is JSON."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.bench.{module}", *arguments, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{module} ended with status {process.returncode}")
    return json.loads(printed)


@dataclass
class Peak:
    """The most memory that this process has had, in millions of bytes above where it began."""

    above_mb: float = 0.0


@contextmanager
def peak() -> Iterator[Peak]:
    """Watch this process's resident memory while the block lasts."""
    process, ended, found = psutil.Process(), Event(), Peak()
    begun = process.memory_info().rss

    def watch() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            found.above_mb = max(found.above_mb, (process.memory_info().rss - begun) / 1e6)

    watching = Thread(target=watch)
    watching.start()
    try:
        yield found
    finally:
        ended.set()
        watching.join()

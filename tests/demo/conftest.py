"""The demo's stage, at any time, and its page's buttons as the page clicks them."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

import aiohttp
import pytest

from app.demo import stage as staging
from app.demo.clock import START, DemoClock
from app.demo.stage import Stage, set_up

SetUp = Callable[[datetime], AbstractAsyncContextManager[Stage]]


@pytest.fixture
def set_up_at(monkeypatch: pytest.MonkeyPatch) -> SetUp:
    """Makes a stage whose clock starts at an instant."""

    @asynccontextmanager
    async def at(start: datetime) -> AsyncIterator[Stage]:
        monkeypatch.setattr(staging, "DemoClock", lambda: DemoClock(start))
        async with set_up() as stage:
            yield stage

    return at


@pytest.fixture
async def stage(set_up_at: SetUp) -> AsyncIterator[Stage]:
    """The stage at the time at which the demo begins."""
    async with set_up_at(START) as stage:
        yield stage


async def clicks(stage: Stage, control: str) -> str:
    """Click a button of the page, wait until its work is done, and read what the page says then.

    Raises AssertionError with what the person is told when it is refused.
    """
    async with aiohttp.ClientSession(stage.slack.url, read_bufsize=2**22) as session:
        async with session.post("/acts/control", json={"control": control}) as response:
            answer = await response.json()
            assert answer["ok"], answer["problem"]
        return await words_on(session)


async def words_on(session: aiohttp.ClientSession) -> str:
    """What stands below the buttons."""
    async with session.get("/stream") as stream:
        while not (line := (await stream.content.readline()).decode()).startswith("data: ["):
            pass
    regions = {news["region"]: news["pieces"] for news in json.loads(line.removeprefix("data: "))}
    return " ".join(piece["html"] for piece in regions["control_news"])

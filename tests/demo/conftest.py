"""The demo's stage, at any time, and its page's buttons as the page clicks them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

import aiohttp
import pytest

from app.demo import stage as staging
from app.demo.clock import START, DemoClock
from app.demo.stage import Stage, set_up
from tests.playground.page.conftest import Browser

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
    async with aiohttp.ClientSession(read_bufsize=2**22) as session:
        browser = Browser(stage.slack.url, session)
        answer = await browser.act("control", {"control": control})
        assert answer["ok"], answer["problem"]
        return (await browser.shows())["control_news"]

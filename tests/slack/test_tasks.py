"""Work that goes on after an answer, and the end of it before the bot stops."""

import asyncio

import pytest

from app.slack.tasks import Tasks


async def test_what_was_begun_is_finished_and_what_that_begins(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tasks, done = Tasks(), list[str]()

    async def fill() -> None:
        await asyncio.sleep(0.01)
        done.append("filled")

    async def open_form() -> None:
        await asyncio.sleep(0.01)
        tasks.spawn(fill())

    tasks.spawn(open_form())
    await tasks.drain(5.0)
    assert done == ["filled"]
    assert caplog.records == []


async def test_what_takes_too_long_is_cancelled_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tasks = Tasks()
    stuck = tasks.spawn(asyncio.sleep(60))
    await tasks.drain(0.01)
    assert stuck.cancelled()
    assert "1 tasks did not finish in 0.0 s" in caplog.text

"""What is due is done at its time, or as soon as it can be, and once."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import OperationalError

from app.jobs import Schedule
from app.services import digests
from app.slack.identity import Identity
from app.slack.membership import Membership
from app.slack.outbox import Outbox
from app.slack.pictures import Pictures
from tests.jobs.conftest import SLOT, Office
from tests.slack.stage import a_dot

SECOND, HOUR, WEEK = timedelta(seconds=1), timedelta(hours=1), timedelta(days=7)


def an_outbox(
    office: Office,
    clock: Callable[[], datetime],
    worker: str = "one",
    kind: type[Outbox] = Outbox,
) -> Outbox:
    """An outbox beside the office's own, as another process has one."""
    client = AsyncWebClient(office.slack.bot_token, base_url=office.slack.api_url)
    membership = Membership(client, clock, Identity())
    pictures = Pictures(office.store, client, a_dot)
    return kind(office.store, client, clock, worker, membership, pictures=pictures)


async def test_the_digest_is_posted_at_its_time_and_not_before(office: Office) -> None:
    assert await office.comes_to(SLOT - SECOND) == []
    [digest] = await office.comes_to(SLOT)
    assert "This digest is late" not in digest.wording


async def test_a_second_late_is_on_time(office: Office) -> None:
    [digest] = await office.comes_to(SLOT + SECOND)
    assert "This digest is late" not in digest.wording


async def test_it_is_posted_once_however_often_the_schedule_runs(office: Office) -> None:
    for instant in (SLOT, SLOT + SECOND, SLOT + HOUR, SLOT + WEEK - SECOND):
        assert len(await office.comes_to(instant)) == 1
    assert len(await office.comes_to(SLOT + WEEK)) == 2


async def test_after_weeks_of_downtime_one_digest_catches_up_and_says_so(office: Office) -> None:
    [digest] = await office.comes_to(SLOT + 3 * WEEK + HOUR)
    assert "This digest is late" in digest.wording
    assert len(await office.comes_to(SLOT + 4 * WEEK)) == 2


async def test_two_schedules_on_one_database_post_it_once(office: Office) -> None:
    outbox = an_outbox(office, office.clock, "other")
    other = Schedule(office.store, outbox, office.clock, office.tasks)
    office.clock.now = SLOT
    await asyncio.gather(office.schedule.run_due(), other.run_due())
    assert len(office.digests) == 1


async def test_when_slack_is_away_the_digest_follows(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "status", status=503)
    assert await office.comes_to(SLOT) == []
    [digest] = await office.comes_to(SLOT + timedelta(minutes=1))
    assert "This digest is late" not in digest.wording


async def test_when_the_database_is_away_it_is_logged_once_and_the_digest_follows(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    gone = OperationalError("SELECT", {}, Exception("the database is gone"))
    with patch.object(digests, "claim_owed", side_effect=gone), caplog.at_level(logging.ERROR):
        for minutes in range(3):
            await office.comes_to(SLOT + timedelta(minutes=minutes))
    assert [record.name for record in caplog.records] == ["app.jobs"]
    assert len(await office.comes_to(SLOT + timedelta(minutes=3))) == 1


async def test_it_wakes_by_itself_at_the_slot(office: Office) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()

    def now() -> datetime:
        return SLOT + timedelta(seconds=loop.time() - begun - 0.5)

    outbox = an_outbox(office, now)
    schedule = Schedule(office.store, outbox, now, office.tasks)
    schedule.start()
    while not office.digests and loop.time() - begun < 10:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    schedule.stop()
    assert len(office.digests) == 1
    assert loop.time() - begun >= 0.5


async def test_a_slot_that_comes_while_it_is_busy_is_not_slept_over(office: Office) -> None:
    class Busy(Outbox):
        async def deliver_due(self) -> None:
            await super().deliver_due()
            office.clock.now = max(office.clock.now, SLOT + SECOND)

    outbox = an_outbox(office, office.clock, kind=Busy)
    schedule = Schedule(office.store, outbox, office.clock, office.tasks)
    office.clock.now = SLOT - SECOND
    schedule.start()
    async with asyncio.timeout(10):
        while not office.digests:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    schedule.stop()


async def test_what_has_begun_when_it_stops_is_finished(office: Office) -> None:
    office.slack.faults.add("chat.postMessage", "delay", seconds=0.3)
    office.clock.now = SLOT
    office.schedule.start()
    while not office.slack.journal.calls("chat.postMessage"):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    office.schedule.stop()
    await office.tasks.drain(5)
    assert len(office.digests) == 1
    assert len(await office.comes_to(SLOT + HOUR)) == 1

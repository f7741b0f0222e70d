"""Owners whose metrics will be stale, and what they are told of it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.playground import Channel, Message, Person
from app.playground.people import Writer
from tests.slack.stage import Stage, read

TEAM = """
key: {key}
name: {key} scorecard
goal: One thing gets done
zone: Europe/London
digest: {{day: {day}, time: '09:00'}}
metrics:
  - key: errors
    name: Errors
    owner: {owner}
    baseline: {{value: 10, label: Q1, on: 2026-01-01}}
    target: 0
    readings: [{{value: ~4, at: 2026-03-15}}]
  - key: outages
    name: Outages
    owner: {owner}
    baseline: {{value: 10, label: Q1, on: 2026-01-01}}
    target: 0
    readings: [{{value: 7, at: 2026-03-15}}]
"""
SLOT = datetime(2026, 3, 30, 8, tzinfo=UTC)
"""A Monday at nine in London, the day after its clocks were changed; the readings are stale."""
FRIDAY = datetime(2026, 3, 27, 9, tzinfo=UTC)
"""Ten o'clock in Berlin, as the day before the digest will be, which is a Sunday."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


async def owns(
    stage: Stage,
    owner: Writer,
    *,
    key: str = "team",
    day: str = "monday",
    private: bool = False,
) -> Channel:
    """A channel with a scorecard whose metrics are all its owner's; Ana is in it."""
    channel = stage.slack.add_channel(key, members=[stage.ana], private=private)
    await stage.load(TEAM.format(key=key, owner=owner.id, day=day), channel)
    return channel


async def comes_to(stage: Stage, instant: datetime) -> None:
    """What is due is done at an instant."""
    stage.clock.now = instant
    await stage.running.schedule.run_due()


def told(stage: Stage, person: Person) -> list[Message]:
    """The reminders that a person has got."""
    direct = stage.slack.direct_message(person)
    return [post for post in stage.posts(direct) if "will be stale" in read(post)]


@pytest.fixture
async def reminded(stage: Stage) -> Message:
    """Ana owns two metrics, and has been reminded of them."""
    await owns(stage, stage.ana)
    await comes_to(stage, FRIDAY)
    [reminder] = told(stage, stage.ana)
    return reminder

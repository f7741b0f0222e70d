"""A schedule, a local Slack, and the real scorecard with a digest every Monday at nine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from app.files import read_scorecard_path
from app.jobs import Schedule
from app.playground import Channel, LocalSlack, Message
from app.services.callers import OPERATOR, Caller, Surface
from app.services.loading import load
from app.slack.identity import Identity
from app.slack.membership import Membership
from app.slack.outbox import Outbox
from app.slack.pictures import Pictures
from app.slack.tasks import Tasks
from app.store.engine import Store
from tests.cli.terminal import BILLING
from tests.slack.stage import a_dot

SLOT = datetime(2026, 3, 23, 9, 0, tzinfo=UTC)
"""The first Monday at nine after the scorecard was loaded."""


@dataclass
class Clock:
    """A clock that stands where a test puts it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def timestamp(self) -> float:
        return self.now.timestamp()


@dataclass(frozen=True)
class Office:
    """What is watched: the clock, the schedule, and the channel where digests appear."""

    clock: Clock
    slack: LocalSlack
    channel: Channel
    store: Store
    tasks: Tasks
    schedule: Schedule

    @property
    def digests(self) -> list[Message]:
        return [message for message in self.channel.messages if "at target" in message.wording]

    async def comes_to(self, instant: datetime) -> list[Message]:
        """The digests in the channel when the schedule has run at an instant."""
        self.clock.now = instant
        await self.schedule.run_due()
        return self.digests


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    """The Wednesday before the first digest."""
    clock = Clock(SLOT - timedelta(days=5))
    tasks = Tasks()
    async with LocalSlack(clock=clock.timestamp) as slack:
        channel = slack.add_channel("billing")
        loading = Caller(OPERATOR, Surface.FILE, clock.now)
        await load(store, loading, read_scorecard_path(BILLING), channel=channel.id)
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        membership = Membership(client, clock, Identity())
        pictures = Pictures(store, client, a_dot)
        outbox = Outbox(store, client, clock, "one", membership, pictures=pictures)
        yield Office(clock, slack, channel, store, tasks, Schedule(store, outbox, clock, tasks))
        await tasks.drain(5)

"""The world of a run: its time, its channels, and scorecards whose digests fall due in the run."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.domain.access import Access
from app.files import read_scorecard_file
from app.playground import Channel, LocalSlack, Person
from app.services import editing, loading
from app.services.callers import OPERATOR, Caller, Surface
from app.store.engine import Store

BEGINS = datetime(2026, 3, 27, 9, tzinfo=UTC)
"""A Friday at nine in London: reminders of what will be stale on Monday are due."""
LOADED = BEGINS - timedelta(days=3)
DIGESTS_A_MINUTE = 3
GOALS_A_MINUTE = 2
REMINDERS = 4

_SCORECARD = """
key: {key}
name: {name}
goal: One thing gets done
zone: Europe/London
digest: {{day: {day}, time: '{at}'}}
metrics:
"""
_METRIC = """
  - key: {key}
    name: {key}
    owner: {owner}
    baseline: {{value: 1000, label: Q1, on: 2026-01-01}}
    target: 0
    readings: [{{value: 900, at: 2026-03-15}}]
"""


@dataclass
class Time:
    """The time of Slack and of all machines: the run's, which passes as time does, or later."""

    ahead: float = field(default_factory=lambda: BEGINS.timestamp() - time.time())

    def __call__(self) -> float:
        return time.time() + self.ahead

    def passes(self, span: timedelta) -> None:
        self.ahead += span.total_seconds()


@dataclass
class World:
    """Who is there, and where; `goals` are the channels whose one metric waits for its target."""

    slack: LocalSlack
    time: Time
    people: list[Person]
    work: Channel
    goals: list[Channel] = field(default_factory=list)
    digests: int = 0
    reminders: int = 0


def furnished(slack: LocalSlack, moment: Time, people: int) -> World:
    """People and the channel where they work."""
    names = [f"person{number}" for number in range(people)]
    present = [slack.add_person(name, real_name=name.title()) for name in names]
    return World(slack, moment, present, slack.add_channel("work", members=present))


async def load(world: World, store: Store, minutes: float) -> None:
    """The scorecards: one that people work in, and what falls due all through the run."""
    owners = [person.id for person in world.people]
    await _load(store, world.work, owners)
    whole = max(1, round(minutes))
    for number in range(whole * DIGESTS_A_MINUTE):
        at = BEGINS + timedelta(minutes=number // DIGESTS_A_MINUTE)
        await _load(store, _channel(world, f"digest{number}"), owners[:1], "friday", at)
        world.digests += 1
    for number in range(whole * GOALS_A_MINUTE):
        world.goals.append(_channel(world, f"goal{number}"))
        await _load(store, world.goals[-1], owners[:1])
    for number in range(REMINDERS):
        owner = owners[number % len(owners)]
        await _load(store, _channel(world, f"stale{number}"), [owner], "monday", BEGINS)
        world.reminders += 1


def _channel(world: World, name: str) -> Channel:
    return world.slack.add_channel(name, members=world.people)


async def _load(
    store: Store,
    channel: Channel,
    owners: Sequence[str],
    day: str = "tuesday",
    at: datetime = BEGINS - timedelta(hours=1),
) -> None:
    """A scorecard, named as its channel, with a metric for each of its owners."""
    key = channel.name
    text = _SCORECARD.format(key=key, name=key, day=day, at=f"{at:%H:%M}")
    for number, owner in enumerate(owners):
        text += _METRIC.format(key=f"m{number}", owner=owner)
    caller = Caller(OPERATOR, Surface.FILE, LOADED)
    await loading.load(store, caller, read_scorecard_file(text, f"{key}.yaml"), channel=channel.id)
    access = {"access": Access(owners=(owners[0],))}
    await editing.edit_scorecard(store, caller, access, key=key)

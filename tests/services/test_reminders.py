"""Reminders: owed once for each person and digest, saying what is so when they are sent."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.reminders import SNOOZE, Preferences, Reminder
from app.domain.values import parse_value
from app.services.callers import Caller
from app.services.deliveries import Kind
from app.services.digests import claim_owed as claim_digests
from app.services.digests import post_now
from app.services.editing import retire
from app.services.loading import load
from app.services.readings import record
from app.services.reminders import Choice, choose, claim_owed, owed_reminder, preferences
from app.store.engine import Store
from app.store.tables import ReminderPreferencesRow
from tests.services.builders import (
    a_caller,
    a_file,
    all_rows,
    changes,
    on_sqlite,
    owed,
    the_operator,
)

HOME = "C0TEAM"
SLOT = datetime(2026, 4, 6, 9, tzinfo=UTC)
"""A Monday, three weeks after the readings that were loaded."""
EVE = SLOT - timedelta(days=3)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)

TEAM = """
key: team
name: Team
goal: One thing gets done
digest: {day: monday, time: '09:00'}
metrics:
  - key: errors
    name: Errors
    owner: U0ANA
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
    readings: [{value: 5, at: 2026-03-16}]
  - key: outages
    name: Outages
    owner: U0ANA
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
    readings: [{value: 5, at: 2026-03-16}]
  - key: delays
    name: Delays
    owner: U0BOB
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
    readings: [{value: 5, at: 2026-03-16}]
  - key: costs
    name: Costs
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
"""
ANA, BOB = "2026-W15 U0ANA", "2026-W15 U0BOB"


@pytest.fixture
async def team(store: Store) -> Store:
    """Ana owns two metrics, Bob one, nobody the fourth; the first digest is due on Mondays."""
    await load(store, the_operator(), a_file(TEAM), channel=HOME)
    await claim_digests(store, SLOT - timedelta(days=7))
    return store


async def reminders(store: Store) -> list[tuple[str, str]]:
    """The subjects and persons of all reminders that are owed."""
    return [(subject, to) for kind, subject, to in await owed(store) if kind == Kind.REMINDER]


def ana(now: datetime = EVE) -> Caller:
    return a_caller("U0ANA", channel=HOME, now=now)


async def told(store: Store, now: datetime = EVE, subject: str = ANA) -> Reminder | None:
    return await owed_reminder(store, 1, subject, now)


def keys(reminder: Reminder | None) -> list[str]:
    assert reminder is not None
    return [each.metric.key for each in reminder.metrics]


async def test_each_owner_is_owed_one_for_all_their_metrics(team: Store) -> None:
    assert await claim_owed(team, EVE) == 2
    assert await reminders(team) == [(ANA, "U0ANA"), (BOB, "U0BOB")]
    reminder = await told(team)
    assert keys(reminder) == ["errors", "outages"]
    assert reminder is not None
    assert (reminder.scorecard.key, reminder.person, reminder.slot) == ("team", "U0ANA", SLOT)


async def test_none_is_owed_long_before_the_digest_nor_for_the_one_that_is_out(
    team: Store,
) -> None:
    assert await claim_owed(team, SLOT - 5 * DAY) == 0
    assert await claim_owed(team, SLOT) == 0


async def test_they_are_owed_once_however_often_and_however_many_ask(team: Store) -> None:
    async with Store(team.database_url) as other:
        found = await asyncio.gather(
            *(
                claim_owed(store, EVE + number * MINUTE)
                for number, store in enumerate([team, other] * 3)
            )
        )
    assert max(found) == 2
    assert await reminders(team) == [(ANA, "U0ANA"), (BOB, "U0BOB")]
    assert await claim_owed(team, SLOT - MINUTE) == 0


async def test_every_week_has_its_own(team: Store) -> None:
    await claim_owed(team, EVE)
    await claim_digests(team, SLOT)
    assert await claim_owed(team, EVE + 7 * DAY) == 2
    assert ("2026-W16 U0ANA", "U0ANA") in await reminders(team)


async def test_fresh_metrics_owe_none(team: Store) -> None:
    for metric in ("errors", "outages", "delays"):
        await record(team, ana(SLOT - 5 * DAY), metric, parse_value("4"))
    assert await claim_owed(team, EVE) == 0
    assert await told(team) is None


async def test_what_was_updated_in_between_is_left_out(team: Store) -> None:
    await claim_owed(team, EVE - DAY)
    await record(team, ana(EVE - MINUTE), "errors", parse_value("4"))
    assert keys(await told(team)) == ["outages"]
    await record(team, ana(EVE - MINUTE), "outages", parse_value("4"))
    assert await told(team) is None


async def test_after_its_digest_there_is_nothing_to_say(team: Store) -> None:
    await claim_owed(team, EVE)
    assert await told(team, SLOT - MINUTE) is not None
    assert await told(team, SLOT) is None


async def test_a_digest_that_was_posted_early_is_not_announced(team: Store) -> None:
    monday = SLOT + 7 * DAY
    await claim_digests(team, SLOT)
    early = the_operator(now=monday - 5 * MINUTE)
    await post_now(team, early)
    assert await told(team, monday - MINUTE, "2026-W16 U0ANA") is None
    assert await claim_owed(team, monday - MINUTE) == 0


async def test_a_retired_scorecard_or_one_without_a_channel_reminds_nobody(team: Store) -> None:
    await load(team, the_operator(), a_file(TEAM.replace("key: team", "key: homeless")))
    await claim_owed(team, EVE)
    await retire(team, the_operator(now=EVE), key="team")
    assert await told(team) is None
    assert await claim_owed(team, EVE + 7 * DAY) == 0
    assert await reminders(team) == [(ANA, "U0ANA"), (BOB, "U0BOB")]


# --- who wants none ---------------------------------------------------------------


async def test_who_never_chose_gets_them(store: Store) -> None:
    assert await preferences(store, "U0ANA", EVE) == Preferences()


async def test_a_person_turns_off_and_on_their_own(store: Store) -> None:
    assert await choose(store, ana(), Choice.OFF) == Preferences(are_on=False)
    assert await preferences(store, "U0ANA", EVE) == Preferences(are_on=False)
    assert await preferences(store, "U0BOB", EVE) == Preferences()
    snoozed = await choose(store, ana(), Choice.SNOOZE)
    assert snoozed == Preferences(snoozed_until=EVE + SNOOZE)
    assert await preferences(store, "U0ANA", EVE) == snoozed
    assert await preferences(store, "U0ANA", EVE + SNOOZE) == Preferences()
    assert await choose(store, ana(), Choice.ON) == Preferences()
    assert await preferences(store, "U0ANA", EVE) == Preferences()
    assert len(await all_rows(store, ReminderPreferencesRow)) == 1


async def test_who_clicks_twice_at_once_has_chosen_once(store: Store) -> None:
    async with Store(store.database_url) as other:
        for _ in range(5):
            await asyncio.gather(
                *(choose(each, ana(), Choice.OFF) for each in [store, other] * 3),
            )
    assert await preferences(store, "U0ANA", EVE) == Preferences(are_on=False)


@on_sqlite
async def test_it_is_no_change_of_a_scorecard(team: Store) -> None:
    before = len(await changes(team))
    await claim_owed(team, EVE)
    await choose(team, ana(), Choice.OFF)
    assert len(await changes(team)) == before

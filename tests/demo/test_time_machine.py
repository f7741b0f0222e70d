"""The time machine: the clock moves, and what falls due on the way is done at its time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.demo.stage import Stage
from app.services import editing
from app.services.callers import OPERATOR, Caller, Surface
from tests.demo.conftest import SetUp, clicks

BERLIN = ZoneInfo("Europe/Berlin")


async def _moves_to_berlin(stage: Stage) -> None:
    """The scorecard's zone is now one whose clock changes on 29 March 2026."""
    caller = Caller(OPERATOR, Surface.TERMINAL, stage.clock.now())
    await editing.edit_scorecard(stage.running.bot.store, caller, {"zone": BERLIN}, key="billing")


def _digests(stage: Stage) -> list[datetime]:
    """When each digest arrived in #billing, to the minute."""
    seen = [each for each in stage.ana.sees(stage.channel) if "Movement is over" in each.wording]
    return [
        datetime.fromtimestamp(float(each.ts), BERLIN).replace(second=0, microsecond=0)
        for each in seen
    ]


@pytest.mark.parametrize("days", range(7))
async def test_the_next_digest_comes_on_its_day_and_hour_whatever_the_day(
    set_up_at: SetUp, days: int
) -> None:
    """From each day of the week in which the clock changes, seen from that Monday at noon."""
    async with set_up_at(datetime(2026, 3, 23, 12, tzinfo=UTC) + timedelta(days=days)) as stage:
        await _moves_to_berlin(stage)
        words = await clicks(stage, "next-digest")
        assert "Monday 30 March, 09:00 CEST." in words
        assert "The digest is posted in #billing" in words
        assert _digests(stage) == [datetime(2026, 3, 30, 9, tzinfo=BERLIN)]


async def test_a_day_has_the_hours_that_the_clock_leaves_it(set_up_at: SetUp) -> None:
    async with set_up_at(datetime(2026, 3, 28, 20, tzinfo=BERLIN)) as stage:
        await _moves_to_berlin(stage)
        before = stage.clock.now()
        assert "Sunday 29 March, 20:00 CEST." in await clicks(stage, "next-day")
        passed = stage.clock.now() - before
        assert timedelta(hours=23) <= passed < timedelta(hours=23, minutes=1)


async def test_a_day_that_brings_a_digest_brings_it_on_time(set_up_at: SetUp) -> None:
    async with set_up_at(datetime(2026, 3, 22, 15, tzinfo=UTC)) as stage:
        words = await clicks(stage, "next-day")
        assert "Monday 23 March, 15:00 UTC. The digest is posted in #billing" in words
        digest = await stage.ana.sees_message(stage.channel, "Movement is over", timeout=20)
        assert "late" not in digest.wording
        assert _digests(stage) == [datetime(2026, 3, 23, 9, tzinfo=UTC)]


async def test_on_the_way_to_a_digest_the_owners_of_stale_metrics_are_reminded(
    set_up_at: SetUp,
) -> None:
    async with set_up_at(datetime(2026, 3, 26, 15, tzinfo=UTC)) as stage:
        words = await clicks(stage, "next-digest")
        assert "Monday 30 March, 09:00 UTC." in words
        assert "The digest is posted in #billing; 2 reminders went out" in words
        for person in (stage.cast.ana, stage.cast.ben):
            reminder = await person.sees_message(
                stage.slack.direct_message(person), "will be stale in the next digest"
            )
            friday = datetime.fromtimestamp(float(reminder.ts), UTC)
            assert (friday.date().isoformat(), friday.weekday()) == ("2026-03-27", 4)


async def test_a_week_whose_digest_was_posted_by_hand_has_no_second_one(
    set_up_at: SetUp,
) -> None:
    async with set_up_at(datetime(2026, 3, 23, 6, tzinfo=UTC)) as stage:
        await stage.ana.types("/kpi digest now", stage.channel)
        await stage.ana.sees_message(stage.channel, "Movement is over", timeout=20)
        assert "Monday 30 March, 09:00 UTC." in await clicks(stage, "next-digest")
        assert len(_digests(stage)) == 2


async def test_without_a_channel_no_digest_is_to_come(stage: Stage) -> None:
    caller = Caller(OPERATOR, Surface.TERMINAL, stage.clock.now())
    store = stage.running.bot.store
    await editing.edit_scorecard(store, caller, {"channel": None}, key="billing")
    with pytest.raises(AssertionError, match="No digest is to come"):
        await clicks(stage, "next-digest")
    assert "Friday 20 March, 15:00 UTC. Nothing was due" in await clicks(stage, "next-day")

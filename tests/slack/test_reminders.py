"""A reminder reaches the owner of what will be stale: once, by day, and only while it helps."""

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from app.domain.access import Access
from app.jobs import Schedule
from app.playground import Message
from app.playground.faults import FaultKind
from app.services import deliveries
from app.services.callers import OPERATOR, Caller, Surface
from app.services.deliveries import Kind
from app.services.editing import edit_scorecard
from app.slack.identity import Identity
from app.slack.ids import DELIVERY_EVENT
from app.slack.membership import Membership
from app.slack.outbox import Outbox
from tests.slack.conftest import Opening
from tests.slack.reminding import (
    DAY,
    FRIDAY,
    HOUR,
    MINUTE,
    SLOT,
    TEAM,
    comes_to,
    owns,
    reminded,
    told,
)
from tests.slack.stage import MANIFEST, Stage, read, readable

__all__ = ["reminded"]


def another_worker(stage: Stage) -> Schedule:
    """A second process on the same database."""
    bot = stage.running.bot
    client = AsyncWebClient(stage.slack.bot_token, base_url=stage.slack.api_url, retry_handlers=[])
    outbox = Outbox(bot.store, client, stage.clock, "other", bot.membership, pictures=bot.pictures)
    return Schedule(bot.store, outbox, stage.clock, bot.tasks)


# --- what and when ----------------------------------------------------------------


async def test_says_what_will_be_stale_with_its_value_and_age_and_when_the_digest_is(
    reminded: Message,
) -> None:
    said = read(reminded)
    assert "2 metrics of yours will be stale in the next digest of *team scorecard*" in said
    assert f"<!date^{int(SLOT.timestamp())}^" in said
    assert "*Errors*   ~4, 13 days old; it counts for 14 days" in said
    assert "*Outages*   7, 13 days old" in said
    for words in ("2 metrics of yours", "*Errors*   ~4", "*Outages*   7"):
        assert words in readable(reminded.text)
    assert reminded.metadata is not None
    assert reminded.metadata["event_type"] == DELIVERY_EVENT


async def test_comes_once_and_not_before_its_time(stage: Stage) -> None:
    await owns(stage, stage.ana)
    for early in (FRIDAY - 4 * DAY, FRIDAY - DAY, FRIDAY - MINUTE):
        await comes_to(stage, early)
    assert told(stage, stage.ana) == []
    for later in (FRIDAY, FRIDAY, FRIDAY + MINUTE, FRIDAY + HOUR, FRIDAY + DAY, SLOT, SLOT + DAY):
        await comes_to(stage, later)
        assert len(told(stage, stage.ana)) == 1
    assert "Errors" in read(stage.posts(stage.slack.workspace.channel("team"))[-1])


async def test_comes_again_before_the_next_digest(stage: Stage, reminded: Message) -> None:
    await comes_to(stage, SLOT)
    await comes_to(stage, FRIDAY + 7 * DAY)
    assert len(told(stage, stage.ana)) == 2
    assert "20 days old" in read(told(stage, stage.ana)[-1])


@pytest.mark.parametrize(
    ("zone", "came_at"),
    [
        ("America/New_York", "Fri 09:00"),  # it will be four in the morning there
        ("America/Los_Angeles", "Fri 09:00"),
        ("Asia/Kathmandu", "Fri 13:45"),
        ("Pacific/Auckland", "Fri 16:00"),  # nine in the evening
    ],
)
async def test_comes_by_day_wherever_its_owner_is(stage: Stage, zone: str, came_at: str) -> None:
    bob = stage.slack.add_person("bob", tz=zone)
    await owns(stage, bob)
    stage.clock.now = FRIDAY - 2 * DAY
    while not told(stage, bob):
        await stage.run_due(minutes=15)
        assert stage.clock.now < SLOT
    there = stage.clock.now.astimezone(ZoneInfo(zone))
    assert f"{there:%a %H:%M}" == came_at


class Answering:
    """Slack as far as it says who somebody is, with any zone or none."""

    def __init__(self, tz: str | None) -> None:
        self.tz = tz

    async def users_info(self, user: str) -> dict[str, Any]:
        return {"user": {"id": user, "team_id": "T0HOME", "tz": self.tz}}


@pytest.mark.parametrize("tz", [None, "", "Mars/Olympus", "../etc"])
async def test_where_slack_names_no_zone_that_is_known_the_scorecards_counts(
    tz: str | None,
) -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")
    client: Any = Answering(tz)
    membership = Membership(client, lambda: FRIDAY, Identity(team_id="T0HOME"))
    assert await membership.zone_of("U0ANA", kathmandu) is kathmandu


async def test_who_has_several_scorecards_hears_of_each(stage: Stage) -> None:
    await owns(stage, stage.ana)
    await owns(stage, stage.ana, key="other")
    await comes_to(stage, FRIDAY)
    other, team = sorted(read(each) for each in told(stage, stage.ana))
    assert "next digest of *other scorecard*" in other
    assert "next digest of *team scorecard*" in team


async def test_who_is_late_to_own_one_hears_of_it_soon(stage: Stage) -> None:
    await comes_to(stage, FRIDAY + HOUR)
    await owns(stage, stage.ana)
    await stage.run_due(minutes=15)
    assert len(told(stage, stage.ana)) == 1


async def test_fresh_metrics_remind_nobody(stage: Stage) -> None:
    team = await owns(stage, stage.ana)
    stage.clock.now = SLOT - 10 * DAY
    for metric in ("errors", "outages"):
        await stage.types(f"/kpi update {metric} 3", team)
    for hours in range(100):
        await comes_to(stage, SLOT - hours * HOUR)
    assert told(stage, stage.ana) == []


async def test_what_was_updated_in_between_is_left_out(stage: Stage) -> None:
    team = await owns(stage, stage.ana)
    await comes_to(stage, FRIDAY - HOUR)
    await stage.types("/kpi update errors 3", team)
    await comes_to(stage, FRIDAY)
    [reminder] = told(stage, stage.ana)
    assert "A metric of yours will be stale" in read(reminder)
    assert "*Outages*" in read(reminder)
    assert "*Errors*" not in read(reminder)


async def test_when_all_was_updated_in_between_nobody_is_bothered(stage: Stage) -> None:
    team = await owns(stage, stage.ana)
    await comes_to(stage, FRIDAY - HOUR)
    for metric in ("errors", "outages"):
        await stage.types(f"/kpi update {metric} 3", team)
    await comes_to(stage, FRIDAY)
    await comes_to(stage, SLOT - HOUR)
    assert stage.posts(stage.slack.direct_message(stage.ana)) == []


# --- once -------------------------------------------------------------------------


async def test_two_workers_send_one(stage: Stage) -> None:
    await owns(stage, stage.ana)
    other = another_worker(stage)
    for instant in (FRIDAY - DAY, FRIDAY, FRIDAY + MINUTE):
        stage.clock.now = instant
        await asyncio.gather(stage.running.schedule.run_due(), other.run_due())
    assert len(told(stage, stage.ana)) == 1


async def test_a_worker_that_waits_for_slack_leaves_the_others_theirs(stage: Stage) -> None:
    await owns(stage, stage.ana)
    await owns(stage, stage.ana, key="other")
    await comes_to(stage, FRIDAY - MINUTE)
    stage.clock.now = FRIDAY
    stage.slack.faults.add("conversations.open", "delay", seconds=1.0)
    slow = asyncio.create_task(stage.running.schedule.run_due())
    async with asyncio.timeout(5):
        while not stage.slack.journal.calls("conversations.open"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await another_worker(stage).run_due()
    assert len(told(stage, stage.ana)) == 1
    await slow
    assert len(told(stage, stage.ana)) == 2


async def test_after_a_crash_another_worker_sends_what_was_claimed(stage: Stage) -> None:
    await owns(stage, stage.ana)
    await comes_to(stage, FRIDAY - MINUTE)
    stage.clock.now = FRIDAY
    [claimed] = await deliveries.claim_due(stage.running.bot.store, "dead", FRIDAY)
    assert claimed.kind is Kind.REMINDER
    await comes_to(stage, FRIDAY + MINUTE)
    assert told(stage, stage.ana) == []
    await comes_to(stage, FRIDAY + 3 * MINUTE)
    assert len(told(stage, stage.ana)) == 1


async def test_who_doesnt_know_where_the_bot_is_installed_leaves_it_to_who_does(
    stage: Stage,
) -> None:
    await owns(stage, stage.ana)
    await comes_to(stage, FRIDAY - MINUTE)
    stage.clock.now = FRIDAY
    bot = stage.running.bot
    membership = Membership(bot.client, stage.clock, Identity())
    outbox = Outbox(
        bot.store, bot.client, stage.clock, "terminal", membership, pictures=bot.pictures
    )
    await outbox.deliver_due()
    assert told(stage, stage.ana) == []
    await comes_to(stage, FRIDAY + MINUTE)
    assert len(told(stage, stage.ana)) == 1


@pytest.mark.parametrize(
    ("method", "kind", "times"),
    [
        ("chat.postMessage", "drop_response", 2),
        ("chat.postMessage", "status", 3),
        ("chat.postMessage", "ratelimited", 1),
        ("conversations.open", "status", 2),
        ("conversations.history", "status", 2),
        ("users.info", "status", 2),
        ("conversations.info", "status", 2),
    ],
)
async def test_when_slack_fails_it_is_sent_later_and_once(
    stage: Stage, method: str, kind: FaultKind, times: int
) -> None:
    await owns(stage, stage.ana)
    await comes_to(stage, FRIDAY - DAY)
    stage.clock.passes(minutes=2)  # what Slack said of her is no longer remembered
    stage.slack.faults.add(method, kind, times=times)
    for minutes in range(0, 60, 5):
        await comes_to(stage, FRIDAY + minutes * MINUTE)
    assert len(told(stage, stage.ana)) == 1


async def test_one_that_was_owed_for_days_is_not_given_up_at_once(stage: Stage) -> None:
    await owns(stage, stage.ana, day="wednesday")
    tuesday = FRIDAY + 4 * DAY
    for hours in range(96, 0, -6):
        await comes_to(stage, tuesday - hours * HOUR)
    stage.slack.faults.add("conversations.open", "status")
    for minutes in range(0, 60, 5):
        await comes_to(stage, tuesday + minutes * MINUTE)
    assert len(told(stage, stage.ana)) == 1


async def test_one_that_is_late_waits_for_the_morning(stage: Stage) -> None:
    await owns(stage, stage.ana)
    await comes_to(stage, FRIDAY - DAY)
    stage.slack.faults.add("chat.postMessage", "ratelimited", retry_after=8 * 3600)
    for hours in range(24):
        await comes_to(stage, FRIDAY + hours * HOUR)
        if told(stage, stage.ana):
            break
    assert stage.clock.now == FRIDAY + 23 * HOUR  # Saturday at nine, by her clock


async def test_after_the_digest_nobody_is_reminded_of_it(stage: Stage) -> None:
    await owns(stage, stage.ana)
    stage.slack.faults.add("conversations.open", "status", times=1_000)
    for hours in range(0, 72, 3):
        await comes_to(stage, FRIDAY + hours * HOUR)
    await comes_to(stage, SLOT)
    stage.slack.faults.clear()
    await comes_to(stage, SLOT + HOUR)
    assert told(stage, stage.ana) == []
    await comes_to(stage, FRIDAY + 7 * DAY)
    assert len(told(stage, stage.ana)) == 1


async def test_a_bot_that_cant_look_for_its_message_rather_gives_up_than_sends_two(
    open_stage: Opening,
) -> None:
    scopes = [each for each in MANIFEST["oauth_config"]["scopes"]["bot"] if each != "im:history"]
    async with open_stage(manifest={**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}}) as it:
        await owns(it, it.ana)
        it.slack.faults.add("chat.postMessage", "drop_response")
        for minutes in range(0, 30, 5):
            await comes_to(it, FRIDAY + minutes * MINUTE)
        assert len(told(it, it.ana)) == 1


# --- to whom ----------------------------------------------------------------------


async def test_who_cant_read_the_home_channel_gets_none(stage: Stage) -> None:
    bob = stage.slack.add_person("bob")
    team = await owns(stage, bob, private=True)
    await comes_to(stage, FRIDAY)
    assert stage.posts(stage.slack.direct_message(bob)) == []
    await stage.ana.invites(bob, team)
    await comes_to(stage, FRIDAY + 7 * DAY)
    assert len(told(stage, bob)) == 1


async def let(stage: Stage, access: Access) -> None:
    """Whom the team's scorecard names."""
    operator = Caller(OPERATOR, Surface.TERMINAL, stage.clock.now)
    await edit_scorecard(stage.running.bot.store, operator, {"access": access}, key="team")


async def test_who_may_only_look_gets_none(stage: Stage) -> None:
    bob = stage.slack.add_person("bob")
    await owns(stage, bob)
    await let(stage, Access(editors=(stage.ana.id,)))
    await comes_to(stage, FRIDAY)
    assert stage.posts(stage.slack.direct_message(bob)) == []


async def test_a_member_of_a_user_group_that_may_update_gets_one(stage: Stage) -> None:
    bob = stage.slack.add_person("bob")
    await owns(stage, bob)
    team = stage.slack.add_user_group("team", members=[bob])
    await let(stage, Access(editors=(team.id,)))
    await comes_to(stage, FRIDAY)
    assert len(told(stage, bob)) == 1


async def test_bots_and_who_has_left_or_is_unknown_are_not_written_to(stage: Stage) -> None:
    gone = stage.slack.add_person("gone")
    gone.user.has_left = True
    robot = stage.slack.add_bot("robot")
    await owns(stage, gone, key="gone", private=True)
    await owns(stage, robot)
    await let(stage, Access(strangers_edit=True))
    unknown = stage.slack.add_channel("unknown")
    await stage.load(TEAM.format(key="unknown", owner="U0NOBODY", day="monday"), unknown)
    for channel, owner in (("gone", gone), ("team", robot)):
        stage.slack.workspace.channel(channel).members.append(owner.id)
    for instant in (FRIDAY, FRIDAY + HOUR, SLOT - HOUR):
        await comes_to(stage, instant)
    assert stage.slack.journal.calls("conversations.open") == []

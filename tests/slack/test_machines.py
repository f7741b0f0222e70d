"""Two processes of the bot on one database: Slack tells either, and each thing is done once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.config import settings_for
from app.main import running_bot
from app.playground.journal import Entry
from app.services.once import LEASE, begin
from app.slack.blocks.notices import notice
from app.slack.publish import post
from tests.slack.conftest import Opening
from tests.slack.stage import HOME, Stage, a_dot
from tests.slack.test_once import told_again

THING, EVENT = "mention-EvDead", {"event_id": "EvDead"}


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """Slack hands what it tells to the one process and the other in turns."""
    async with open_stage() as stage:
        environment = {name.lower(): text for name, text in stage.slack.environment.items()}
        settings = settings_for(
            database_url=f"sqlite:///{stage.database}", kpi_port=0, **environment
        )
        async with running_bot(settings, stage.clock, a_dot):
            await stage.slack.connected(2)
            yield stage
            await rest(stage)


async def rest(stage: Stage) -> None:
    """Wait until both processes have finished what they began."""
    await stage.rests()
    await stage.slack.settled(quiet=0.3)


async def mention(stage: Stage) -> Entry:
    """Ana mentions the bot; gives what Slack told."""
    await stage.ana.mentions_bot("rollbacks", stage.billing)
    await rest(stage)
    return stage.slack.journal.deliveries("events_api")[-1]


def answers(stage: Stage) -> int:
    return sum(len(stage.replies(each)) for each in stage.billing.messages if not each.bot_id)


async def test_an_event_that_is_sent_again_to_another_process_is_answered_once(
    stage: Stage,
) -> None:
    told = await mention(stage)
    await told_again(stage, told)
    await rest(stage)
    assert answers(stage) == 1


async def test_a_click_that_reaches_both_shares_once(stage: Stage) -> None:
    shown = await stage.types("/kpi")
    await asyncio.gather(*(stage.ana.clicks(shown, "share_page") for _ in range(4)))
    await stage.sees_answer("Shared in the channel")
    await rest(stage)
    assert len(stage.posts()) == 1
    assert len(stage.whispers()) == 1


async def told_of_dead(stage: Stage) -> bool:
    """Slack sends again what another process has begun, which died of it; tells whether it is
    acknowledged, after which Slack would let it be."""
    payload: dict[str, Any] = stage.slack.journal.deliveries("events_api")[-1].original
    told = await stage.slack.deliver("events_api", {**payload, **EVENT})
    await rest(stage)
    return told.error is None


async def test_a_mention_whose_process_died_is_answered_by_another(stage: Stage) -> None:
    await mention(stage)
    assert await begin(stage.running.bot.store, THING, stage.clock.now)
    assert not await told_of_dead(stage)
    assert answers(stage) == 1, "the first may still be at it"
    stage.clock.passes(seconds=LEASE.total_seconds())
    assert await told_of_dead(stage)
    assert await told_of_dead(stage)
    assert answers(stage) == 2


async def test_what_it_had_posted_before_it_died_is_not_posted_again(stage: Stage) -> None:
    told = await mention(stage)
    assert await begin(stage.running.bot.store, THING, stage.clock.now)
    bot, thread = stage.running.bot, told.original["event"]["ts"]
    await post(bot.client, HOME, notice("answered"), delivery=THING, thread=thread)
    stage.clock.passes(seconds=LEASE.total_seconds())
    assert await told_of_dead(stage)
    assert answers(stage) == 2


async def test_a_share_that_failed_is_shared_by_the_next_click(stage: Stage) -> None:
    shown = await stage.types("/kpi")
    stage.slack.faults.add("chat.postMessage", "status", status=503)
    await stage.ana.clicks(shown, "share_page")
    await stage.sees_answer("a problem of its own")
    assert stage.posts() == []
    await stage.ana.clicks(shown, "share_page")
    await stage.sees_answer("Shared in the channel")
    assert len(stage.posts()) == 1

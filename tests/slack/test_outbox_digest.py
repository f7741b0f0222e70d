"""A digest and its thread, delivered: each message once, whatever happens in between."""

from typing import Any

import pytest
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from app.playground import Message
from app.playground.faults import FaultKind
from app.services import deliveries
from app.services.deliveries import LEASE, Kind
from app.slack.outbox import Outbox
from tests.slack.stage import Stage, read
from tests.slack.test_digest_weeks import metrics_in, several

MANY = several({number: {"2026-03-18": "40"} for number in range(100)})


async def asks(stage: Stage) -> None:
    """Ana asks for the digest, and the bot does what it can at once."""
    await stage.types("/kpi digest now")
    await stage.rests()


async def waits(stage: Stage) -> None:
    """Time passes, and with it each pause and each lease."""
    for _ in range(4):
        await stage.run_due(seconds=LEASE.total_seconds() + 1)


def the_post(stage: Stage) -> Message:
    (post,) = stage.posts()
    return post


def posted(stage: Stage) -> int:
    """How many messages Slack has taken."""
    return len(stage.slack.journal.calls("chat.postMessage"))


async def test_the_details_stand_in_the_thread_of_the_digest_alone(stage: Stage) -> None:
    await asks(stage)
    post = the_post(stage)
    (details,) = stage.replies(post)
    assert not details.broadcast
    assert post.metadata is not None
    assert details.metadata is not None
    assert details.metadata != post.metadata
    await waits(stage)
    assert stage.replies(post) == [details]


@pytest.mark.parametrize("kind", ["drop_response", "drop", "status", "ratelimited"])
async def test_the_thread_follows_a_digest_that_came_late(stage: Stage, kind: FaultKind) -> None:
    stage.slack.faults.add("chat.postMessage", kind)
    await asks(stage)
    assert [stage.replies(post) for post in stage.posts()] in ([], [[]])
    await waits(stage)
    (details,) = stage.replies(the_post(stage))
    assert "in detail" in read(details)


async def test_details_whose_answer_was_lost_are_not_posted_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _trouble_in_threads(stage, monkeypatch)
    await asks(stage)
    (details,) = stage.replies(the_post(stage))
    await waits(stage)
    assert stage.replies(the_post(stage)) == [details]
    assert posted(stage) == 2


async def test_of_several_messages_in_the_thread_each_is_posted_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.load(MANY, stage.slack.add_channel("large", members=[stage.ana]))
    _trouble_in_threads(stage, monkeypatch)
    await stage.types("/kpi digest now", stage.slack.workspace.channel("large"))
    await stage.rests()
    await waits(stage)
    (post,) = stage.posts(stage.slack.workspace.channel("large"))
    replies = stage.replies(post)
    assert len(replies) > 2
    assert len(metrics_in(*replies)) == 100
    assert len({str(reply.metadata) for reply in replies}) == len(replies)


async def test_a_process_that_ends_between_post_and_thread_leaves_the_thread_to_the_next(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = stage.running.bot
    _trouble_in_threads(stage, monkeypatch, "status")
    await asks(stage)
    assert stage.replies(the_post(stage)) == []
    stage.clock.passes(minutes=1)
    claimed = await deliveries.claim_due(bot.store, "one that ended", stage.clock())
    assert [delivery.kind for delivery in claimed] == [Kind.DIGEST_DETAILS]
    stage.clock.passes(seconds=LEASE.total_seconds() + 1)
    outbox = Outbox(
        bot.store, bot.client, stage.clock, "the next", bot.membership, pictures=bot.pictures
    )
    await outbox.deliver_due()
    assert len(stage.replies(the_post(stage))) == 1
    await waits(stage)
    assert len(stage.replies(the_post(stage))) == 1


async def test_a_process_that_ends_with_both_leaves_both_to_the_next(stage: Stage) -> None:
    stage.slack.faults.add("chat.postMessage", "status")
    await asks(stage)
    stage.clock.passes(minutes=5)
    claimed = await deliveries.claim_due(stage.running.bot.store, "one that ended", stage.clock())
    assert [delivery.kind for delivery in claimed] == [Kind.DIGEST, Kind.DIGEST_DETAILS]
    await waits(stage)
    assert len(stage.replies(the_post(stage))) == 1


async def test_without_its_digest_there_is_no_thread_until_the_digest_can_be_posted(
    stage: Stage,
) -> None:
    await stage.ana.removes_bot(stage.billing)
    await asks(stage)
    await waits(stage)
    assert stage.posts() == []
    await stage.ana.invites_bot(stage.billing)
    await asks(stage)
    assert len(stage.replies(the_post(stage))) == 1


async def test_a_digest_that_was_deleted_gets_no_thread(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _trouble_in_threads(stage, monkeypatch, "status")
    await asks(stage)
    stage.billing.messages.remove(the_post(stage))
    await waits(stage)
    assert stage.posts() == []
    assert "The message that this belongs to was deleted." in caplog.text


def _trouble_in_threads(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, kind: FaultKind = "drop_response"
) -> None:
    """The first attempt to put a message into a thread meets with this trouble."""
    client, faults = stage.running.bot.client, stage.slack.faults
    send, seen = client.chat_postMessage, set[str]()

    async def troubled(**arguments: Any) -> AsyncSlackResponse:
        mark = str(arguments["metadata"])
        if "thread_ts" in arguments and mark not in seen:
            seen.add(mark)
            faults.add("chat.postMessage", kind)
        return await send(**arguments)

    monkeypatch.setattr(client, "chat_postMessage", troubled)

"""What is owed to a channel arrives there once, whatever Slack does in between."""

import asyncio
from typing import Any

import pytest
from sqlmodel import func, select

from app.domain.outcomes import ShippedNews
from app.playground import Channel, Message, View
from app.playground.faults import FaultKind
from app.playground.users import Standing
from app.services import milestones, undoing
from app.services.callers import OPERATOR, Caller, Surface
from app.slack.ids import DELIVERY_EVENT
from app.slack.outbox import Outbox
from app.store.tables import ChangeRow
from tests.slack.conftest import Opening
from tests.slack.stage import MANIFEST, Stage, read


async def ships(stage: Stage, title: str = "Bundles", channel: Channel | None = None) -> None:
    form = await stage.opens_form(f"/kpi ship {title}", channel)
    assert (await stage.ana.submits(form)).closed
    await stage.rests()


def announcements(stage: Stage) -> list[Message]:
    return [post for post in stage.posts() if "shipped" in read(post)]


async def test_a_post_carries_what_tells_it_from_all_others(stage: Stage) -> None:
    for title in ("Bundles", "Carts"):
        await ships(stage, title)
    marks = [post.metadata for post in announcements(stage)]
    assert all(mark and mark["event_type"] == DELIVERY_EVENT for mark in marks)
    assert marks[0] != marks[1]


@pytest.mark.parametrize(
    ("kind", "times", "told"),
    [
        ("ratelimited", 1, "Slack asks us to wait."),
        ("status", 1, "Slack has a problem of its own."),
        ("status", 3, "Slack has a problem of its own."),
        ("drop", 1, "Slack can't be reached."),
        ("drop_response", 1, "Slack can't be reached."),
        ("drop_response", 2, "Slack can't be reached."),
    ],
)
async def test_a_post_that_failed_is_made_again_and_stands_there_once(
    stage: Stage, kind: FaultKind, times: int, told: str
) -> None:
    stage.slack.faults.add("chat.postMessage", kind, times=times, retry_after=7)
    await ships(stage)
    assert f"It is kept and will be posted. {told}" in read(stage.whispers()[-1])
    for _ in range(4):
        await stage.run_due(minutes=1)
    assert len(announcements(stage)) == 1
    assert len(stage.whispers()) == 1


async def test_slack_is_left_alone_for_as_long_as_it_asks(stage: Stage) -> None:
    stage.slack.faults.add("chat.postMessage", "ratelimited", retry_after=120)
    await ships(stage)
    calls = len(stage.slack.journal.calls("chat.postMessage"))
    await stage.run_due(seconds=119)
    assert len(stage.slack.journal.calls("chat.postMessage")) == calls
    await stage.run_due(seconds=2)
    assert len(announcements(stage)) == 1


async def test_an_answer_lost_on_the_way_is_not_posted_again_when_history_fails_too(
    stage: Stage,
) -> None:
    stage.slack.faults.add("chat.postMessage", "drop_response")
    stage.slack.faults.add("conversations.history", "status", times=2)
    await ships(stage)
    for _ in range(5):
        await stage.run_due(minutes=2)
    assert len(announcements(stage)) == 1
    assert len(stage.slack.journal.calls("chat.postMessage")) == 1


async def test_what_was_posted_is_found_behind_many_other_messages(stage: Stage) -> None:
    stage.slack.faults.add("chat.postMessage", "drop_response")
    await ships(stage)
    for number in range(250):
        await stage.ana.says(f"Message {number}", stage.billing)
    for _ in range(3):
        await stage.run_due(minutes=2)
    assert len(announcements(stage)) == 1


async def test_what_was_undone_before_it_was_announced_is_not_announced_until_it_is_back(
    stage: Stage,
) -> None:
    stage.slack.faults.add("chat.postMessage", "status")
    await ships(stage)
    store, caller = stage.running.bot.store, Caller(OPERATOR, Surface.FILE, stage.clock.now)
    async with store.reading() as session:
        change = (await session.exec(select(func.max(ChangeRow.id)))).one()
    undone = await undoing.undo(store, caller, change or 0)
    await stage.run_due(minutes=1)
    await stage.run_due(minutes=5)
    assert announcements(stage) == []
    assert "Bundles" not in read(await menu_of(stage))
    await undoing.undo(store, caller, undone.change)
    await stage.run_due(minutes=5)
    assert len(announcements(stage)) == 1


async def test_a_process_that_slept_through_its_lease_does_not_post_what_another_has(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, asleep, woken = stage.running.bot, asyncio.Event(), asyncio.Event()
    announced = milestones.announced

    async def slow(*arguments: Any) -> ShippedNews:
        if not asleep.is_set():
            asleep.set()
            await woken.wait()
        return await announced(*arguments)

    monkeypatch.setattr(milestones, "announced", slow)
    form = await stage.opens_form("/kpi ship Bundles")
    assert (await stage.ana.submits(form)).closed
    await asleep.wait()
    stage.clock.passes(minutes=3)
    other = Outbox(
        bot.store, bot.client, stage.clock, "other", bot.membership, pictures=bot.pictures
    )
    await other.deliver_due()
    woken.set()
    await stage.rests()
    assert len(announcements(stage)) == 1


async def test_a_machine_whose_clock_is_ahead_finds_its_post(stage: Stage) -> None:
    stage.clock.passes(minutes=20)
    stage.slack.faults.add("chat.postMessage", "drop_response")
    form = await stage.opens_form("/kpi ship Bundles")
    ahead = stage.clock.now
    stage.slack.workspace.clock = lambda: ahead.timestamp() - 1_200
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    await stage.run_due(minutes=1)
    assert len(announcements(stage)) == 1


async def test_more_history_than_can_be_looked_through_leaves_it_to_a_person(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.slack.publish.MOST_HISTORY_PAGES", 1)
    stage.slack.faults.add("chat.postMessage", "drop_response")
    await ships(stage)
    for number in range(250):
        await stage.ana.says(f"Message {number}", stage.billing)
    await stage.run_due(minutes=1)
    assert len(announcements(stage)) == 1
    assert "may or may not stand in" in read(await menu_of(stage))


async def menu_of(stage: Stage) -> View:
    """The menu of the set-up, as an admin sees it."""
    stage.ana.user.standing = Standing(is_admin=True)
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    return await stage.ana.sees_view()


async def test_blocks_that_slack_refuses_go_out_as_words(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown: dict[str, Any] = {"type": "section", "text": {"type": "mrkdwn", "text": ""}}
    monkeypatch.setattr("app.slack.blocks.kit.section", lambda _text, **_: unknown)
    await ships(stage)
    (post,) = announcements(stage)
    assert "shipped *Bundles*" in read(post)
    assert post.blocks == []
    assert post.metadata is not None
    refused = [entry for entry in stage.slack.journal.entries if entry.problems]
    assert {entry.error for entry in refused} == {"invalid_blocks"}
    for entry in refused:
        entry.problems.clear()


async def test_a_channel_without_the_bot_is_told_with_what_to_do_and_then_gets_its_digest(
    stage: Stage,
) -> None:
    await stage.ana.removes_bot(stage.billing)
    await stage.types("/kpi digest now")
    await stage.rests()
    told = stage.whispers()[-1]
    assert f"The bot isn't in the channel <#{stage.billing.id}>." in read(told)
    assert "/invite @KPI" in read(told)
    await stage.run_due(minutes=30)
    assert stage.posts() == []
    await stage.ana.invites_bot(stage.billing)
    assert "Posting this week's digest." in read(await stage.types("/kpi digest now"))
    await stage.rests()
    assert len(stage.posts()) == 1


async def test_in_a_channel_without_the_bot_commands_are_answered_all_the_same(
    stage: Stage,
) -> None:
    await stage.ana.removes_bot(stage.billing)
    assert "~12" in read(await stage.types("/kpi"))
    assert "~12 → 9" in read(await stage.types("/kpi update rollbacks 9"))
    await ships(stage)
    assert "/invite @KPI" in read(stage.posts(stage.slack.direct_message(stage.ana))[-1])


async def test_an_archived_channel_is_told_to_whom_it_concerns(stage: Stage) -> None:
    form = await stage.opens_form("/kpi ship Bundles")
    await stage.ana.archives(stage.billing)
    assert (await stage.ana.submits(form)).closed
    await stage.rests()
    (told,) = stage.posts(stage.slack.direct_message(stage.ana))
    assert "is archived. Unarchive it or choose another home." in read(told)


async def test_a_bot_that_cant_look_for_its_post_rather_gives_up_than_posts_twice(
    open_stage: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    scopes = [s for s in MANIFEST["oauth_config"]["scopes"]["bot"] if s != "channels:history"]
    manifest = {**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}}
    async with open_stage(manifest=manifest) as stage:
        stage.slack.faults.add("chat.postMessage", "drop_response")
        await ships(stage)
        await stage.run_due(minutes=1)
        assert len(announcements(stage)) == 1
    assert "lacks the scope channels:history" in caplog.text


async def test_a_metric_recorded_after_the_digest_was_claimed_is_not_in_it(stage: Stage) -> None:
    stage.slack.faults.add("chat.postMessage", "status")
    await stage.types("/kpi digest now")
    await stage.rests()
    stage.clock.passes(seconds=30)
    await stage.types("/kpi update rollbacks 1")
    await stage.rests()
    (post,) = stage.posts()
    assert "*Rollbacks / day*  ~12 → target 0" in read(post)

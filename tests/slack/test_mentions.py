"""`@KPI rollbacks` in a channel: an answer in the thread, for all to read."""

import asyncio
from typing import Any

import pytest

from app.playground import Channel, Message
from app.playground.waiting import until
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read
from tests.slack.test_scorecard_command import SMALL


async def mentions(
    stage: Stage, text: str, channel: Channel | None = None, thread: Message | None = None
) -> list[Message]:
    """Ana mentions the bot; gives what stands below her message in the end."""
    message = await stage.ana.mentions_bot(text, channel or stage.billing, thread)
    await stage.rests()
    return stage.ana.thread(thread or message)[1:]


async def test_a_mention_of_a_metric_is_answered_in_its_thread(stage: Stage) -> None:
    (answer,) = await mentions(stage, "rollbacks")
    assert "remaining off-session flows" in read(answer)
    assert answer.visible_to is None
    assert stage.ana.sees(stage.billing)[-1].text.endswith("rollbacks")
    assert "Share in the channel" not in read(answer)


async def test_in_a_thread_it_is_answered_there(stage: Stage) -> None:
    top = await stage.ana.says("How do we stand?", stage.billing)
    question, answer = await mentions(stage, "", thread=top)
    assert question.text.startswith("<@")
    assert "0 of 5 at target · ~81% of the way" in read(answer)


async def test_what_stands_before_the_mention_is_small_talk(stage: Stage) -> None:
    message = await stage.ana.says(
        f"hey <@{stage.slack.bot_user_id}> Invoice coverage", stage.billing
    )
    await stage.rests()
    assert "~78%" in read(stage.ana.thread(message)[1])


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("update rollbacks 9", "type the command: /kpi update rollbacks 9"),
        ("ship Bundles", "type the command: /kpi ship Bundles"),
        ("digest now", "type the command: /kpi digest now"),
        ("digest preview", "type the command: /kpi digest preview"),
        ("digest tomorrow", "preview, now or schedule"),
        ("rolbacks", "Did you mean rollbacks?"),
        ("help", "/kpi update METRIC VALUE [NOTE]"),
        ("update <!channel> 9", "/kpi update <!channel> 9"),
    ],
)
async def test_a_mention_only_shows(stage: Stage, typed: str, says: str) -> None:
    (answer,) = await mentions(stage, typed)
    assert says in read(answer)
    assert "<!channel>" not in answer.wording
    assert "~12" in read(await stage.types("/kpi rollbacks"))
    assert stage.posts() == []


async def test_a_scorecard_at_home_elsewhere_is_never_shown(stage: Stage) -> None:
    elsewhere = stage.slack.add_channel("random", members=[stage.ana])
    for typed in ("", "rollbacks"):
        (answer,) = await mentions(stage, typed, elsewhere)
        assert "Rollbacks / day" not in read(answer)
        assert "This channel has no scorecard." in read(answer)


async def test_one_without_a_home_is_shown_anywhere(empty_stage: Stage) -> None:
    await empty_stage.load(SMALL.format(key="tiny"))
    (answer,) = await mentions(empty_stage, "errors")
    assert "Errors" in read(answer)


async def test_an_event_that_slack_sends_again_is_answered_once(stage: Stage) -> None:
    message = await stage.ana.says("hello", stage.billing)
    event: dict[str, Any] = {
        "type": "app_mention",
        "user": stage.ana.id,
        "text": f"<@{stage.slack.bot_user_id}> rollbacks",
        "channel": stage.billing.id,
        "ts": message.ts,
        "event_ts": message.ts,
    }
    sent = await stage.slack.send_event(event)
    await stage.rests()
    deliveries = stage.slack._deliveries
    await asyncio.gather(*(deliveries.deliver_event(dict(sent.payload)) for _ in range(3)))
    await stage.rests()
    assert len(stage.replies(message)) == 1
    await stage.slack.send_event(event)
    await stage.rests()
    assert len(stage.replies(message)) == 2


@pytest.mark.parametrize("sender", [{"bot_id": "B0OTHER"}, {"user": "U0PLAYGROUND"}])
async def test_bots_are_not_answered(stage: Stage, sender: dict[str, str]) -> None:
    ts = (await stage.ana.says("hello", stage.billing)).ts
    text = f"<@{stage.slack.bot_user_id}> rollbacks"
    event = {"type": "app_mention", "channel": stage.billing.id, "text": text, "ts": ts}
    await stage.slack.send_event({**event, "user": stage.ana.id, **sender})
    await stage.rests()
    assert stage.posts() == []


async def test_a_failure_is_told_in_the_thread(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.slack.listeners.commands.scorecard_post", lambda *_, **__: 1 / 0)
    (answer,) = await mentions(stage, "")
    assert "Something went wrong here" in read(answer)


async def test_a_post_that_slack_refuses_is_logged_once(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.slack.faults.add("chat.postMessage", "refuse", error="is_archived", times=9)
    assert await mentions(stage, "") == []
    assert len([r for r in caplog.records if "answering a mention" in r.getMessage()]) == 1
    assert len(stage.slack.journal.calls("chat.postMessage")) == 1


async def test_what_slack_could_not_post_is_answered_when_it_tells_of_it_again(
    stage: Stage,
) -> None:
    stage.slack.faults.add("chat.postMessage", "status", status=503)
    message = await stage.ana.mentions_bot("rollbacks", stage.billing)
    await until(lambda: stage.ana.thread(message)[1:] or None, 10, "it was not answered")
    await stage.rests()
    assert len(stage.ana.thread(message)[1:]) == 1


async def test_what_is_clicked_in_the_thread_is_answered_there(stage: Stage) -> None:
    (answer,) = await mentions(stage, "")
    await stage.ana.clicks(answer, "show_metric", "billing/rollbacks")
    shown = await stage.sees_answer("Last readings")
    assert shown.thread_ts == answer.thread_ts
    await stage.ana.clicks(shown, "show_page")
    await stage.rests()
    assert "Last readings" not in read(shown)
    assert shown.thread_ts == answer.thread_ts


async def test_over_http_it_is_answered_too(open_stage: Opening) -> None:
    async with open_stage(transport="http") as stage:
        (answer,) = await mentions(stage, "rollbacks")
        assert "remaining off-session flows" in read(answer)

"""What only the asker sees, shared with the whole channel."""

import asyncio

import pytest

from app.playground import Message
from app.playground.blockkit import problems_in_message
from app.slack.blocks import kit
from app.slack.blocks.metrics import metric_screen
from app.slack.blocks.scorecards import scorecard_post, scorecard_screen
from app.slack.blocks.sharing import shared
from tests.slack.scorecards import HOSTILE, PLAIN, SIZES, a_history, a_large_scorecard, a_snapshot
from tests.slack.stage import Stage, read
from tests.slack.test_scorecard_command import SMALL, many_metrics


def labels(message: Message) -> list[str]:
    """What can be clicked below a message."""
    return [
        element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]


def cells(message: Message) -> list[list[str]]:
    """The table of a message, row by row, as far as the way closed."""
    (table,) = (block for block in message.blocks if block["type"] == "data_table")
    return [[cell["text"] for cell in row[:5]] for row in table["rows"]]


async def test_a_scorecard_is_shared_as_it_was_seen(stage: Stage) -> None:
    shown = await stage.types("/kpi")
    seen = read(shown)
    await stage.ana.clicks(shown, "share_page")
    await stage.sees_answer("Shared in the channel")
    (post,) = stage.posts()
    assert f"Shared by <@{stage.ana.id}>" in read(post)
    assert "*Rollbacks / day*   ~12  →  target 0" in seen
    assert "Rollbacks / day: ~12, target 0, ~94% of the way" in post.text
    assert cells(post)[1] == ["Rollbacks / day", "~12", "0", "first reading", "~94%"]
    assert "Share in the channel" not in labels(post)
    assert post.thread_ts is None


async def test_what_was_shared_leads_to_the_post_and_back(stage: Stage) -> None:
    shown = await stage.types("/kpi rollbacks")
    await stage.ana.clicks(shown, "share_metric")
    await stage.sees_answer("Shared in the channel")
    assert "share_metric" not in str(shown.blocks)
    (post,) = stage.posts()
    assert post.ts.replace(".", "") in read(shown)
    assert "remaining off-session flows" in read(post)
    await stage.ana.clicks(shown, "show_metric")
    await stage.rests()
    assert "Last readings" in read(shown)
    await stage.ana.clicks(shown, "share_metric")
    await stage.rests()
    assert len(stage.posts()) == 2


async def test_two_clicks_share_once(stage: Stage) -> None:
    shown = await stage.types("/kpi")
    await asyncio.gather(*(stage.ana.clicks(shown, "share_page") for _ in range(3)))
    await stage.sees_answer("Shared in the channel")
    await stage.rests()
    assert len(stage.posts()) == 1
    assert len(stage.whispers()) == 1


async def test_a_share_whose_answer_was_lost_is_told_by_the_next_click(stage: Stage) -> None:
    shown = await stage.types("/kpi")
    lost = stage.slack.faults.add("response_url", "status", times=10)
    await stage.ana.clicks(shown, "share_page")
    await stage.rests()
    stage.slack.faults.call_off(lost.number)
    [post] = stage.posts()
    await stage.ana.clicks(shown, "share_page")
    answer = await stage.sees_answer("Shared in the channel")
    assert f"p{post.ts.replace('.', '')}" in str(answer.blocks), "with a link to the post"
    assert stage.posts() == [post]


async def test_the_page_that_is_looked_at_is_shared(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(many_metrics(40), stage.billing)
    shown = await stage.types("/kpi")
    await stage.ana.clicks(shown, "show_page:next")
    await stage.sees_answer("*Metric 15*")
    await stage.ana.clicks(shown, "share_page")
    await stage.sees_answer("Shared in the channel")
    (post,) = stage.posts()
    assert [row[0] for row in cells(post)[1:]] == [f"Metric {number}" for number in range(15, 30)]


async def test_others_click_on_what_was_shared_and_see_it_alone(stage: Stage) -> None:
    bob = stage.slack.add_person("bob")
    await stage.ana.invites(bob, stage.billing)
    await stage.ana.clicks(await stage.types("/kpi"), "share_page")
    await stage.sees_answer("Shared in the channel")
    (post,) = stage.posts()
    await bob.clicks(post, "show_metric", "billing/invoice-coverage")
    answer = await bob.sees_message(stage.billing, "Last readings")
    assert answer.visible_to == bob.id
    assert "Invoice coverage" in read(answer)
    assert len(stage.posts()) == 1


async def test_without_the_bot_in_the_channel_she_reads_how_to_invite_it(stage: Stage) -> None:
    await stage.ana.removes_bot(stage.billing)
    shown = await stage.types("/kpi")
    await stage.ana.clicks(shown, "share_page")
    await stage.sees_answer("/invite @KPI")
    assert stage.posts() == []
    await stage.ana.invites_bot(stage.billing)
    await stage.ana.clicks(shown, "share_page")
    await stage.sees_answer("Shared in the channel")
    assert len(stage.posts()) == 1


async def test_a_link_that_slack_does_not_give_is_left_out(stage: Stage) -> None:
    stage.slack.faults.add("chat.getPermalink", "status")
    await stage.ana.clicks(await stage.types("/kpi"), "share_page")
    await stage.sees_answer("Shared in the channel.")
    assert len(stage.posts()) == 1


async def test_a_scorecard_that_moved_away_is_not_shared_in_its_old_channel(stage: Stage) -> None:
    shown = await stage.types("/kpi")
    elsewhere = stage.slack.add_channel("secret", members=[], private=True)
    await stage.load(SMALL.format(key="billing"), elsewhere)
    await stage.ana.clicks(shown, "share_page")
    await stage.rests()
    assert stage.posts() == []
    assert "There is no such scorecard" in read(stage.whispers()[-1])


async def test_in_a_direct_message_there_is_nobody_to_share_with(empty_stage: Stage) -> None:
    stage = empty_stage
    await stage.load(SMALL.format(key="tiny"))
    shown = await stage.types("/kpi", stage.slack.direct_message(stage.ana))
    assert "Share in the channel" not in labels(shown)
    assert "Share in the channel" in labels(await stage.types("/kpi"))


@pytest.mark.parametrize("text", [PLAIN, HOSTILE])
@pytest.mark.parametrize("count", SIZES)
def test_every_shared_screen_is_one_that_slack_takes(count: int, text: str) -> None:
    snapshot = a_snapshot(a_large_scorecard(count, text))
    for screen in (
        scorecard_screen(snapshot, can_share=True),
        metric_screen(a_history(snapshot, text), can_share=True),
        shared(scorecard_post(snapshot), "U0ANA"),
        shared(metric_screen(a_history(snapshot, text)), "U0ANA"),
    ):
        for payload in screen.payloads():
            assert problems_in_message(payload, "message") == []
        assert len(screen.text) <= kit.MOST_TEXT_LENGTH

"""Pictures in messages: where they stand, what they say, and what stands in for them."""

import asyncio
from typing import Any

import pytest

from app.charts.charts import Chart
from app.painting import Painter
from app.playground import Message as Seen
from app.playground.blockkit import problems_in_message
from app.slack.blocks import kit
from app.slack.blocks.kit import Message
from app.slack.blocks.metrics import metric_chart, metric_screen
from app.slack.blocks.roadmap import roadmap_picture, roadmap_screen
from app.slack.blocks.scorecards import scorecard_post
from app.slack.blocks.sharing import shared
from app.slack.pictures import Pictures
from tests.slack.conftest import Opening
from tests.slack.rendering import DOT, renders
from tests.slack.scorecards import (
    HOSTILE,
    PLAIN,
    SIZES,
    a_history,
    a_large_scorecard,
    a_snapshot,
)
from tests.slack.stage import NO_PICTURES, Stage, read
from tests.slack.test_mentions import mentions
from tests.slack.test_native import CHART, kinds

PNG = b"\x89PNG\r\n\x1a\n"


def picture_in(message: Seen) -> dict[str, Any]:
    """The image block of a message."""
    (found,) = (block for block in message.blocks if block["type"] == "image")
    return dict(found)


def shown_file(stage: Stage, message: Seen) -> bytes:
    """The bytes of the file that a message shows."""
    content = stage.slack.workspace.files[picture_in(message)["slack_file"]["id"]].content
    assert content is not None
    return content


def uploads(stage: Stage) -> int:
    return len(stage.slack.journal.calls("files.completeUploadExternal"))


async def asks(stage: Stage, line: str = "/kpi rollbacks") -> Seen:
    """Ana types a command; gives what follows its answer."""
    answer = await stage.types(line)
    await stage.rests()
    last = stage.whispers()[-1]
    assert last is not answer, "nothing followed"
    return last


# --- where they stand ----------------------------------------------------------------


async def test_the_trajectory_follows_the_screen_of_its_metric(open_stage: Opening) -> None:
    """The real painter paints it, in its own process."""
    async with open_stage(paint=Painter().paint) as stage:
        picture = picture_in(await asks(stage))
        assert picture["title"]["text"] == "Rollbacks / day"
        assert picture["alt_text"].startswith("Rollbacks / day: ~12 → 0")
        content = shown_file(stage, stage.whispers()[-1])
        assert content.startswith(PNG)
        assert len(content) > 5_000
        (file,) = stage.slack.workspace.files.values()
        assert file.shares == {}, "no channel shows it but in the message"


async def test_the_timeline_follows_the_roadmap(stage: Stage) -> None:
    picture = picture_in(await asks(stage, "/kpi roadmap"))
    assert picture["alt_text"].startswith("Roadmap of Billing Platform")
    assert "Checkout V2" in picture["alt_text"]


async def test_the_trajectory_follows_details_in_a_message_of_its_own(stage: Stage) -> None:
    await stage.ana.clicks(await stage.types("/kpi"), "show_metric")
    await stage.rests()
    screen, chart = stage.whispers()
    assert "Last readings" in read(screen)
    assert kinds(chart) == ["image"]


@pytest.mark.parametrize("asked", ["", "rollbacks", "roadmap"])
async def test_what_is_answered_for_all_has_the_picture_in_it(stage: Stage, asked: str) -> None:
    (answer,) = await mentions(stage, asked)
    assert kinds(answer).count("image") == 1
    assert CHART not in kinds(answer)
    assert kinds(answer)[0] == "header"


async def test_a_shared_scorecard_shows_each_metric_beside_the_others(stage: Stage) -> None:
    await stage.ana.clicks(await stage.types("/kpi"), "share_page")
    await stage.rests()
    (post,) = stage.posts()
    alternative = picture_in(post)["alt_text"]
    for metric in ("Rollbacks / day", "Bad debt from upgrades", "Invoice coverage"):
        assert metric in alternative
    assert "Shared by" in read(post)


async def test_a_shared_metric_has_the_picture_in_place_of_the_chart(stage: Stage) -> None:
    await stage.ana.clicks(await stage.types("/kpi rollbacks"), "share_metric")
    await stage.rests()
    (post,) = stage.posts()
    assert "Rollbacks / day" in picture_in(post)["alt_text"]
    assert CHART not in kinds(post)
    assert "remaining off-session flows" in read(post)


async def test_a_shared_roadmap_shows_the_timeline(stage: Stage) -> None:
    await stage.ana.clicks(await stage.types("/kpi roadmap"), "share_roadmap")
    await stage.rests()
    (post,) = stage.posts()
    assert "Checkout V2" in picture_in(post)["alt_text"]
    assert "Stripe Consolidation" in read(post)
    assert "Share in the channel" not in read(post)
    told = next(each for each in stage.whispers() if "Shared in the channel" in read(each))
    await stage.ana.clicks(told, "show_roadmap")
    assert "Checkout V2" in read(await stage.sees_answer("Roadmap of"))


async def test_a_scorecard_without_anything_to_draw_has_no_picture(empty_stage: Stage) -> None:
    await empty_stage.load(
        "key: bare\nname: Bare\ngoal: To begin\nmetrics: []\n", empty_stage.billing
    )
    for asked in ("", "roadmap"):
        (answer,) = await mentions(empty_stage, asked)
        assert "image" not in kinds(answer)
    assert empty_stage.slack.workspace.files == {}


def test_an_ack_never_carries_a_picture() -> None:
    picture = kit.image("F012", title="Rollbacks", alternative="196 → 12")
    with pytest.raises(ValueError, match="belong in `native` or `pictured`"):
        Message("In words", (picture,))
    assert "blocks" not in Message("In words", pictured=(picture,)).as_payload()


@pytest.mark.parametrize("text", [PLAIN, HOSTILE])
@pytest.mark.parametrize("count", SIZES)
def test_a_message_of_any_size_has_room_for_its_picture(count: int, text: str) -> None:
    picture = kit.image("F012", title=text * 100, alternative=text * 100)
    snapshot = a_snapshot(a_large_scorecard(count, text))
    history = a_history(snapshot, text)
    chart = metric_chart(history, picture)
    assert chart is not None
    for message in (
        chart,
        shared(metric_screen(history, picture=picture), "U0ANA"),
        shared(scorecard_post(snapshot, picture=picture), "U0ANA"),
        shared(roadmap_screen(snapshot, picture=picture), "U0ANA"),
        roadmap_picture(snapshot, picture),
    ):
        richest = message.payloads()[0]
        assert picture in richest["blocks"]
        assert problems_in_message(richest) == []


# --- once is enough --------------------------------------------------------------------


async def test_who_asks_again_gets_the_same_file(stage: Stage) -> None:
    first = picture_in(await asks(stage))["slack_file"]
    stage.clock.passes(minutes=10)
    assert picture_in(await asks(stage))["slack_file"] == first
    (answer,) = await mentions(stage, "rollbacks")
    assert picture_in(answer)["slack_file"] == first
    assert uploads(stage) == 1


async def test_two_who_ask_at_once_wait_for_the_same_file(stage: Stage) -> None:
    pictures = stage.running.bot.pictures
    chart = Chart("Title", "In words", {})
    blocks = await asyncio.gather(*(pictures.block(chart) for _ in range(3)))
    assert blocks[0] is not None
    assert blocks == [blocks[0]] * 3
    assert uploads(stage) == 1


async def test_after_a_new_value_it_is_another_picture(stage: Stage) -> None:
    first = picture_in(await asks(stage))
    await stage.types("/kpi update rollbacks 9")
    second = picture_in(await asks(stage))
    assert second["slack_file"] != first["slack_file"]
    assert second["alt_text"].startswith("Rollbacks / day: 9 → 0")


async def test_a_file_that_somebody_deleted_is_made_anew(stage: Stage) -> None:
    first = picture_in(await asks(stage))["slack_file"]
    stage.slack.workspace.remove_file(stage.slack.workspace.files[first["id"]])
    second = picture_in(await asks(stage))["slack_file"]
    assert second != first


# --- what stands in for them --------------------------------------------------------------


async def test_where_the_scope_is_missing_the_charts_are_slacks_and_the_log_says_it_once(
    open_stage: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    painted = []

    async def paint(chart: Chart) -> bytes:
        painted.append(chart)
        return DOT

    async with open_stage(manifest=NO_PICTURES, paint=paint) as stage:
        for line in ("/kpi rollbacks", "/kpi bad debt"):
            assert CHART in kinds(await asks(stage, line))
        (answer,) = await mentions(stage, "")
        assert "image" not in kinds(answer)
    assert len(painted) == 1
    assert caplog.text.count("lacks the scope files:write") == 1


@pytest.mark.parametrize(
    ("at", "fault"),
    [
        ("files.getUploadURLExternal", "ratelimited"),
        ("upload", "status"),
        ("upload", "drop"),
        ("files.completeUploadExternal", "drop"),
        ("files.info", "status"),
    ],
)
async def test_where_an_upload_fails_the_chart_is_slacks_and_the_log_says_why_once(
    stage: Stage, caplog: pytest.LogCaptureFixture, at: str, fault: Any
) -> None:
    stage.slack.faults.add(at, fault)
    assert CHART in kinds(await asks(stage))
    assert caplog.text.count("without its picture") == 1
    assert picture_in(await asks(stage)), "the next time it is tried again"


async def test_slack_is_waited_for_until_it_has_taken_a_picture_in(stage: Stage) -> None:
    stage.slack.workspace.processing_seconds = 0.3
    assert picture_in(await asks(stage))
    assert len(stage.slack.journal.calls("files.info")) > 1


async def test_a_picture_that_slack_refuses_after_all_gives_way_to_the_chart(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.slack.faults.add("response_url", "refuse")
    assert kinds(await asks(stage)) == [CHART, "context"]
    assert caplog.text.count("plainer form") == 1
    stage.slack.faults.add("chat.postMessage", "refuse", times=2)
    (answer,) = await mentions(stage, "rollbacks")
    assert "image" not in kinds(answer)
    assert CHART not in kinds(answer)
    assert "remaining off-session flows" in read(answer)


async def test_a_roadmap_of_which_slack_takes_no_picture_is_told_in_words(stage: Stage) -> None:
    stage.slack.faults.add("response_url", "refuse")
    told = await asks(stage, "/kpi roadmap")
    assert told.blocks == []
    assert "Checkout V2" in told.text


async def test_what_cannot_be_painted_goes_out_without(
    open_stage: Opening, caplog: pytest.LogCaptureFixture
) -> None:
    async def paint(chart: Chart) -> bytes:
        raise ValueError("no such mark")

    async with open_stage(paint=paint) as stage:
        assert CHART in kinds(await asks(stage))
        assert stage.slack.workspace.files == {}
    assert caplog.text.count("ValueError: no such mark") == 1


# --- nobody waits ---------------------------------------------------------------------------


async def test_while_a_picture_is_painted_others_are_answered(open_stage: Opening) -> None:
    may_go_on = asyncio.Event()

    async def paint(chart: Chart) -> bytes:
        await may_go_on.wait()
        return DOT

    async with open_stage(paint=paint) as stage:
        await stage.types("/kpi rollbacks")
        await asyncio.sleep(0.2)
        assert "~3" in read(await stage.types("/kpi bad debt"))
        assert not any("image" in kinds(message) for message in stage.whispers())
        may_go_on.set()
        await stage.rests()
        assert [kinds(message) for message in stage.whispers()].count(["image"]) == 2


async def test_a_painter_that_hangs_or_breaks_is_replaced_by_another(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    bot, painter = stage.running.bot, Painter(renders)

    async def block_of(title: str, seconds: float) -> dict[str, Any] | None:
        pictures = Pictures(bot.store, bot.client, painter.paint, seconds=seconds)
        return await pictures.block(Chart(title, "In words", {}))

    assert await block_of("hangs", 0.5) is None
    assert await block_of("breaks", 20) is None
    assert await block_of("is painted", 20) is not None
    logged = [each.getMessage() for each in caplog.records if each.name == "app.slack.pictures"]
    assert logged == [
        "a picture took more than 0.5 s and was given up",
        "a message goes out without its picture",
    ]

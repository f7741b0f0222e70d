"""Tables and charts that Slack draws: where they stand, what they say, what stands in for them."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.scorecards import Snapshot, take_snapshot
from app.playground import Message as Seen
from app.playground.blockkit import problems_in_message
from app.slack.blocks import kit, native
from app.slack.blocks.digests import digest_post
from app.slack.blocks.kit import Block, Message, escaped
from app.slack.blocks.metrics import metric_chart, metric_screen
from app.slack.blocks.scorecards import scorecard_post, scorecard_screen
from app.slack.blocks.sharing import shared
from app.slack.publish import post, update, whisper
from tests.builders import NOW, a_metric, a_reading, a_scorecard
from tests.slack.conftest import Opening
from tests.slack.scorecards import (
    HOSTILE,
    PLAIN,
    SIZES,
    a_digest,
    a_history,
    a_large_scorecard,
    a_snapshot,
)
from tests.slack.stage import NO_PICTURES, Stage, read
from tests.slack.test_mentions import mentions
from tests.slack.test_scorecard_command import SMALL

CHART, TABLE = "data_visualization", "data_table"


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot where no picture can be had, which would take the place of charts."""
    async with open_stage(manifest=NO_PICTURES) as stage:
        yield stage


def kinds(message: Seen) -> list[str]:
    return [block["type"] for block in message.blocks]


def of_kind(blocks: Sequence[Block], kind: str) -> Block:
    (block,) = (each for each in blocks if each["type"] == kind)
    return block


async def digest_posted(stage: Stage) -> Seen:
    """The digest of the week, as all see it."""
    await stage.types("/kpi digest now")
    await stage.rests()
    (posted,) = stage.posts()
    return posted


# --- a metric's chart follows its screen -----------------------------------------


async def test_the_chart_of_a_metric_follows_its_screen(stage: Stage) -> None:
    await stage.types("/kpi update rollbacks 9")
    shown = await stage.types("/kpi rollbacks")
    assert CHART not in kinds(shown)
    await stage.rests()
    chart = stage.whispers()[-1]
    drawn = of_kind(chart.blocks, CHART)
    assert drawn["title"] == "Rollbacks / day: 196 → 9"
    assert drawn["chart"]["axis_config"]["categories"] == [
        "30 Sep 25",
        "16 Mar 26 (~)",
        "19 Mar 26",
    ]
    assert [series["name"] for series in drawn["chart"]["series"]] == ["readings", "target"]
    assert [point["value"] for point in drawn["chart"]["series"][0]["data"]] == [196, 12, 9]
    assert "• 16 Mar 26  ~12  █████████░ ~94%" in read(chart)
    assert "no target date is set" in read(chart)
    assert read(shown).count("Last readings") == 1, "the screen stays"


async def test_who_types_it_twice_in_a_row_gets_one_chart_below_both_answers(stage: Stage) -> None:
    for _ in range(2):
        await stage.types("/kpi rollbacks")
    await stage.types("/kpi bad debt")
    await stage.rests()
    charts = [CHART in kinds(message) for message in stage.whispers()]
    assert charts == [False, False, False, True, True]
    await stage.types("/kpi rollbacks")
    await stage.rests()
    assert CHART in kinds(stage.whispers()[-1])


async def test_a_chart_that_slack_does_not_draw_comes_as_bars(stage: Stage) -> None:
    stage.slack.faults.add("response_url", "refuse")
    await stage.types("/kpi rollbacks")
    await stage.rests()
    _, chart = stage.whispers()
    assert kinds(chart) == ["section"]
    assert "• 16 Mar 26  ~12  █████████░ ~94%" in chart.blocks[0]["text"]["text"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status"},
        {"kind": "drop"},
        {"kind": "refuse", "error": "used_url"},
        {"kind": "refuse", "error": "invalid_blocks"},
    ],
)
async def test_a_chart_that_fails_bothers_nobody_and_is_logged_once(
    stage: Stage, caplog: pytest.LogCaptureFixture, fault: dict[str, Any]
) -> None:
    stage.slack.faults.add("response_url", times=9, **fault)
    await stage.types("/kpi rollbacks")
    await stage.rests()
    (screen,) = stage.whispers()
    assert "Last readings" in read(screen)
    logged = [each for each in caplog.records if "showing a chart" in each.getMessage()]
    assert len(logged) == 1


async def test_nothing_follows_where_there_is_nothing_to_draw(empty_stage: Stage) -> None:
    await empty_stage.load(SMALL.format(key="tiny"), empty_stage.billing)
    for line in ("/kpi errors", "/kpi erors", "/kpi", "/kpi roadmap", "/kpi digest preview"):
        await empty_stage.types(line)
        await empty_stage.rests()
    assert empty_stage.slack.journal.responses() == []


async def test_a_chart_follows_details_too(stage: Stage) -> None:
    shown = await stage.types("/kpi")
    await stage.ana.clicks(shown, "show_metric")
    await stage.rests()
    screen, chart = stage.whispers()
    assert "Last readings" in read(screen)
    assert CHART not in kinds(screen)
    assert kinds(chart) == [CHART, "context"]


async def test_a_modal_has_classic_blocks_alone(stage: Stage) -> None:
    await stage.ana.opens_home()
    await stage.rests()
    home = stage.slack.home_of(stage.ana)
    assert home is not None
    await stage.ana.clicks(home, "show_page")
    view = await stage.ana.sees_view("Billing Platform")
    await stage.ana.clicks(view, "show_metric")
    view = await stage.ana.sees_view("Last readings")
    assert not kit.NATIVE_TYPES & {block["type"] for block in view.blocks}


# --- what all see ------------------------------------------------------------------


async def test_a_mention_and_a_shared_metric_have_the_chart_in_them(stage: Stage) -> None:
    (answer,) = await mentions(stage, "rollbacks")
    await stage.ana.clicks(await stage.types("/kpi rollbacks"), "share_metric")
    await stage.rests()
    for message in (answer, stage.posts()[-1]):
        assert kinds(message).count(CHART) == 1
        assert "remaining off-session flows" in read(message)


async def test_a_mention_of_the_scorecard_is_a_table_that_leads_to_each_metric(
    stage: Stage,
) -> None:
    (answer,) = await mentions(stage, "")
    row = of_kind(answer.blocks, TABLE)["rows"][4]
    assert [cell["text"] for cell in row] == [
        "Invoice coverage",
        "~78%",
        "100%",
        "first reading",
        "~73%",
        "– no pace",
        "seen ~+2.5 points a week over 24 weeks",
    ]
    await stage.ana.clicks(answer, "show_metric", "billing/bad-debt")
    assert "Bad debt from upgrades" in read(await stage.sees_answer("Last readings"))


async def test_the_digest_has_a_chart_below_its_metrics(stage: Stage) -> None:
    posted = await digest_posted(stage)
    assert kinds(posted)[:4] == ["header", "section", "section", CHART]
    bars = of_kind(posted.blocks, CHART)["chart"]
    assert bars["axis_config"]["categories"][0] == "~94% Rollbacks / day"


async def test_a_digest_that_slack_does_not_draw_goes_out_once_in_classic_blocks(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.slack.faults.add("chat.postMessage", "refuse")
    posted = await digest_posted(stage)
    assert not kit.NATIVE_TYPES & set(kinds(posted))
    assert "*Invoice coverage*  ~78% → target 100%" in json.dumps(posted.blocks, ensure_ascii=False)
    assert posted.metadata is not None
    assert "plainer form: invalid_blocks" in caplog.text
    await stage.run_due(minutes=30)
    assert stage.posts() == [posted]


async def test_a_digest_of_which_slack_takes_no_blocks_goes_out_in_words(stage: Stage) -> None:
    stage.slack.faults.add("chat.postMessage", "refuse", error="msg_blocks_too_long", times=2)
    posted = await digest_posted(stage)
    assert posted.blocks == []
    assert "Invoice coverage" in posted.text


async def test_a_refusal_for_another_reason_is_not_tried_in_another_form(stage: Stage) -> None:
    stage.slack.faults.add("chat.postMessage", "refuse", error="restricted_action")
    await stage.types("/kpi digest now")
    await stage.rests()
    assert stage.posts() == []
    assert len(stage.slack.journal.calls("chat.postMessage")) == 1


async def test_whatever_way_a_message_goes_its_plainer_form_follows_once(stage: Stage) -> None:
    drawn = native.chart("bar", "Chart", {"way": {"a": Decimal(1), "b": Decimal("0.5")}})
    message = Message("In words", (kit.section("Classic"),), native=(drawn,))
    client, channel = stage.running.bot.client, stage.billing.id
    ts = await post(client, channel, message)
    (posted,) = stage.posts()
    assert kinds(posted) == [CHART]
    stage.slack.faults.add("chat.update", "refuse", error="invalid_blocks_format")
    await update(client, channel, ts, message)
    assert kinds(posted) == ["section"]
    stage.slack.faults.add("chat.postEphemeral", "refuse")
    await whisper(client, channel, stage.ana.id, message)
    (whispered,) = stage.whispers()
    assert kinds(whispered) == ["section"]


def test_an_ack_never_carries_what_slack_might_refuse() -> None:
    drawn = native.chart("bar", "Chart", {"way": {"a": Decimal(1)}})
    with pytest.raises(ValueError, match="belong in `native`"):
        Message("In words", (drawn,))
    assert "blocks" not in Message("In words", native=(drawn,)).as_payload()


# --- any size, any words -------------------------------------------------------------


def the_messages(count: int, text: str) -> dict[str, Message]:
    """What is drawn natively of a scorecard with so many metrics."""
    snapshot = a_snapshot(a_large_scorecard(count, text))
    history = a_history(snapshot, text)
    chart = metric_chart(history)
    assert chart is not None
    return {
        "digest": digest_post(a_digest(snapshot.scorecard, shipped=count // 2)),
        "late digest": digest_post(
            a_digest(snapshot.scorecard, until=NOW + timedelta(days=60), shipped=count)
        ),
        "scorecard": shared(scorecard_post(snapshot), "U0ANA"),
        "last page": shared(scorecard_post(snapshot, 1_000), "U0ANA"),
        "metric": shared(metric_screen(history), "U0ANA"),
        "chart": chart,
    }


@pytest.mark.parametrize("text", [PLAIN, HOSTILE, "&"])
@pytest.mark.parametrize("count", SIZES)
def test_whatever_is_drawn_is_something_that_slack_takes(count: int, text: str) -> None:
    for name, message in the_messages(count, text).items():
        assert message.native or "digest" in name
        for payload in message.payloads():
            assert problems_in_message(payload, "message") == [], name
        assert problems_in_message(message.as_payload(), "ack") == [], name
        assert len(message.text) <= kit.MOST_TEXT_LENGTH, name


@pytest.mark.parametrize("text", [PLAIN, HOSTILE])
@pytest.mark.parametrize("count", SIZES)
def test_a_digest_with_its_table_is_no_longer_than_slack_takes(count: int, text: str) -> None:
    for name in ("digest", "late digest"):
        message = the_messages(count, text)[name]
        blocks = message.native or message.blocks
        assert sum(map(len, texts_in(list(blocks)))) <= kit.MOST_POST_LENGTH


def texts_in(part: Any) -> list[str]:
    if isinstance(part, list):
        return [text for each in part for text in texts_in(each)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if isinstance(part.get("text"), str) else []
    return own + [text for each in part.values() for text in texts_in(each)]


def test_names_stand_in_a_table_as_they_were_written() -> None:
    blocks = shared(scorecard_post(a_snapshot(a_large_scorecard(1, HOSTILE))), "U0ANA").native
    name = of_kind(blocks, TABLE)["rows"][1][0]["text"]
    assert name.startswith("0 <!channel> <@U0BOB> *x* ~y~ _z_ `code` & > 🎉 שלום")


@pytest.mark.parametrize("text", [HOSTILE, "a < b && c &lt; d", "~12", "*x*"])
def test_what_was_escaped_reads_the_same_where_slack_reads_no_mrkdwn(text: str) -> None:
    assert native.literal(escaped(text)) == text


def test_a_table_says_what_the_lines_of_the_screen_say() -> None:
    snapshot = a_snapshot(a_large_scorecard(1, PLAIN))
    row = [cell["text"] for cell in of_kind(scorecard_post(snapshot).native, TABLE)["rows"][1]]
    screen = "\n".join(texts_in(list(scorecard_screen(snapshot).blocks)))
    for figure in row[1:6]:
        assert figure in screen
    assert row[1:4] == ["~78%", "100%", "~+38 points this week"]


def test_the_way_closed_is_sorted_by_its_number() -> None:
    cell = of_kind(scorecard_post(a_snapshot(a_large_scorecard(1, PLAIN))).native, TABLE)["rows"][
        1
    ][4]
    assert cell == {"type": "raw_number", "value": 77.9, "text": "~78%"}


@pytest.mark.parametrize(("count", "charts"), [(1, 0), (2, 1), (20, 1), (21, 0)])
def test_the_ways_are_a_chart_where_it_holds_them_all(count: int, charts: int) -> None:
    blocks = digest_post(a_digest(a_large_scorecard(count, "A name that begins alike "))).native
    assert [block["type"] for block in blocks].count(CHART) == charts


def test_a_metric_without_a_reading_has_closed_nothing_and_none_is_over_full() -> None:
    metrics = [a_metric("none", name="None"), a_metric("over", name="Over")]
    readings = {"over": [a_reading("-4", metric="over")]}
    snapshot = take_snapshot(a_scorecard(metrics=metrics), readings, NOW)
    row = of_kind(scorecard_post(snapshot).native, TABLE)["rows"][1]
    assert [cell["text"] for cell in row][1:] == [
        "no reading",
        "0",
        "no reading yet",
        "no reading",
        "– no pace",
        "–",
    ]


def test_a_snapshot_without_metrics_draws_nothing() -> None:
    empty: Snapshot = take_snapshot(a_scorecard(), {}, NOW)
    assert scorecard_post(empty).native == ()
    assert digest_post(a_digest(a_scorecard())).native == ()

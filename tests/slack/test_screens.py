"""Every screen, however large the scorecard and whatever people wrote into it."""

import re
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from app.domain.milestones import Effect
from app.domain.outcomes import GoalStory, MetricHistory, Undone
from app.domain.prospects import Prospect
from app.domain.scorecards import Snapshot, take_snapshot
from app.domain.statuses import Status
from app.playground.blockkit import problems_in_message, problems_in_view
from app.playground.blocks import words_in
from app.slack.blocks import figures, kit
from app.slack.blocks.alerts import alert_message
from app.slack.blocks.digests import digest_post, digest_preview
from app.slack.blocks.goals import goal_post
from app.slack.blocks.kit import Message
from app.slack.blocks.metric_fields import MOST_CHOSEN
from app.slack.blocks.metrics import metric_screen, recorded_reply, undone_reply
from app.slack.blocks.milestones import (
    Draft,
    announcement,
    choose_scorecard_form,
    ship_form,
)
from app.slack.blocks.notices import help_screen, notice, suggestions
from app.slack.blocks.roadmap import roadmap_screen
from app.slack.blocks.scorecards import scorecard_screen
from app.slack.ids import Action, read_about
from tests.builders import (
    NOW,
    a_metric,
    a_milestone,
    a_reading,
    a_scorecard,
    a_value,
    the_real_readings,
    the_real_scorecard,
)
from tests.slack.scorecards import (
    HOSTILE,
    PLAIN,
    SIZES,
    a_digest,
    a_goal_story,
    a_history,
    a_large_scorecard,
    a_recorded,
    a_snapshot,
    some_alerts,
    some_news,
)
from tests.slack.stage import readable

TEXTS = (PLAIN, HOSTILE, "&")
CONTROL = re.compile(r"<(?!@U|#C|!date\^|https://)[^>]*>")
scorecard_of = cache(a_large_scorecard)


@cache
def snapshot_of(count: int, text: str) -> Snapshot:
    return a_snapshot(scorecard_of(count, text))


def the_screens(count: int, text: str) -> dict[str, Message]:
    snapshot = snapshot_of(count, text)
    state = snapshot.metrics[0]
    return {
        "first page": scorecard_screen(snapshot),
        "last page": scorecard_screen(snapshot, 1_000),
        "roadmap": roadmap_screen(snapshot),
        "end of the roadmap": roadmap_screen(snapshot, 1_000),
        "metric": metric_screen(a_history(snapshot, text)),
        "recorded": recorded_reply(a_recorded(snapshot, text)),
        "undone": undone_reply(
            Undone(1, "billing", state.metric, a_value("~78"), counts=False, current=state.current)
        ),
        "digest": digest_post(a_digest(snapshot.scorecard, shipped=count // 2)),
        "preview": digest_preview(a_digest(snapshot.scorecard)),
        "stale digest": digest_post(
            a_digest(snapshot.scorecard, until=NOW + timedelta(days=60), shipped=count)
        ),
        "announcement": announcement(some_news(snapshot, text)),
        "goal": goal_post(a_goal_story(snapshot.scorecard)),
        "alert": alert_message(some_alerts(snapshot, text)),
        "suggestions": suggestions(
            text * 100,
            Action.SHOW_METRIC,
            {f"billing/{metric.key}": metric.name for metric in snapshot.scorecard.metrics},
        ),
        "notice": notice(text * 100),
    }


@pytest.mark.parametrize(
    ("count", "text"), [*((count, text) for count in SIZES[:2] for text in TEXTS), (400, HOSTILE)]
)
def test_every_screen_is_one_that_slack_takes(count: int, text: str) -> None:
    for name, message in the_screens(count, text).items():
        payload = message.as_payload()
        for surface in ("ack", "message"):
            assert problems_in_message(payload, surface) == [], name
        assert len(message.text) <= kit.MOST_TEXT_LENGTH, name


@pytest.mark.parametrize(
    ("count", "text"), [*((count, text) for count in SIZES[:2] for text in TEXTS), (400, HOSTILE)]
)
def test_what_is_posted_is_no_longer_than_slack_takes(count: int, text: str) -> None:
    screens = the_screens(count, text)
    for name in ("digest", "stale digest", "announcement", "goal", "alert"):
        told = sum(len(each["text"]) for each in _texts(list(screens[name].blocks)))
        assert told <= kit.MOST_POST_LENGTH, name


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("count", SIZES)
def test_the_form_is_one_that_slack_takes_with_any_number_of_metrics(count: int, text: str) -> None:
    snapshot = snapshot_of(count, text)
    keys = [metric.key for metric in snapshot.scorecard.metrics]
    for metrics in ([], keys[:1], keys[:MOST_CHOSEN]):
        form = ship_form(
            snapshot,
            "C1",
            draft=Draft(text * 20, text * 200, ("https://example.com",)),
            metrics=metrics,
        )
        assert problems_in_view(form) == []
    names = {metric.key: metric.name for metric in snapshot.scorecard.metrics}
    assert problems_in_view(choose_scorecard_form(names, Draft(text * 20))) == []
    planned = snapshot.scorecard.milestones[0]
    form = ship_form(snapshot, "C1", draft=Draft.of(planned), initial_metric=keys[0])
    assert problems_in_view(form) == []


@pytest.mark.parametrize("count", SIZES[:2])
def test_text_from_people_pings_nobody_on_any_screen(count: int) -> None:
    for name, message in the_screens(count, HOSTILE).items():
        for told in (message.text, *marked_up(message)):
            assert CONTROL.search(told) is None, name
            assert "<@U0BOB>" not in told, name


def marked_up(message: Message) -> list[str]:
    """The texts that Slack reads as mrkdwn."""
    return [text["text"] for text in _texts(list(message.blocks)) if text["type"] == "mrkdwn"]


def _texts(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, list):
        return [text for each in part for text in _texts(each)]
    if not isinstance(part, dict):
        return []
    own = [part] if part.get("type") in {"mrkdwn", "plain_text"} else []
    return own + [text for each in part.values() for text in _texts(each)]


def buttons_of(message: Message) -> list[dict[str, Any]]:
    """The buttons below a screen."""
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [button for row in rows for button in row["elements"]]


def test_every_metric_is_reached_through_the_pages() -> None:
    snapshot = snapshot_of(400, HOSTILE)
    seen, page = [], 0
    while True:
        screen = scorecard_screen(snapshot, page)
        buttons = [block for block in screen.blocks if "accessory" in block]
        seen += [read_about(block["accessory"]["value"])[1] for block in buttons]
        following = [b for b in buttons_of(screen) if b["action_id"].endswith(":next")]
        if not following:
            break
        page = int(read_about(following[0]["value"])[1])
    assert seen == [metric.key for metric in snapshot.scorecard.metrics]


def test_pages_lead_back_and_say_how_many_there_are() -> None:
    screen = scorecard_screen(snapshot_of(40, PLAIN), 1)
    labels = [button["text"]["text"] for button in buttons_of(screen)]
    assert labels == [
        "Previous",
        "Next (3 of 3)",
        "Update",
        "Log a milestone",
        "Milestones",
        "Roadmap",
        "History",
        "Files",
    ]


def test_an_announcement_leaves_out_no_link_ticket_or_effect() -> None:
    news = some_news(snapshot_of(40, "x"), "word ")
    told = readable("\n".join(marked_up(announcement(news))))
    assert told.count("https://example.com/") == 10
    held = told.count("~40% → ~78%")
    assert held == 40 or f"… and {40 - held} more metrics: see /kpi" in told
    for ticket in news.shipped.milestone.tickets:
        assert ticket in told
    assert news.shipped.milestone.detail in told


def test_a_long_goal_and_a_long_note_are_shown_whole() -> None:
    snapshot = snapshot_of(1, "word & ")
    assert _letters(snapshot.scorecard.goal) in _letters(
        "".join(marked_up(scorecard_screen(snapshot)))
    )
    recorded = a_recorded(snapshot, "word & ")
    assert _letters(recorded.reading.note) in _letters("".join(marked_up(recorded_reply(recorded))))


def _letters(text: str) -> str:
    return "".join(readable(text).split())


# --- what the screens say ----------------------------------------------------


def the_real_snapshot() -> Snapshot:
    return take_snapshot(the_real_scorecard(), the_real_readings(), NOW)


def test_the_text_says_current_and_target_of_every_metric() -> None:
    text = readable(scorecard_screen(the_real_snapshot()).text)
    for told in (
        "Rollbacks / day: ~12, target 0, ~94%",
        "Bad debt from upgrades (per day): ~3 / day, target 0 / day",
        "Disagreeing accounts: ~40, target 0,",
        "Invoice coverage: ~78%, target 100%, ~73% of the way",
        "Dunning code paths: 3, target 1",
    ):
        assert told in text


def test_approximate_and_open_values_keep_their_sign_in_text_and_blocks() -> None:
    scorecard = a_scorecard(metrics=[a_metric("paths", name="Paths", baseline="9+", target="1")])
    readings = {
        "paths": [
            a_reading("5+", NOW - timedelta(days=8), metric="paths"),
            a_reading("~4", NOW, id=2, metric="paths"),
        ]
    }
    snapshot = take_snapshot(scorecard, readings, NOW)
    history = MetricHistory(
        snapshot, snapshot.metrics[0], readings["paths"], (), Prospect(None, None)
    )
    for message in (scorecard_screen(snapshot), metric_screen(history)):
        assert "~4" in readable(message.text)
        assert "~4" in readable("\n".join(marked_up(message)))
    screen = readable("\n".join(marked_up(metric_screen(history))))
    assert "9+ (Q3 '25)" in screen
    assert "  5+  by" in screen


def test_a_status_is_a_sign_and_a_word() -> None:
    signs = {status: figures.STATUS_SIGNS[status] for status in Status}
    assert len(set(signs.values())) == len(Status)
    assert "✓ at target" in _status_of("0")
    assert "– no pace" in _status_of("12")


def _status_of(value: str) -> str:
    snapshot = take_snapshot(
        a_scorecard(metrics=[a_metric()]), {"rollbacks": [a_reading(value)]}, NOW
    )
    return "\n".join(marked_up(scorecard_screen(snapshot)))


@pytest.mark.parametrize(
    ("value", "filled"), [("196", 0), ("250", 0), ("12", 9), ("0.5", 9), ("0", 10), ("98", 5)]
)
def test_the_bar_is_full_only_at_the_target(value: str, filled: int) -> None:
    bar = re.search("[█░]+", _status_of(value))
    assert bar is not None
    assert bar[0] == "█" * filled + "░" * (10 - filled)


def test_the_goals_post_names_the_milestones_that_moved_a_metric_most() -> None:
    metric = a_metric()
    scorecard = a_scorecard(
        metrics=[metric], milestones=[a_milestone(key, title=key) for key in "abcd"]
    )
    readings = [
        a_reading(value, NOW - timedelta(days=9 - number), id=number, milestone=key)
        for number, (key, value) in enumerate([("a", "90"), ("b", "88"), ("c", "5"), ("d", "0")])
    ]
    before = ["100", "90", "88", "5"]
    effects = [
        Effect(metric, a_value(start), end) for start, end in zip(before, readings, strict=True)
    ]
    snapshot = take_snapshot(scorecard, {"rollbacks": readings}, NOW)
    post = goal_post(GoalStory(snapshot, {"rollbacks": effects}))
    assert "with *c*: −83, *a*: −10, *d*: −5 and 1 more" in readable(post.text)


def test_a_scorecard_without_metrics_says_so() -> None:
    screen = scorecard_screen(take_snapshot(a_scorecard(), {}, NOW))
    assert "It has no metrics yet." in "\n".join(words_in(list(screen.blocks)))
    assert problems_in_message(screen.as_payload(), "ack") == []


def test_a_metric_without_reading_or_driver_says_so() -> None:
    snapshot = take_snapshot(a_scorecard(metrics=[a_metric()]), {}, NOW)
    told = "\n".join(marked_up(scorecard_screen(snapshot)))
    assert "no reading" in told
    assert "No work stream drives it yet." in told


def test_help_lists_every_command() -> None:
    told = "\n".join(words_in(list(help_screen().blocks)))
    for command in (
        "/kpi METRIC",
        "/kpi update",
        "/kpi ship",
        "/kpi milestones",
        "/kpi history",
        "/kpi roadmap",
        "/kpi digest preview",
        "/kpi digest now",
        "/kpi help",
    ):
        assert command in told
        assert command in help_screen().text


def test_the_preset_of_a_form_fits_its_field() -> None:
    title = "x" * 400
    form = ship_form(the_real_snapshot(), "C1", draft=Draft(title))
    element = form["blocks"][0]["element"]
    assert len(element["initial_value"]) <= element["max_length"]


def test_more_options_than_slack_shows_are_searched() -> None:
    few, many = (ship_form(snapshot_of(count, PLAIN), "C1") for count in (40, 400))
    assert {_kind(few, block) for block in ("metrics", "work_streams", "phase")} == {"static"}
    assert {_kind(many, block) for block in ("metrics", "work_streams", "phase")} == {"external"}


def _kind(form: dict[str, Any], block_id: str) -> str:
    element = next(block for block in form["blocks"] if block["block_id"] == block_id)["element"]
    return str(element["type"]).removeprefix("multi_").removesuffix("_select")

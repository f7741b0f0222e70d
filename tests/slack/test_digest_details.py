"""The thread of a digest at any size: each fact once, within what Slack takes."""

import re
from datetime import timedelta
from functools import cache

import pytest

from app.domain.digests import Digest
from app.playground.blockkit import problems_in_message
from app.slack.blocks import kit
from app.slack.blocks.digest_details import digest_details
from app.slack.blocks.digests import digest_post, digest_preview
from app.slack.blocks.kit import Message
from tests.builders import NOW
from tests.slack.scorecards import HOSTILE, PLAIN, SIZES, a_digest, a_large_scorecard
from tests.slack.stage import readable
from tests.slack.test_screens import CONTROL, marked_up

TEXTS = (PLAIN, HOSTILE, "&")


@cache
def digest_of(count: int, text: str, *, is_late: bool = False) -> Digest:
    """A week in which half of the milestones shipped; or one long after, when all did."""
    until = NOW + timedelta(days=60 if is_late else 0)
    scorecard = a_large_scorecard(count, text)
    return a_digest(scorecard, until=until, shipped=count if is_late else count // 2)


def told(*messages: Message) -> str:
    return "\n".join(text for message in messages for text in marked_up(message))


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("count", SIZES[:2])
def test_slack_takes_each_message_of_the_thread(count: int, text: str, *, is_late: bool) -> None:
    for message in digest_details(digest_of(count, text, is_late=is_late)):
        assert problems_in_message(message.as_payload(), "message") == []
        assert sum(map(len, marked_up(message))) <= kit.MOST_POST_LENGTH
        assert len(message.text) <= kit.MOST_TEXT_LENGTH
        assert CONTROL.search(told(message)) is None


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("count", SIZES[:2])
def test_the_thread_has_each_metric_and_each_milestone_and_phase_that_the_post_leaves_out(
    count: int, text: str
) -> None:
    digest = digest_of(count, text)
    thread = readable(told(*digest_details(digest)))
    assert len(re.findall(r"~78% → target 100%", thread)) == count
    if count > 1:
        for shipped in digest.shipped:
            assert f"• *{shipped.milestone.title}*" in thread
        for milestone in (*digest.late, *digest.due):
            assert f": *{milestone.title}*, " in thread
        for outlook in digest.blocked:
            assert f"• *{outlook.phase.name}*" in thread
    assert "more that don't fit here" not in thread


def test_what_the_post_shortens_it_counts() -> None:
    post = told(digest_post(digest_of(400, "&", is_late=True)))
    shown = post.count("→ target 100%")
    assert f"{400 - shown} more in the thread: " in post
    for part in ("Shipped", "Roadmap", "Stale"):
        assert re.search(rf"\*{part}[^*]*\*\n(.*\n)*?…and \d+ more in the thread", post), part


def test_a_preview_shows_the_thread_where_it_fits_and_else_says_what_it_will_hold() -> None:
    small, large = (told(digest_preview(digest_of(count, PLAIN))) for count in SIZES[:2])
    assert "In its thread:" in small
    assert "Why: no target date is set" in small
    messages = len(digest_details(digest_of(40, PLAIN)))
    assert f"In its thread, in {messages} messages: each metric with its reason, and all" in large
    assert "Why: " not in large


def test_no_tilde_of_a_value_strikes_what_follows_it() -> None:
    """A `~` behind anything but a blank might close one before: Slack would strike what lies
    between them."""
    for digest in (digest_of(40, PLAIN), digest_of(40, PLAIN, is_late=True)):
        whole = told(digest_post(digest), *digest_details(digest))
        assert re.findall(r"[^\s\u200b]~", whole) == []

"""`kpi digest`: looking ahead at one, and posting it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.playground import LocalSlack, Message
from app.playground.blockkit import problems_in_message
from tests.cli.conftest import Kpi
from tests.cli.terminal import BILLING

pytestmark = pytest.mark.usefixtures("billing")


def test_the_preview_is_a_message_that_slack_takes(kpi: Kpi) -> None:
    assert kpi("record", "rollbacks", "~9").status == 0
    message = kpi("digest", "preview", "--json").data
    assert list(message) == ["text", "blocks"]
    assert problems_in_message(message) == []
    assert "Rollbacks / day" in message["text"]


def test_people_read_the_preview_in_the_terminal(kpi: Kpi) -> None:
    shown = kpi("digest", "preview")
    assert shown.status == 0
    post, thread = shown.out.split("in its thread")
    for words in ("Billing Platform", "0 of 5 at target", "Blocked: PDE Steps 3–4"):
        assert words in post
    for words in ("Why: no target date is set", "Checkout V2 (Q3 2026)"):
        assert words in thread


def test_the_preview_at_an_instant_knows_nothing_of_later_readings(kpi: Kpi) -> None:
    assert kpi("record", "rollbacks", "~11", "--at", "2026-03-16T10:00").status == 0
    earlier = kpi("digest", "preview", "--at", "2026-03-16T09:00", "--json").data
    later = kpi("digest", "preview", "--at", "2026-03-16T11:00", "--json").data
    earlier, later = (message["text"].replace("\u200b", "") for message in (earlier, later))
    assert ("~11" in earlier, "~11" in later) == (False, True)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-02-30", "isn't a time"),
        ("soon", "isn't a time"),
        ("0001-01-01", "The year 1 lies outside"),
        ("9999-12-31", "The year 9999 lies outside"),
    ],
)
def test_an_instant_that_makes_no_sense_is_refused(kpi: Kpi, at: str, words: str) -> None:
    kpi("digest", "preview", "--at", at).refused(words)


# --- posting ---------------------------------------------------------------------


@pytest.fixture
async def slack(kpi: Kpi, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalSlack]:
    """A workspace that the settings name, whose channel #billing is the scorecard's home."""
    async with LocalSlack() as slack:
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        monkeypatch.setenv("SLACK_API_URL", slack.api_url.rstrip("/"))
        channel = slack.add_channel("billing")
        loaded = await asyncio.to_thread(kpi, "load", str(BILLING), "--channel", channel.id)
        assert loaded.status == 0
        yield slack


def _posts(slack: LocalSlack) -> list[Message]:
    """What stands in the channels, without what stands in threads."""
    messages = [m for channel in slack.workspace.channels.values() for m in channel.messages]
    return [message for message in messages if not message.is_reply]


async def test_the_digest_is_posted_once_a_week(slack: LocalSlack, kpi: Kpi) -> None:
    posted = await asyncio.to_thread(kpi, "digest", "post")
    assert (posted.status, posted.out) == (0, "The digest is posted.\n")
    again = await asyncio.to_thread(kpi, "digest", "post")
    again.refused("has been posted", "once a week")
    [message] = _posts(slack)
    assert "0 of 5 at target" in message.wording


async def test_a_digest_that_slack_refuses_is_a_failure_with_its_remedy(
    slack: LocalSlack, kpi: Kpi
) -> None:
    [channel] = slack.workspace.channels.values()
    channel.is_archived = True
    refused = await asyncio.to_thread(kpi, "digest", "post")
    assert (refused.status, refused.out) == (1, "")
    assert f"The channel {channel.id} is archived." in refused.err
    channel.is_archived = False
    assert (await asyncio.to_thread(kpi, "digest", "post")).status == 0
    assert len(_posts(slack)) == 1


async def test_a_digest_that_slack_has_no_time_for_is_kept(slack: LocalSlack, kpi: Kpi) -> None:
    slack.faults.add("chat.postMessage", "status", status=500)
    failed = await asyncio.to_thread(kpi, "digest", "post")
    assert (failed.status, failed.out) == (1, "")
    assert "It is kept, and kpi serve posts it." in failed.err
    assert "Traceback" not in failed.err

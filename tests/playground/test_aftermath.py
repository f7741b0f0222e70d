"""What the app did about a fault, as the journal tells it."""

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, Entry, LocalSlack, Person
from app.playground.aftermath import aftermath_of, went_wrong
from app.playground.page.html.aftermath import verdict
from tests.playground.blocks import section


def _said(slack: LocalSlack) -> list[str]:
    """What is said of the exchange that was struck."""
    struck: Entry = next(entry for entry in slack.journal.entries if entry.fault)
    return verdict(struck, aftermath_of(slack.journal, struck))


async def test_tried_again_with_success(
    slack: LocalSlack, client: AsyncWebClient, billing: Channel
) -> None:
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    slack.faults.add("chat.postMessage", "ratelimited", retry_after=0)
    await client.chat_postMessage(channel=billing.id, text="x")

    [sentence] = _said(slack)
    assert sentence.startswith("Tried again after ")
    assert sentence.endswith("s, and it worked.")


async def test_tried_again_without_blocks(
    slack: LocalSlack, client: AsyncWebClient, billing: Channel
) -> None:
    slack.faults.add("chat.*", "refuse")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=billing.id, text="x", blocks=[section("x")])
    await client.chat_postMessage(channel=billing.id, text="x")

    [sentence] = _said(slack)
    assert sentence.endswith("and it worked without blocks.")


async def test_gave_up(slack: LocalSlack, client: AsyncWebClient, billing: Channel) -> None:
    slack.faults.add("chat.postMessage", "drop", times=2)  # the client tries twice
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=billing.id, text="x")

    [sentence] = _said(slack)
    assert sentence.startswith("Tried again once, the last time after ")
    assert sentence.endswith("and it failed.")


async def test_another_channel_is_not_another_try(
    slack: LocalSlack, client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    other = slack.add_channel("other")
    slack.faults.add("chat.postMessage", "refuse")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=billing.id, text="x")
    await client.chat_postMessage(channel=other.id, text="x")

    assert _said(slack) == ["Not tried again so far."]


async def test_told_the_person(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    @socket_app.command("/kpi")
    async def kpi(ack: AsyncAck, respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        try:
            await client.users_info(user=ana.id)
        except SlackApiError:
            await respond("Slack is busy")

    slack.faults.add("users.info", "status")
    await ana.types("/kpi", billing)
    await slack.settled()

    not_tried, told = _said(slack)
    assert not_tried == "Not tried again so far."
    assert told.startswith("Told the person after ")
    assert told.endswith("by response_url.")


async def test_told_by_the_acknowledgement(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    @socket_app.command("/kpi")
    async def kpi(ack: AsyncAck, client: AsyncWebClient) -> None:
        try:
            await client.users_info(user=ana.id)
        except SlackApiError:
            await ack("Slack is busy")

    slack.faults.add("users.info", "refuse", error="fatal_error")
    await ana.types("/kpi", billing)

    assert _said(slack)[1].endswith("by acknowledgement.")


async def test_a_command_is_sent_only_once(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    slack.faults.add("slash_commands", "drop")
    await ana.types("/kpi", billing)

    assert _said(slack) == ["Slack sends it only once. The person sees dispatch_failed."]


async def test_it_went_on(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.faults.add("auth.test", "delay", seconds=0.01)
    await client.auth_test()

    assert _said(slack) == ["Nothing so far."]


async def test_an_event_is_sent_again_by_slack(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    @socket_app.event("app_mention")
    async def mentioned() -> None: ...

    slack.faults.add("events_api", "drop")
    await ana.says(f"<@{slack.bot_user_id}> hello", billing)
    await slack.settled()

    [sentence] = _said(slack)
    assert sentence.startswith("Sent again after ")


@pytest.mark.parametrize("trouble", ["disconnect", "closed"])
async def test_connected_again(slack: LocalSlack, socket_app: AsyncApp, trouble: str) -> None:
    if trouble == "closed":
        slack.break_connections()
        await slack.connected(0)
    else:
        await slack.disconnect()
    await slack.connected()
    lost = next(entry for entry in slack.journal.entries if entry.method == trouble)

    assert went_wrong(lost)
    [sentence] = verdict(lost, aftermath_of(slack.journal, lost))
    assert sentence.startswith("Connected again after ")


async def test_not_connected_again(slack: LocalSlack, socket_app: AsyncApp) -> None:
    slack.refuse_connections()
    slack.break_connections()
    await slack.connected(0)
    [lost] = [entry for entry in slack.journal.entries if entry.method == "closed"]

    assert verdict(lost, aftermath_of(slack.journal, lost)) == ["Not connected again so far."]


async def test_all_is_well(slack: LocalSlack, socket_app: AsyncApp) -> None:
    assert not any(went_wrong(entry) for entry in slack.journal.entries)

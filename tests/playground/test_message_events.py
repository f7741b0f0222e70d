"""What the app hears of messages that it posts, changes and deletes itself."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from tests.playground.blocks import Json, actions, button

SCOPES = ["channels:history", "chat:write", "chat:write.public", "files:read", "files:write"]
MANIFEST = {
    "display_information": {"name": "KPI"},
    "features": {"slash_commands": [{"command": "/kpi"}]},
    "settings": {"event_subscriptions": {"bot_events": ["message.channels", "app_mention"]}},
    "oauth_config": {"scopes": {"bot": SCOPES}},
}


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    """A workspace whose app hears of messages in public channels."""
    async with LocalSlack(MANIFEST, event_retry_seconds=()) as slack:
        yield slack


async def heard(slack: LocalSlack) -> list[Json]:
    """The events that the app was told of so far."""
    await slack.settled()
    return [entry.payload["event"] for entry in slack.journal.deliveries("events_api")]


async def test_the_app_hears_its_own_message(
    client: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    posted = await client.chat_postMessage(channel=billing.id, text=f"<@{slack.bot_user_id}>")

    [event] = await heard(slack)
    assert (event["type"], event["channel_type"], event["ts"]) == (
        "message",
        "channel",
        posted["ts"],
    )
    assert event["bot_id"] == posted["message"]["bot_id"]
    assert event["user"] == slack.bot_user_id
    assert "subtype" not in event


async def test_bolt_leaves_it_alone(
    socket_app: AsyncApp, client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    texts: list[str] = []

    @socket_app.message("")
    async def message(event: Json) -> None:
        texts.append(event["text"])

    await client.chat_postMessage(channel=billing.id, text="mine")
    await ana.says("hers", billing)
    await slack.settled()

    assert texts == ["hers"]


async def test_a_change_comes_with_what_was_said_before(
    client: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    ts = (await client.chat_postMessage(channel=billing.id, text="196"))["ts"]
    await client.chat_update(channel=billing.id, ts=ts, text="12")

    _, event = await heard(slack)
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert event["message"]["text"] == "12"
    assert event["message"]["edited"]["user"] == slack.bot_user_id
    assert event["previous_message"]["text"] == "196"
    assert event["message"]["ts"] == event["previous_message"]["ts"] == ts
    assert event["ts"] == event["event_ts"] > ts
    assert (event["channel"], event["channel_type"]) == (billing.id, "channel")


async def test_a_deletion_names_what_is_gone(
    client: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    ts = (await client.chat_postMessage(channel=billing.id, text="gone"))["ts"]
    await client.chat_delete(channel=billing.id, ts=ts)

    _, event = await heard(slack)
    assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", ts)
    assert event["previous_message"]["text"] == "gone"


async def test_files_come_as_their_own_kind_of_message(
    client: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    await client.files_upload_v2(channel=billing.id, filename="a.txt", content="text")

    [event] = await heard(slack)
    assert event["subtype"] == "file_share"
    assert [file["name"] for file in event["files"]] == ["a.txt"]


async def test_a_deleted_file_is_told_of() -> None:
    subscribed = MANIFEST | {"settings": {"event_subscriptions": {"bot_events": ["file_deleted"]}}}
    async with LocalSlack(subscribed, event_retry_seconds=()) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        uploaded = await client.files_upload_v2(filename="a.txt", content="text")
        await client.files_delete(file=uploaded["file"]["id"])

        [event] = await heard(slack)
        assert event["file_id"] == uploaded["file"]["id"]


async def test_answers_in_the_channel_are_messages_and_those_for_one_person_are_not(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    @socket_app.command("/kpi")
    async def kpi(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack("for Ana")
        await respond("for all", response_type="in_channel", blocks=[actions(button("more"))])

    @socket_app.action("more")
    async def more(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond("changed", replace_original=True)
        await respond(delete_original=True)

    await ana.types("/kpi", billing)
    await ana.clicks(await ana.sees_message(billing, "for all"), "more")

    events = await heard(slack)
    assert [event.get("subtype") for event in events] == [
        None,
        "message_changed",
        "message_deleted",
    ]
    assert events[0]["text"] == "for all"


async def test_where_the_bot_is_not_a_member_it_hears_nothing(
    client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    ops = slack.add_channel("ops", bot=False)
    await client.chat_postMessage(channel=ops.id, text="x")
    await client.chat_postEphemeral(channel=billing.id, user=ana.id, text="psst")

    assert await heard(slack) == []

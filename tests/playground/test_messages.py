"""chat.* and reading it back with conversations.history and replies."""

import io
from typing import Any

import freezegun
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from tests.playground.blocks import Json, section
from tests.playground.refusals import refusal


async def test_a_posted_message_comes_back_as_slack_shows_it(
    client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    response = await client.chat_postMessage(
        channel=billing.id, text="Digest", blocks=[section("*Digest*")], unfurl_links=False
    )

    assert response["channel"] == billing.id
    message = response["message"]
    assert message["ts"] == response["ts"]
    assert message["user"] == slack.bot_user_id
    assert message["bot_id"]
    assert message["app_id"]
    assert message["team"] == slack.team_id
    assert message["blocks"][0]["block_id"]
    assert [m.wording for m in ana.sees(billing)] == ["Digest\n*Digest*"]


async def test_a_channel_is_named_in_several_ways(
    client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    for name in ("#billing", "billing"):
        response = await client.chat_postMessage(channel=name, text="x")
        assert response["channel"] == billing.id

    direct = await client.chat_postMessage(channel=ana.id, text="for you")
    opened = await client.conversations_open(users=[ana.id])
    assert direct["channel"] == opened["channel"]["id"] == slack.direct_message(ana).id


async def test_timestamps_are_unique_and_grow(client: AsyncWebClient, billing: Channel) -> None:
    stamps = [
        (await client.chat_postMessage(channel=billing.id, text=str(n)))["ts"] for n in range(3)
    ]

    assert stamps == sorted(set(stamps))
    assert stamps[0].startswith("1773651600.")


async def test_a_frozen_clock_is_the_workspaces_clock_too() -> None:
    with freezegun.freeze_time("2026-03-16 09:00", real_asyncio=True):
        async with LocalSlack() as slack:
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
            billing = slack.add_channel("billing")

            posted = await client.chat_postMessage(channel=billing.id, text="x")

            assert posted["ts"] == "1773651600.000000"


async def test_where_the_bot_may_not_post(
    client: AsyncWebClient, slack: LocalSlack, ana: Person
) -> None:
    private = slack.add_channel("secret", private=True, bot=False)
    archived = slack.add_channel("old", archived=True)
    between = slack.direct_message(ana, slack.add_person("bob"))

    async def post(channel: str) -> str:
        return await refusal(client.chat_postMessage(channel=channel, text="x"))

    assert await post("C404") == "channel_not_found"
    assert await post(private.id) == "channel_not_found"
    assert await post(between.id) == "channel_not_found"
    assert await post(archived.id) == "is_archived"


async def test_all_blocks_together_have_a_limit(client: AsyncWebClient, billing: Channel) -> None:
    def blocks(characters: int) -> list[Json]:
        texts = ["x" * 3000] * 4 + ["x" * (characters - 12_000)]
        return [section(text) for text in texts]

    ts = (await client.chat_postMessage(channel=billing.id, text="x", blocks=blocks(12_672)))["ts"]

    for call in (client.chat_postMessage, client.chat_postEphemeral, client.chat_update):
        more = {"ts": ts} if call == client.chat_update else {"user": billing.members[0]}
        longer = call(channel=billing.id, text="x", blocks=blocks(12_673), **more)
        assert await refusal(longer) == "msg_blocks_too_long"


async def test_what_a_message_must_say(client: AsyncWebClient, billing: Channel) -> None:
    async def post(**content: object) -> str:
        return await refusal(
            client.api_call("chat.postMessage", json={"channel": billing.id, **content})
        )

    assert await post() == "no_text"
    assert await post(text="x" * 40_001) == "msg_too_long"
    assert await post(text="x", blocks="[{") == "invalid_blocks_format"
    assert await post(text="x", metadata="{") == "invalid_metadata_format"
    assert await post(text="x", metadata={"event_type": "digest"}) == "invalid_metadata_schema"
    assert await post(text="x", thread_ts="1.2") == "thread_not_found"
    assert await refusal(client.api_call("chat.postMessage", json={"text": "x"})) == (
        "invalid_arguments"
    )


async def test_wrong_blocks_say_where(
    client: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=billing.id, text="x", blocks=[section("y" * 3001)])

    response = refused.value.response
    assert response["error"] == "invalid_blocks"
    [message] = response["response_metadata"]["messages"]
    assert message.startswith("[ERROR] ")
    assert message.endswith("[json-pointer:/blocks/0/text/text]")
    assert response["errors"] == [message.removeprefix("[ERROR] ")]
    assert [p.pointer for p in slack.journal.problems] == ["/blocks/0/text/text"]
    assert billing.messages == []


async def test_blocks_may_come_as_a_form_or_multipart(
    client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    fields = {"channel": billing.id, "blocks": '[{"type": "divider"}]', "text": "Übersicht"}
    await client.api_call("chat.postMessage", data=fields)
    await client.api_call("chat.postMessage", data=fields, files={"unused": io.BytesIO(b"bytes")})

    assert [(m.text, m.blocks[0]["type"]) for m in ana.sees(billing)] == [
        ("Übersicht", "divider")
    ] * 2


async def test_markdown_stands_for_text(client: AsyncWebClient, billing: Channel) -> None:
    posted = await client.chat_postMessage(channel=billing.id, markdown_text="**PDE**")

    assert posted["message"]["text"] == "**PDE**"
    longest = client.chat_postMessage(channel=billing.id, markdown_text="x" * 12_001)
    assert await refusal(longest) == "msg_too_long"


async def test_wrong_blocks_in_attachments_say_where(
    client: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    attached = [{"color": "#36a64f", "blocks": [section("fine")]}]
    await client.chat_postMessage(channel=billing.id, text="x", attachments=attached)

    attached = [{"text": "fine"}, {"blocks": [section("y" * 3001)]}]
    wrong = client.chat_postMessage(channel=billing.id, text="x", attachments=attached)
    assert await refusal(wrong) == "invalid_attachments"
    assert [p.pointer for p in slack.journal.problems] == ["/attachments/1/blocks/0/text/text"]
    assert len(billing.messages) == 1


async def test_a_video_needs_a_scope(client: AsyncWebClient, billing: Channel) -> None:
    video = {
        "type": "video",
        "alt_text": "How to",
        "title": {"type": "plain_text", "text": "How to"},
        "thumbnail_url": "https://x.test/t.png",
        "video_url": "https://x.test/v",
    }
    await client.chat_postMessage(channel=billing.id, text="x", blocks=[video])

    manifest = {
        "display_information": {"name": "KPI"},
        "oauth_config": {"scopes": {"bot": ["chat:write"]}},
    }
    async with LocalSlack(manifest) as slack:
        ops = slack.add_channel("ops")
        narrow = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        posting = narrow.chat_postMessage(channel=ops.id, text="x", blocks=[video])
        assert await refusal(posting) == "invalid_blocks"
        assert slack.journal.problems[0].message == "video needs the scope links.embed:write"


class TestUpdating:
    """chat.update and chat.delete."""

    async def test_the_bot_changes_its_message(
        self, client: AsyncWebClient, ana: Person, billing: Channel
    ) -> None:
        ts = (await client.chat_postMessage(channel=billing.id, text="a", blocks=[section("a")]))[
            "ts"
        ]
        response = await client.chat_update(channel=billing.id, ts=ts, text="b")

        assert response["ts"] == ts
        assert response["message"]["edited"]
        assert [m.wording for m in ana.sees(billing)] == ["b"]
        assert await refusal(client.chat_update(channel=billing.id, ts=ts, text="x" * 4001)) == (
            "msg_too_long"
        )

    async def test_and_deletes_it(
        self, client: AsyncWebClient, ana: Person, billing: Channel
    ) -> None:
        ts = (await client.chat_postMessage(channel=billing.id, text="a"))["ts"]
        await client.chat_delete(channel=billing.id, ts=ts)

        assert ana.sees(billing) == []
        assert await refusal(client.chat_delete(channel=billing.id, ts=ts)) == "message_not_found"
        assert await refusal(client.chat_update(channel=billing.id, ts=ts, text="b")) == (
            "message_not_found"
        )

    async def test_but_nobody_elses(
        self, client: AsyncWebClient, ana: Person, billing: Channel
    ) -> None:
        ts = (await ana.says("mine", billing)).ts

        assert await refusal(client.chat_update(channel=billing.id, ts=ts, text="b")) == (
            "cant_update_message"
        )
        assert await refusal(client.chat_delete(channel=billing.id, ts=ts)) == (
            "cant_delete_message"
        )

    async def test_nor_in_an_archived_channel(
        self, client: AsyncWebClient, billing: Channel
    ) -> None:
        ts = (await client.chat_postMessage(channel=billing.id, text="a"))["ts"]
        billing.is_archived = True

        update = client.chat_update(channel=billing.id, ts=ts, text="b")
        assert await refusal(update) == "is_inactive"
        assert await refusal(client.chat_delete(channel=billing.id, ts=ts)) == (
            "cant_delete_message"
        )


class TestEphemeral:
    """chat.postEphemeral."""

    async def test_one_person_sees_it_and_history_does_not(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        bob = slack.add_person("bob")
        response = await client.chat_postEphemeral(channel=billing.id, user=ana.id, text="psst")

        [message] = ana.sees(billing)
        assert response["message_ts"] == message.ts
        assert message.is_ephemeral
        assert bob.sees(billing) == []
        assert (await client.conversations_history(channel=billing.id))["messages"] == []
        update = client.chat_update(channel=billing.id, ts=message.ts, text="b")
        assert await refusal(update) == "message_not_found"

    async def test_she_must_be_in_the_channel(
        self, client: AsyncWebClient, slack: LocalSlack, billing: Channel
    ) -> None:
        bob = slack.add_person("bob")

        assert await refusal(
            client.chat_postEphemeral(channel=billing.id, user=bob.id, text="psst")
        ) == ("user_not_in_channel")


class TestReading:
    """conversations.history and replies, chat.getPermalink."""

    async def test_history_comes_newest_first_and_by_pages(
        self, client: AsyncWebClient, billing: Channel
    ) -> None:
        for n in range(5):
            await client.chat_postMessage(channel=billing.id, text=str(n))

        pages = [
            [message["text"] for message in page["messages"]]
            async for page in await client.conversations_history(channel=billing.id, limit=2)
        ]

        assert pages == [["4", "3"], ["2", "1"], ["0"]]

    async def test_history_between_two_instants(
        self, client: AsyncWebClient, billing: Channel
    ) -> None:
        stamps = [
            (await client.chat_postMessage(channel=billing.id, text=str(n)))["ts"] for n in range(4)
        ]

        async def texts(**bounds: Any) -> list[str]:
            response = await client.conversations_history(channel=billing.id, **bounds)
            return [message["text"] for message in response["messages"]]

        assert await texts(oldest=stamps[1]) == ["3", "2"]
        assert await texts(oldest=stamps[1], inclusive=True) == ["3", "2", "1"]
        assert await texts(latest=stamps[2]) == ["1", "0"]
        assert await texts(oldest=stamps[0], latest=stamps[2], inclusive=True) == ["2", "1", "0"]

    async def test_metadata_comes_when_it_is_asked_for(
        self, client: AsyncWebClient, billing: Channel
    ) -> None:
        metadata = {"event_type": "digest", "event_payload": {"claim": "2026-W12"}}
        posted = await client.chat_postMessage(channel=billing.id, text="x", metadata=metadata)
        await client.chat_update(channel=billing.id, ts=posted["ts"], text="y")

        async def first(**options: Any) -> Json:
            response = await client.conversations_history(channel=billing.id, **options)
            found: Json = response["messages"][0]
            return found

        assert (await first(include_all_metadata=True))["metadata"] == metadata
        assert "metadata" not in await first()
        await client.chat_update(channel=billing.id, ts=posted["ts"], text="z", metadata={})
        assert "metadata" not in await first(include_all_metadata=True)

    async def test_threads(self, client: AsyncWebClient, ana: Person, billing: Channel) -> None:
        top = (await client.chat_postMessage(channel=billing.id, text="top"))["ts"]
        for text, broadcast in (("quiet", False), ("loud", True)):
            await client.chat_postMessage(
                channel=billing.id, text=text, thread_ts=top, reply_broadcast=broadcast
            )
        await client.chat_postEphemeral(
            channel=billing.id, user=ana.id, text="for you", thread_ts=top
        )

        history = (await client.conversations_history(channel=billing.id))["messages"]
        replies = (await client.conversations_replies(channel=billing.id, ts=top))["messages"]
        assert [m["text"] for m in history] == ["loud", "top"]
        assert history[0]["subtype"] == "thread_broadcast"
        assert (history[1]["reply_count"], history[1]["reply_users_count"]) == (2, 1)
        assert [m["text"] for m in replies] == ["top", "quiet", "loud"]
        assert replies[1]["thread_ts"] == top
        assert replies[1]["parent_user_id"] == replies[0]["user"]
        assert [m.text for m in ana.sees(billing)] == ["top", "loud"]
        texts = [m.text for m in ana.thread(ana.sees(billing)[0])]
        assert texts == ["top", "quiet", "loud", "for you"]
        absent = client.conversations_replies(channel=billing.id, ts="1.2")
        assert await refusal(absent) == "thread_not_found"

    async def test_a_thread_shows_ephemeral_replies_once_it_is_active(
        self, client: AsyncWebClient, ana: Person, billing: Channel
    ) -> None:
        top = await ana.says("top", billing)
        await client.chat_postEphemeral(
            channel=billing.id, user=ana.id, text="for you", thread_ts=top.ts
        )
        assert [m.text for m in ana.thread(top)] == ["top"]

        await client.chat_postMessage(channel=billing.id, text="for all", thread_ts=top.ts)
        assert [m.text for m in ana.thread(top)] == ["top", "for you", "for all"]

    async def test_an_answer_to_a_reply_goes_to_its_thread(
        self, client: AsyncWebClient, billing: Channel
    ) -> None:
        async def post(text: str, thread_ts: str | None = None) -> str:
            posted = await client.chat_postMessage(
                channel=billing.id, text=text, thread_ts=thread_ts
            )
            ts: str = posted["ts"]
            return ts

        top = await post("top")
        await post("third", thread_ts=await post("second", thread_ts=top))

        thread = (await client.conversations_replies(channel=billing.id, ts=top))["messages"]
        assert [message["text"] for message in thread] == ["top", "second", "third"]

    async def test_addresses(self, client: AsyncWebClient, billing: Channel) -> None:
        top = (await client.chat_postMessage(channel=billing.id, text="top"))["ts"]
        reply = (await client.chat_postMessage(channel=billing.id, text="re", thread_ts=top))["ts"]

        async def address(ts: str) -> str:
            response = await client.chat_getPermalink(channel=billing.id, message_ts=ts)
            found: str = response["permalink"]
            return found

        digits = top.replace(".", "")
        assert (await address(top)).endswith(f".slack.com/archives/{billing.id}/p{digits}")
        assert (await address(reply)).endswith(f"?thread_ts={top}&cid={billing.id}")
        assert await refusal(client.chat_getPermalink(channel=billing.id, message_ts="1.2")) == (
            "message_not_found"
        )

    async def test_what_makes_no_sense(
        self, client: AsyncWebClient, slack: LocalSlack, billing: Channel
    ) -> None:
        async def read(**options: Any) -> str:
            return await refusal(client.conversations_history(channel=billing.id, **options))

        assert await read(limit=0) == "invalid_arguments"
        assert await read(limit=1000) == "invalid_arguments"
        assert await read(cursor="next") == "invalid_cursor"
        assert await read(oldest="yesterday") == "invalid_ts_oldest"
        ops = slack.add_channel("ops", bot=False)
        assert await refusal(client.conversations_history(channel=ops.id)) == "not_in_channel"

"""Which conversations there are, and how the bot comes, goes, invites and removes."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from tests.playground.blocks import Json
from tests.playground.refusals import refusal


async def named(listing: Any) -> list[str]:
    """The names of the conversations in a list."""
    return [channel.get("name") or channel["user"] for channel in (await listing)["channels"]]


class TestListing:
    """conversations.list and users.conversations."""

    async def test_public_channels_and_what_the_bot_is_in(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        slack.add_channel("ops", bot=False)
        slack.add_channel("secret", private=True)
        slack.add_channel("hidden", private=True, bot=False)
        slack.add_channel("old", archived=True)
        slack.direct_message(ana)
        slack.direct_message(ana, slack.add_person("bob"))

        assert await named(client.conversations_list()) == ["billing", "ops", "old"]
        open_ones = client.conversations_list(exclude_archived=True)
        assert await named(open_ones) == ["billing", "ops"]
        others = client.conversations_list(types=["private_channel", "im", "mpim"])
        assert await named(others) == ["secret", ana.id]
        mine = client.users_conversations(types="public_channel,private_channel")
        assert await named(mine) == ["billing", "secret", "old"]
        hers = client.users_conversations(user=ana.id, types="public_channel,im")
        assert await named(hers) == ["billing", ana.id]

    async def test_a_list_counts_members_and_comes_by_pages(
        self, client: AsyncWebClient, slack: LocalSlack, billing: Channel
    ) -> None:
        slack.add_channel("ops")
        slack.add_channel("sales")

        pages = [page["channels"] async for page in await client.conversations_list(limit=2)]

        assert [[channel["name"] for channel in page] for page in pages] == [
            ["billing", "ops"],
            ["sales"],
        ]
        assert pages[0][0]["num_members"] == 2

    async def test_each_type_has_its_scope(self) -> None:
        manifest = {
            "display_information": {"name": "KPI"},
            "oauth_config": {"scopes": {"bot": ["channels:read"]}},
        }
        async with LocalSlack(manifest) as slack:
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
            assert await named(client.conversations_list()) == []
            both = client.conversations_list(types="public_channel,private_channel")
            with pytest.raises(SlackApiError) as refused:
                await both
        assert refused.value.response["error"] == "missing_scope"
        assert refused.value.response["needed"] == "groups:read"


class TestOpening:
    """conversations.open."""

    async def test_it_says_whether_it_was_open(self, client: AsyncWebClient, ana: Person) -> None:
        first = await client.conversations_open(users=ana.id, return_im=True)
        again = await client.conversations_open(users=[ana.id], return_im=True)
        resumed = await client.conversations_open(channel=first["channel"]["id"])

        assert first["channel"]["user"] == ana.id
        assert "already_open" not in first
        assert (again["already_open"], again["no_op"]) == (True, True)
        assert resumed["channel"] == {"id": first["channel"]["id"]}


class TestMembership:
    """conversations.create, join, leave, invite and kick."""

    async def heard(self, slack: LocalSlack) -> list[tuple[str, str]]:
        await slack.settled()
        events = [entry.payload["event"] for entry in slack.journal.deliveries("events_api")]
        return list(dict.fromkeys((event["type"], event["user"]) for event in events))

    async def test_the_bot_joins_and_leaves(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person
    ) -> None:
        ops = slack.add_channel("ops", members=[ana], bot=False)

        joined = await client.conversations_join(channel=ops.id)
        again = await client.conversations_join(channel=ops.id)
        await client.conversations_leave(channel=ops.id)

        assert joined["channel"]["is_member"] is True
        assert again["warning"] == "already_in_channel"
        assert ops.members == [ana.id]
        assert await self.heard(slack) == [
            ("member_joined_channel", slack.bot_user_id),
            ("member_left_channel", slack.bot_user_id),
        ]
        with pytest.raises(SlackApiError) as refused:
            await client.conversations_leave(channel=ops.id)
        assert refused.value.response["not_in_channel"] is True

    async def test_it_invites_and_removes(
        self, client: AsyncWebClient, slack: LocalSlack, billing: Channel
    ) -> None:
        bob = slack.add_person("bob")
        await client.conversations_invite(channel=billing.id, users=[bob.id])
        assert bob.id in billing.members
        await client.conversations_kick(channel=billing.id, user=bob.id)
        assert bob.id not in billing.members

        assert await self.heard(slack) == [
            ("member_joined_channel", bob.id),
            ("member_left_channel", bob.id),
        ]
        first = slack.journal.deliveries("events_api")[0].payload["event"]
        assert first["inviter"] == slack.bot_user_id

    async def test_one_who_can_not_come_keeps_the_others_out(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        bob = slack.add_person("bob")
        users = [bob.id, "U404", ana.id]

        async def invite(**more: Any) -> Json:
            with pytest.raises(SlackApiError) as refused:
                await client.conversations_invite(channel=billing.id, users=users, **more)
            found: Json = refused.value.response.data
            return found

        response = await invite()
        assert response["error"] == "user_not_found"
        assert [(each["user"], each["error"]) for each in response["errors"]] == [
            ("U404", "user_not_found"),
            (ana.id, "already_in_channel"),
        ]
        assert bob.id not in billing.members

        await client.conversations_invite(channel=billing.id, users=users, force=True)
        assert bob.id in billing.members

    async def test_a_new_channel_belongs_to_the_bot(
        self, client: AsyncWebClient, slack: LocalSlack
    ) -> None:
        public = (await client.conversations_create(name="pde-steps"))["channel"]
        private = (await client.conversations_create(name="pläne_2026", is_private=True))["channel"]

        assert (public["creator"], public["is_member"]) == (slack.bot_user_id, True)
        assert (public["is_private"], private["is_private"]) == (False, True)
        await client.chat_postMessage(channel=private["id"], text="x")

    async def test_an_app_hears_of_new_public_channels(self) -> None:
        manifest = {
            "display_information": {"name": "KPI"},
            "oauth_config": {
                "scopes": {"bot": ["channels:manage", "channels:read", "groups:write"]}
            },
            "settings": {"event_subscriptions": {"bot_events": ["channel_created"]}},
        }
        async with LocalSlack(manifest, event_retry_seconds=()) as slack:
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
            await client.conversations_create(name="plans", is_private=True)
            made = (await client.conversations_create(name="pde"))["channel"]
            await slack.settled()

            [entry] = slack.journal.deliveries("events_api")
            channel = entry.payload["event"]["channel"]
            assert (channel["id"], channel["name"]) == (made["id"], "pde")
            assert channel["creator"] == slack.bot_user_id

    async def test_without_the_scope_nothing_is_managed(self, billing: Channel) -> None:
        manifest = {"display_information": {"name": "KPI"}}
        async with LocalSlack(manifest) as slack:
            client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
            ops = slack.add_channel("ops")
            for call in (
                client.conversations_create(name="pde"),
                client.conversations_join(channel=ops.id),
                client.conversations_leave(channel=ops.id),
                client.conversations_invite(channel=ops.id, users="U1"),
                client.conversations_kick(channel=ops.id, user="U1"),
            ):
                assert await refusal(call) == "missing_scope"

"""Who people are: their standing, their organisation, and bots of other apps."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, OtherBot, Person
from tests.playground.blocks import Json, actions, button, modal, text_input


class TestStanding:
    """What users.info says of people."""

    async def test_flags_are_those_of_the_person(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person
    ) -> None:
        async def flags(person: Person | OtherBot) -> set[str]:
            user = (await client.users_info(user=person.id))["user"]
            return {name for name, value in user.items() if name.startswith("is_") and value}

        assert await flags(ana) == set()
        assert await flags(slack.add_person("adam", admin=True)) == {"is_admin"}
        first, second = (slack.add_person(name, owner=True) for name in ("olga", "otto"))
        assert await flags(first) == {"is_admin", "is_owner", "is_primary_owner"}
        assert await flags(second) == {"is_admin", "is_owner"}
        assert await flags(slack.add_person("gus", guest=True)) == {"is_restricted"}
        alone = slack.add_person("sol", single_channel_guest=True)
        assert await flags(alone) == {"is_restricted", "is_ultra_restricted"}
        assert await flags(slack.add_bot("deploys")) == {"is_bot"}

    async def test_a_stranger_is_called_so_until_a_channel_is_shared(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        async def seen() -> tuple[Any, ...]:
            user = (await client.users_info(user=eve.id))["user"]
            return user["team_id"], user["is_stranger"], user["is_admin"]

        eve = slack.add_person("eve", stranger=True, admin=True)
        assert eve.team_id != slack.team_id
        assert await seen() == (eve.team_id, True, True)
        await ana.invites(eve, billing)
        assert await seen() == (eve.team_id, False, True)

    async def test_guests_and_strangers_see_no_channel_that_they_are_not_in(
        self, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        await ana.says("hello", billing)

        for person in (
            slack.add_person("gus", guest=True),
            slack.add_person("eve", stranger=True),
        ):
            with pytest.raises(PermissionError, match="can't see billing"):
                person.sees(billing)
            with pytest.raises(PermissionError, match="can't see billing"):
                await person.joins(billing)
            await ana.invites(person, billing)
            assert [message.text for message in person.sees(billing)] == ["hello"]


class TestStrangers:
    """What a person of another organisation does comes with the ids of their workspace."""

    @pytest.fixture
    def eve(self, slack: LocalSlack) -> Person:
        """A person of another organisation."""
        return slack.add_person("eve", stranger=True)

    @pytest.fixture
    def shared(self, slack: LocalSlack, ana: Person, eve: Person) -> Channel:
        """A channel with people of both organisations."""
        return slack.add_channel("shared", members=[ana, eve])

    async def test_the_channel_is_shared(
        self, client: AsyncWebClient, slack: LocalSlack, billing: Channel, shared: Channel
    ) -> None:
        there = (await client.conversations_info(channel=shared.id))["channel"]
        here = (await client.conversations_info(channel=billing.id))["channel"]

        assert (there["is_ext_shared"], here["is_ext_shared"]) == (True, False)
        assert there["shared_team_ids"] == [slack.team_id, "T0ELSEWHERE"]

    async def test_commands(
        self, app: AsyncApp, slack: LocalSlack, ana: Person, eve: Person, shared: Channel
    ) -> None:
        teams: list[tuple[str, str]] = []

        @app.command("/kpi")
        async def kpi(ack: AsyncAck, body: Json) -> None:
            teams.append((body["team_id"], body["team_domain"]))
            await ack()

        await eve.types("/kpi", shared)
        await ana.types("/kpi", shared)

        assert teams == [("T0ELSEWHERE", "elsewhere"), (slack.team_id, "playground")]

    async def test_clicks_and_submissions(
        self,
        app: AsyncApp,
        client: AsyncWebClient,
        slack: LocalSlack,
        eve: Person,
        shared: Channel,
    ) -> None:
        bodies: list[Json] = []

        @app.action("log")
        async def log(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
            bodies.append(body)
            await client.views_open(
                trigger_id=body["trigger_id"], view=modal(text_input("title", optional=True))
            )
            await ack()

        @app.view("milestone")
        async def save(ack: AsyncAck, body: Json) -> None:
            bodies.append(body)
            await ack()

        await client.chat_postMessage(channel=shared.id, text="x", blocks=[actions(button("log"))])
        await eve.clicks(await eve.sees_message(shared), "log")
        await eve.submits(await eve.sees_view())

        click, submission = bodies
        assert click["user"]["team_id"] == submission["user"]["team_id"] == eve.team_id
        assert click["team"]["id"] == slack.team_id
        assert submission["team"]["id"] == submission["view"]["team_id"] == eve.team_id
        assert submission["view"]["app_installed_team_id"] == slack.team_id

    async def test_shortcuts(
        self, app: AsyncApp, slack: LocalSlack, eve: Person, shared: Channel
    ) -> None:
        teams: list[tuple[str, str]] = []

        @app.shortcut("log")
        async def log(ack: AsyncAck, body: Json) -> None:
            teams.append((body["team"]["id"], body["user"]["team_id"]))
            await ack()

        await eve.uses_shortcut("log")
        await eve.uses_shortcut("log", await eve.says("We shipped it", shared))

        assert teams == [(eve.team_id, eve.team_id), (slack.team_id, eve.team_id)]

    async def test_mentions(
        self, app: AsyncApp, slack: LocalSlack, ana: Person, eve: Person, shared: Channel
    ) -> None:
        bodies: list[Json] = []

        @app.event("app_mention")
        async def mentioned(body: Json, say: AsyncSay) -> None:
            bodies.append(body)

        await eve.mentions_bot("rollbacks", shared)
        await ana.mentions_bot("rollbacks", shared)

        theirs, ours = bodies
        assert theirs["team_id"] == theirs["event"]["team"] == slack.team_id
        assert theirs["event"]["user_team"] == theirs["event"]["source_team"] == eve.team_id
        assert "context_team_id" not in theirs
        assert "user_team" not in ours["event"]
        assert theirs["is_ext_shared_channel"] is ours["is_ext_shared_channel"] is True

    async def test_messages_and_arrivals(self) -> None:
        manifest = {
            "display_information": {"name": "KPI"},
            "oauth_config": {"scopes": {"bot": ["channels:history", "channels:read"]}},
            "settings": {
                "event_subscriptions": {"bot_events": ["message.channels", "member_joined_channel"]}
            },
        }
        async with LocalSlack(manifest, event_retry_seconds=()) as slack:
            ana, eve = slack.add_person("ana"), slack.add_person("eve", stranger=True)
            billing = slack.add_channel("billing", members=[ana])
            await ana.invites(eve, billing)
            await eve.says("hello", billing)

            joined, said = (entry.payload for entry in slack.journal.deliveries())
            assert joined["event"]["team"] == said["event"]["team"] == eve.team_id
            assert (joined["team_id"], said["team_id"]) == (slack.team_id, eve.team_id)
            for payload in (joined, said):
                assert payload["context_team_id"] == slack.team_id
                assert payload["authorizations"][0]["team_id"] == slack.team_id


async def test_another_apps_bot_posts_and_mentions(
    app: AsyncApp, client: AsyncWebClient, slack: LocalSlack, ana: Person
) -> None:
    events: list[Json] = []

    @app.event("app_mention")
    async def mentioned(event: Json) -> None:
        events.append(event)

    deploys = slack.add_bot("deploys")
    channel = slack.add_channel("deployments", members=[ana, deploys])
    await deploys.mentions_bot("rollbacks", channel)
    await deploys.posts("Deployed", channel, blocks=[actions(button("open"))])

    [event] = events
    user = (await client.users_info(user=deploys.id))["user"]
    assert "subtype" not in event
    assert event["user"] == deploys.id
    assert event["bot_id"] == event["bot_profile"]["id"] == user["profile"]["bot_id"]
    assert event["app_id"] == user["profile"]["api_app_id"]
    history = (await client.conversations_history(channel=channel.id))["messages"]
    assert [message["bot_id"] for message in history] == [event["bot_id"]] * 2
    assert ana.sees(channel)[1].blocks[0]["elements"][0]["action_id"] == "open"


async def test_any_payload_can_come_from_another_workspace(
    app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    teams: list[str] = []

    @app.command("/kpi")
    async def kpi(ack: AsyncAck, body: Json) -> None:
        teams.append(body["team_id"])
        await ack("Hello")

    @app.event("app_mention")
    async def mentioned(body: Json) -> None:
        teams.extend([body["team_id"], body["authorizations"][0]["team_id"]])

    await ana.types("/kpi", billing)
    await ana.mentions_bot("rollbacks", billing)
    teams.clear()
    command, mention = slack.journal.deliveries()
    answered = await slack.deliver("slash_commands", command.payload, team_id="T0FOREIGN")
    heard = await slack.deliver("events_api", mention.payload, team_id="T0FOREIGN")

    assert teams == ["T0FOREIGN"] * 3
    assert answered.response["text"] == "Hello"
    assert heard.error is None
    assert len(ana.sees(billing)) == 2  # nobody saw the answer to what nobody typed


@pytest.mark.parametrize(
    ("app_home", "refused"),
    [
        ({}, False),
        ({"messages_tab_enabled": True}, False),
        ({"messages_tab_enabled": False}, True),
        ({"messages_tab_enabled": True, "messages_tab_read_only_enabled": True}, True),
    ],
)
async def test_an_app_may_take_no_messages(app_home: dict[str, bool], refused: bool) -> None:
    manifest = {"display_information": {"name": "KPI"}, "features": {"app_home": app_home}}
    async with LocalSlack(manifest) as slack:
        ana = slack.add_person("ana")
        direct = slack.direct_message(ana)
        if refused:
            with pytest.raises(PermissionError, match="to this app has been turned off"):
                await ana.says("hello", direct)
        else:
            await ana.says("hello", direct)
        assert len(direct.messages) == (0 if refused else 1)


async def test_an_app_may_have_no_home() -> None:
    async with LocalSlack({"display_information": {"name": "KPI"}}) as slack:
        with pytest.raises(LookupError, match="the app has no Home tab"):
            await slack.add_person("ana").opens_home()
        assert slack.journal.deliveries() == []

"""Tokens, scopes, channels, members, users."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from tests.playground.refusals import refusal


async def test_who_the_bot_is(client: AsyncWebClient, slack: LocalSlack) -> None:
    identity = await client.auth_test()

    assert identity["user_id"] == slack.bot_user_id
    assert identity["team_id"] == slack.team_id
    assert "chat:write" in identity.headers["x-oauth-scopes"].split(",")


async def test_tokens(slack: LocalSlack) -> None:
    def with_token(token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token, base_url=slack.api_url)

    assert await refusal(with_token(None).auth_test()) == "not_authed"
    assert await refusal(with_token("xoxb-wrong").auth_test()) == "invalid_auth"
    assert await refusal(with_token(slack.app_token).auth_test()) == "not_allowed_token_type"
    connecting = with_token(None).apps_connections_open(app_token=slack.bot_token)
    assert await refusal(connecting) == "not_allowed_token_type"
    assert (await with_token(None).api_test(foo="bar"))["args"] == {"foo": "bar"}
    in_the_body = await with_token(None).api_call("auth.test", data={"token": slack.bot_token})
    assert in_the_body["ok"]


async def test_the_journal_keeps_no_secrets(slack: LocalSlack) -> None:
    client = AsyncWebClient(base_url=slack.api_url)
    await client.api_call("auth.test", data={"token": slack.bot_token})
    await client.api_call("api.test", json={"nested": [{"app": slack.app_token}]})

    first, second = slack.journal.calls()
    assert first.payload["token"] == "xoxb-***"
    assert second.payload["nested"] == [{"app": "xapp-***"}]
    assert second.response["args"]["nested"] == [{"app": "xapp-***"}]


async def test_an_unknown_method(client: AsyncWebClient) -> None:
    assert await refusal(client.api_call("chat.postSong")) == "unknown_method"


async def test_scopes_come_from_the_manifest() -> None:
    scopes = ["commands", "chat:write", "channels:read", "users:read"]
    manifest = {
        "display_information": {"name": "KPI Trajectories"},
        "features": {"bot_user": {"display_name": "kpi"}},
        "oauth_config": {"scopes": {"bot": scopes}},
    }
    async with LocalSlack(manifest) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        ana = slack.add_person("ana")
        billing = slack.add_channel("billing")
        secret = slack.add_channel("secret", private=True)
        ops = slack.add_channel("ops", bot=False)

        identity = await client.auth_test()
        assert identity["user"] == "kpi"
        assert identity.headers["x-oauth-scopes"] == ",".join(scopes)
        with pytest.raises(SlackApiError) as refused:
            await client.files_info(file="F1")
        assert refused.value.response["error"] == "missing_scope"
        assert refused.value.response["needed"] == "files:read"
        assert refused.value.response["provided"] == ",".join(scopes)
        assert (await client.conversations_info(channel=billing.id))["ok"]
        assert await refusal(client.conversations_info(channel=secret.id)) == "missing_scope"
        assert await refusal(client.conversations_history(channel=billing.id)) == "missing_scope"
        assert await refusal(client.conversations_open(users=ana.id)) == "missing_scope"
        posting = client.chat_postMessage(channel=ops.id, text="x")
        assert await refusal(posting) == "not_in_channel"
        assert "email" not in (await client.users_info(user=ana.id))["user"]["profile"]


async def test_a_public_scope_posts_anywhere_public(
    client: AsyncWebClient, slack: LocalSlack
) -> None:
    ops = slack.add_channel("ops", bot=False)

    assert (await client.chat_postMessage(channel=ops.id, text="x"))["ok"]


async def test_channels(
    client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    async def info(channel: Channel) -> dict[str, object]:
        found: dict[str, object] = (await client.conversations_info(channel=channel.id))["channel"]
        return found

    public = await info(billing)
    assert (public["name"], public["is_member"], public["is_private"]) == ("billing", True, False)
    assert (await info(slack.add_channel("ops", bot=False)))["is_member"] is False
    assert (await info(slack.add_channel("old", archived=True)))["is_archived"] is True
    private = await info(slack.add_channel("secret", private=True))
    assert (private["is_private"], private["is_channel"], private["is_group"]) == (
        True,
        True,
        False,
    )
    assert "num_members" not in public
    counted = await client.conversations_info(channel=billing.id, include_num_members=True)
    assert counted["channel"]["num_members"] == 2
    located = await client.conversations_info(channel=billing.id, include_locale=True)
    assert located["channel"]["locale"] == "en-US"
    direct = await info(slack.direct_message(ana))
    assert (direct["is_im"], direct["user"]) == (True, ana.id)
    hidden = slack.add_channel("hidden", private=True, bot=False)
    assert await refusal(client.conversations_info(channel=hidden.id)) == "channel_not_found"


async def test_members_come_by_pages(client: AsyncWebClient, slack: LocalSlack) -> None:
    people = [slack.add_person(f"person{n}") for n in range(4)]
    channel = slack.add_channel("crowd", members=people)

    pages = [
        page["members"]
        async for page in await client.conversations_members(channel=channel.id, limit=2)
    ]

    assert [len(page) for page in pages] == [2, 2, 1]
    assert [member for page in pages for member in page] == [
        *(person.id for person in people),
        slack.bot_user_id,
    ]
    hidden = slack.add_channel("hidden", private=True, bot=False)
    assert await refusal(client.conversations_members(channel=hidden.id)) == "channel_not_found"


async def test_users(client: AsyncWebClient, slack: LocalSlack, ana: Person) -> None:
    user = (await client.users_info(user=ana.id))["user"]

    assert (user["name"], user["real_name"], user["is_bot"]) == ("ana", "Ana Beck", False)
    assert (user["tz"], user["tz_label"], user["tz_offset"]) == ("Europe/Berlin", "CET", 3600)
    assert user["profile"]["email"] == "ana@example.com"
    assert (await client.users_info(user=slack.bot_user_id))["user"]["is_bot"] is True
    assert await refusal(client.users_info(user="U404")) == "user_not_found"
    assert user["deleted"] is False
    ana.user.has_left = True
    assert (await client.users_info(user=ana.id))["user"]["deleted"] is True
    assert await refusal(client.conversations_open(users=ana.id)) == "user_disabled"


async def test_everybody_in_the_workspace(
    client: AsyncWebClient, slack: LocalSlack, ana: Person
) -> None:
    slack.add_person("mara", stranger=True)
    slack.add_bot("statuspage")

    everybody = (await client.users_list())["members"]
    assert [user["name"] for user in everybody] == ["playground", "ana", "statuspage"]
    located = await client.users_info(user=ana.id, include_locale=True)
    assert located["user"]["locale"] == "en-US"
    assert "locale" not in everybody[1]
    pages = [page["members"] async for page in await client.users_list(limit=2)]
    assert [len(page) for page in pages] == [2, 1]


async def test_who_has_an_address(client: AsyncWebClient, slack: LocalSlack, ana: Person) -> None:
    slack.add_person("mara", stranger=True)

    found = await client.users_lookupByEmail(email="Ana@example.com")
    assert found["user"]["id"] == ana.id
    elsewhere = client.users_lookupByEmail(email="mara@example.com")
    assert await refusal(elsewhere) == "users_not_found"
    ana.user.has_left = True
    gone = client.users_lookupByEmail(email="ana@example.com")
    assert await refusal(gone) == "users_not_found"


async def test_a_profile_has_a_picture(
    client: AsyncWebClient, slack: LocalSlack, ana: Person
) -> None:
    profile = (await client.users_profile_get(user=ana.id))["profile"]

    assert (profile["first_name"], profile["last_name"]) == ("Ana", "Beck")
    async with aiohttp.ClientSession() as session:
        async with session.get(profile["image_48"]) as picture:
            assert picture.content_type == "image/png"
            assert (await picture.read()).startswith(b"\x89PNG\r\n\x1a\n")
        for missing in (
            profile["image_48"].replace("-48", "-4096"),
            f"{slack.url}/avatars/U4-48.png",
        ):
            async with session.get(missing) as nothing:
                assert nothing.status == 404


async def test_the_workspace_and_its_bots(client: AsyncWebClient, slack: LocalSlack) -> None:
    other = slack.add_bot("statuspage")
    identity = await client.auth_test()

    team = (await client.team_info())["team"]
    assert (team["id"], team["domain"]) == (slack.team_id, "playground")
    assert team["url"] == identity["url"]
    assert (await client.bots_info())["bot"]["id"] == identity["bot_id"]
    assert other.user.bot is not None
    bot = (await client.bots_info(bot=other.user.bot.id))["bot"]
    assert (bot["name"], bot["user_id"]) == ("statuspage", other.id)


async def test_a_test_fails_as_it_is_asked_to(client: AsyncWebClient) -> None:
    assert await refusal(client.api_test(error="my_error")) == "my_error"

"""User groups, and who is in them."""

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import LocalSlack, Person
from tests.playground.blocks import Json
from tests.playground.refusals import refusal


async def test_groups_are_listed_with_what_is_asked_for(
    client: AsyncWebClient, slack: LocalSlack, ana: Person
) -> None:
    group = slack.add_user_group("billing-team", "Billing team", members=[ana])

    [plain] = (await client.usergroups_list())["usergroups"]
    assert plain["id"] == group.id
    assert group.id.startswith("S")
    assert (plain["handle"], plain["name"]) == ("billing-team", "Billing team")
    assert plain["team_id"] == slack.team_id
    assert plain["date_delete"] == 0
    assert not {"users", "user_count"} & set(plain)
    [full] = (await client.usergroups_list(include_users=True, include_count=True))["usergroups"]
    assert (full["users"], full["user_count"]) == ([ana.id], 1)


async def test_members_are_those_of_now(
    client: AsyncWebClient, slack: LocalSlack, ana: Person
) -> None:
    ben = slack.add_person("ben")
    group = slack.add_user_group("billing-team", members=[ana])

    await ana.changes_members(group, [ben])

    assert (await client.usergroups_users_list(usergroup=group.id))["users"] == [ben.id]
    assert await refusal(client.usergroups_users_list(usergroup="S404")) == "no_such_subteam"


async def test_a_disabled_group_is_shown_on_demand(
    client: AsyncWebClient, slack: LocalSlack, ana: Person
) -> None:
    group = slack.add_user_group("billing-team", members=[ana])
    group.disabled = int(slack.workspace.clock())

    assert (await client.usergroups_list())["usergroups"] == []
    assert await refusal(client.usergroups_users_list(usergroup=group.id)) == "no_such_subteam"
    [shown] = (await client.usergroups_list(include_disabled=True))["usergroups"]
    assert shown["date_delete"] == group.disabled
    asked = await client.usergroups_users_list(usergroup=group.id, include_disabled=True)
    assert asked["users"] == [ana.id]


async def test_the_app_hears_of_new_members(app: AsyncApp, slack: LocalSlack, ana: Person) -> None:
    heard: list[Json] = []

    @app.event("subteam_members_changed")
    async def changed(event: Json) -> None:
        heard.append(event)

    ben, cem = slack.add_person("ben"), slack.add_person("cem")
    group = slack.add_user_group("billing-team", members=[ana, ben])
    await ana.changes_members(group, [ana, cem])

    [event] = heard
    assert event["subteam_id"] == group.id
    assert (event["added_users"], event["removed_users"]) == ([cem.id], [ben.id])


async def test_without_the_scope_no_group_is_seen() -> None:
    manifest = {"display_information": {"name": "KPI"}}
    async with LocalSlack(manifest) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        group = slack.add_user_group("billing-team")

        assert await refusal(client.usergroups_list()) == "missing_scope"
        assert await refusal(client.usergroups_users_list(usergroup=group.id)) == "missing_scope"

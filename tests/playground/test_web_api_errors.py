"""Every error that a Web API method lists in its docstring, produced; and none that it doesn't."""

import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from app.playground.web_api import COMMON_ERRORS, METHODS
from tests.playground.blocks import Json
from tests.playground.conftest import Clock
from tests.playground.raised_errors import codes_in
from tests.playground.refusals import refusal
from tests.playground.world import World, manifest
from tests.playground.wrong_calls import CASES

WITHOUT_TABS = {"messages_tab_disabled", "not_enabled"}


def listed(method: str) -> set[str]:
    """The errors in the docstring of a method."""
    words = " ".join((METHODS[method].run.__doc__ or "").split())
    found = re.search(r"Errors: ([\w, ]+) \(docs\.slack\.dev/reference/methods/([\w.]+)[);]", words)
    assert found, f"{method} lists no errors"
    assert found[2] == method
    return set() if found[1] == "none of its own" else set(found[1].split(", "))


@pytest.fixture
def tabs(request: pytest.FixtureRequest) -> bool:
    """Whether the app has its tabs."""
    return "error" not in request.fixturenames or (
        request.getfixturevalue("error") not in WITHOUT_TABS
    )


@pytest.fixture
async def slack(clock: Clock, tabs: bool) -> AsyncIterator[LocalSlack]:
    """A workspace whose app can't post everywhere."""
    async with LocalSlack(manifest(tabs), clock=clock, event_retry_seconds=()) as slack:
        yield slack


@pytest.fixture
def world(slack: LocalSlack, clock: Clock, ana: Person, billing: Channel) -> World:
    """People and channels of all kinds."""
    gone = slack.add_person("gone")
    gone.user.has_left = True
    return World(
        slack,
        clock,
        ana,
        gone,
        slack.add_person("stranger", stranger=True),
        billing,
        slack.add_channel("ops", members=[ana], bot=False),
        slack.add_channel("secret", members=[ana], private=True, bot=False),
        slack.add_channel("old", members=[ana], archived=True),
        slack.add_channel("alone"),
        slack.direct_message(ana),
    )


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_method_lists_the_errors_that_it_can_give(method: str) -> None:
    assert listed(method) == set(CASES.get(method, {}))
    assert codes_in(METHODS[method].run) - set(COMMON_ERRORS) <= listed(method)
    assert not listed(method) & set(COMMON_ERRORS)


@pytest.mark.parametrize(
    ("method", "error"),
    [(method, error) for method, cases in CASES.items() for error in cases],
)
async def test_each_of_them_can_be_met(
    client: AsyncWebClient, world: World, method: str, error: str
) -> None:
    case = CASES[method][error]
    arguments = case(world) if callable(case) else case

    assert await refusal(client.api_call(method, json=arguments)) == error


async def test_the_errors_of_every_method(slack: LocalSlack) -> None:
    def headers(token: str | None = slack.bot_token, kind: str = "application/json") -> Json:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        return {**bearer, "Content-Type": kind}

    async def error(method: str, body: str = "{}", **how: Any) -> str:
        address = slack.api_url + method
        async with session.post(address, data=body, headers=headers(**how)) as response:
            found: str = (await response.json())["error"]
            return found

    async with aiohttp.ClientSession() as session:
        met = [
            await error("chat.postSong"),
            await error("auth.test", token=None),
            await error("auth.test", token="xoxb-wrong"),
            await error("auth.test", token=slack.app_token),
            await error("chat.postMessage"),
            await error("chat.postMessage", body="{"),
            await error("chat.postMessage", body="[]"),
            await error("chat.postMessage", kind=""),
            await error("chat.postMessage", kind="application/xml"),
        ]

    assert met == [
        "unknown_method",
        "not_authed",
        "invalid_auth",
        "not_allowed_token_type",
        "invalid_arguments",
        "invalid_json",
        "json_not_object",
        "missing_post_type",
        "invalid_post_type",
    ]
    assert {*met, "missing_scope"} == set(COMMON_ERRORS)


async def test_a_token_is_not_taken_from_a_json_body(slack: LocalSlack) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(slack.api_url + "auth.test", json={"token": slack.bot_token}) as response,
    ):
        assert (await response.json())["error"] == "not_authed"

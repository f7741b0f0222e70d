"""Socket Mode connections coming and going, and the request URL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, NotDeliveredError, Person
from app.playground.http_delivery import signature

Connects = Callable[[], Awaitable[AsyncSocketModeHandler]]


@pytest.fixture
async def connects(slack: LocalSlack, bolt: AsyncApp) -> AsyncIterator[Connects]:
    """Opens connections of an app that answers /kpi."""
    handlers: list[AsyncSocketModeHandler] = []

    @bolt.command("/kpi")
    async def kpi(ack: AsyncAck) -> None:
        await ack("here")

    async def connect() -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(bolt, slack.app_token, ping_interval=0.05)
        handlers.append(handler)
        await handler.connect_async()
        return handler

    yield connect
    for handler in handlers:
        await handler.close_async()


async def test_a_ticket_is_good_once(slack: LocalSlack) -> None:
    client = AsyncWebClient(base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]

    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as websocket:
            hello = await websocket.receive_json()
            assert hello["type"] == "hello"
            assert hello["num_connections"] == 1
            assert hello["connection_info"]["app_id"] == slack.installation.app_id
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_a_port_of_ones_own(slack: LocalSlack) -> None:
    taken = int(slack.api_url.split(":")[-1].removesuffix("/api/"))

    with pytest.raises(OSError, match="in use"):
        async with LocalSlack(port=taken):
            pass


async def test_envelopes_are_shared_among_connections(
    slack: LocalSlack, connects: Connects, ana: Person, billing: Channel
) -> None:
    client = AsyncWebClient(base_url=slack.api_url)
    await connects()
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as websocket:
        assert (await websocket.receive_json())["num_connections"] == 2
        typing = asyncio.gather(ana.types("/kpi one", billing), ana.types("/kpi two", billing))
        envelope = await websocket.receive_json()
        assert envelope["type"] == "slash_commands"
        assert envelope["accepts_response_payload"] is True
        await websocket.send_json(
            {"envelope_id": envelope["envelope_id"], "payload": {"text": "by hand"}}
        )
        seen = await typing

    assert sorted(one.message.text for one in seen if one.message) == ["by hand", "here"]


async def test_a_connection_that_should_go_gets_nothing_more_and_is_closed(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    client = AsyncWebClient(base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as websocket:
        await websocket.receive_json()
        disconnecting = asyncio.create_task(slack.disconnect("warning"))
        message = await websocket.receive_json()

        assert (message["type"], message["reason"]) == ("disconnect", "warning")
        assert (await ana.types("/kpi", billing)).error == "dispatch_failed"
        assert (await websocket.receive()).type is aiohttp.WSMsgType.CLOSE
        await disconnecting


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_the_app_reconnects_when_it_is_asked_to(
    slack: LocalSlack, connects: Connects, ana: Person, billing: Channel, reason: str
) -> None:
    await connects()
    await slack.disconnect(reason)  # type: ignore[arg-type]
    await slack.connected()

    assert (await ana.types("/kpi", billing)).error is None
    assert len(slack.journal.calls("apps.connections.open")) == 2


async def test_the_app_comes_back_after_a_broken_line(
    slack: LocalSlack, connects: Connects, ana: Person, billing: Channel
) -> None:
    await connects()
    slack.break_connections()
    await slack.connected(0)
    assert (await ana.types("/kpi", billing)).error == "dispatch_failed"

    await slack.connected(1)
    assert (await ana.types("/kpi", billing)).error is None


async def test_a_line_that_breaks_while_the_app_thinks(
    slack: LocalSlack, connects: Connects, bolt: AsyncApp, ana: Person, billing: Channel
) -> None:
    @bolt.command("/slow")
    async def slow(ack: AsyncAck) -> None:
        slack.break_connections()
        await asyncio.sleep(0.05)
        await ack()

    await connects()
    seen = await ana.types("/slow", billing)

    assert seen.error == "dispatch_failed"
    assert seen.latency < 0.5


async def test_connections_can_be_refused_for_a_while(
    slack: LocalSlack, connects: Connects, ana: Person, billing: Channel
) -> None:
    slack.refuse_connections()
    connecting = asyncio.ensure_future(connects())
    with pytest.raises(TimeoutError, match="the app did not have 1 connections"):
        await slack.connected(timeout=0.1)
    slack.refuse_connections(False)
    await connecting
    await slack.connected()

    assert (await ana.types("/kpi", billing)).error is None


class TestRequestUrl:
    """Delivery by signed HTTP requests."""

    async def test_nobody_there(self, slack: LocalSlack) -> None:
        with pytest.raises(NotDeliveredError):
            await slack.deliver_to("http://127.0.0.1:9/slack/events")

    async def test_somebody_else_there(self, slack: LocalSlack) -> None:
        with pytest.raises(NotDeliveredError, match="did not give the challenge back"):
            await slack.deliver_to(f"{slack.api_url}auth.test")

    async def test_bolt_refuses_another_workspaces_signature(self, request_url: str) -> None:
        async with LocalSlack() as another:
            with pytest.raises(NotDeliveredError, match="HTTP 401"):
                await another.deliver_to(request_url)

    def test_the_signature_is_slacks(self) -> None:
        """The example of docs.slack.dev/authentication/verifying-requests-from-slack."""
        body = (
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
            "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        )
        secret = "8f742231b10e8888abcd99yyyzzz85a5"

        assert signature(secret, "1531420618", body) == (
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        )

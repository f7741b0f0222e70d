"""A workspace with Ana in it, and an app built with Slack's own SDK and Bolt."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route

from app.playground import Channel, LocalSlack, Person, View
from app.playground.http_server import HttpServer
from tests.playground.blocks import Json

Opens = Callable[..., Awaitable[View]]
"""Ana types a command, and the app opens this modal."""
START = 1_773_651_600.0
PATIENCE = 20.0
"""Seconds for the app to acknowledge, on a machine that may be busy."""
"""Monday 16 March 2026, 9:00 UTC."""


@dataclass
class Clock:
    """A clock that moves when a test says so."""

    now: float = START

    def __call__(self) -> float:
        return self.now

    def passes(self, seconds: float) -> None:
        """Let time go by."""
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    """The workspace's clock."""
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[LocalSlack]:
    """A workspace that is as strict as Slack, but leaves a busy machine its time.

    What waits for the end of that time sets it low, for as long as it waits.
    """
    async with LocalSlack(
        clock=clock, answer_seconds=PATIENCE, event_retry_seconds=(0.0, 0.01, 0.01)
    ) as slack:
        yield slack


@pytest.fixture
def ana(slack: LocalSlack) -> Person:
    """A person of the workspace."""
    return slack.add_person("ana", real_name="Ana Beck", tz="Europe/Berlin")


@pytest.fixture
def billing(slack: LocalSlack, ana: Person) -> Channel:
    """A public channel with Ana and the bot."""
    return slack.add_channel("billing", members=[ana])


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    """Slack's own client with the bot's token. It tries again as always, but sooner."""
    soon = FixedValueRetryIntervalCalculator(0.01)
    retry = AsyncConnectionErrorRetryHandler(interval_calculator=soon)
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[retry])


@pytest.fixture
def bolt(slack: LocalSlack, client: AsyncWebClient) -> AsyncApp:
    """A Bolt app that nobody has connected yet."""
    return AsyncApp(
        client=client, signing_secret=slack.signing_secret, process_before_response=True
    )


@pytest.fixture
async def socket_app(slack: LocalSlack, bolt: AsyncApp) -> AsyncIterator[AsyncApp]:
    """The app, connected by Socket Mode."""
    handler = AsyncSocketModeHandler(bolt, slack.app_token, ping_interval=0.1)
    await handler.connect_async()
    await slack.connected()
    yield bolt
    await handler.close_async()


@pytest.fixture
async def request_url(bolt: AsyncApp) -> AsyncIterator[str]:
    """Where the app takes requests; Bolt checks every signature."""
    handler = AsyncSlackRequestHandler(bolt)
    route = Route("/slack/events", handler.handle, methods=["POST"])
    server = HttpServer(Starlette(routes=[route]))
    await server.start()
    yield f"{server.url}/slack/events"
    await server.stop()


@pytest.fixture
async def http_app(slack: LocalSlack, bolt: AsyncApp, request_url: str) -> AsyncApp:
    """The app, reached by HTTP."""
    await slack.deliver_to(request_url)
    return bolt


@pytest.fixture(params=["socket_app", "http_app"])
def app(request: pytest.FixtureRequest) -> AsyncApp:
    """The app, over Socket Mode and over HTTP."""
    connected: AsyncApp = request.getfixturevalue(request.param)
    return connected


@pytest.fixture
def opens(app: AsyncApp, ana: Person, billing: Channel) -> Opens:
    """Ana types a command, and the app opens this modal."""
    content: Json = {}

    @app.command("/kpi")
    async def kpi(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=content)
        await ack()

    async def opens(view: Json) -> View:
        content.clear()
        content.update(view)
        await ana.types("/kpi ship", billing)
        return await ana.sees_view()

    return opens

"""The composition root: the one place that wires the parts of a running bot together."""

import asyncio
import gc
import logging
import os
import signal
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from time import monotonic

from aiohttp import ClientSession, ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp

from app.config import TOKENS, Settings, Transport
from app.domain.errors import BadInput
from app.feeding import Feeding
from app.health import checks_of
from app.http.app import build_http
from app.http.hooks import Hooks
from app.http.late import Late
from app.http.progress import ProgressPages
from app.http.server import HttpServer
from app.http.slack import SlackRequests
from app.jobs import Schedule
from app.painting import Paint, Painter
from app.services import deliveries, sources
from app.slack.app import build_app
from app.slack.bot import Bot
from app.slack.identity import Identity
from app.slack.membership import Membership
from app.slack.outbox import Outbox
from app.slack.pictures import Pictures
from app.slack.publish import SlackFailure, call
from app.slack.socket import Socket
from app.slack.tasks import Tasks
from app.sources import asking
from app.store.engine import Store

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

LONGEST_PAUSE = 30.0
CALL_SECONDS = 10
PING_SECONDS = 5.0


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Running:
    """A bot that is up: the port it listens on, what keeps its time, and what feeds metrics."""

    port: int
    schedule: Schedule
    feeding: Feeding
    bot: Bot


@asynccontextmanager
async def running_bot(
    settings: Settings, clock: Clock = utc_now, paint: Paint | None = None
) -> AsyncIterator[Running]:
    """The whole bot, from connected to drained; `paint` makes its pictures.

    Raises `BadInput` for settings that are missing or that Slack refuses.
    """
    token = settings.require_token()
    over_http = settings.kpi_transport is Transport.HTTP
    signing_secret = settings.require_signing_secret() if over_http else None
    app_token = "" if over_http else settings.require_app_token()

    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store(settings.database_url))
        session = await stack.enter_async_context(
            ClientSession(timeout=ClientTimeout(total=CALL_SECONDS))
        )
        client = slack_client(settings, token, session)
        worker = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        tasks, patience = Tasks(), Patience(settings.kpi_stop_seconds)
        stack.push_async_callback(_finish, tasks, patience, store, worker, clock)
        identity = Identity()
        membership = Membership(client, clock, identity)
        painter, addresses = Painter(), settings.link_addresses
        pictures = Pictures(store, client, paint or painter.paint)
        outbox = Outbox(store, client, clock, worker, membership, pictures=pictures)
        places = settings.source_places
        ask = partial(asking.ask, places=places)
        feeding = Feeding(store, ask, clock, worker, tasks, deliver=outbox.deliver_due)
        bot = Bot(
            store,
            client,
            outbox,
            clock,
            membership,
            identity,
            pictures,
            addresses,
            settings.hook_addresses,
            tasks,
            places=places,
            feed_soon=feeding.wake,
        )
        app = build_app(bot, signing_secret=signing_secret)
        schedule = Schedule(store, outbox, clock, tasks)
        line = None
        if not over_http:
            line = Socket(app, app_token, ping_seconds=PING_SECONDS)
            stack.push_async_callback(_close, line, patience)
        door = SlackRequests(app, signing_secret) if signing_secret else None
        pages = None
        if addresses is not None:
            pages = ProgressPages(store, addresses, painter.make, clock)
            stack.push_async_callback(pages.close)
        api = Late(partial(_api, store, clock, tasks, outbox))
        hooks = None
        if bot.hooks is not None:
            hooks = Hooks(store, bot.hooks, clock, tasks.spawn, outbox.deliver_due)
        http = build_http(checks_of(store, clock, schedule, line), door, pages, api, hooks)
        server = await stack.enter_async_context(
            HttpServer(http, settings.kpi_host, settings.kpi_port, patience.left)
        )
        identity.take(await _patiently(client.auth_test, "SLACK_BOT_TOKEN"))
        if line is not None:
            watching = asyncio.create_task(line.watch())
            stack.callback(line.take_nothing_more)
            stack.callback(watching.cancel)
            await line.open((await _patiently(line.address, "SLACK_APP_TOKEN"))["url"])
        schedule.start()
        stack.callback(schedule.stop)
        feeding.start()
        stack.push_async_callback(feeding.stop)
        yield Running(server.port, schedule, feeding, bot)


def _api(store: Store, clock: Clock, tasks: Tasks, outbox: Outbox) -> ASGIApp:
    """The API, which is loaded with its framework when a program first asks for something."""
    from app.http.api import Parts, build_api  # noqa: PLC0415

    return build_api(Parts(store, clock, tasks.spawn, outbox.deliver_due))


def slack_client(
    settings: Settings, token: str, session: ClientSession | None = None
) -> AsyncWebClient:
    """A client that never repeats a call by itself; with a session, calls that follow each other
    within 15 s (aiohttp's default) share a connection.

    A post whose answer was lost may have arrived; only the outbox, which looks
    for it first, may try again.
    """
    return AsyncWebClient(
        token=token,
        base_url=settings.slack_api_url,
        timeout=CALL_SECONDS,
        session=session,
        retry_handlers=[],
    )


class Patience:
    """How long what was begun may still take, from when it is first asked for: at the stop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends: float | None = None

    def left(self) -> float:
        """Seconds; 0 when there are none left."""
        if self._ends is None:
            self._ends = monotonic() + self._seconds
        return max(0.0, self._ends - monotonic())


async def _close(line: Socket, patience: Patience) -> None:
    await line.close(patience.left())


async def _finish(
    tasks: Tasks, patience: Patience, store: Store, worker: str, clock: Clock
) -> None:
    """Let what runs come to its end; what doesn't in time is given back for another process."""
    await tasks.drain(patience.left())
    try:
        given_back = await deliveries.give_back_all(store, worker, clock())
        unasked = await sources.give_back_all(store, worker)
    except SQLAlchemyError as error:
        log.warning("leases could not be given back (%s); they run out", type(error).__name__)
        return
    if given_back or unasked:
        log.info(
            "given back: %s deliveries and %s sources that were not finished", given_back, unasked
        )


async def _patiently(
    method: Callable[[], Awaitable[AsyncSlackResponse]], token: str
) -> AsyncSlackResponse:
    """Call Slack until it answers; raises `BadInput` naming the token that it refuses."""
    pause = 1.0
    while True:
        try:
            return await call(method)
        except SlackFailure as failure:
            if not failure.is_passing:
                raise _refused(token, failure.code) from failure
            log.warning("Slack does not answer (%s); trying again in %.0f s", failure.code, pause)
            await asyncio.sleep(failure.retry_after or pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _refused(token: str, code: str) -> BadInput:
    if code.startswith("http_"):
        return BadInput(
            f"SLACK_API_URL: what answers there isn't Slack's Web API ({code}). Leave it out to "
            "use Slack's own.",
            field="SLACK_API_URL",
        )
    return BadInput(f"{token}: Slack refuses it ({code}). Set it to {TOKENS[token]}.", field=token)


async def serve(settings: Settings) -> None:
    """Run the bot until the process is asked to stop, which it may be while it still starts."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        starting = asyncio.create_task(stack.enter_async_context(running_bot(settings)))
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            await asyncio.wait({starting})
            return
        running = starting.result()
        # What is there now stays: the collector need not walk through it again and again.
        gc.collect()
        gc.freeze()
        log.info(
            "up: %s transport, health at http://%s:%s/health",
            settings.kpi_transport,
            settings.kpi_host,
            running.port,
        )
        await stopped
        log.info("stopping: finishing what was begun")

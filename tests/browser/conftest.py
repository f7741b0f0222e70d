"""One browser for all tests of a run, and for each test a context of its own in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.demo.stage import Stage, set_up
from app.playground import LocalSlack
from app.playground.page import Page as PlaygroundPage
from tests.browser.chromium import launched
from tests.programs import BROWSER

HERE = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The browser, without a window. Fails with the way to get one where there is none."""
    try:
        BROWSER.installed()
    except LookupError as missing:
        pytest.fail(str(missing.args[0]), pytrace=False)
    async with async_playwright() as playwright:
        browser = await launched(playwright)
        yield browser
        await browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the page did that it must not do; a test must leave it empty."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser, complaints: list[str]) -> AsyncIterator[BrowserContext]:
    """A browser context that fails the test in which the page did what it must not do."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(5_000)
    _watch(context, complaints)
    yield context
    await context.close()
    assert complaints == []


def _watch(context: BrowserContext, complaints: list[str]) -> None:
    """Note errors on the console, exceptions and rejections that nobody handles, requests that
    fail or leave this machine, and workers that would act unseen."""

    def leaves(url: str) -> None:
        if not url.startswith(HERE):
            complaints.append(f"a request beyond this machine: {url}")

    def fails(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # which is what leaving a page does
            complaints.append(f"{request.url}: {request.failure}")

    context.on(
        "console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None
    )
    context.on("weberror", lambda e: complaints.append(str(e.error)))
    context.on("request", lambda r: leaves(r.url))
    context.on("requestfailed", fails)
    context.on(
        "response",
        lambda r: complaints.append(f"{r.url}: {r.status}") if r.status >= 400 else None,
    )
    context.on("serviceworker", lambda w: complaints.append(f"a service worker: {w.url}"))
    context.on("page", lambda page: page.on("websocket", lambda socket: leaves(socket.url)))


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> Page:
    """An empty tab."""
    return await context.new_page()


@pytest_asyncio.fixture(loop_scope="session")
async def slack(context: BrowserContext) -> AsyncIterator[LocalSlack]:
    """A workspace with a page: Ana and Ben of its own, Gus a guest, Sam of another organisation,
    all in #billing with the bot, and #quiet, where only Ben is."""
    async with LocalSlack() as slack, left_by(context):
        ana = slack.add_person("ana", real_name="Ana Beck", admin=True)
        ben = slack.add_person("ben", real_name="Ben Cole")
        gus = slack.add_person("gus", real_name="Gus Hill", guest=True)
        sam = slack.add_person("sam", real_name="Sam Fox", stranger=True)
        slack.add_channel("billing", members=[ana, ben, gus, sam])
        slack.add_channel("quiet", members=[ben], private=True)
        PlaygroundPage(slack)
        yield slack


@pytest_asyncio.fixture(loop_scope="session")
async def stage(context: BrowserContext) -> AsyncIterator[Stage]:
    """The demo's stage: the real bot and the real scorecard, at `stage.slack.url`."""
    async with set_up() as stage, left_by(context):
        yield stage


@pytest_asyncio.fixture(loop_scope="session")
async def app(slack: LocalSlack) -> AsyncIterator[AsyncApp]:
    """An app that does nothing yet, made with Bolt and connected by Socket Mode."""
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret, process_before_response=True)
    handler = AsyncSocketModeHandler(app, slack.app_token)
    await handler.connect_async()
    await slack.connected()
    yield app
    await handler.close_async()


@asynccontextmanager
async def left_by(context: BrowserContext) -> AsyncIterator[None]:
    """The browser leaves before the workspace ends, and so has no reason to complain."""
    yield
    for page in context.pages:
        await page.close()

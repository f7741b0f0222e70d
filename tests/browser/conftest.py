"""One browser for all tests of a run, and for each test a context of its own in it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from app.playground import LocalSlack
from app.playground.page import Page as PlaygroundPage
from tests.browser.chromium import FLAGS, installed_browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The browser, without a window. Fails with the way to get one where there is none."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=installed_browser(), args=list(FLAGS)
        )
        yield browser
        await browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the page did that it must not do; a test must leave it empty."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser, complaints: list[str]) -> AsyncIterator[BrowserContext]:
    """A browser context in which errors on the console and requests elsewhere are noted, and
    which fails the test that brought them about."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(5_000)
    context.on(
        "console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None
    )
    context.on("weberror", lambda e: complaints.append(str(e.error)))
    context.on(
        "request",
        lambda r: (
            None
            if r.url.startswith(("http://127.0.0.1:", "data:"))
            else complaints.append(f"a request beyond this machine: {r.url}")
        ),
    )
    yield context
    await context.close()
    assert complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> Page:
    """An empty tab."""
    return await context.new_page()


@pytest_asyncio.fixture(loop_scope="session")
async def slack() -> AsyncIterator[LocalSlack]:
    """A workspace with a page: Ana and Ben of its own, Gus a guest, Sam of another organisation,
    all in #billing with the bot, and #quiet, where only Ben is."""
    async with LocalSlack() as slack:
        ana = slack.add_person("ana", real_name="Ana Beck", admin=True)
        ben = slack.add_person("ben", real_name="Ben Cole")
        gus = slack.add_person("gus", real_name="Gus Hill", guest=True)
        sam = slack.add_person("sam", real_name="Sam Fox", stranger=True)
        slack.add_channel("billing", members=[ana, ben, gus, sam])
        slack.add_channel("quiet", members=[ben], private=True)
        PlaygroundPage(slack)
        yield slack

"""The app's home in the browser."""

import asyncio

import pytest
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import LocalSlack
from app.playground.blocks import Json
from app.playground.page import Page as PlaygroundPage
from tests.browser.accessibility import violations
from tests.playground.blocks import actions, button, home, section

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def goes_home(page: Page, slack: LocalSlack) -> None:
    """Open the app's direct message, and its home in it."""
    await page.goto(slack.url)
    side = page.get_by_role("navigation", name="Conversations")
    await side.get_by_role("link", name="Playground").click()
    await page.get_by_role("link", name="Home").click()


async def test_the_home_loads_and_stays_live(page: Page, slack: LocalSlack, app: AsyncApp) -> None:
    may_publish = asyncio.Event()

    @app.event("app_home_opened")
    async def publish(event: Json, client: AsyncWebClient) -> None:
        await may_publish.wait()
        blocks = section("My metrics"), actions(button("refresh", "Refresh"))
        await client.views_publish(user_id=event["user"], view=home(*blocks))

    @app.action("refresh")
    async def refresh(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_publish(user_id=body["user"]["id"], view=home(section("Fresh")))

    await goes_home(page, slack)
    await expect(page.get_by_text("Loading Playground")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Message")).to_be_hidden()
    may_publish.set()
    await expect(page.get_by_text("My metrics")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Refresh").click()
    await expect(page.get_by_text("Fresh")).to_be_visible()

    await page.get_by_role("link", name="Messages").click()
    await expect(page.get_by_text("Fresh")).to_be_hidden()
    async with page.expect_response("**/acts/open_home*"):
        await page.get_by_role("link", name="Home").click()
    opened = [e.payload["event"]["tab"] for e in slack.journal.deliveries("events_api")]
    assert opened == ["home", "home"]


async def test_an_app_without_a_home_says_nothing_in_it(
    page: Page, slack: LocalSlack, app: AsyncApp
) -> None:
    @app.event("app_home_opened")
    async def ignore() -> None:
        """Publishes nothing."""

    await goes_home(page, slack)
    await expect(page.get_by_text("Playground has nothing here for you yet.")).to_be_visible()


async def test_what_the_app_is_about(page: Page) -> None:
    manifest = {
        "display_information": {"name": "KPI", "description": "Keeps a scorecard honest"},
        "features": {
            "slash_commands": [
                {"command": "/kpi", "description": "Show the scorecard", "usage_hint": "[metric]"}
            ],
            "shortcuts": [
                {
                    "callback_id": "log",
                    "type": "global",
                    "name": "Log",
                    "description": "A milestone",
                }
            ],
        },
    }
    async with LocalSlack(manifest) as slack:
        slack.add_person("ana")
        PlaygroundPage(slack)
        await page.goto(slack.url)
        await page.get_by_role("link", name="About").click()
        about = page.get_by_role("region", name="About KPI")
        await expect(about).to_contain_text("Keeps a scorecard honest")
        await expect(about.get_by_role("term")).to_have_text(["/kpi [metric]", "Log"])
        assert await violations(page) == []
        await page.close()

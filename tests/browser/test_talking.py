"""Messages and commands, typed in the browser."""

import pytest
from playwright.async_api import Page, expect

from app.playground import LocalSlack

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_is_written_stands_in_the_channel(page: Page, slack: LocalSlack) -> None:
    await page.goto(slack.url)
    await page.get_by_label("Message", exact=True).fill("<b>Hello</b> & welcome")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("<b>Hello</b> & welcome")
    await expect(page.get_by_label("Message", exact=True)).to_have_value("")

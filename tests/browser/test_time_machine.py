"""The host's buttons in the browser: time passes, and the bot comes and goes."""

import re

import pytest
from playwright.async_api import Page, expect

from app.demo.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_next_digest_arrives_and_is_still_there_after_a_reload(
    page: Page, stage: Stage
) -> None:
    await page.goto(stage.slack.url)
    await page.get_by_role("button", name="Next digest").click()
    for _ in range(2):
        messages = page.get_by_role("log", name="Messages", exact=True)
        await expect(messages).to_contain_text("Movement is over a week", timeout=30_000)
        told = page.get_by_role("status").filter(has_text="The digest is posted in #billing")
        await expect(told).to_contain_text("Monday 23 March, 09:00 UTC.")
        await expect(page.get_by_text("Mon 23 Mar 2026, 10:00")).to_be_visible()
        await page.reload()


async def test_a_button_keeps_the_keyboard_while_it_is_at_work(page: Page, stage: Stage) -> None:
    await page.goto(stage.slack.url)
    button = page.get_by_role("button", name="Restart the bot")
    await button.press("Enter")
    told = page.get_by_role("status").filter(has_text=re.compile("stopped and started"))
    await expect(told).to_be_visible()
    await expect(button).to_be_focused()
    await expect(page.get_by_role("status").filter(has_text="App connected")).to_be_visible()

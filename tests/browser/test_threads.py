"""Threads beside their channel."""

import pytest
from playwright.async_api import Page, expect

from app.playground import LocalSlack

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_thread_is_begun_and_left_by_keyboard(page: Page, slack: LocalSlack) -> None:
    billing = slack.workspace.channel("billing")
    await next(iter(slack.people.values())).says("Who knows?", billing)
    await page.goto(slack.url)

    await page.get_by_role("link", name="Reply in thread").focus()
    await page.keyboard.press("Enter")
    reply = page.get_by_role("textbox", name="Reply")
    await expect(reply).to_be_focused()
    await page.keyboard.type("Nobody")
    await page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("article")).to_have_count(2)
    messages = page.get_by_role("log", name="Messages", exact=True)
    await expect(messages.get_by_role("article")).to_have_count(1)

    await thread.get_by_role("link", name="Close the thread").focus()
    await page.keyboard.press("Enter")
    await expect(thread).to_be_hidden()
    await expect(page.get_by_role("link", name="1 reply")).to_be_focused()


async def test_a_reply_comes_in_while_the_thread_is_open(page: Page, slack: LocalSlack) -> None:
    billing = slack.workspace.channel("billing")
    ana, ben, *_ = slack.people.values()
    top = await ana.says("Who knows?", billing)
    await ben.says("I do", billing, top)
    await page.goto(slack.url)
    await page.get_by_role("link", name="1 reply").click()
    await ben.says("Or do I", billing, top)

    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_text("Or do I")).to_be_visible()
    await expect(page.get_by_role("link", name="2 replies")).to_be_visible()


async def test_the_address_that_an_app_gives_of_a_reply_leads_to_it(
    page: Page, slack: LocalSlack
) -> None:
    billing = slack.workspace.channel("billing")
    ana, ben, *_ = slack.people.values()
    top = await ana.says("Who knows?", billing)
    reply = await ben.says("I do", billing, top)
    link = slack.workspace.permalink(reply)
    slack.workspace.post(billing, slack.bot_user_id, {"text": f"<{link}|Ben said it>"})

    await page.goto(slack.url)
    await page.get_by_role("link", name="Ben said it").click()

    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_text("I do")).to_be_in_viewport()

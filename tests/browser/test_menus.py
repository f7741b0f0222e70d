"""Menus and what they do: channels, looks."""

import pytest
from playwright.async_api import Page, expect

from app.playground import LocalSlack

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_channel_is_left_and_joined_again(page: Page, slack: LocalSlack) -> None:
    billing = slack.workspace.channel("billing")
    ana = next(iter(slack.people.values()))
    await page.goto(slack.url)
    await page.get_by_role("button", name="What to do with this channel").click()
    await page.get_by_role("menuitem", name="Leave this channel").click()

    await expect(page.get_by_text("You are looking at #billing")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_hidden()
    assert ana.id not in billing.members

    await page.get_by_role("button", name="Join the channel").click()
    await expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    assert ana.id in billing.members


async def test_members_are_listed(page: Page, slack: LocalSlack) -> None:
    await page.goto(slack.url)
    await page.get_by_role("button", name="5 members").click()
    members = page.get_by_role("dialog", name="Members")
    await expect(members.get_by_role("listitem")).to_have_count(5)
    await expect(members).to_contain_text("Sam Fox External")
    await page.keyboard.press("Escape")
    await expect(members).to_be_hidden()
    await expect(page.get_by_role("button", name="5 members")).to_be_focused()

    await page.keyboard.press("Enter")
    await members.get_by_role("button", name="Message Ben Cole").click()
    await expect(page.get_by_role("heading", name="Ben Cole", level=1)).to_be_visible()
    side = page.get_by_role("navigation", name="Conversations")
    await expect(side.get_by_role("link", name="Ben Cole")).to_be_visible()


async def test_what_was_chosen_for_the_looks_is_kept(page: Page, slack: LocalSlack) -> None:
    await page.emulate_media(color_scheme="light")
    await page.goto(slack.url)
    light = await background(page)
    await page.get_by_role("button", name="Theme").click()
    await page.get_by_role("menuitemradio", name="Dark").click()
    dark = await background(page)
    assert dark != light

    await page.reload()
    assert await background(page) == dark
    await page.get_by_role("button", name="Theme").click()
    await expect(page.get_by_role("menuitemradio", name="Dark")).to_be_checked()


async def background(page: Page) -> str:
    return str(await page.evaluate("getComputedStyle(document.body).backgroundColor"))

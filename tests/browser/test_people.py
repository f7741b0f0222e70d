"""Acting as several people, by the menu that tells what they are."""

import pytest
from playwright.async_api import Page, expect

from app.playground import LocalSlack

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_another_person_sees_other_things(page: Page, slack: LocalSlack) -> None:
    billing = slack.workspace.channel("billing")
    ana = next(iter(slack.people.values()))
    slack.workspace.post(billing, slack.bot_user_id, {"text": "For Ana"}, visible_to=ana.id)
    await page.goto(slack.url)
    await expect(page.get_by_text("For Ana")).to_be_visible()
    await expect(page.get_by_role("link", name="quiet")).to_be_hidden()

    await page.get_by_role("button", name="Act as somebody else").click()
    await page.get_by_role("menuitemradio", name="Ben Cole Member").click()

    await expect(page.get_by_role("link", name="private channel quiet")).to_be_visible()
    await expect(page.get_by_text("For Ana")).to_be_hidden()
    await expect(page.get_by_role("button", name="now Ben Cole")).to_be_visible()

    await page.reload()
    await expect(page.get_by_role("button", name="now Ben Cole")).to_be_visible()


async def test_people_are_chosen_by_keyboard(page: Page, slack: LocalSlack) -> None:
    await page.goto(slack.url)
    button = page.get_by_role("button", name="Act as somebody else")
    ana = page.get_by_role("menuitemradio", name="Ana Beck Admin")
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(ana).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(button).to_be_focused()

    await page.keyboard.press("Enter")
    await expect(ana).to_be_focused()
    await page.keyboard.press("End")
    await expect(page.get_by_role("menuitemradio", name="Of another organisation")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("g")
    await expect(page.get_by_role("menuitemradio", name="Gus Hill Guest")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="now Gus Hill")).to_be_focused()


async def test_what_is_unread_is_counted_until_it_is_shown(page: Page, slack: LocalSlack) -> None:
    ana, ben, *_ = slack.people.values()
    other = slack.add_channel("other", members=[ana, ben])
    await page.goto(slack.url)
    await ben.says("One", other)
    await ben.says("Two", other)

    await page.get_by_role("link", name="other 2 unread").click()
    await expect(page.get_by_text("Two")).to_be_visible()
    await page.get_by_role("link", name="billing").click()
    await expect(page.get_by_role("link", name="other", exact=False)).not_to_contain_text("unread")

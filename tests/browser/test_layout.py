"""The page as a whole: places and their addresses, narrow screens, a playground that comes back."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import BrowserContext, Page, ViewportSize, expect

from app.playground import LocalSlack
from app.playground.page import Page as PlaygroundPage
from app.playground.waiting import WAIT_SECONDS, until
from tests.browser.accessibility import violations

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDE = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=360, height=740)


async def test_back_and_reload_keep_the_place(page: Page, slack: LocalSlack) -> None:
    ana = next(iter(slack.people.values()))
    slack.add_channel("other", members=[ana])
    await page.goto(slack.url)
    await page.get_by_role("link", name="other").click()
    await expect(page.get_by_role("heading", name="other", level=1)).to_be_visible()
    await expect(page).to_have_title("#other · Playground")
    await page.reload()
    await expect(page.get_by_role("heading", name="other", level=1)).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name="billing", level=1)).to_be_visible()


async def test_on_a_phone_the_side_bar_and_the_thread_are_layers(
    page: Page, slack: LocalSlack
) -> None:
    billing = slack.workspace.channel("billing")
    ana = next(iter(slack.people.values()))
    top = await ana.says("Who knows?", billing)
    await ana.says("Nobody", billing, top)
    slack.add_channel("other", members=[ana])
    await page.set_viewport_size(PHONE)
    await page.goto(slack.url)
    side = page.get_by_role("navigation", name="Conversations")
    await expect(page.get_by_text("Who knows?")).to_be_visible()
    await expect(side).to_be_hidden()

    await page.get_by_role("link", name="1 reply").click()
    await expect(page.get_by_text("Nobody")).to_be_in_viewport()
    await page.get_by_role("link", name="Close the thread").click()

    await page.get_by_role("button", name="Conversations").click()
    await expect(side.get_by_role("link", name="billing")).to_be_focused()
    await side.get_by_role("link", name="other").click()
    await expect(side).to_be_hidden()
    await expect(page.get_by_role("heading", name="other", level=1)).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_tab_that_nobody_looks_at_reads_nothing(page: Page, slack: LocalSlack) -> None:
    ana, ben, *_ = slack.people.values()
    billing = slack.workspace.channel("billing")
    other = slack.add_channel("other", members=[ana])
    await page.goto(slack.url)
    await expect(page.get_by_role("link", name="other")).to_be_visible()
    await turn(page, hidden=True)
    watching = slack.workspace.changes._watching  # the page doesn't show that it is away
    await until(lambda: not watching or None, WAIT_SECONDS, "the hidden tab still listens")
    await ben.says("News", billing)
    another = await page.context.new_page()
    await another.goto(f"{slack.url}/?person={ana.id}&channel={other.id}")
    await expect(another.get_by_role("link", name="billing Shared 1 unread")).to_be_visible()

    await turn(page, hidden=False)
    await expect(page.get_by_text("News")).to_be_visible()


async def turn(page: Page, *, hidden: bool) -> None:
    """Let the browser say that the tab is hidden, or no more."""
    await page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


async def test_f6_goes_from_pane_to_pane(page: Page, slack: LocalSlack) -> None:
    await page.goto(slack.url)
    await expect(page.get_by_role("link", name="billing")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the conversation")).to_be_focused()
    await page.keyboard.press("F6")
    await expect(page.get_by_role("link", name="billing")).to_be_focused()
    await page.keyboard.press("F6")
    await expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_focused()


async def test_a_conversation_is_found_by_its_name(page: Page, slack: LocalSlack) -> None:
    ana = next(iter(slack.people.values()))
    slack.add_channel("dunning-work", members=[ana])
    await page.goto(slack.url)
    await expect(page.get_by_role("link", name="dunning-work")).to_be_visible()
    await page.keyboard.press("ControlOrMeta+k")
    field = page.get_by_role("combobox", name="Go to")
    await expect(field).to_be_focused()
    await expect(page.get_by_role("option")).to_have_count(3)
    assert await violations(page) == []
    await page.keyboard.type("work")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="dunning-work")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_focused()
    await expect(field).to_be_hidden()


async def test_a_playground_that_is_started_anew_is_found_again(
    context: BrowserContext, complaints: list[str]
) -> None:
    page = await context.new_page()
    async with LocalSlack() as before:
        before.add_person("ana", real_name="Ana Beck")
        PlaygroundPage(before)
        await page.goto(before.url)
        await expect(page.get_by_role("button", name="now Ana Beck")).to_be_visible()
        port = urlsplit(before.url).port
    await expect(page.get_by_role("status").filter(has_text="Reconnecting…")).to_be_visible()

    assert port is not None
    async with LocalSlack(port=port) as after:
        after.add_person("eva", real_name="Eva Dahl")
        PlaygroundPage(after)
        await expect(page.get_by_role("button", name="now Eva Dahl")).to_be_visible()
        await expect(page.get_by_text("Reconnecting…")).to_be_hidden()
        await page.close()
    complaints.clear()


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
async def test_everybody_can_read_and_use_it(
    page: Page, slack: LocalSlack, viewport: ViewportSize
) -> None:
    billing = slack.workspace.channel("billing")
    ana, ben, *_ = slack.people.values()
    archived = slack.add_channel("old", members=[ana], archived=True)
    top = await ana.says("Who knows?", billing)
    await ben.says("I do", billing, top)
    slack.workspace.post(billing, slack.bot_user_id, {"text": "Done"}, visible_to=ana.id)
    await page.set_viewport_size(viewport)

    for place in (
        f"channel={billing.id}",
        f"channel={billing.id}&thread={top.ts}",
        f"channel={archived.id}",
    ):
        await page.goto(f"{slack.url}/?{place}")
        await expect(page.locator("#head")).to_be_attached()
        assert await violations(page) == []

    await page.goto(slack.url)
    await page.get_by_role("textbox", name="Message", exact=True).press_sequentially("@")
    await expect(page.get_by_role("option").first).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Act as somebody else").click()
    assert await violations(page) == []

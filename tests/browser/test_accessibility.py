"""What axe can't tell: where the keyboard goes and stays, what is read aloud, what fits."""

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect
from slack_sdk.web.async_client import AsyncWebClient

from app.demo.stage import Stage
from app.playground import Channel, LocalSlack
from tests.browser.hands import Keyboard
from tests.playground.blocks import actions, button

pytestmark = pytest.mark.asyncio(loop_scope="session")

ZOOMED: ViewportSize = {"width": 640, "height": 400}
"""A window of 1280 by 800 at 200 %."""
NARROW: ViewportSize = {"width": 320, "height": 640}
"""A small phone's window, or one of 1280 at 400 %."""

# All that can be used on the page, in its order.
_USABLE = """() => {
    window.usable = [...document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, [tabindex='0']"
    )].filter(each => each.checkVisibility({visibilityProperty: true}) && !each.disabled);
    return usable.map(each => each.outerHTML.slice(0, 160));
}"""
_FOCUSED = "() => usable.indexOf(document.activeElement)"

# What is to be seen, stands out of the window, and can't be scrolled to.
_CUT_OFF = """() => [...document.querySelectorAll("body *")]
    .filter(each => each.checkVisibility({visibilityProperty: true, opacityProperty: true}))
    .filter(each => {
        const {left, right, width} = each.getBoundingClientRect();
        if (width < 2 || right <= innerWidth + 1 && left >= -1) return false;
        for (let around = each; around; around = around.parentElement) {
            const {overflowX, clipPath} = getComputedStyle(around);
            if (["auto", "scroll"].includes(overflowX) || clipPath !== "none") return false;
        }
        return true;
    })
    .map(each => each.outerHTML.slice(0, 160))"""

# What one would have to scroll sideways to read a line of it.
_SIDEWAYS = """() => [...document.querySelectorAll("html, main, [role=log], #home, #modal-body")]
    .filter(each => each.scrollWidth > each.clientWidth && each.checkVisibility())
    .map(each => each.outerHTML.slice(0, 160))"""

_MOVING = """() => [...document.querySelectorAll("body *")]
    .filter(each => getComputedStyle(each).transitionDuration !== "0s")
    .map(each => each.outerHTML.slice(0, 160))"""


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    """The app's way to the workspace."""
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url)


@pytest.fixture
def billing(slack: LocalSlack) -> Channel:
    return slack.workspace.channel("#billing")


def log(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages", exact=True)


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message", exact=True)


async def posted(client: AsyncWebClient, channel: Channel, *labels: str) -> str:
    """A message with these buttons; gives its timestamp."""
    blocks = [actions(*(button(label, label) for label in labels))]
    sent = await client.chat_postMessage(channel=channel.id, text="Buttons", blocks=blocks)
    return str(sent["ts"])


# --- the keyboard stays where it is ------------------------------------------------


async def test_the_keyboard_stays_on_what_is_made_anew(
    page: Page, slack: LocalSlack, client: AsyncWebClient, billing: Channel
) -> None:
    ts = await posted(client, billing, "Undo", "Details")
    await page.goto(slack.url)
    await Keyboard(page).reach(page.get_by_role("button", name="Details"))
    blocks = [actions(button("Details", "Details again"))]
    await client.chat_update(channel=billing.id, ts=ts, text="Buttons", blocks=blocks)
    await expect(page.get_by_role("button", name="Details again")).to_be_focused()


async def test_the_keyboard_goes_to_what_is_left_where_its_button_was(
    page: Page, slack: LocalSlack, client: AsyncWebClient, billing: Channel
) -> None:
    ts = await posted(client, billing, "Undo")
    await page.goto(slack.url)
    await Keyboard(page).reach(page.get_by_role("button", name="Undo"))
    await client.chat_update(channel=billing.id, ts=ts, text="Undone", blocks=[])
    message = log(page).get_by_role("article")
    await expect(message).to_contain_text("Undone")
    await expect(message).to_be_focused()
    await client.chat_delete(channel=billing.id, ts=ts)
    await expect(message).to_have_count(0)
    await expect(log(page)).to_be_focused()


async def test_what_is_typed_is_left_alone_by_what_arrives(
    page: Page, slack: LocalSlack, client: AsyncWebClient, billing: Channel
) -> None:
    await page.goto(slack.url)
    await Keyboard(page).write("half a sentence", composer(page))
    await page.keyboard.press("Home")
    await client.chat_postMessage(channel=billing.id, text="Meanwhile")
    await expect(log(page)).to_contain_text("Meanwhile")
    await page.keyboard.type("Just ")
    await expect(composer(page)).to_have_value("Just half a sentence")


# --- the keyboard gets everywhere --------------------------------------------------


async def test_tab_comes_by_all_that_can_be_used_in_its_order(page: Page, stage: Stage) -> None:
    await stage.ana.types("/kpi", stage.channel)
    await stage.ana.types("/kpi digest now", stage.channel)
    await stage.ana.sees_message(stage.channel, "Movement is over", timeout=20)
    await page.goto(stage.slack.url)
    # What is drawn anew while one goes through it is lost to both lists.
    await expect(log(page)).to_contain_text("Movement is over")
    await expect(page.get_by_role("link", name="1 reply")).to_be_visible()
    await expect(log(page).get_by_role("img", name="Billing Platform on 19 Mar")).to_be_visible()
    usable = await page.evaluate(_USABLE)
    passed = []
    for _ in usable:
        await page.keyboard.press("Tab")
        passed.append(await page.evaluate(_FOCUSED))
    assert [usable[each] for each in passed] == usable


async def test_the_first_key_skips_to_the_conversation(page: Page, slack: LocalSlack) -> None:
    await page.goto(slack.url)
    await expect(composer(page)).to_be_visible()
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the conversation")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()


async def test_the_inspector_opens_and_closes_by_either_key_of_a_button(
    page: Page, slack: LocalSlack
) -> None:
    await page.goto(slack.url)
    button = page.get_by_role("button", name="Inspector", exact=True)
    inspector = page.get_by_role("heading", name="Inspector")
    await Keyboard(page).reach(button)
    await page.keyboard.press("Space")
    await expect(inspector).to_be_visible()
    await expect(button).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(inspector).to_be_hidden()


# --- what is read aloud ------------------------------------------------------------


async def test_what_arrives_is_read_aloud_and_what_stood_there_is_not(
    page: Page, slack: LocalSlack, client: AsyncWebClient, billing: Channel
) -> None:
    await client.chat_postMessage(channel=billing.id, text="Before")
    await page.goto(slack.url)
    await expect(log(page)).to_contain_text("Before")
    await page.evaluate(
        """() => {
            window.aloud = [];
            const log = document.querySelector("[role=log]");
            new MutationObserver(changes => changes.forEach(({addedNodes}) => addedNodes.forEach(
                node => aloud.push(`${log.ariaLive}: ${node.textContent}`)
            ))).observe(log, {childList: true});
        }"""
    )
    await client.chat_postMessage(channel=billing.id, text="After")
    await expect(log(page)).to_contain_text("After")
    [read] = await page.evaluate("aloud")
    assert read.startswith("polite: ")
    assert "After" in read


async def test_what_went_wrong_is_said_at_once(page: Page, slack: LocalSlack) -> None:
    await page.goto(slack.url)
    await Keyboard(page).write("/nonsense", composer(page))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="/nonsense")).to_be_visible()
    await expect(composer(page)).to_be_focused()


# --- what fits, and keeps still ----------------------------------------------------


async def test_nothing_is_cut_off_or_read_sideways(page: Page, stage: Stage) -> None:
    await stage.ana.types("/kpi rollbacks", stage.channel)
    await stage.ana.types("/kpi digest now", stage.channel)
    await stage.ana.sees_message(stage.channel, "Movement is over", timeout=20)
    home = f"/?channel={stage.slack.direct_message(stage.ana).id}&tab=home"
    for address, words in (("/", "Movement is over"), (home, "Next digests")):
        await page.goto(f"{stage.slack.url}{address}")
        await expect(page.get_by_text(words)).to_be_visible()
        for size in (ZOOMED, NARROW):
            await page.set_viewport_size(size)
            assert await page.evaluate(_CUT_OFF) == [], (address, size)
            assert await page.evaluate(_SIDEWAYS) == [], (address, size)


async def test_nothing_moves_for_who_asks_for_it(page: Page, slack: LocalSlack) -> None:
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(slack.url)
    await expect(composer(page)).to_be_visible()
    assert await page.evaluate(_MOVING) == []

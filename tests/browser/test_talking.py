"""Messages and commands, typed in the browser."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Locator, Page, expect

from app.playground import LocalSlack
from app.playground.page import Page as PlaygroundPage
from tests.browser.conftest import left_by

pytestmark = pytest.mark.asyncio(loop_scope="session")

MANIFEST = {
    "display_information": {"name": "Scores"},
    "features": {
        "bot_user": {"display_name": "scores"},
        "slash_commands": [
            {"command": "/score", "description": "See it", "usage_hint": "[name | help]"},
        ],
        "shortcuts": [
            {"name": "New score", "type": "global", "callback_id": "new", "description": "Begin"},
            {"name": "Score this", "type": "message", "callback_id": "this", "description": "It"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    "settings": {"socket_mode_enabled": True, "interactivity": {"is_enabled": True}},
}


@pytest_asyncio.fixture(loop_scope="session")
async def scores(context: BrowserContext) -> AsyncIterator[LocalSlack]:
    """A workspace with an app that has a command and shortcuts, and isn't connected."""
    async with LocalSlack(MANIFEST) as slack, left_by(context):
        ana = slack.add_person("ana", real_name="Ana Beck")
        ben = slack.add_person("ben", real_name="Ben Cole")
        slack.add_channel("billing", members=[ana, ben])
        slack.add_channel("quiet", members=[ana])
        PlaygroundPage(slack)
        yield slack


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message", exact=True)


def messages(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages", exact=True)


async def test_what_is_written_stands_in_the_channel(page: Page, slack: LocalSlack) -> None:
    await page.goto(slack.url)
    await composer(page).fill("<b>Hello</b> & welcome")
    await page.keyboard.press("Enter")
    await expect(messages(page)).to_contain_text("<b>Hello</b> & welcome")
    await expect(composer(page)).to_have_value("")


async def test_a_new_line_does_not_send(page: Page, slack: LocalSlack) -> None:
    await page.goto(slack.url)
    await composer(page).press_sequentially("One")
    await page.keyboard.press("Shift+Enter")
    await composer(page).press_sequentially("Two")
    await expect(composer(page)).to_have_value("One\nTwo")
    await page.get_by_role("button", name="Send").click()
    await expect(messages(page).get_by_role("article")).to_contain_text("One")


async def test_a_draft_is_kept_for_each_channel(page: Page, scores: LocalSlack) -> None:
    await page.goto(scores.url)
    await composer(page).fill("Half a thou")
    await page.get_by_role("link", name="quiet").click()
    await expect(page.get_by_role("heading", name="quiet")).to_be_visible()
    await expect(composer(page)).to_have_value("")
    await page.get_by_role("link", name="billing").click()
    await expect(composer(page)).to_have_value("Half a thou")

    await page.reload()
    await expect(composer(page)).to_have_value("Half a thou")


async def test_a_kept_draft_suggests_nothing_by_itself(page: Page, scores: LocalSlack) -> None:
    await page.goto(scores.url)
    await composer(page).fill("/score")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.reload()
    await expect(composer(page)).to_have_value("/score")
    await expect(page.get_by_role("option")).to_have_count(0)
    await composer(page).press("Enter")
    await expect(composer(page)).to_have_value("/score")
    await expect(page.get_by_role("alert").filter(has_text="/score failed")).to_be_visible()
    await expect(page.get_by_role("option")).to_have_count(0)


async def test_a_command_is_suggested_and_taken_by_keyboard(page: Page, scores: LocalSlack) -> None:
    await page.goto(scores.url)
    await composer(page).press_sequentially("/s")
    option = page.get_by_role("option", name="/score [name | help] See it")
    await expect(option).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Enter")

    await expect(composer(page)).to_have_value("/score ")
    await expect(option).to_be_hidden()
    await expect(composer(page)).to_have_accessible_description("/score [name | help]")


async def test_a_failed_command_is_explained_and_stays(page: Page, scores: LocalSlack) -> None:
    await page.goto(scores.url)
    await composer(page).fill("/score ana")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("alert").filter(has_text="/score")).to_have_text(
        "/score failed with the error “dispatch_failed”"
    )
    await expect(composer(page)).to_have_value("/score ana")


async def test_people_are_named_by_suggestion(page: Page, scores: LocalSlack) -> None:
    await page.goto(scores.url)
    await composer(page).press_sequentially("Hi @co")
    await expect(page.get_by_role("option", name="@Ben Cole")).to_be_visible()
    await page.keyboard.press("Tab")
    await composer(page).press_sequentially("see #qu")
    await page.get_by_role("option", name="#quiet").click()
    await expect(composer(page)).to_have_value("Hi @Ben Cole see #quiet ")
    await page.keyboard.press("Enter")

    await expect(messages(page)).to_contain_text("Hi @Ben Cole see #quiet")
    ben, quiet = scores.people["U0000000002"], scores.workspace.channel("quiet")
    said = scores.workspace.channel("billing").messages[-1].text
    assert said == f"Hi <@{ben.id}> see <#{quiet.id}>"


async def test_arrows_move_through_suggestions_and_escape_leaves(
    page: Page, scores: LocalSlack
) -> None:
    await page.goto(scores.url)
    await composer(page).press_sequentially(":tada")
    options = page.get_by_role("option")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Escape")
    await expect(options).to_have_count(0)

    await composer(page).fill("@")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await expect(options.first).to_have_attribute("aria-selected", "false")
    active = await composer(page).get_attribute("aria-activedescendant")
    assert active == await options.nth(1).get_attribute("id")


async def test_a_message_shortcut_says_which_message(page: Page, scores: LocalSlack) -> None:
    ana = next(iter(scores.people.values()))
    message = await ana.says("Shipped it", scores.workspace.channel("billing"))
    await page.goto(scores.url)
    await page.get_by_role("article").hover()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Score this").click()

    await expect(page.get_by_role("alert").filter(has_text="Score this")).to_be_visible()
    payload = scores.journal.deliveries("interactive")[-1].payload
    assert payload["callback_id"] == "this"
    assert payload["message"]["ts"] == message.ts


async def test_a_global_shortcut_by_keyboard(page: Page, scores: LocalSlack) -> None:
    await page.goto(scores.url)
    await page.get_by_role("button", name="Shortcuts").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="New score")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("alert").filter(has_text="New score")).to_be_visible()
    assert scores.journal.deliveries("interactive")[-1].payload["callback_id"] == "new"


async def test_earlier_messages_come_above_what_one_reads(page: Page, slack: LocalSlack) -> None:
    billing = slack.workspace.channel("billing")
    for number in range(120):
        slack.workspace.post(billing, slack.bot_user_id, {"text": f"Number {number}"})
    await page.goto(slack.url)
    await expect(page.get_by_text("Number 119", exact=True)).to_be_in_viewport()
    await page.get_by_role("link", name="Show earlier messages").click()

    await expect(page.get_by_text("Number 0", exact=True)).to_be_attached()
    await expect(page.get_by_text("Number 20", exact=True)).to_be_in_viewport()


async def test_who_reads_earlier_messages_is_told_of_new_ones(
    page: Page, slack: LocalSlack
) -> None:
    billing = slack.workspace.channel("billing")
    ben = slack.workspace.users["U0000000002"]
    for number in range(40):
        slack.workspace.post(billing, ben.id, {"text": f"Number {number}"})
    await page.goto(slack.url)
    await expect(page.get_by_text("Number 39", exact=True)).to_be_in_viewport()

    await page.get_by_text("Number 3", exact=True).scroll_into_view_if_needed()
    slack.workspace.post(billing, ben.id, {"text": "News"})
    await page.get_by_role("button", name="New messages").click()
    await expect(page.get_by_text("News", exact=True)).to_be_in_viewport()

    slack.workspace.post(billing, ben.id, {"text": "More"})
    await expect(page.get_by_text("More", exact=True)).to_be_in_viewport()
    await expect(page.get_by_role("button", name="New messages")).to_be_hidden()

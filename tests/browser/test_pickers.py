"""Buttons, menus and selects, clicked and typed into in the browser."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp

from app.playground import LocalSlack, Person
from app.playground.blocks import Json
from app.playground.waiting import until
from tests.browser.accessibility import violations
from tests.browser.hands import Keyboard
from tests.playground.blocks import (
    actions,
    button,
    input_block,
    modal,
    options,
    plain,
    section,
    text_input,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

CONFIRM = {
    "title": plain("Drop it?"),
    "text": plain("Its readings are kept."),
    "confirm": plain("Drop"),
    "deny": plain("Keep"),
    "style": "danger",
}


@pytest.fixture
def ana(slack: LocalSlack) -> Person:
    """Who sits at the browser."""
    return next(person for person in slack.people.values() if person.name == "ana")


@pytest.fixture
def heard(app: AsyncApp) -> list[Any]:
    """What the app heard of: the value of a button, an option, a date, or what was typed."""
    heard: list[Any] = []

    @app.action({"type": "block_actions", "action_id": "value"})
    async def hear(ack: AsyncAck, action: Json) -> None:
        option = action.get("selected_option") or {}
        heard.append(option.get("value") or action.get("selected_date") or action.get("value"))
        await ack()

    return heard


async def posts(app: AsyncApp, *blocks: Json) -> None:
    """The app posts these blocks."""
    await app.client.chat_postMessage(channel="#billing", text="Digest", blocks=list(blocks))


async def test_an_external_select_searches(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    @app.options("value")
    async def suggest(ack: AsyncAck, payload: Json) -> None:
        found = [each for each in ("rollbacks", "rollouts") if payload["value"] in each]
        group = {"label": plain("Metrics"), "options": options(*found)}
        await ack(option_groups=[group] if found else [])

    @app.view("milestone")
    async def submit(ack: AsyncAck) -> None:
        await ack()

    view = slack.workspace.views.open(
        ana.id, modal(input_block("metric", "external_select", optional=True))
    )
    await page.goto(slack.url)
    metric = page.get_by_role("combobox", name="Metric")
    lines = page.get_by_role("option")
    await metric.click()
    await expect(page.get_by_text("Type at least 3 letters").first).to_be_visible()
    await page.keyboard.type("roll")
    await expect(lines).to_have_text(["Rollbacks", "Rollouts"])
    await expect(page.get_by_role("group", name="Metrics")).to_be_visible()
    await page.keyboard.type("x")
    await expect(page.get_by_text("No matches").first).to_be_visible()
    await page.keyboard.press("Backspace")
    await expect(lines).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await expect(metric).to_have_attribute(
        "aria-activedescendant", await lines.nth(1).get_attribute("id") or ""
    )
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    await expect(metric).to_have_value("Rollouts")
    await expect(lines).to_have_count(0)
    kept = await until(lambda: view.chosen.get(("metric", "value")), 5, "the choice was not kept")
    assert kept["selected_option"]["value"] == "rollouts"

    await page.get_by_role("button", name="Clear Metric").click()
    await expect(metric).to_have_value("")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_who_types_fast_gets_what_she_typed(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    slack.workspace.views.open(ana.id, modal(input_block("owner", "users_select")))
    await page.goto(slack.url)
    owner = page.get_by_role("combobox", name="Owner")
    await owner.focus()
    await page.evaluate("""() => {
        const field = document.activeElement;
        field.value = "gus";
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    }""")

    await expect(owner).to_have_value("Gus Hill")
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_no_more_can_be_chosen_than_the_app_allows(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    asked = input_block("people", "multi_users_select", max_selected_items=1)
    view = slack.workspace.views.open(ana.id, modal(asked))
    await page.goto(slack.url)
    people = page.get_by_role("combobox", name="People")
    await people.click()
    await page.get_by_role("option", name="Ben Cole @ben").click()
    await page.get_by_role("option", name="Gus Hill").click()
    await expect(page.get_by_text("Only 1 can be chosen").first).to_be_visible()
    await expect(page.get_by_role("button", name="Remove Ben Cole")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Remove Ben Cole").click()
    await people.press("Enter")

    await expect(page.get_by_text("Please complete this required field.")).to_be_visible()
    assert view.chosen["people", "value"]["selected_users"] == []


async def test_what_is_to_be_confirmed_is_asked_first(
    page: Page, slack: LocalSlack, app: AsyncApp, heard: list[Any]
) -> None:
    drop = button("value", "Drop the metric", value="drop", confirm=CONFIRM)
    period = {
        "type": "static_select",
        "action_id": "value",
        "placeholder": plain("Period"),
        "options": options("week", "month"),
        "initial_option": options("week")[0],
        "confirm": CONFIRM,
    }
    await posts(app, actions(drop), section("Period", accessory=period))
    await page.goto(slack.url)
    question = page.get_by_role("alertdialog", name="Drop it?")
    await page.get_by_role("button", name="Drop the metric").click()
    await expect(question).to_have_accessible_description("Its readings are kept.")
    await page.keyboard.press("Escape")
    await expect(question).to_be_hidden()
    await expect(page.get_by_role("button", name="Drop the metric")).to_be_focused()
    await page.keyboard.press("Enter")
    async with page.expect_response("**/acts/click*"):
        await question.get_by_role("button", name="Drop", exact=True).click()

    select = page.get_by_role("combobox", name="Period")
    await select.click()
    await page.get_by_role("option", name="Month").click()
    await question.get_by_role("button", name="Keep").click()
    await expect(select).to_have_value("Week")
    assert heard == ["drop"]


async def test_a_menu_of_a_message_is_used_by_keyboard(
    page: Page, slack: LocalSlack, app: AsyncApp, heard: list[Any]
) -> None:
    menu = {"type": "overflow", "action_id": "value", "options": options("edit", "drop")}
    await posts(app, section("Rollbacks", accessory=menu))
    await page.goto(slack.url)
    opener = page.get_by_role("button", name="More options")
    await Keyboard(page).press(opener)
    await expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    async with page.expect_response("**/acts/click*"):
        await page.keyboard.press("Enter")

    await expect(page.get_by_role("menuitem", name="Drop")).to_be_hidden()
    await expect(opener).to_be_focused()
    assert heard == ["drop"]


async def test_a_click_that_fails_says_so_at_the_button(
    page: Page, slack: LocalSlack, app: AsyncApp, heard: list[Any]
) -> None:
    await posts(app, section("Digest"), actions(button("value", "Refresh", value="r")))
    await page.goto(slack.url)
    refresh = page.get_by_role("button", name="Refresh")
    warning = page.get_by_role("alert").filter(has_text="This failed")
    slack.faults.add("interactive", "drop")
    await refresh.click()
    await expect(warning).to_have_text("This failed with the error “dispatch_failed”")
    await refresh.click()
    await expect(warning).to_be_hidden()
    assert heard == ["r"]


async def test_a_link_button_opens_its_address_and_tells_the_app(
    page: Page, slack: LocalSlack, app: AsyncApp, heard: list[Any]
) -> None:
    await posts(
        app, actions(button("value", "Report", value="r", url=f"{slack.url}/?panel=inspector"))
    )
    await page.goto(slack.url)
    async with page.expect_popup() as popup, page.expect_response("**/acts/click*"):
        await page.get_by_role("link", name="Report").click()

    assert (await popup.value).url.endswith("?panel=inspector")
    assert heard == ["r"]


async def test_a_date_that_is_typed_is_told_once(
    page: Page, slack: LocalSlack, app: AsyncApp, heard: list[Any]
) -> None:
    await posts(app, actions({"type": "datepicker", "action_id": "value"}))
    await page.clock.install()
    await page.goto(slack.url)
    await Keyboard(page).reach(page.get_by_label("Select a date"))
    async with page.expect_response("**/acts/click*"):
        for digit in "03162026":
            await page.keyboard.type(digit)
            await page.clock.run_for(500)

    assert heard == ["2026-03-16"]


async def test_inputs_tell_the_app_when_it_wants_to_hear(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person, heard: list[Any]
) -> None:
    characters = {"trigger_actions_on": ["on_character_entered"]}
    slack.workspace.views.open(
        ana.id,
        modal(
            input_block("key", "plain_text_input", dispatch=True),
            input_block(
                "name", "plain_text_input", dispatch=True, dispatch_action_config=characters
            ),
            input_block("unit", "static_select", dispatch=True, options=options("percent")),
            text_input("note"),
        ),
    )
    await page.goto(slack.url)
    await page.get_by_label("Note").fill("Quiet")
    await page.get_by_label("Key").fill("debt")
    async with page.expect_response("**/acts/click*"):
        await page.keyboard.press("Enter")
    async with page.expect_response("**/acts/click*"):
        await page.get_by_label("Name").fill("Bad debt")
    await page.get_by_role("combobox", name="Unit").click()
    async with page.expect_response("**/acts/click*"):
        await page.get_by_role("option", name="Percent").click()

    assert heard == ["debt", "Bad debt", "percent"]

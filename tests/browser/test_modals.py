"""Modals: filled in, submitted, updated, pushed and closed in the browser."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import LocalSlack, Person, View
from app.playground.blocks import Json, words_in
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

EVERYTHING = (
    text_input("title", max_length=80) | {"hint": plain("As it stands in the digest")},
    text_input("detail", multiline=True),
    input_block("count", "number_input", is_decimal_allowed=True),
    input_block("mail", "email_text_input"),
    input_block("address", "url_text_input"),
    input_block("story", "rich_text_input"),
    input_block("day", "datepicker"),
    input_block("hour", "timepicker"),
    input_block("instant", "datetimepicker"),
    input_block("period", "static_select", options=options("week", "month")),
    input_block("tags", "multi_static_select", options=options("billing", "debt", "risk")),
    input_block("owner", "users_select"),
    input_block("room", "channels_select"),
    input_block("status", "radio_buttons", options=options("planned", "shipped")),
    input_block("extras", "checkboxes", options=options("announce", "pin")),
)


@pytest.fixture
def ana(slack: LocalSlack) -> Person:
    """Who sits at the browser."""
    return next(person for person in slack.people.values() if person.name == "ana")


def opened(slack: LocalSlack, person: Person, *blocks: Json, **more: Any) -> View:
    """The person looks at a modal of these blocks."""
    return slack.workspace.views.open(person.id, modal(*blocks, **more))


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def file(name: str) -> FilePayload:
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=b"day,value")


def said_in(slack: LocalSlack, state: Json) -> Any:
    """The value of a state: of options their values, of people and channels their names."""
    [value] = [part for key, part in state.items() if key != "type"]
    if isinstance(value, list):
        return [option["value"] for option in value]
    if isinstance(value, dict):
        return value["value"] if "value" in value else " ".join(words_in(value))
    workspace = slack.workspace
    if value in workspace.users:
        return workspace.users[value].name
    return workspace.channels[value].name if value in workspace.channels else value


async def takes(page: Page, typed: str, field: str) -> None:
    """Type into a select until one option is left, and take it."""
    await Keyboard(page).reach(page.get_by_role("combobox", name=field))
    await page.keyboard.type(typed)
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")


async def test_a_form_with_everything_is_filled_in_by_keyboard_alone(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    submitted: asyncio.Future[Json] = asyncio.get_running_loop().create_future()

    @app.view("milestone")
    async def submit(ack: AsyncAck, view: Json) -> None:
        await ack()
        submitted.set_result(view["state"]["values"])

    opened(slack, ana, *EVERYTHING)
    await page.goto(slack.url)
    await expect(page.get_by_label("Title")).to_be_focused()
    hands = Keyboard(page)
    for label, keys in {
        "Title": "PDE step 2c",
        "Detail": "Pays first\ncommits later",
        "Count": "12.5",
        "Mail": "ana@example.com",
        "Address": "https://example.com/pde",
        "Story": "It works",
        "Day": "03162026",
        "Hour": "0930AM",
        "Instant": "03162026\t0930AM",
    }.items():
        await hands.reach(page.get_by_label(label))
        await page.keyboard.type(keys)
    await takes(page, "mon", "Period")
    await takes(page, "bil", "Tags")
    await takes(page, "deb", "Tags")
    await takes(page, "ris", "Tags")
    await page.keyboard.press("Backspace")
    await takes(page, "@ben", "Owner")
    await takes(page, "bill", "Room")
    await hands.reach(page.get_by_role("radio", name="Planned"))
    await page.keyboard.press("ArrowDown")
    await hands.reach(page.get_by_role("checkbox", name="Pin"))
    await page.keyboard.press("Space")
    await expect(page.get_by_role("checkbox", name="Pin")).to_be_checked()
    await page.keyboard.press("Enter")
    await expect(dialog(page)).to_be_hidden()

    values = {block: state["value"] for block, state in submitted.result().items()}
    assert {block: said_in(slack, state) for block, state in values.items()} == {
        "title": "PDE step 2c",
        "detail": "Pays first\ncommits later",
        "count": "12.5",
        "mail": "ana@example.com",
        "address": "https://example.com/pde",
        "story": "It works",
        "day": "2026-03-16",
        "hour": "09:30",
        "instant": 1_773_649_800,
        "period": "month",
        "tags": ["billing", "debt"],
        "owner": "ben",
        "room": "billing",
        "status": "shipped",
        "extras": ["pin"],
    }


async def test_errors_stand_at_their_fields_and_are_read(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    @app.view("milestone")
    async def refuse(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"when": "That day is still to come"})

    opened(slack, ana, text_input("title"), text_input("when"))
    await page.goto(slack.url)
    title, when = page.get_by_label("Title"), page.get_by_label("When")
    await title.fill("PDE")
    await page.get_by_role("button", name="Save").click()
    await expect(when).to_be_focused()
    await expect(when).to_have_accessible_description("Please complete this required field.")

    await when.fill("tomorrow")
    await page.keyboard.press("Enter")
    await expect(when).to_have_accessible_description("That day is still to come")
    await expect(when).to_be_focused()
    await expect(when).to_have_attribute("aria-invalid", "true")
    await expect(title).to_have_value("PDE")
    await page.reload()
    await expect(when).to_have_accessible_description("That day is still to come")


async def test_what_is_typed_outlives_an_update_and_a_reload(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    view = opened(slack, ana, text_input("title"))
    await page.goto(slack.url)
    title = page.get_by_label("Title")
    await title.press_sequentially("Rollbacks fa")
    changed = text_input("title") | {"hint": plain("In a few words"), "label": plain("New title")}
    await app.client.views_update(view_id=view.id, view=modal(changed, section("More to know")))

    title = page.get_by_label("New title")
    await expect(title).to_be_focused()
    await page.keyboard.type("ll")
    await expect(dialog(page)).to_contain_text("More to know")
    await expect(title).to_have_value("Rollbacks fall")
    await until(lambda: "fall" in str(view.chosen) or None, 3, "what was typed was not kept")
    await page.reload()
    await expect(title).to_have_value("Rollbacks fall")


async def test_what_the_app_sets_anew_shows(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    view = opened(slack, ana, text_input("title", initial_value="First"))
    await page.goto(slack.url)
    await page.get_by_label("Title").fill("Mine")
    again = text_input("title_2", initial_value="Second")
    await app.client.views_update(view_id=view.id, view=modal(again))

    await expect(page.get_by_label("Title_2")).to_have_value("Second")
    await expect(page.get_by_label("Title_2")).to_be_focused()


async def test_a_form_that_replaces_a_wait_gets_the_keyboard(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    view = opened(slack, ana, section("Loading"))
    await page.goto(slack.url)
    await expect(page.get_by_role("heading", name="Milestone")).to_be_focused()
    later = text_input("later", focus_on_load=True)
    await app.client.views_update(view_id=view.id, view=modal(text_input("title"), later))

    await expect(page.get_by_label("Later")).to_be_focused()


async def test_a_pushed_view_leads_back(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    @app.action("more")
    async def push(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        below = modal(text_input("key"), title="New metric")
        await client.views_push(trigger_id=body["trigger_id"], view=below)
        await ack()

    opened(slack, ana, text_input("title"), actions(button("more", "New metric")))
    await page.goto(slack.url)
    await page.get_by_label("Title").fill("PDE")
    await page.get_by_role("button", name="New metric").click()
    await expect(page.get_by_role("dialog", name="New metric")).to_be_visible()
    await expect(page.get_by_label("Key")).to_be_focused()
    await page.get_by_role("button", name="Back").click()

    await expect(page.get_by_role("dialog", name="Milestone")).to_be_visible()
    await expect(page.get_by_label("Title")).to_have_value("PDE")


async def test_submitting_twice_sends_one(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    goes_on = asyncio.Event()

    @app.view("milestone")
    async def submit(ack: AsyncAck) -> None:
        await goes_on.wait()
        await ack()

    opened(slack, ana, text_input("title"))
    await page.goto(slack.url)
    await page.get_by_label("Title").fill("PDE")
    save = page.get_by_role("button", name="Save")
    await save.dblclick()
    await expect(save).to_have_attribute("aria-busy", "true")
    await page.keyboard.press("Control+Enter")
    goes_on.set()

    await expect(dialog(page)).to_be_hidden()
    sent = [e.payload["type"] for e in slack.journal.deliveries("interactive")]
    assert sent == ["view_submission"]


async def test_a_submission_that_fails_keeps_the_form(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    @app.view("milestone")
    async def submit(ack: AsyncAck) -> None:
        await ack(response_action="nonsense")

    opened(slack, ana, text_input("title"))
    await page.goto(slack.url)
    await page.get_by_label("Title").fill("PDE")
    await page.get_by_role("button", name="Save").click()

    alert = dialog(page).get_by_role("alert").filter(has_text="trouble")
    await expect(alert).to_have_text("We had some trouble connecting. Try again? invalid_response")
    await expect(page.get_by_label("Title")).to_have_value("PDE")


async def test_leaving_a_modal_tells_the_app_and_returns_to_where_one_was(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    closed: asyncio.Future[Json] = asyncio.get_running_loop().create_future()

    @app.action("log")
    async def log(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        view = modal(text_input("title"), notify_on_close=True)
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    @app.view_closed("milestone")
    async def leave(ack: AsyncAck, body: Json) -> None:
        await ack()
        closed.set_result(body)

    blocks = [section("Digest"), actions(button("log", "Log a milestone"))]
    await app.client.chat_postMessage(channel="#billing", text="Digest", blocks=blocks)
    await page.goto(slack.url)
    log_button = page.get_by_role("button", name="Log a milestone")
    await log_button.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Title")).to_be_focused()
    await page.keyboard.press("Escape")

    await expect(dialog(page)).to_be_hidden()
    await expect(log_button).to_be_focused()
    assert (await asyncio.wait_for(closed, 5))["is_cleared"] is False


async def test_files_are_chosen_and_taken_out_again(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    view = opened(slack, ana, input_block("proof", "file_input", filetypes=["csv"]))
    await page.goto(slack.url)
    await page.get_by_label("Proof").set_input_files([file("a.csv"), file("b.csv")])
    await expect(page.get_by_role("listitem").filter(has_text="b.csv")).to_be_visible()
    await page.get_by_role("button", name="Remove a.csv").click()
    await expect(page.get_by_text("a.csv")).to_be_hidden()
    await expect(page.get_by_label("Proof")).to_be_focused()

    [state] = view.chosen.values()
    assert [each["name"] for each in state["files"]] == ["b.csv"]
    await page.get_by_label("Proof").set_input_files(file("c.exe"))
    await expect(page.get_by_role("alert").filter(has_text="c.exe")).to_have_text(
        "c.exe is none of csv"
    )


async def test_a_form_is_accessible_and_fits_a_phone(
    page: Page, slack: LocalSlack, app: AsyncApp, ana: Person
) -> None:
    more = actions(button("more", "More"), button("end", style="danger"))
    opened(slack, ana, *EVERYTHING, input_block("proof", "file_input"), more)
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.goto(slack.url)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_label("Title")).to_have_attribute("aria-invalid", "true")

    assert await violations(page) == []
    box = await dialog(page).bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (360, 740)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360

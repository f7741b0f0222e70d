"""The inspector in the browser: a developer watches, looks closer, copies, repeats and breaks."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import LocalSlack
from tests.browser.accessibility import violations

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def app(slack: LocalSlack) -> AsyncIterator[AsyncApp]:
    """An app that answers /kpi with what it knows of the person, or says that it can't."""
    retry = AsyncRateLimitErrorRetryHandler(max_retry_count=1)
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[retry])
    bolt = AsyncApp(client=client, process_before_response=True)

    @bolt.command("/kpi")
    async def kpi(ack: AsyncAck, respond: AsyncRespond, body: dict[str, str]) -> None:
        await ack()
        try:
            person = await client.users_info(user=body["user_id"])
            await respond(f"Hello {person['user']['real_name']}")
        except SlackApiError:
            await respond("Slack is busy")

    handler = AsyncSocketModeHandler(bolt, slack.app_token)
    await handler.connect_async()
    await slack.connected()
    yield bolt
    await handler.close_async()


async def _types(page: Page, text: str) -> None:
    composer = page.locator("main").get_by_role("textbox")
    await composer.click()
    await page.keyboard.type(text)
    await page.keyboard.press("Escape")  # no suggestion
    await page.keyboard.press("Enter")


def _line(page: Page, words: str) -> Locator:
    """The newest line of the list with these words."""
    table = page.get_by_role("table", name="Exchanges between the app and Slack")
    return table.get_by_role("row").filter(has_text=words).first


def _exchange(page: Page) -> Locator:
    return page.get_by_role("region", name="Exchange", exact=True)


async def test_a_command_is_watched_and_looked_at(
    page: Page, slack: LocalSlack, app: AsyncApp
) -> None:
    await page.goto(slack.url)
    await page.get_by_role("button", name="Inspector", exact=True).click()
    await _types(page, "/kpi update")

    line = _line(page, "/kpi update")
    await expect(line).to_contain_text("Ana Beck")
    await expect(line).to_contain_text("ok")
    await expect(line).to_contain_text("ms")
    await _line(page, "users.info").get_by_role("button").click()
    exchange = _exchange(page)
    await expect(exchange.get_by_role("heading", level=3)).to_be_focused()
    await expect(exchange.get_by_role("group", name="Response")).to_contain_text('"Ana Beck"')
    await page.reload()
    await expect(exchange.get_by_role("heading", level=3)).to_contain_text("users.info → Ana Beck")

    await exchange.get_by_role("button", name="Send again").focus()
    await page.keyboard.press("Escape")
    await expect(_line(page, "users.info").get_by_role("button")).to_be_focused()
    await expect(exchange.get_by_role("heading", level=3)).to_have_count(0)
    await page.keyboard.press("ArrowUp")
    await expect(_line(page, "response_url").get_by_role("button")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(exchange.get_by_role("heading", level=3)).to_contain_text("response_url")
    await exchange.get_by_role("button", name="Close the exchange").click()
    await page.get_by_role("button", name="Close the inspector").click()
    await expect(page.get_by_role("table")).to_have_count(0)


async def test_copied_and_resent(page: Page, slack: LocalSlack, app: AsyncApp) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(f"{slack.url}/?panel=inspector")
    await _types(page, "/kpi update")
    await _line(page, "/kpi update").get_by_role("button").click()
    await page.get_by_role("button", name="Copy as JSON").click()
    await expect(page.get_by_role("alert")).to_contain_text("Copy as JSON: done")
    copied = json.loads(await page.evaluate("() => navigator.clipboard.readText()"))
    assert copied["payload"]["text"] == "update"

    await page.get_by_role("button", name="Resend").click()
    await expect(_exchange(page)).to_contain_text(f"the same as {copied['number']}")
    await expect(page.get_by_role("log", name="Messages", exact=True)).to_contain_text("Hello")
    first, second = slack.journal.deliveries("slash_commands")
    assert first.original == second.original


async def test_a_planned_rate_limit_and_what_the_app_did(
    page: Page, slack: LocalSlack, app: AsyncApp
) -> None:
    await page.goto(f"{slack.url}/?panel=inspector")
    await page.get_by_text("Faults on demand").click()
    await page.get_by_label("Where").fill("users.info")
    await page.get_by_label("What", exact=True).select_option("Rate limit (429)")
    await page.get_by_label("Retry-After (s)").fill("0")
    await page.get_by_role("button", name="Plan it").click()
    planned = page.get_by_role("list", name="Planned faults")
    await expect(planned).to_contain_text("users.info: 429, Retry-After 0 s, once")
    await page.get_by_text("Faults on demand").click()

    await _types(page, "/kpi")
    await expect(planned.get_by_role("listitem")).to_have_count(0)
    await _line(page, "Fault: 429").get_by_role("button").click()
    exchange = _exchange(page)
    await expect(exchange).to_contain_text("Tried again after")
    await expect(exchange).to_contain_text("and it worked.")
    await exchange.get_by_role("button", name="users.info → Ana Beck").click()
    await expect(exchange.get_by_role("group", name="Response")).to_contain_text('"ok": true')


async def test_the_form_asks_only_for_what_can_happen_there(page: Page, slack: LocalSlack) -> None:
    await page.goto(f"{slack.url}/?panel=inspector")
    await page.get_by_text("Faults on demand").click()
    await page.get_by_label("What", exact=True).select_option("HTTP error without JSON")
    await expect(page.get_by_label("Status", exact=True)).to_be_visible()
    await expect(page.get_by_label("Retry-After (s)")).to_be_hidden()
    await page.get_by_label("Where").fill("interactive")

    await expect(page.get_by_label("What", exact=True)).to_have_value("drop")
    await expect(page.get_by_label("Status", exact=True)).to_be_hidden()
    await page.get_by_role("button", name="Expire the next trigger").click()
    planned = page.get_by_role("list", name="Planned faults")
    await expect(planned).to_contain_text("envelopes: trigger expired, once")
    await planned.get_by_role("button", name="Call off").click()
    await expect(planned.get_by_role("listitem")).to_have_count(0)


async def test_filters_and_a_pause(page: Page, slack: LocalSlack, app: AsyncApp) -> None:
    await page.goto(f"{slack.url}/?panel=inspector")
    slack.faults.add("users.info", "refuse", error="fatal_error")
    await _types(page, "/kpi first")
    busy = page.get_by_role("log", name="Messages", exact=True).get_by_text("Slack is busy")
    await expect(busy).to_be_visible()

    await page.get_by_label("Only trouble").check()
    await expect(_line(page, "fatal_error")).to_be_visible()
    await expect(_line(page, "/kpi first")).to_be_hidden()
    await page.get_by_label("Only trouble").uncheck()
    await page.get_by_label("Kind").select_option("Envelopes")
    await expect(_line(page, "/kpi first")).to_be_visible()
    await expect(_line(page, "users.info")).to_be_hidden()
    await page.get_by_label("Find").fill("nothing like it")
    await expect(page.get_by_text("Nothing matches these filters.")).to_be_visible()
    await page.get_by_label("Find").fill("kpi")

    await page.get_by_role("button", name="Pause").click()
    await _types(page, "/kpi second")
    await expect(page.get_by_role("button", name="Paused, 1 more")).to_be_visible()
    await expect(_line(page, "/kpi second")).to_be_hidden()
    await page.get_by_role("button", name="Paused, 1 more").click()
    await expect(_line(page, "/kpi second")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
async def test_no_barrier(page: Page, slack: LocalSlack, app: AsyncApp, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 800})
    ana = next(iter(slack.people.values()))
    billing = slack.workspace.channel("#billing")
    slack.faults.add("users.info", "status")
    await ana.types("/kpi", billing)
    await slack.settled()
    slack.faults.add("views.open", "drop")
    [struck] = [entry for entry in slack.journal.entries if entry.fault]
    await page.goto(f"{slack.url}/?panel=inspector&entry={struck.number}")
    await page.get_by_text("Faults on demand").click()

    await expect(_exchange(page)).to_contain_text("Told the person after")
    assert await violations(page) == []

"""The host's buttons: what they say while they are at work, and afterwards."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from app.playground import LocalSlack
from app.playground.page import Control, Page, Tell
from tests.playground.page.conftest import Browser


class Ferry:
    """A control that goes to the other side and waits there for word to come back."""

    def __init__(self) -> None:
        self.is_called_back = asyncio.Event()
        self.is_wrecked = False

    async def cross(self, tell: Tell) -> str:
        tell("On the other side")
        await self.is_called_back.wait()
        if self.is_wrecked:
            raise ValueError("The ferry sank")
        return "Back with <b>3</b> passengers"


@pytest.fixture
def ferry() -> Ferry:
    return Ferry()


@pytest.fixture
async def browser(slack: LocalSlack, ferry: Ferry) -> AsyncIterator[Browser]:
    """A browser at a page with two buttons."""

    async def whistle(_tell: Tell) -> str:
        return "It whistled"

    slack.add_person("ana")
    Page(
        slack,
        (
            Control("cross", "Cross", "Crosses the river.", ferry.cross),
            Control("whistle", "Whistle", "Makes a noise.", whistle),
        ),
    )
    async with aiohttp.ClientSession() as session:
        yield Browser(slack.url, session)


async def test_buttons_stand_in_their_order_with_their_hints(browser: Browser) -> None:
    buttons = (await browser.shows())["controls"]
    assert buttons.index("Crosses the river.") < buttons.index("Makes a noise.")
    assert "disabled" not in buttons


async def test_what_came_of_it_is_told_to_all_and_stays(browser: Browser) -> None:
    assert await browser.act("control", {"control": "whistle"}) == {"ok": True}
    assert "It whistled" in (await browser.shows())["control_news"]


async def test_one_is_at_work_at_a_time_and_tells_how_far_it_is(
    browser: Browser, ferry: Ferry
) -> None:
    async with browser.stream() as stream:
        await stream.hello()
        await stream.news()
        crossing = asyncio.create_task(browser.act("control", {"control": "cross"}))
        news = await stream.news()
        assert "On the other side" in news["control_news"]["pieces"][0]["html"]
        buttons = [piece["html"] for piece in news["controls"]["pieces"]]
        assert [button.count('aria-disabled="true"') for button in buttons] == [1, 1]
        assert ['aria-busy="true"' in button for button in buttons] == [True, False]
        refused = await browser.act("control", {"control": "whistle"})
        assert refused["problem"] == "“Cross” is at work. Wait until it is done"
        ferry.is_called_back.set()
        assert await crossing == {"ok": True}
    shown = await browser.shows()
    assert "Back with &lt;b&gt;3&lt;/b&gt; passengers" in shown["control_news"]
    assert "disabled" not in shown["controls"]


async def test_what_goes_wrong_is_told_to_the_person_and_the_next_one_may_try(
    browser: Browser, ferry: Ferry
) -> None:
    ferry.is_wrecked = True
    ferry.is_called_back.set()
    refused = await browser.act("control", {"control": "cross"})
    assert refused == {"ok": False, "problem": "The ferry sank"}
    assert (await browser.shows())["control_news"] == ""
    assert (await browser.act("control", {"control": "whistle"}))["ok"]


async def test_a_button_that_is_gone_says_so(browser: Browser) -> None:
    refused = await browser.act("control", {"control": "swim"})
    assert refused["problem"] == "That button is gone. Load the page anew"

"""A newcomer's whole journey, with a mouse and with the keyboard alone."""

import pytest
from playwright.async_api import Page

from app.demo.stage import Stage
from tests.browser.accessibility import violations
from tests.browser.hands import Keyboard, Mouse
from tests.browser.journey import Journey, perform

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_with_a_mouse(page: Page, stage: Stage) -> None:
    async def look(step: str) -> None:
        assert await violations(page) == [], step

    await perform(Journey(stage, Mouse(page)), look)


async def test_with_the_keyboard_alone(page: Page, stage: Stage) -> None:
    async def look(step: str) -> None:
        if step != "arrives":
            assert await page.evaluate("document.activeElement !== document.body"), step

    await perform(Journey(stage, Keyboard(page)), look)

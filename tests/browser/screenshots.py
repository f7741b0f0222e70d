"""Pictures of every step of the journey: `python -m tests.browser.screenshots FOLDER`."""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from app.demo.stage import set_up
from tests.browser.chromium import launched
from tests.browser.hands import Mouse
from tests.browser.journey import Journey, perform

LOOKS: dict[str, dict[str, object]] = {
    "light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}


async def take(folder: Path) -> None:
    """Go through the journey once for each look; pictures are named `light-01-arrives.png`."""
    async with async_playwright() as playwright:
        browser = await launched(playwright)
        for look in LOOKS:
            await _take(browser, look, folder)
        await browser.close()


async def _take(browser: Browser, look: str, folder: Path) -> None:
    context = await browser.new_context(**LOOKS[look])  # type: ignore[arg-type]
    async with set_up() as stage:
        page = await context.new_page()
        steps: list[str] = []

        async def keep(step: str) -> None:
            steps.append(step)
            await page.screenshot(path=folder / f"{look}-{len(steps):02}-{step}.png")

        await perform(Journey(stage, Mouse(page)), keep)
        await context.close()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(target))

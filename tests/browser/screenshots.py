"""Pictures of the page.

`python -m tests.browser.screenshots FOLDER` keeps every step of the journey in each look;
without a folder, the two pictures that README shows are taken anew.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright, expect

from app.demo.stage import set_up
from tests.browser.chromium import launched
from tests.browser.hands import Mouse
from tests.browser.journey import Journey, Look, asks_how_things_stand, perform

DOCS = Path(__file__).parents[2] / "docs"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 820}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 820}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


async def of_the_journey(folder: Path) -> None:
    """Every step, once for each look: `light-01-arrives.png`."""
    for look in LOOKS:
        async with _begun(look) as journey:
            await perform(journey, _keeping(journey.page, folder, look))


def _keeping(page: Page, folder: Path, look: str) -> Look:
    numbers = count(1)

    async def keep(step: str) -> None:
        await page.screenshot(path=folder / f"{look}-{next(numbers):02}-{step}.png")

    return keep


async def for_readme() -> None:
    """The scorecard in the channel, in light; a metric with its picture and the inspector, in dark.
    Both after a quarter that was filled in."""
    async with _begun("light") as journey:
        await _fill_a_quarter(journey)
        await asks_how_things_stand(journey)
        await journey.page.screenshot(path=DOCS / "playground-light.png")
    async with _begun("dark") as journey:
        await _fill_a_quarter(journey)
        await journey.says("/kpi rollbacks")
        await journey.sees_picture("Rollbacks / day")
        await journey.presses("Inspector", journey.page.get_by_role("banner"))
        inspector = journey.page.get_by_role("complementary", name="Inspector")
        await journey.presses("/kpi rollbacks", inspector)
        await expect(inspector.get_by_role("region", name="Exchange")).to_contain_text("rollbacks")
        await journey.page.screenshot(path=DOCS / "playground-dark.png")


async def _fill_a_quarter(journey: Journey) -> None:
    await journey.page.goto(journey.stage.slack.url)
    await journey.presses("Fill a quarter", journey.page.get_by_role("banner"))
    await expect(journey.page.get_by_text("are filled in")).to_be_visible(timeout=20_000)


@asynccontextmanager
async def _begun(look: str) -> AsyncIterator[Journey]:
    """A journey that is about to begin, at a browser with this look."""
    async with async_playwright() as playwright, set_up() as stage:
        browser = await launched(playwright)
        page = await browser.new_page(**LOOKS[look])
        yield Journey(stage, Mouse(page))
        await browser.close()


def main() -> None:
    """Take the pictures."""
    if len(sys.argv) == 1:
        asyncio.run(for_readme())
        return
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(of_the_journey(folder))


if __name__ == "__main__":
    main()

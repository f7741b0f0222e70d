"""What axe finds wrong with a page (github.com/dequelabs/axe-core), in light and in dark."""

from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = {"runOnly": ["color-contrast"], **EVERYTHING}

Scheme = Literal["light", "dark"]


async def violations(page: Page) -> list[str]:
    """Each violation with the element that it is about. Leaves the page in light, and still: a
    colour that is on its way to another would count as too faint."""
    in_dark = await _violations(page, "dark", COLOURS)
    return await _violations(page, "light", EVERYTHING) + in_dark


async def _violations(page: Page, scheme: Scheme, options: dict[str, Any]) -> list[str]:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    found = await page.evaluate("async options => (await axe.run(options)).violations", options)
    return [
        f"{scheme}: {each['help']}: {node['html'][:200]} ({node['failureSummary']})"
        for each in found
        for node in each["nodes"]
    ]

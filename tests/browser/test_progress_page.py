"""The progress page in a browser: as it is served, in light and dark, on a phone and on paper."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, Request

from app.demo.quarter import with_quarter
from app.domain.links import LinkAddresses
from app.http.app import build_http
from app.http.progress import ProgressPages
from app.http.server import HttpServer
from app.services import links, loading
from app.store.engine import Store
from tests.browser.accessibility import violations
from tests.browser.conftest import left_by
from tests.builders import NOW
from tests.services.builders import the_billing_file, the_operator

pytestmark = pytest.mark.asyncio(loop_scope="session")

_ON_PAPER = (
    "() => Object.fromEntries(['.metrics tbody', '.phases tr', 'figure', '.milestones > li']"
    ".map(each => [each, [...document.querySelectorAll(each)]"
    ".every(found => getComputedStyle(found).breakInside === 'avoid')]))"
)


@pytest_asyncio.fixture(loop_scope="session")
async def address(context: BrowserContext, sqlite_url: str) -> AsyncIterator[str]:
    """Where the real scorecard's page is, with what the demo's milestones moved."""

    async def make(work: Callable[..., Any], *of: object) -> Any:
        return await asyncio.to_thread(work, *of)

    async with Store(sqlite_url) as store:
        await loading.load(store, the_operator(), with_quarter(the_billing_file()))
        addresses = LinkAddresses("", b"k" * 32)
        pages = ProgressPages(store, addresses, make, lambda: NOW + timedelta(days=1))
        http = HttpServer(build_http({}, None, pages), "127.0.0.1", 0)
        async with http as server, left_by(context):
            link = await links.make(store, the_operator())
            yield f"http://127.0.0.1:{server.port}{addresses.of(link.id)}"
        await pages.close()


@pytest_asyncio.fixture(loop_scope="session")
async def shown(page: Page, address: str) -> Page:
    await page.goto(address, timeout=60_000)
    return page


async def test_it_asks_for_nothing_but_itself(page: Page, address: str) -> None:
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    page.on("request", note)
    await page.goto(address, timeout=60_000)
    await page.wait_for_load_state("networkidle")
    sent = [request.url for request in asked if not request.url.startswith("data:")]
    assert sent == [address]


async def test_axe_finds_nothing_in_light_and_dark(page: Page, address: str) -> None:
    # axe itself is a script, which the page's own policy keeps out.
    content = await (await page.context.request.get(address, timeout=60_000)).text()
    await page.set_content(re.sub(r"<meta http-equiv=[^>]*>", "", content, count=1))
    assert await violations(page) == []


async def test_it_follows_the_readers_choice_of_light_and_dark(shown: Page) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        await shown.emulate_media(color_scheme=scheme)
        grounds.append(
            await shown.evaluate(
                "() => [document.body, document.querySelector('figure rect')]"
                ".map(each => getComputedStyle(each)).map(s => [s.backgroundColor, s.fill])"
            )
        )
    light, dark = grounds
    assert light[0][0] != dark[0][0]
    assert light[1][1] != dark[1][1]


async def test_a_phone_shows_it_without_scrolling_sideways(shown: Page) -> None:
    await shown.set_viewport_size({"width": 360, "height": 800})
    assert await shown.evaluate("document.documentElement.scrollWidth") == 360
    first = shown.get_by_role("row").filter(has_text="Rollbacks / day").first
    assert await first.get_by_role("cell").count() == 6
    await shown.set_viewport_size({"width": 1280, "height": 800})
    assert await shown.evaluate("document.documentElement.scrollWidth") == 1280


async def test_it_is_read_aloud_part_by_part(shown: Page) -> None:
    assert await shown.get_by_role("heading", level=1).inner_text() == "Billing Platform"
    for part in ("Metrics", "Trajectories", "Milestones", "Roadmap"):
        assert await shown.get_by_role("region", name=part).count() == 1
    table = shown.get_by_role("table", name="Each metric from its start to its target")
    assert await table.get_by_role("columnheader").all_inner_texts() == [
        "Metric",
        "Start",
        "Current",
        "Target",
        "Way closed",
        "Movement",
        "Status",
    ]
    picture = shown.get_by_role("img", name="Rollbacks / day: ~12 → 0. On track")
    assert await picture.count() == 1


@pytest.mark.parametrize(("paper", "millimetres"), [("A4", (210, 297)), ("Letter", (216, 279))])
async def test_it_prints_on_paper(shown: Page, paper: str, millimetres: tuple[int, int]) -> None:
    printed = await shown.pdf(format=paper)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", printed)
    sizes = {tuple(round(float(side) / 72 * 25.4) for side in box) for box in boxes}
    assert sizes == {millimetres}
    assert 4 <= len(boxes) <= 9


async def test_no_row_picture_or_milestone_is_cut_on_paper(shown: Page) -> None:
    await shown.emulate_media(media="print", color_scheme="dark")
    whole = await shown.evaluate(_ON_PAPER)
    assert len(whole) == 4
    assert all(whole.values()), whole
    ground = await shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"

"""Blocks in a browser: what fits where, what the keyboard reaches, what axe says."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack
from tests.browser.accessibility import violations
from tests.playground.blocks import Json, plain, section

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAMES = (
    "Rollbacks / day",
    "Disagreeing accounts",
    "WWWWWWWWWWWWWWWWWWWW",
    "Q3 '25",
    "覆盖率 发票覆盖率发票覆",
)

# Every visible text of a chart, as [words, left, top, right, bottom], and the chart's own box.
_LETTERING = """chart => {
    const box = (each) => {
        const { left, top, right, bottom } = each.getBoundingClientRect();
        return [left, top, right, bottom];
    };
    return {
        frame: box(chart),
        texts: [...chart.querySelectorAll("text")]
            .filter(each => each.checkVisibility())
            .map(each => [each.textContent, ...box(each)]),
    };
}"""


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    """The app's way to the workspace."""
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url)


@pytest.fixture
def billing(slack: LocalSlack) -> Channel:
    """#billing, which Ana sees first."""
    return slack.workspace.channel("#billing")


def log(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages", exact=True)


def chart(kind: str, points: int, series: int = 1) -> Json:
    """A chart whose names are as long, and whose values as different, as they may be."""
    labels = [
        f"{NAMES[place % len(NAMES)]}"[: 20 - len(str(place))] + str(place)
        for place in range(points)
    ]
    lines = [
        {
            "name": f"Series {number}",
            "data": [
                {"label": label, "value": (place - 2) * 1234.5 * (number + 1)}
                for place, label in enumerate(labels)
            ],
        }
        for number in range(series)
    ]
    drawn = {"type": kind, "series": lines, "axis_config": {"categories": labels}}
    return {"type": "data_visualization", "title": f"{kind} of {points}", "chart": drawn}


def pie(*values: float) -> Json:
    segments = [{"label": f"Part {place}", "value": value} for place, value in enumerate(values)]
    drawn = {"type": "pie", "segments": segments}
    return {"type": "data_visualization", "title": f"pie of {len(values)}", "chart": drawn}


@pytest.mark.parametrize("width", [360, 768, 1280])
async def test_the_lettering_of_charts_fits(
    page: Page, slack: LocalSlack, client: AsyncWebClient, billing: Channel, width: int
) -> None:
    charts = [
        *(chart(kind, points) for kind in ("line", "bar", "area") for points in (1, 6, 20)),
        pie(97, 1, 1, 0.5, 0.3, 0.2),
        pie(0.2, 0.3, 0.5, 1, 1, 97),
    ]
    for each in charts:
        await client.chat_postMessage(channel=billing.id, text="Chart", blocks=[each])
    await page.set_viewport_size({"width": width, "height": 800})
    await page.goto(slack.url)
    figures = log(page).get_by_role("figure")
    await expect(figures).to_have_count(len(charts))
    for figure in await figures.all():
        await require_room(figure)


async def require_room(figure: Locator) -> None:
    found: dict[str, Any] = await figure.evaluate(_LETTERING)
    left, top, right, bottom = found["frame"]
    texts = found["texts"]
    assert texts
    for words, x1, y1, x2, y2 in texts:
        assert left <= x1 <= x2 <= right, words
        assert top <= y1 <= y2 <= bottom, words
    for place, (words, x1, y1, x2, y2) in enumerate(texts):
        for other, u1, v1, u2, v2 in texts[place + 1 :]:
            apart = x2 <= u1 or u2 <= x1 or y2 <= v1 + 1 or v2 <= y1 + 1
            assert apart, f"{words} and {other} overlap"


async def test_a_long_table_is_scrolled_by_keyboard(
    page: Page, slack: LocalSlack, client: AsyncWebClient, billing: Channel
) -> None:
    rows = [[{"type": "raw_text", "text": f"Reading {number}"}] for number in range(60)]
    block = {"type": "data_table", "caption": "Readings", "rows": rows}
    await client.chat_postMessage(channel=billing.id, text="Readings", blocks=[block])
    await page.goto(slack.url)
    table = log(page).get_by_role("group", name="Readings")
    last = table.get_by_role("rowheader", name="Reading 59")
    await expect(last).not_to_be_in_viewport()
    await table.focus()
    await page.keyboard.press("End")
    await expect(last).to_be_in_viewport()
    await expect(table.get_by_role("columnheader", name="Reading 0")).to_be_in_viewport()


async def test_the_figures_of_a_chart_are_unfolded(
    page: Page, slack: LocalSlack, client: AsyncWebClient, billing: Channel
) -> None:
    await client.chat_postMessage(channel=billing.id, text="Chart", blocks=[chart("line", 6, 6)])
    await page.goto(slack.url)
    figures = log(page).get_by_role("table")
    await expect(log(page).get_by_role("img", name="Line chart: line of 6.")).to_be_visible()
    await expect(figures).to_be_hidden()
    await log(page).get_by_text("Figures", exact=True).click()
    await expect(figures.get_by_role("columnheader", name="Series 5")).to_be_visible()


async def test_a_picture_is_shown(
    page: Page, slack: LocalSlack, client: AsyncWebClient, billing: Channel
) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'
    await client.files_upload_v2(
        channel=billing.id, filename="a.svg", content=drawing, title="All", alt_txt="Five lines"
    )
    await page.goto(slack.url)
    picture = log(page).get_by_role("img", name="Five lines")
    await expect(picture).to_have_js_property("naturalWidth", 40)


async def test_nothing_that_is_read_shuts_anybody_out(
    page: Page, slack: LocalSlack, client: AsyncWebClient, billing: Channel
) -> None:
    raw = {"type": "raw_text", "text": "~12"}
    mentioning = "*a* <@U1> <!here> <#C1> `c` <https://x.test|l> :ship:\n> q\n• i\n```p```"
    words = {"type": "text", "text": "highlighted", "style": {"highlight": True}}
    blocks = [
        {"type": "header", "text": plain("Week 12")},
        section(mentioning, fields=[plain("Owner: Ben")]),
        {"type": "context", "elements": [plain("quiet")]},
        {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "Trend"},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [words]}],
        },
        {"type": "markdown", "text": "# One\n\n- *two*\n\n| a |\n|---|\n| b |"},
        {"type": "data_table", "caption": "Readings", "rows": [[raw], [raw]]},
        chart("bar", 6, 6),
        pie(1, 2, 3),
        {"type": "card", "title": plain("PDE"), "subtitle": plain("Q2")},
        {"type": "carousel", "elements": [{"type": "card", "title": plain("One")}]},
        {"type": "file", "external_id": "ABC", "source": "remote"},
    ]
    attachment = {"color": "good", "title": "Build", "text": "green", "footer": "CI"}
    await client.chat_postMessage(
        channel=billing.id, text="All", blocks=blocks, attachments=[attachment]
    )
    await page.goto(slack.url)
    await expect(log(page).get_by_role("figure")).to_have_count(3)
    assert await violations(page) == []

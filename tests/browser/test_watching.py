"""What the page must not do fails the test in which it does it."""

import pytest
from playwright.async_api import Page

from app.playground import LocalSlack

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("misdeed", "complaint"),
    [
        ("console.error('on fire')", "on fire"),
        ("setTimeout(() => { throw Error('thrown') })", "thrown"),
        ("setTimeout(() => Promise.reject(Error('rejected')))", "rejected"),
        ("void fetch('/nowhere')", "/nowhere: 404"),
        ("void fetch('http://127.0.0.1:1').catch(() => {})", "violates the following Content"),
        (
            "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')",
            "violates the following Content",
        ),
        (
            "document.body.insertAdjacentHTML('beforeend', '<img src=\"http://example.com/\">')",
            "http://example.com/",
        ),
    ],
)
async def test_it_is_complained_of(
    page: Page, slack: LocalSlack, complaints: list[str], misdeed: str, complaint: str
) -> None:
    await page.goto(slack.url)
    async with page.expect_event("console" if "setTimeout" not in misdeed else "pageerror"):
        await page.evaluate(f"() => {{ {misdeed} }}")
    assert any(complaint in each for each in complaints), complaints
    complaints.clear()


async def test_no_name_leads_beyond_this_machine(page: Page, complaints: list[str]) -> None:
    async with page.expect_event("requestfailed"):
        await page.set_content('<img src="http://example.com/">')
    assert "a request beyond this machine: http://example.com/" in complaints
    complaints.clear()

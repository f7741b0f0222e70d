"""Who may use the page: this machine, and only the page itself."""

import pytest

from app.playground import Channel, LocalSlack, Person
from tests.playground.page.conftest import Browser


@pytest.mark.parametrize("host", ["playground.example", "127.0.0.1.example:80", ""])
async def test_another_name_for_this_machine_is_refused(
    browser: Browser, ana: Person, host: str
) -> None:
    for path in ("/", "/stream", "/static/page.js"):
        async with browser.session.get(browser.url + path, headers={"Host": host}) as response:
            assert response.status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_an_act_from_another_site_is_refused(
    browser: Browser, ana: Person, billing: Channel, site: str
) -> None:
    async with browser.session.post(
        f"{browser.url}/acts/write?person={ana.id}&channel={billing.id}",
        json={"text": "Hello"},
        headers={"Sec-Fetch-Site": site},
    ) as response:
        assert response.status == 403
    assert ana.sees(billing) == []


async def test_browsers_are_told_to_load_nothing_else(browser: Browser, ana: Person) -> None:
    for path in ("/", "/static/page.css"):
        async with browser.session.get(browser.url + path) as response:
            policy = response.headers["Content-Security-Policy"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


async def test_the_document_has_no_script_and_no_style_of_its_own(
    browser: Browser, ana: Person
) -> None:
    async with browser.session.get(browser.url) as response:
        document = await response.text()
    assert "<style" not in document
    assert "style=" not in document
    assert document.count("<script") == document.count("<script src=") + document.count(
        '<script type="module" src='
    )


async def test_nobody_to_act_as(slack: LocalSlack, browser: Browser) -> None:
    async with browser.session.get(browser.url) as response:
        assert response.status == 404


async def test_an_unknown_act(browser: Browser, ana: Person) -> None:
    async with browser.session.post(f"{browser.url}/acts/dance", json={}) as response:
        assert response.status == 404


async def test_a_message_s_address_leads_to_it(
    browser: Browser, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    top = await ana.says("Top", billing)
    reply = await ana.says("Reply", billing, top)

    for message, end in ((top, f"#m-{top.ts}"), (reply, f"&thread={top.ts}#t-{reply.ts}")):
        _, _, path = slack.workspace.permalink(message).partition("slack.com")
        address = f"{browser.url}{path.partition('?')[0]}?person={ana.id}"
        async with browser.session.get(address, allow_redirects=False) as response:
            expected = f"/?person={ana.id}&channel={billing.id}{end}"
            assert response.headers["Location"] == expected


async def test_the_address_of_a_message_that_is_gone(browser: Browser, billing: Channel) -> None:
    path = f"/archives/{billing.id}/p1773651600000001"
    async with browser.session.get(browser.url + path) as response:
        assert response.status == 404

"""What a browser is sent, and when."""

import asyncio

from app.playground import Channel, LocalSlack, Person
from app.playground.page import Page
from tests.playground.conftest import Clock
from tests.playground.page.conftest import Browser


async def test_what_changed_is_sent_and_the_rest_is_not(
    browser: Browser, ana: Person, billing: Channel
) -> None:
    first = await ana.says("One", billing)
    async with browser.stream(person=ana.id, channel=billing.id) as stream:
        await stream.hello()
        whole = await stream.news()
        second = await ana.says("Two", billing)
        change = await stream.news()

    assert "bar" in whole
    assert "bar" not in change
    assert [piece["id"] for piece in change["messages"]["pieces"]] == [f"m-{second.ts}"]
    assert change["messages"]["order"][-2:] == [f"m-{first.ts}", f"m-{second.ts}"]


async def test_a_changed_message_comes_again(
    browser: Browser, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    first = await ana.says("One", billing)
    second = await ana.says("Two", billing)
    async with browser.stream(person=ana.id, channel=billing.id) as stream:
        await stream.hello()
        await stream.news()
        slack.workspace.fill(first, {"text": "Three"})
        change = await stream.news()

    assert [piece["id"] for piece in change["messages"]["pieces"]] == [f"m-{first.ts}"]
    assert "Three" in change["messages"]["pieces"][0]["html"]
    assert f"m-{second.ts}" in change["messages"]["order"]


async def test_two_people_see_different_things(
    browser: Browser, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    ben = slack.add_person("ben", real_name="Ben Cole")
    slack.add_channel("secrets", members=[ana], private=True)
    slack.workspace.post(billing, slack.bot_user_id, {"text": "For Ana"}, visible_to=ana.id)

    hers = await browser.shows(person=ana.id, channel=billing.id)
    his = await browser.shows(person=ben.id, channel=billing.id)

    assert "secrets" in hers["channels"]
    assert "secrets" not in his["channels"]
    assert "For Ana" in hers["messages"]
    assert "For Ana" not in his.get("messages", "")


async def test_a_place_that_is_not_there_becomes_one_that_is(
    browser: Browser, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    secret = slack.add_channel("secrets", private=True)
    await ana.says("Hello", billing)

    for place in ({"person": "U0NOBODY"}, {"person": ana.id, "channel": secret.id}):
        assert "Hello" in (await browser.shows(**place))["messages"]


async def test_every_run_of_the_playground_has_a_name_of_its_own(
    browser: Browser, ana: Person, billing: Channel
) -> None:
    async def named() -> str:
        async with browser.stream(person=ana.id) as stream:
            return await stream.hello()

    first = await named()
    assert await named() == first

    async with LocalSlack() as another:
        another.add_person("ana")
        Page(another)
        async with Browser(another.url, browser.session).stream() as stream:
            assert await stream.hello() != first


async def test_it_ends_at_once_when_the_workspace_closes(browser: Browser) -> None:
    async with LocalSlack() as closing:
        closing.add_person("ana")
        Page(closing)
        stream = browser.session.get(f"{closing.url}/stream")
        response = await stream
        await response.content.readline()
    async with asyncio.timeout(0.5):
        await response.content.read()


async def test_what_is_shown_is_read(
    browser: Browser, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    ben = slack.add_person("ben")
    other = slack.add_channel("other", members=[ana, ben])
    await ben.says("One", other)
    await ben.says("Two", other)
    await ana.says("Mine", other)

    before = await browser.shows(person=ana.id, channel=billing.id)
    there = await browser.shows(person=ana.id, channel=other.id)
    after = await browser.shows(person=ana.id, channel=billing.id)

    assert ">2<" in before["channels"]
    assert "unread" not in there["channels"]
    assert "unread" not in after["channels"]


async def test_the_clock_on_the_page_is_the_workspace_s(
    browser: Browser, slack: LocalSlack, clock: Clock, ana: Person
) -> None:
    async with browser.stream(person=ana.id) as stream:
        await stream.hello()
        await stream.news()
        clock.passes(86_400)
        slack.workspace.changes.happened()
        change = await stream.news()

    assert "Tue 17 Mar 2026, 10:00" in change["bar"]["pieces"][0]["html"]

"""What is done to elements, modals and the home, as the page's acts."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person, View
from tests.playground.blocks import (
    Json,
    actions,
    button,
    home,
    input_block,
    modal,
    options,
    section,
    text_input,
)
from tests.playground.page.conftest import Browser


def opened(slack: LocalSlack, person: Person, *blocks: Json, **more: Any) -> View:
    """The person looks at a modal of these blocks."""
    return slack.workspace.views.open(person.id, modal(*blocks, **more))


def on(surface: str, block: str, action: str = "value", **more: Any) -> Json:
    """An act on one element."""
    return {"surface": surface, "block": block, "action": action, **more}


@pytest.fixture
async def surface(client: AsyncWebClient, ana: Person, billing: Channel, slack: LocalSlack) -> str:
    """A message of the app with a button and what opens no page."""
    workflow = {
        "type": "workflow_button",
        "action_id": "run",
        "text": {"type": "plain_text", "text": "Run"},
        "workflow": {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}},
    }
    await client.chat_postMessage(
        channel=billing.id, text="Digest", blocks=[actions(button("value", value="7"), workflow)]
    )
    return f"{billing.id}:{ana.sees(billing)[-1].ts}"


async def test_a_click_reaches_the_app(
    socket_app: AsyncApp, browser: Browser, ana: Person, surface: str
) -> None:
    clicked: list[str] = []

    @socket_app.action("value")
    async def click(ack: AsyncAck, action: Json, body: Json) -> None:
        clicked.append(f"{body['user']['id']} {action['value']}")
        await ack()

    answer = await browser.act("click", on(surface, "actions"), person=ana.id)

    assert answer == {"ok": True}
    assert clicked == [f"{ana.id} 7"]


async def test_a_click_that_cannot_be_says_why(
    slack: LocalSlack, socket_app: AsyncApp, browser: Browser, ana: Person, surface: str
) -> None:
    eve = slack.add_person("eve", stranger=True)
    slack.faults.add("interactive", "drop")

    async def problem(content: Json, person: Person = ana) -> str:
        answer = await browser.act("click", content, person=person.id)
        assert not answer["ok"]
        return str(answer["problem"])

    assert await problem(on(surface, "actions")) == "This failed with the error “dispatch_failed”"
    assert "starts a workflow in Slack" in await problem(on(surface, "actions", "run"))
    assert await problem(on(surface, "actions", "other")) == "That is gone"
    assert await problem(on("C404:1.0", "actions")) == "That message is gone"
    assert await problem(on(surface, "actions"), eve) == "eve doesn't see it"


@pytest.mark.parametrize(
    ("kind", "element", "choice", "kept"),
    [
        ("plain_text_input", {}, "PDE", {"value": "PDE"}),
        ("plain_text_input", {"initial_value": "PDE"}, "", {"value": None}),
        ("datetimepicker", {}, "2026-03-16T09:30", {"selected_date_time": 1_773_649_800}),
        ("datetimepicker", {}, "", {"selected_date_time": None}),
        (
            "multi_static_select",
            {"options": options("week", "month")},
            ["month"],
            {"selected_options": options("month")},
        ),
        ("radio_buttons", {"options": options("week")}, None, {"selected_option": None}),
    ],
)
async def test_what_is_filled_in_is_kept(
    *,
    slack: LocalSlack,
    browser: Browser,
    ana: Person,
    kind: str,
    element: Json,
    choice: Any,
    kept: Json,
) -> None:
    view = opened(slack, ana, input_block("asked", kind, **element))
    answer = await browser.act("fill", on(view.id, "asked", choice=choice), person=ana.id)

    assert answer == {"ok": True}
    assert view.chosen == {("asked", "value"): {"type": kind, **kept}}


async def test_nobody_fills_in_the_form_of_another(
    slack: LocalSlack, browser: Browser, ana: Person, billing: Channel
) -> None:
    ben = slack.add_person("ben")
    view = opened(slack, ana, text_input("asked"))
    answer = await browser.act("fill", on(view.id, "asked", choice="x"), person=ben.id)

    assert answer == {"ok": False, "problem": "That form is gone"}
    assert view.chosen == {}


async def test_a_select_offers_what_has_the_words(
    slack: LocalSlack, browser: Browser, ana: Person, billing: Channel
) -> None:
    slack.add_person("ben", real_name="Ben Cole")
    view = opened(slack, ana, input_block("asked", "users_select"))
    answer = await browser.act("search", on(view.id, "asked", text="cole"), person=ana.id)

    [offer] = answer["offers"]
    assert (offer["label"], offer["detail"], offer["kind"]) == ("Ben Cole", "@ben", "person")


async def test_suggestions_that_fail_say_so(
    socket_app: AsyncApp, slack: LocalSlack, browser: Browser, ana: Person
) -> None:
    slack.faults.add("interactive", "drop")
    view = opened(slack, ana, input_block("asked", "external_select"))
    answer = await browser.act("search", on(view.id, "asked", text="roll"), person=ana.id)

    assert answer["problem"] == "The options did not load: “dispatch_failed”"


async def test_files_are_attached_and_taken_out(
    slack: LocalSlack, browser: Browser, ana: Person
) -> None:
    view = opened(slack, ana, input_block("proof", "file_input", max_files=1))
    place = {"surface": view.id, "block": "proof", "name": "a b.csv", "person": ana.id}
    async with browser.session.post(
        f"{browser.url}/acts/attach", params=place, data=b"1,2"
    ) as response:
        assert await response.json() == {"ok": True}
    [state] = view.chosen.values()
    [file] = state["files"]
    assert (file["name"], file["size"]) == ("a b.csv", 3)
    assert "a b.csv" in (await browser.shows(person=ana.id))["modal"]

    async with browser.session.post(f"{browser.url}/acts/attach", params=place) as response:
        assert (await response.json())["problem"] == "at most 1 files in value"
    await browser.act("fill", on(view.id, "proof", choice=[]), person=ana.id)
    assert "a b.csv" not in (await browser.shows(person=ana.id))["modal"]


class TestSubmitting:
    """What becomes of a submission."""

    async def test_errors_stand_until_the_next_one(
        self, socket_app: AsyncApp, slack: LocalSlack, browser: Browser, ana: Person
    ) -> None:
        answers: list[Any] = [{"response_action": "errors", "errors": {"key": "Taken already"}}, {}]

        @socket_app.view("milestone")
        async def submit(ack: AsyncAck) -> None:
            await ack(**answers.pop(0))

        view = opened(slack, ana, text_input("key"))
        submission = {"surface": view.id}
        empty = await browser.act("submit", submission, person=ana.id)
        assert empty["fault"] == f"{view.id}/key/value"
        assert "complete this required field" in (await browser.shows(person=ana.id))["modal"]

        await browser.act("fill", on(view.id, "key", choice="debt"), person=ana.id)
        await browser.act("submit", submission, person=ana.id)
        shown = await browser.shows(person=ana.id)
        assert "Taken already" in shown["modal"]
        assert "required field" not in shown["modal"]

        await browser.act("submit", submission, person=ana.id)
        assert (await browser.shows(person=ana.id))["modal"] == ""

    async def test_a_failure_says_its_code(
        self, socket_app: AsyncApp, slack: LocalSlack, browser: Browser, ana: Person
    ) -> None:
        slack.faults.add("interactive", "drop")
        view = opened(slack, ana, text_input("key", initial_value="debt"))
        answer = await browser.act("submit", {"surface": view.id}, person=ana.id)

        assert answer["ok"]
        foot = (await browser.shows(person=ana.id))["modal_foot"]
        assert "We had some trouble connecting. Try again?" in foot
        assert "dispatch_failed" in foot

    async def test_one_at_a_time(
        self, socket_app: AsyncApp, slack: LocalSlack, browser: Browser, ana: Person
    ) -> None:
        may_go, came = asyncio.Event(), asyncio.Event()

        @socket_app.view("milestone")
        async def submit(ack: AsyncAck) -> None:
            came.set()
            await may_go.wait()
            await ack()

        view = opened(slack, ana, text_input("key", initial_value="debt"))
        first = asyncio.create_task(browser.act("submit", {"surface": view.id}, person=ana.id))
        await came.wait()
        assert "aria-busy" in (await browser.shows(person=ana.id))["modal_foot"]
        await browser.act("submit", {"surface": view.id}, person=ana.id)
        may_go.set()
        await first

        assert len(slack.journal.deliveries("interactive")) == 1


class TestVersions:
    """What makes a form's block anew in the browser."""

    async def versions(self, browser: Browser, ana: Person) -> dict[str, str]:
        async with browser.stream(person=ana.id) as stream:
            await stream.hello()
            news = await stream.news()
        return {each["id"]: each["version"] for each in news["modal"]["pieces"]}

    async def test_typing_does_not_and_the_app_does(
        self, slack: LocalSlack, browser: Browser, ana: Person, billing: Channel
    ) -> None:
        view = opened(slack, ana, text_input("title"), text_input("note"))
        before = await self.versions(browser, ana)
        await browser.act("fill", on(view.id, "title", choice="PDE"), person=ana.id)
        assert await self.versions(browser, ana) == before

        slack.workspace.views.update(
            view, modal(text_input("title", initial_value="x"), text_input("note"))
        )
        after = await self.versions(browser, ana)
        assert after[f"{view.id}/note"] == before[f"{view.id}/note"]
        assert after[f"{view.id}/title"] != before[f"{view.id}/title"]
        assert 'value="PDE"' in (await browser.shows(person=ana.id))["modal"]


class TestClosing:
    """The way out of a modal."""

    async def test_the_one_below_shows_again(
        self, slack: LocalSlack, browser: Browser, ana: Person
    ) -> None:
        below = opened(slack, ana, title="First")
        above = slack.workspace.views.push(below, modal(title="Second"))
        assert 'aria-label="Back"' in (await browser.shows(person=ana.id))["modal_head"]
        refused = await browser.act("close", {"surface": below.id}, person=ana.id)
        assert refused["problem"] == "That form is gone"
        await browser.act("close", {"surface": above.id}, person=ana.id)

        head = (await browser.shows(person=ana.id))["modal_head"]
        assert "First" in head
        assert 'aria-label="Close"' in head

    async def test_without_a_submit_button_it_is_closed(
        self, slack: LocalSlack, browser: Browser, ana: Person
    ) -> None:
        view = modal(section("Done"))
        del view["submit"]
        slack.workspace.views.open(ana.id, view)
        foot = (await browser.shows(person=ana.id))["modal_foot"]

        assert "Close" in foot
        assert 'type="submit"' not in foot


class TestHome:
    """The app's own page."""

    async def test_it_is_asked_for_and_shown(
        self, socket_app: AsyncApp, slack: LocalSlack, browser: Browser, ana: Person
    ) -> None:
        @socket_app.event("app_home_opened")
        async def publish(event: Json, client: AsyncWebClient) -> None:
            await client.views_publish(user_id=event["user"], view=home(section("My metrics")))

        place = {"person": ana.id, "channel": slack.direct_message(ana).id, "tab": "home"}
        assert "Loading Playground" in (await browser.shows(**place))["home"]
        await browser.act("open_home", {}, **place)
        assert "My metrics" in (await browser.shows(**place))["home"]

    async def test_only_the_apps_direct_message_has_it(
        self, browser: Browser, ana: Person, billing: Channel
    ) -> None:
        shown = await browser.shows(person=ana.id, channel=billing.id, tab="home")

        assert shown["home"] == ""

"""A Bolt app by Bolt's rules alone runs unchanged: sync, async, over Socket Mode and over HTTP."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.playground import Channel, LocalSlack, Person
from app.playground.run import Order
from tests.playground.playing import Playing, free_port, playing, python
from tests.playground.samples import FOLDER, MANIFEST, MANIFEST_HTTP

pytestmark = pytest.mark.asyncio(loop_scope="module")

NO_PROXY_OF_OURS = "http://127.0.0.1:9"
TODAY = "Today: Soup, Salad, Sandwich, Stew"


def order(form: str) -> Order:
    if form == "HTTP":
        port = free_port()
        command = python(FOLDER / "lunch_sync.py", HTTPS_PROXY=NO_PROXY_OF_OURS, PORT=port)
        return Order(MANIFEST_HTTP, request_url=f"http://127.0.0.1:{port}", command=command)
    command = python(FOLDER / f"lunch_{form}.py", HTTPS_PROXY=NO_PROXY_OF_OURS)
    return Order(MANIFEST, command=command)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sync", "async", "HTTP"])
async def lunch(request: pytest.FixtureRequest) -> AsyncIterator[Playing]:
    """The sample, started by the playground."""
    async with playing(order(request.param)) as running:
        await running.says("The app answers" if request.param == "HTTP" else "The app is connected")
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def slack(lunch: Playing) -> AsyncIterator[LocalSlack]:
    yield lunch.slack
    await lunch.slack.settled()
    assert lunch.slack.journal.problems == []


@pytest.fixture
def ana(slack: LocalSlack) -> Person:
    return slack.add_person("ana")


@pytest.fixture
def kitchen(slack: LocalSlack, ana: Person) -> Channel:
    return slack.add_channel("kitchen", members=[ana])


async def test_a_command_is_answered(ana: Person, kitchen: Channel) -> None:
    seen = await ana.types("/lunch menu", kitchen)
    assert seen.message
    assert seen.message.text == TODAY


async def test_a_form_is_searched_corrected_and_sent(
    slack: LocalSlack, ana: Person, kitchen: Channel
) -> None:
    assert (await ana.types("/lunch", kitchen)).error is None
    form = await ana.sees_view("Order lunch")
    found = await ana.searches(form, "find_dish", "so")
    assert [each["value"] for each in found] == ["soup"]
    ana.fills(form, {"dish": "soup", "wish": "everything"})
    assert (await ana.submits(form)).errors == {"wish": "That is too much"}
    ana.fills(form, {"wish": "bread"})
    assert (await ana.submits(form)).closed

    posted = await ana.sees_message(kitchen, "orders soup")
    await ana.clicks(posted, "me_too")
    await ana.sees_message(kitchen, f"orders soup, <@{ana.id}> too")


async def test_a_message_is_heard(ana: Person, kitchen: Channel) -> None:
    said = await ana.says("I am hungry", kitchen)
    await ana.sees_message(kitchen, "Type /lunch")
    assert len(ana.thread(said)) == 2


async def test_a_mention_is_heard(ana: Person, kitchen: Channel) -> None:
    await ana.mentions_bot("what is there?", kitchen)
    await ana.sees_message(kitchen, TODAY)


async def test_the_home_tab_is_filled(ana: Person) -> None:
    await ana.opens_home()
    await ana.sees_home("Stew")


async def test_shortcuts_open_the_form_and_answer(ana: Person, kitchen: Channel) -> None:
    assert (await ana.uses_shortcut("order")).error is None
    await ana.closes(await ana.sees_view("Order lunch"))
    said = await ana.says("stew for me", kitchen)
    assert (await ana.uses_shortcut("same", said)).error is None
    await ana.sees_message(kitchen, "The same for")


async def test_a_workflows_step_is_done(slack: LocalSlack) -> None:
    assert (await slack.run_step("order_step", {"dish": "Soup"})).outputs == {"order": "One Soup"}
    assert (await slack.run_step("order_step", {"dish": "Pie"})).error == "There is no Pie today"

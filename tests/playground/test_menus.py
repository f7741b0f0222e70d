"""What stands in a select when somebody opens it, and what stays chosen in it."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person, View
from tests.playground.blocks import Json, actions, input_block, modal, options, plain


def asked(slack: LocalSlack, person: Person, kind: str, **element: Any) -> View:
    """Somebody looks at a modal with one input of this kind."""
    return slack.workspace.views.open(person.id, modal(input_block("asked", kind, **element)))


async def lines(person: Person, view: View, text: str = "") -> list[str]:
    """What the menu's lines are called."""
    return [offer.label for offer in (await person.opens_menu(view, "value", text)).offers]


async def test_options_are_found_by_their_words_and_keep_their_groups(
    slack: LocalSlack, ana: Person
) -> None:
    rollbacks, debt, paths = options("rollbacks / day", "bad debt", "code paths")
    debt["description"] = plain("From upgrades")
    groups = [
        {"label": plain("Quality"), "options": [rollbacks, debt]},
        {"label": plain("Structure"), "options": [paths]},
    ]
    view = asked(slack, ana, "static_select", option_groups=groups)

    assert await lines(ana, view) == ["Rollbacks / Day", "Bad Debt", "Code Paths"]
    assert await lines(ana, view, "DAY roll") == ["Rollbacks / Day"]
    [offer] = (await ana.opens_menu(view, "value", "upgrades")).offers
    assert (offer.label, offer.detail, offer.group) == ("Bad Debt", "From upgrades", "Quality")


async def test_people_are_found_by_either_name(slack: LocalSlack, ana: Person) -> None:
    slack.add_person("bc", real_name="Ben Cole")
    gone = slack.add_person("cara", real_name="Cara Bond")
    gone.user.has_left = True
    view = asked(slack, ana, "users_select")

    assert await lines(ana, view) == ["Ana Beck", "Ben Cole", "Playground"]
    assert await lines(ana, view, "cole") == ["Ben Cole"]
    [offer] = (await ana.opens_menu(view, "value", "@bc")).offers
    assert (offer.label, offer.detail, offer.kind) == ("Ben Cole", "@bc", "person")


async def test_conversations_are_those_that_can_be_picked(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    slack.add_channel("plans", members=[ana], private=True)
    slack.add_channel("hidden", private=True)
    slack.add_channel("old", members=[ana], archived=True)
    slack.direct_message(ana, slack.add_person("ben", real_name="Ben Cole"))

    menu = await ana.opens_menu(asked(slack, ana, "conversations_select"), "value")
    assert [(offer.label, offer.kind) for offer in menu.offers] == [
        ("billing", "public"),
        ("plans", "private"),
        ("Ben Cole", "direct"),
    ]
    assert await lines(ana, asked(slack, ana, "channels_select")) == ["billing"]


async def test_what_the_app_suggests_keeps_its_groups(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person
) -> None:
    @socket_app.options("value")
    async def suggest(ack: AsyncAck) -> None:
        await ack(option_groups=[{"label": plain("Mine"), "options": options("rollbacks")}])

    menu = await ana.opens_menu(asked(slack, ana, "external_select"), "value", "roll")
    assert [(offer.group, offer.label) for offer in menu.offers] == [("Mine", "Rollbacks")]
    assert menu.error is None


async def test_suggestions_that_do_not_come_say_why(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person
) -> None:
    @socket_app.options("value")
    async def suggest(ack: AsyncAck) -> None:
        await ack(options=options(*(f"metric {n}" for n in range(101))))

    menu = await ana.opens_menu(asked(slack, ana, "external_select"), "value", "met")
    assert (menu.offers, menu.error) == ([], "invalid_response")


async def test_what_was_suggested_before_can_be_chosen_and_stays_so(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person
) -> None:
    @socket_app.options("value")
    async def suggest(ack: AsyncAck, payload: Json) -> None:
        await ack(options=options(payload["value"]))

    [first] = options("first")
    view = asked(slack, ana, "multi_external_select", initial_options=[first])
    await ana.searches(view, "value", "second")
    ana.fills(view, {"asked": ["first", "second"]})
    await ana.searches(view, "value", "third")
    await ana.searches(view, "value", "fourth")
    ana.fills(view, {"asked": ["first", "second", "third"]})

    [state] = ana.chosen(view).values()
    assert [each["value"] for each in state["selected_options"]] == ["first", "second", "third"]


async def test_feedback_says_which_of_its_buttons(
    socket_app: AsyncApp, client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    given: list[Json] = []

    @socket_app.action("useful")
    async def useful(ack: AsyncAck, action: Json) -> None:
        given.append(action)
        await ack()

    buttons = {
        "type": "feedback_buttons",
        "action_id": "useful",
        "positive_button": {"text": plain("Yes"), "value": "yes"},
        "negative_button": {"text": plain("No"), "value": "no"},
    }
    block = actions(buttons) | {"type": "context_actions"}
    await client.chat_postMessage(channel=billing.id, text="Useful?", blocks=[block])
    message = await ana.sees_message(billing)
    await ana.clicks(message, "useful", "no")

    assert (given[0]["value"], given[0]["text"]["text"]) == ("no", "No")
    with pytest.raises(LookupError, match="no feedback 'maybe' in useful"):
        await ana.clicks(message, "useful", "maybe")

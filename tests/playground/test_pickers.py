"""What Slack's pickers offer, in modals and in messages."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person, View
from tests.playground.blocks import Json, actions, input_block, modal, options, plain

Asks = Callable[..., View]


@pytest.fixture
def asks(slack: LocalSlack, ana: Person) -> Asks:
    """Ana looks at a modal with one input of this kind."""

    def asks(kind: str, **element: Any) -> View:
        return slack.workspace.views.open(ana.id, modal(input_block("asked", kind, **element)))

    return asks


def held(slack: LocalSlack, view: View) -> Json:
    """What stands in the input."""
    state: Json = slack.workspace.views.payload(view)["state"]["values"]["asked"]["value"]
    return {key: value for key, value in state.items() if key != "type"}


class TestConversations:
    """Channels and conversations."""

    @pytest.fixture
    def places(self, slack: LocalSlack, ana: Person, billing: Channel) -> dict[str, Channel]:
        """A conversation of every kind."""
        eve = slack.add_person("eve", stranger=True)
        return {
            "public": billing,
            "private": slack.add_channel("secret", members=[ana], private=True),
            "shared": slack.add_channel("shared", members=[ana, eve]),
            "hidden": slack.add_channel("hidden", private=True),
            "person": slack.direct_message(ana, slack.add_person("ben")),
            "bot": slack.direct_message(ana),
        }

    @pytest.mark.parametrize(
        ("kind", "conditions", "offered"),
        [
            ("conversations_select", {}, "public private shared person bot"),
            ("conversations_select", {"include": ["public", "private"]}, "public private shared"),
            ("conversations_select", {"include": ["im"]}, "person bot"),
            ("conversations_select", {"exclude_bot_users": True}, "public private shared person"),
            (
                "conversations_select",
                {"include": ["public"], "exclude_external_shared_channels": True},
                "public",
            ),
            ("channels_select", None, "public shared"),
        ],
    )
    def test_what_is_offered(
        self,
        *,
        asks: Asks,
        ana: Person,
        places: dict[str, Channel],
        kind: str,
        conditions: Json | None,
        offered: str,
    ) -> None:
        def can_pick(channel: Channel) -> bool:
            try:
                ana.fills(view, {"asked": channel})
            except LookupError:
                return False
            return True

        view = asks(kind, **({"filter": conditions} if conditions else {}))
        assert [name for name, place in places.items() if can_pick(place)] == offered.split()

    def test_what_is_not_offered_is_named(
        self, asks: Asks, ana: Person, places: dict[str, Channel]
    ) -> None:
        several = asks("multi_conversations_select", max_selected_items=1)

        with pytest.raises(LookupError, match="hidden is not offered in value"):
            ana.fills(several, {"asked": [places["hidden"]]})
        with pytest.raises(LookupError, match="at most 1 in value"):
            ana.fills(several, {"asked": [places["public"], places["private"]]})
        with pytest.raises(LookupError, match="no conversation 'C404'"):
            ana.fills(several, {"asked": ["C404"]})

    def test_a_guest_is_offered_only_where_they_are(
        self, slack: LocalSlack, billing: Channel
    ) -> None:
        gus = slack.add_person("gus", guest=True)
        home = slack.add_channel("home", members=[gus])
        view = slack.workspace.views.open(gus.id, modal(input_block("asked", "channels_select")))

        gus.fills(view, {"asked": home})
        with pytest.raises(LookupError, match="billing is not offered"):
            gus.fills(view, {"asked": billing})

    async def test_the_current_one_is_chosen_if_it_is_offered_and_nothing_goes_before(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        async def chosen(kind: str, **element: Any) -> Any:
            trigger = slack.workspace.triggers.issue(ana.id, billing.id)
            asking = input_block("asked", kind, default_to_current_conversation=True, **element)
            await client.views_open(trigger_id=trigger, view=modal(asking))
            [value] = held(slack, await ana.sees_view()).values()
            return value

        ops = slack.add_channel("ops")
        one, many = "conversations_select", "multi_conversations_select"
        assert await chosen(one) == billing.id
        assert await chosen(one, initial_conversation=ops.id) == ops.id
        assert await chosen(many, initial_conversations=[ops.id]) == [billing.id]
        assert await chosen(one, filter={"include": ["private"]}) is None


@pytest.mark.parametrize(
    ("kind", "element", "choice", "state"),
    [
        ("timepicker", {}, "09:30", {"selected_time": "09:30"}),
        ("datepicker", {}, "2026-03-16", {"selected_date": "2026-03-16"}),
        ("number_input", {"is_decimal_allowed": True}, "12.5", {"value": "12.5"}),
        ("plain_text_input", {}, "~12", {"value": "~12"}),
        ("radio_buttons", {"options": options("a", "b")}, "b", {"selected_option": "b"}),
        ("checkboxes", {"options": options("a", "b")}, ["a"], {"selected_options": ["a"]}),
    ],
)
def test_what_is_filled_in_a_modal(
    *,
    slack: LocalSlack,
    asks: Asks,
    ana: Person,
    kind: str,
    element: Json,
    choice: Any,
    state: Json,
) -> None:
    view = asks(kind, **element)
    ana.fills(view, {"asked": choice})

    assert values_of(held(slack, view)) == state


def values_of(state: Json) -> Json:
    """A state whose options are told by their values."""

    def value_of(part: Any) -> Any:
        if isinstance(part, list):
            return [value_of(each) for each in part]
        return part["value"] if isinstance(part, dict) else part

    return {key: value_of(part) for key, part in state.items()}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("datepicker", "16 March"), ("datepicker", "2026-02-30"), ("timepicker", "24:30")],
)
def test_pickers_know_no_other_form(asks: Asks, ana: Person, kind: str, typed: str) -> None:
    with pytest.raises(LookupError, match="is not of the form"):
        ana.fills(asks(kind), {"asked": typed})


def test_people_are_those_of_the_workspace(slack: LocalSlack, asks: Asks, ana: Person) -> None:
    view = asks("multi_users_select", max_selected_items=2)
    ben = slack.add_person("ben")
    ana.fills(view, {"asked": [ana, ben.id]})

    assert held(slack, view) == {"selected_users": [ana.id, ben.id]}
    with pytest.raises(LookupError, match="no person 'U404'"):
        ana.fills(view, {"asked": ["U404"]})


async def test_everything_can_be_filled_in_in_a_message(
    app: AsyncApp, client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    acts: list[Json] = []
    states: list[Json] = []

    @app.action({"block_id": "actions"})
    @app.action({"block_id": "value"})
    async def act(ack: AsyncAck, body: Json, action: Json) -> None:
        acts.append(action)
        states.append(body["state"]["values"])
        await ack()

    confirm = {
        "title": plain("Sure?"),
        "text": plain("It goes"),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    await client.chat_postMessage(
        channel=billing.id,
        text="Schedule",
        blocks=[
            actions(
                {"type": "users_select", "action_id": "who"},
                {
                    "type": "conversations_select",
                    "action_id": "where",
                    "filter": {"include": ["public"]},
                },
                {"type": "timepicker", "action_id": "when"},
                {"type": "radio_buttons", "action_id": "day", "options": options("mon", "tue")},
                {"type": "checkboxes", "action_id": "parts", "options": options("a", "b")},
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": options("edit", "drop"),
                    "confirm": confirm,
                },
            ),
            input_block("value", "number_input", dispatch=True, is_decimal_allowed=False),
            input_block("note", "plain_text_input"),
        ],
    )
    message = await ana.sees_message(billing, "Schedule")
    await ana.clicks(message, "who", ana)
    await ana.clicks(message, "where", billing)
    await ana.clicks(message, "when", "09:30")
    await ana.clicks(message, "day", "tue")
    await ana.clicks(message, "parts", ["a", "b"])
    await ana.clicks(message, "more", "drop")
    ana.fills(message, {"note": "after the fix"})
    await ana.dispatches(message, "value", "12")

    who, where, when, day, parts, more, value = acts
    assert (who["selected_user"], where["selected_conversation"]) == (ana.id, billing.id)
    assert (when["selected_time"], day["selected_option"]["value"]) == ("09:30", "tue")
    assert [option["value"] for option in parts["selected_options"]] == ["a", "b"]
    assert (more["selected_option"]["value"], more["confirm"]) == ("drop", confirm)
    assert value["value"] == "12"
    assert states[-1]["note"]["value"]["value"] == "after the fix"
    assert states[-1]["actions"]["who"]["selected_user"] == ana.id

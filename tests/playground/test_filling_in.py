"""Filling in the fields of a modal, as a person can."""

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp

from app.playground import Channel, LocalSlack, Person
from tests.playground.blocks import (
    Json,
    actions,
    button,
    input_block,
    modal,
    options,
    text_input,
)


class TestFillingIn:
    """What tests may pretend to fill in is what people could."""

    async def test_unknown_inputs_and_options_are_named(
        self, slack: LocalSlack, ana: Person
    ) -> None:
        view = slack.workspace.views.open(
            ana.id,
            modal(
                input_block("stream", "static_select", options=options("pde")),
                actions(button("go"), block_id="row"),
            ),
        )

        with pytest.raises(LookupError, match=r"no input 'row'; there are \['stream'\]"):
            ana.fills(view, {"row": "x"})
        with pytest.raises(LookupError, match=r"no option 'x' in value; there are \['pde'\]"):
            ana.fills(view, {"stream": "x"})

    async def test_an_input_can_be_emptied(self, slack: LocalSlack, ana: Person) -> None:
        view = slack.workspace.views.open(ana.id, modal(text_input("title", initial_value="PDE")))
        ana.fills(view, {"title": None})

        assert (await ana.submits(view)).errors == {"title": "Please complete this required field."}

    async def test_an_input_that_tells_the_app_at_once(
        self, socket_app: AsyncApp, slack: LocalSlack, ana: Person
    ) -> None:
        chosen: list[str] = []

        @socket_app.action("value")
        async def pick(ack: AsyncAck, action: Json, body: Json) -> None:
            state = body["view"]["state"]["values"]["metric"]["value"]
            assert state["selected_option"] == action["selected_option"]
            chosen.append(action["selected_option"]["value"])
            await ack()

        choices = options("debt", "rollbacks")
        view = slack.workspace.views.open(
            ana.id,
            modal(
                input_block("metric", "static_select", dispatch=True, options=choices),
                input_block("quiet", "static_select", options=choices),
            ),
        )
        await ana.dispatches(view, "metric", "debt")

        assert chosen == ["debt"]
        with pytest.raises(LookupError, match="'quiet' has no dispatch_action"):
            await ana.dispatches(view, "quiet", "debt")
        with pytest.raises(LookupError, match="'quiet' has no dispatch_action"):
            await ana.clicks(view, "value", "debt", block_id="quiet")

    async def test_every_kind_of_input_has_its_state(
        self, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        groups = [{"label": {"type": "plain_text", "text": "All"}, "options": options("pde")}]
        view = slack.workspace.views.open(
            ana.id,
            modal(
                input_block("radio", "radio_buttons", options=options("a", "b")),
                input_block("several", "multi_static_select", option_groups=groups),
                input_block("time", "timepicker"),
                input_block("instant", "datetimepicker"),
                input_block("home", "conversations_select"),
                input_block("people", "multi_users_select"),
                input_block("story", "rich_text_input"),
            ),
        )
        ana.fills(
            view,
            {
                "radio": "b",
                "several": ["pde"],
                "time": "09:30",
                "instant": 1_773_651_600,
                "home": billing,
                "people": [ana],
                "story": "words",
            },
        )

        values = slack.workspace.views.payload(view)["state"]["values"]
        states = {block: state["value"] for block, state in values.items()}
        assert states["radio"]["selected_option"]["value"] == "b"
        assert states["several"]["selected_options"][0]["value"] == "pde"
        assert states["time"]["selected_time"] == "09:30"
        assert states["instant"]["selected_date_time"] == 1_773_651_600
        assert states["home"]["selected_conversation"] == billing.id
        assert states["people"]["selected_users"] == [ana.id]
        assert states["story"]["rich_text_value"]["type"] == "rich_text"

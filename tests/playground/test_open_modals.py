"""Modals that stand open: updated, closed, and what their triggers open."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from tests.playground.blocks import (
    Json,
    input_block,
    modal,
    options,
    section,
    text_input,
)


class TestUpdating:
    """views.update while somebody is typing."""

    async def test_typed_text_stays_where_the_ids_stay(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person
    ) -> None:
        view = slack.workspace.views.open(
            ana.id, modal(text_input("title"), text_input("note", initial_value="old"))
        )
        ana.fills(view, {"title": "typed", "note": "typed too"})
        response = await client.views_update(
            view_id=view.id,
            view=modal(
                text_input("title", initial_value="from the app"),
                text_input("note2", initial_value="new"),
            ),
        )

        values = response["view"]["state"]["values"]
        assert values["title"]["value"]["value"] == "typed"
        assert values["note2"]["value"]["value"] == "new"

    async def test_typed_text_goes_where_the_kind_of_input_changes(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person
    ) -> None:
        view = slack.workspace.views.open(ana.id, modal(text_input("stream")))
        ana.fills(view, {"stream": "typed"})
        select = input_block("stream", "static_select", options=options("pde"))
        response = await client.views_update(view_id=view.id, view=modal(select))

        state = response["view"]["state"]["values"]["stream"]["value"]
        assert state == {"type": "static_select", "selected_option": None}

    async def test_a_stale_hash_loses(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person
    ) -> None:
        view = slack.workspace.views.open(ana.id, modal())
        first_hash = view.hash
        await client.views_update(view_id=view.id, hash=first_hash, view=modal(title="One"))

        with pytest.raises(SlackApiError, match="hash_conflict"):
            await client.views_update(view_id=view.id, hash=first_hash, view=modal(title="Two"))
        assert view.title == "One"

    async def test_external_ids_name_one_open_view(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person
    ) -> None:
        view = slack.workspace.views.open(ana.id, modal(external_id="mine"))
        other = slack.workspace.views.open(ana.id, modal())

        await client.views_update(external_id="mine", view=modal(title="New", external_id="mine"))
        assert view.title == "New"
        with pytest.raises(SlackApiError, match="duplicate_external_id"):
            await client.views_update(view_id=other.id, view=modal(external_id="mine"))

    async def test_a_closed_view_is_not_found(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person
    ) -> None:
        view = slack.workspace.views.open(ana.id, modal())
        await ana.closes(view)

        with pytest.raises(SlackApiError, match="'not_found'"):
            await client.views_update(view_id=view.id, view=modal())
        with pytest.raises(TimeoutError, match="ana saw no modal"):
            await ana.sees_view(timeout=0.01)


class TestTriggers:
    """A trigger opens one view, within three seconds."""

    async def test_used_expired_and_invented(
        self, client: AsyncWebClient, slack: LocalSlack, clock: Any, ana: Person, billing: Channel
    ) -> None:
        triggers = slack.workspace.triggers
        used, late = (triggers.issue(ana.id, billing.id) for _ in range(2))
        await client.views_open(trigger_id=used, view=modal())

        with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
            await client.views_open(trigger_id=used, view=modal())
        with pytest.raises(SlackApiError, match="invalid_trigger_id"):
            await client.views_open(trigger_id="1.2.3", view=modal())
        clock.passes(3.1)
        with pytest.raises(SlackApiError, match="expired_trigger_id"):
            await client.views_open(trigger_id=late, view=modal())

    async def test_a_push_needs_a_modal_below(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        trigger = slack.workspace.triggers.issue(ana.id, billing.id)

        with pytest.raises(SlackApiError, match="'not_found'"):
            await client.views_push(trigger_id=trigger, view=modal())

    async def test_a_wrong_view_says_where_and_leaves_the_trigger(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        trigger = slack.workspace.triggers.issue(ana.id, billing.id)

        with pytest.raises(SlackApiError) as refused:
            await client.views_open(trigger_id=trigger, view=modal(section("x" * 3001)))
        assert refused.value.response["error"] == "invalid_arguments"
        [message] = refused.value.response["response_metadata"]["messages"]
        assert "[json-pointer:/view/blocks/0/text/text]" in message
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            await client.views_open(trigger_id=trigger, view={"type": "home", "blocks": []})
        await client.views_open(trigger_id=trigger, view=modal())


class TestClosing:
    """The cross in the corner."""

    @pytest.fixture
    def closed(self, socket_app: AsyncApp) -> list[Json]:
        """What the app hears of."""
        heard: list[Json] = []

        @socket_app.view_closed("milestone")
        async def gone(ack: AsyncAck, body: Json) -> None:
            heard.append(body)
            await ack()

        return heard

    async def test_the_app_hears_of_it_if_it_asked(
        self, closed: list[Json], slack: LocalSlack, ana: Person
    ) -> None:
        views = slack.workspace.views
        await ana.closes(views.open(ana.id, modal()))
        await ana.closes(views.open(ana.id, modal(notify_on_close=True)))

        [body] = closed
        assert body["is_cleared"] is False

    async def test_a_view_may_take_its_stack_along(
        self, closed: list[Json], slack: LocalSlack, ana: Person
    ) -> None:
        views = slack.workspace.views
        below = views.open(ana.id, modal(title="Below", notify_on_close=True))
        above = views.push(below, modal(title="Above", notify_on_close=True, clear_on_close=True))
        await ana.closes(above)

        assert [body["view"]["title"]["text"] for body in closed] == ["Above", "Below"]
        assert views.top(ana.id) is None

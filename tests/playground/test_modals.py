"""Modals: opened, filled in, submitted, stacked, closed."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from tests.playground.blocks import (
    Json,
    actions,
    button,
    input_block,
    modal,
    options,
    section,
    text_input,
)
from tests.playground.conftest import Opens


async def test_what_was_filled_in_reaches_the_app(app: AsyncApp, ana: Person, opens: Opens) -> None:
    submitted: list[Json] = []

    @app.view("milestone")
    async def save(ack: AsyncAck, body: Json) -> None:
        submitted.append(body)
        await ack()

    view = await opens(
        modal(
            text_input("title", initial_value="Reversal logic"),
            text_input("note", optional=True),
            input_block("stream", "static_select", options=options("pde", "recompute")),
            input_block("metrics", "checkboxes", options=options("rollbacks", "debt")),
            input_block("shipped", "datepicker", initial_date="2026-03-16"),
            input_block("owner", "users_select"),
            input_block("channels", "multi_channels_select", optional=True),
            private_metadata="C1",
        )
    )
    ana.fills(view, {"stream": "pde", "metrics": ["debt", "rollbacks"], "owner": ana})
    result = await ana.submits(view)

    assert result.closed
    assert result.view is None
    [body] = submitted
    assert body["view"]["private_metadata"] == "C1"
    assert body["view"]["root_view_id"] == view.id
    assert body["user"]["id"] == ana.id
    values = {block: state["value"] for block, state in body["view"]["state"]["values"].items()}
    assert values["title"] == {"type": "plain_text_input", "value": "Reversal logic"}
    assert values["note"] == {"type": "plain_text_input", "value": None}
    assert values["stream"]["selected_option"]["text"]["text"] == "Pde"
    assert [o["value"] for o in values["metrics"]["selected_options"]] == ["debt", "rollbacks"]
    assert values["shipped"] == {"type": "datepicker", "selected_date": "2026-03-16"}
    assert values["owner"] == {"type": "users_select", "selected_user": ana.id}
    assert values["channels"]["selected_channels"] == []


async def test_a_conversation_select_starts_with_the_current_one(
    ana: Person, billing: Channel, slack: LocalSlack, opens: Opens
) -> None:
    view = await opens(
        modal(
            input_block("one", "conversations_select", default_to_current_conversation=True),
            input_block("many", "multi_conversations_select", default_to_current_conversation=True),
        )
    )

    values = slack.workspace.views.payload(view)["state"]["values"]
    assert values["one"]["value"]["selected_conversation"] == billing.id
    assert values["many"]["value"]["selected_conversations"] == [billing.id]


async def test_slack_itself_refuses_what_the_form_forbids(
    app: AsyncApp, slack: LocalSlack, ana: Person, opens: Opens
) -> None:
    view = await opens(
        modal(
            text_input("title", min_length=3, max_length=5),
            text_input("detail"),
            input_block("value", "number_input", is_decimal_allowed=False, min_value="1"),
            input_block("share", "number_input", is_decimal_allowed=True, max_value="100"),
            input_block("link", "url_text_input"),
            input_block("mail", "email_text_input"),
            text_input("note", optional=True),
        )
    )
    ana.fills(
        view,
        {"title": "ab", "value": "0", "share": "100.5", "link": "example.com", "mail": "ana"},
    )
    first = await ana.submits(view)
    ana.fills(view, {"title": "abcdef", "value": "1.5", "share": "NaN"})
    second = await ana.submits(view)

    assert first.errors == {
        "title": "Please enter at least 3 characters.",
        "detail": "Please complete this required field.",
        "value": "Please enter a number of at least 1.",
        "share": "Please enter a number of at most 100.",
        "link": "Please enter a valid URL.",
        "mail": "Please enter a valid email address.",
    }
    assert second.errors["title"] == "Please enter at most 5 characters."
    assert second.errors["value"] == "Please enter a whole number."
    assert second.errors["share"] == "Please enter a number."
    assert slack.journal.deliveries("interactive") == []


async def test_the_app_names_wrong_inputs(app: AsyncApp, ana: Person, opens: Opens) -> None:
    @app.view("milestone")
    async def save(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"title": "Taken"})

    view = await opens(modal(text_input("title")))
    ana.fills(view, {"title": "PDE"})
    result = await ana.submits(view)

    assert result.errors == {"title": "Taken"}
    assert not result.closed
    assert await ana.sees_view() is view


async def test_update_push_and_clear(app: AsyncApp, ana: Person, opens: Opens) -> None:
    steps: list[Json] = [
        {"response_action": "update", "view": modal(text_input("title"), title="Second")},
        {"response_action": "push", "view": modal(title="Third")},
        {"response_action": "clear"},
    ]

    @app.view("milestone")
    async def save(ack: AsyncAck) -> None:
        await ack(steps.pop(0))

    view = await opens(modal(text_input("title"), title="First"))
    ana.fills(view, {"title": "kept"})
    updated = await ana.submits(view)

    assert updated.view is view
    assert view.title == "Second"

    pushed = (await ana.submits(view)).view
    assert pushed is not None
    assert pushed.title == "Third"
    assert (pushed.root_id, pushed.previous_id) == (view.id, view.id)
    with pytest.raises(LookupError, match="doesn't look at 'Second'"):
        await ana.submits(view)

    cleared = await ana.submits(pushed)
    assert cleared.closed
    assert cleared.view is None


async def test_an_empty_answer_goes_back_to_the_view_below(
    app: AsyncApp, ana: Person, opens: Opens
) -> None:
    @app.action("more")
    async def more(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        await client.views_push(trigger_id=body["trigger_id"], view=modal(title="Above"))
        await ack()

    @app.view("milestone")
    async def save(ack: AsyncAck) -> None:
        await ack()

    below = await opens(modal(actions(button("more")), title="Below"))
    await ana.clicks(below, "more")
    above = await ana.sees_view("Above")
    result = await ana.submits(above)

    assert result.closed
    assert result.view is below


async def test_three_views_are_the_most(app: AsyncApp, ana: Person, opens: Opens) -> None:
    refusals: list[str] = []

    @app.action("more")
    async def more(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        deeper = modal(actions(button("more")))
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=deeper)
        except SlackApiError as refused:
            refusals.append(refused.response["error"])
        await ack()

    await opens(modal(actions(button("more"))))
    for _ in range(3):
        await ana.clicks(await ana.sees_view(), "more")

    assert refusals == ["push_limit_reached"]


async def test_each_of_three_views_knows_those_below(
    app: AsyncApp, slack: LocalSlack, ana: Person, opens: Opens
) -> None:
    titles = ["Second", "Third"]
    clicked: list[Json] = []

    @app.action("more")
    async def more(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        clicked.append(body["view"])
        deeper = modal(actions(button("more")), title=titles.pop(0))
        await client.views_push(trigger_id=body["trigger_id"], view=deeper)
        await ack()

    @app.view("milestone")
    async def save(ack: AsyncAck, view: Json, client: AsyncWebClient) -> None:
        clicked.append(view)
        below = modal(actions(button("more")), title="Changed below")
        await client.views_update(view_id=view["previous_view_id"], view=below)
        await ack()

    first = await opens(modal(actions(button("more")), title="First"))
    await ana.clicks(first, "more")
    second = await ana.sees_view("Second")
    await ana.clicks(second, "more")
    third = await ana.sees_view("Third")
    result = await ana.submits(third)

    ids = [(view["id"], view["root_view_id"], view["previous_view_id"]) for view in clicked]
    assert ids == [
        (first.id, first.id, None),
        (second.id, first.id, first.id),
        (third.id, first.id, second.id),
    ]
    assert result.view is second
    assert second.title == "Changed below"
    assert (second.root_id, second.previous_id) == (first.id, first.id)


@pytest.mark.parametrize(
    ("answer", "pointer"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "?"}}, "/errors/nowhere"),
        ({"response_action": "errors"}, "/errors"),
        ({"response_action": "update", "view": {"type": "home", "blocks": []}}, "/view"),
        ({"response_action": "update", "view": modal(section(""))}, "/view/blocks/0/text/text"),
        ({"response_action": "vanish"}, "/response_action"),
    ],
)
async def test_an_answer_that_makes_no_sense_changes_nothing(
    socket_app: AsyncApp,
    slack: LocalSlack,
    ana: Person,
    answer: Json,
    pointer: str,
) -> None:
    @socket_app.view("milestone")
    async def save(ack: AsyncAck) -> None:
        await ack(answer)

    view = slack.workspace.views.open(ana.id, modal(text_input("title", initial_value="PDE")))
    result = await ana.submits(view)

    assert result.error == "invalid_response"
    assert await ana.sees_view() is view
    assert slack.journal.problems[0].pointer == pointer


async def test_an_unanswered_submission_stays_open(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    view = slack.workspace.views.open(ana.id, modal())

    result = await ana.submits(view)

    assert result.error == "dispatch_failed"
    assert not result.closed


async def test_two_quick_submits_reach_the_app_twice(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person
) -> None:
    root_ids: list[str] = []

    @socket_app.view("milestone")
    async def save(ack: AsyncAck, view: Json) -> None:
        root_ids.append(view["root_view_id"])
        await ack()

    view = slack.workspace.views.open(ana.id, modal())
    await asyncio.gather(ana.submits(view), ana.submits(view))

    assert root_ids == [view.id, view.id]


async def test_a_submission_may_be_answered_in_the_chosen_channel(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    @socket_app.view("milestone")
    async def save(ack: AsyncAck, respond: Any) -> None:
        await ack()
        await respond("Logged", response_type="in_channel")

    view = slack.workspace.views.open(
        ana.id, modal(input_block("where", "conversations_select", response_url_enabled=True))
    )
    ana.fills(view, {"where": billing})
    await ana.submits(view)

    assert [m.text for m in ana.sees(billing)] == ["Logged"]

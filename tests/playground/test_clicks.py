"""Buttons, menus and selects in messages, App Homes, and the two kinds of shortcut."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from tests.playground.blocks import (
    Json,
    actions,
    button,
    home,
    input_block,
    modal,
    options,
    plain,
    section,
)


async def posts(client: AsyncWebClient, channel: Channel, *blocks: Json) -> None:
    """The bot posts these blocks."""
    await client.chat_postMessage(channel=channel.id, text="Digest", blocks=list(blocks))


async def test_a_click_in_an_attachment_says_in_which(
    app: AsyncApp, client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    containers: list[Json] = []

    @app.action("open")
    async def opens(ack: AsyncAck, body: Json) -> None:
        containers.append(body["container"])
        await ack()

    attached: list[Json] = [
        {"text": "first"},
        {"color": "good", "blocks": [actions(button("open"))]},
    ]
    sent = await client.chat_postMessage(channel=billing.id, text="Build", attachments=attached)
    message = await ana.sees_message(billing, "Build")

    assert (await ana.clicks(message, "open")).error is None
    assert containers == [
        {
            "type": "message_attachment",
            "message_ts": sent["ts"],
            "channel_id": billing.id,
            "attachment_id": 2,
            "is_ephemeral": False,
            "is_app_unfurl": False,
        }
    ]


async def test_a_click_carries_its_message_and_the_state_around_it(
    app: AsyncApp, client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    clicks: list[Json] = []

    @app.action("period")
    async def pick(ack: AsyncAck) -> None:
        await ack()

    @app.action("show")
    async def show(ack: AsyncAck, body: Json) -> None:
        clicks.append(body)
        await ack()

    period = {"type": "static_select", "action_id": "period", "options": options("week", "month")}
    await posts(client, billing, actions(period, button("show", "Show", value="rollbacks")))
    message = await ana.sees_message(billing, "Digest")
    await ana.clicks(message, "period", "month")
    reaction = await ana.clicks(message, "show")

    assert reaction.error is None
    [body] = clicks
    assert body["user"]["id"] == ana.id
    assert body["container"]["message_ts"] == body["message"]["ts"] == message.ts
    assert body["channel"] == {"id": billing.id, "name": "billing"}
    state = body["state"]["values"]["actions"]["period"]
    assert state["selected_option"]["value"] == "month"
    [action] = body["actions"]
    assert (action["action_id"], action["value"]) == ("show", "rollbacks")
    assert action["text"]["text"] == "Show"


async def test_a_choice_repeats_what_was_chosen_at_first(
    app: AsyncApp, client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    chosen: list[Json] = []

    @app.action("period")
    async def pick(ack: AsyncAck, action: Json) -> None:
        chosen.append(action)
        await ack()

    week, month = options("week", "month")
    menu = {"type": "static_select", "action_id": "period", "options": [week, month]}
    await posts(client, billing, actions(menu | {"initial_option": week}))
    await ana.clicks(await ana.sees_message(billing), "period", "month")

    [action] = chosen
    assert (action["initial_option"], action["selected_option"]) == (week, month)


async def test_buttons_inside_other_blocks(
    app: AsyncApp, client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    clicked: list[tuple[str, str]] = []

    @app.action("open")
    async def opened(ack: AsyncAck, action: Json) -> None:
        clicked.append((action["block_id"], action["value"]))
        await ack()

    def card(name: str) -> Json:
        buttons = [button("open", value=name)]
        return {"type": "card", "block_id": name, "title": plain(name), "actions": buttons}

    inner = actions(button("open", value="inner"), block_id="inner")
    container = {"type": "container", "title": plain("More"), "child_blocks": [inner]}
    row = {"type": "carousel", "elements": [card("first"), card("second")]}
    await posts(client, billing, row, container)
    message = await ana.sees_message(billing, "Digest")
    for block_id in ("second", "inner", "first"):
        await ana.clicks(message, "open", block_id=block_id)

    assert clicked == [("second", "second"), ("inner", "inner"), ("first", "first")]


async def test_choices_of_every_form(
    socket_app: AsyncApp, client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    chosen: list[Json] = []

    @socket_app.action({"block_id": "actions"})
    async def pick(ack: AsyncAck, action: Json) -> None:
        chosen.append(action)
        await ack()

    await posts(
        client,
        billing,
        actions(
            {"type": "overflow", "action_id": "menu", "options": options("edit", "drop")},
            {"type": "datepicker", "action_id": "day"},
            {"type": "checkboxes", "action_id": "done", "options": options("a", "b")},
        ),
    )
    message = await ana.sees_message(billing)
    await ana.clicks(message, "menu", "drop")
    await ana.clicks(message, "day", "2026-03-16")
    await ana.clicks(message, "done", ["b"])

    assert chosen[0]["selected_option"]["value"] == "drop"
    assert chosen[1]["selected_date"] == "2026-03-16"
    assert [option["value"] for option in chosen[2]["selected_options"]] == ["b"]
    with pytest.raises(LookupError, match=r"no option 'x' in menu"):
        await ana.clicks(message, "menu", "x")


async def test_the_same_action_in_several_blocks(
    socket_app: AsyncApp, client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    values: list[str] = []

    @socket_app.action("update")
    async def update(ack: AsyncAck, action: Json) -> None:
        values.append(action["value"])
        await ack()

    rows = [
        section(key, block_id=key, accessory=button("update", value=key))
        for key in ("rollbacks", "debt")
    ]
    await posts(client, billing, *rows)
    await ana.clicks(await ana.sees_message(billing), "update", block_id="debt")

    assert values == ["debt"]


async def test_answers_change_or_remove_the_message(
    app: AsyncApp, client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    @app.action("undo")
    async def undo(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond("Undone", replace_original=True)

    @app.action("dismiss")
    async def dismiss(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(delete_original=True)

    @app.action("share")
    async def share(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond("More", replace_original=False)

    await client.chat_postEphemeral(
        channel=billing.id,
        user=ana.id,
        text="Saved",
        blocks=[actions(button("undo"), button("dismiss"), button("share"))],
    )
    await posts(client, billing, actions(button("dismiss")))
    saved, digest = ana.sees(billing)
    await ana.clicks(saved, "share")
    await ana.clicks(digest, "dismiss")
    await ana.clicks(saved, "undo")

    assert [m.wording for m in ana.sees(billing)] == ["Undone", "More"]
    assert saved.text == "Undone"
    with pytest.raises(LookupError, match="nothing to click named 'undo'"):
        await ana.clicks(saved, "undo")
    with pytest.raises(LookupError, match="ana doesn't see it"):
        await ana.clicks(digest, "dismiss")


async def test_an_answer_that_slack_can_not_show_changes_nothing(
    socket_app: AsyncApp, client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    @socket_app.action("undo")
    async def undo(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond("x", attachments=[{"blocks": [section("x" * 3001)]}], replace_original=True)

    await posts(client, billing, actions(button("undo")))
    message = await ana.sees_message(billing)
    await ana.clicks(message, "undo")
    await slack.settled()

    assert message.text == "Digest"
    assert [problem.pointer for problem in slack.journal.problems] == [
        "/attachments/0/blocks/0/text/text"
    ]


async def test_an_ephemeral_message_is_not_sent_along(
    socket_app: AsyncApp, client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    bodies: list[Json] = []

    @socket_app.action("go")
    async def go(ack: AsyncAck, body: Json) -> None:
        bodies.append(body)
        await ack()

    await client.chat_postEphemeral(
        channel=billing.id, user=ana.id, text="You", blocks=[actions(button("go"))]
    )
    await ana.clicks(await ana.sees_message(billing, "You"), "go")

    assert "message" not in bodies[0]
    assert bodies[0]["container"]["is_ephemeral"] is True


async def test_a_click_opens_a_modal(
    app: AsyncApp, client: AsyncWebClient, ana: Person, billing: Channel
) -> None:
    @app.action("log")
    async def log(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(title="Log"))
        await ack()

    await posts(client, billing, actions(button("log")))
    await ana.clicks(await ana.sees_message(billing), "log")

    assert (await ana.sees_view("Log")).callback_id == "milestone"


async def test_an_external_select_asks_the_app(
    app: AsyncApp, client: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    asked: list[str] = []

    @app.options("value")
    async def suggest(ack: AsyncAck, payload: Json) -> None:
        asked.append(payload["value"])
        await ack(options=options("rollbacks"))

    view = slack.workspace.views.open(ana.id, modal(input_block("metric", "external_select")))
    with pytest.raises(LookupError, match="no option 'rollbacks'"):
        ana.fills(view, {"metric": "rollbacks"})
    offered = await ana.searches(view, "value", "roll")
    ana.fills(view, {"metric": "rollbacks"})

    assert asked == ["roll"]
    assert [option["value"] for option in offered] == ["rollbacks"]


async def test_an_external_select_asks_from_three_characters_on(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person
) -> None:
    asked: list[str] = []

    @socket_app.options("value")
    async def suggest(ack: AsyncAck, payload: Json) -> None:
        asked.append(payload["value"])
        await ack(options=options("rollbacks"))

    asks = [input_block("any", "external_select", min_query_length=0)]
    asks.append(input_block("metric", "multi_external_select"))
    view = slack.workspace.views.open(ana.id, modal(*asks))
    assert await ana.searches(view, "value", "ro", block_id="metric") == []
    await ana.searches(view, "value", "rol", block_id="metric")
    await ana.searches(view, "value", "", block_id="any")

    assert asked == ["rol", ""]


async def test_suggestions_that_slack_cannot_show_are_none(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person
) -> None:
    @socket_app.options("value")
    async def suggest(ack: AsyncAck) -> None:
        await ack(options=options(*(f"metric {n}" for n in range(101))))

    view = slack.workspace.views.open(ana.id, modal(input_block("metric", "external_select")))

    assert await ana.searches(view, "value", "metric") == []
    assert slack.journal.problems[0].message == "no more than 100 items allowed"


class TestHome:
    """The app's home tab."""

    async def test_it_is_published_when_somebody_comes(
        self, app: AsyncApp, slack: LocalSlack, ana: Person
    ) -> None:
        @app.event("app_home_opened")
        async def opened(event: Json, client: AsyncWebClient) -> None:
            view = home(section("My metrics"), actions(button("refresh")))
            await client.views_publish(user_id=event["user"], view=view)

        @app.action("refresh")
        async def refresh(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
            await client.views_publish(
                user_id=body["user"]["id"],
                hash=body["view"]["hash"],
                view=home(section("Fresh")),
            )
            await ack()

        view = await ana.opens_home()
        assert view is not None
        assert view is slack.home_of(ana)
        await ana.clicks(view, "refresh")
        assert (await ana.sees_home("Fresh")).wording == "\nFresh"

    async def test_a_stale_hash_loses(
        self, client: AsyncWebClient, slack: LocalSlack, ana: Person
    ) -> None:
        await client.views_publish(user_id=ana.id, view=home(section("First")))

        with pytest.raises(SlackApiError, match="hash_conflict"):
            await client.views_publish(user_id=ana.id, view=home(section("Second")), hash="1.2")
        assert (await ana.sees_home()).wording == "\nFirst"


class TestShortcuts:
    """Shortcuts anywhere, and those of a message."""

    async def test_both_kinds(
        self, app: AsyncApp, client: AsyncWebClient, ana: Person, billing: Channel
    ) -> None:
        used: list[Any] = []

        @app.shortcut("log")
        async def log(ack: AsyncAck, shortcut: Json) -> None:
            used.append(shortcut.get("message", {}).get("text"))
            await ack()

        message = await ana.says("We shipped PDE", billing)
        await ana.uses_shortcut("log")
        reaction = await ana.uses_shortcut("log", message)

        assert reaction.error is None
        assert used == [None, "We shipped PDE"]

    async def test_a_message_comes_without_a_container(
        self, socket_app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        @socket_app.shortcut("log")
        async def log(ack: AsyncAck) -> None:
            await ack()

        message = await ana.says("We shipped PDE", billing)
        await ana.uses_shortcut("log", message)

        [sent] = slack.journal.deliveries("interactive")
        assert "container" not in sent.payload
        assert sent.payload["channel"] == {"id": billing.id, "name": "billing"}
        assert sent.payload["message_ts"] == sent.payload["message"]["ts"] == message.ts

    async def test_an_ephemeral_message_has_none(
        self, client: AsyncWebClient, ana: Person, billing: Channel
    ) -> None:
        await client.chat_postEphemeral(channel=billing.id, user=ana.id, text="psst")

        with pytest.raises(LookupError, match="an ephemeral message has no shortcuts"):
            await ana.uses_shortcut("log", await ana.sees_message(billing))

    async def test_the_manifest_tells_them_apart(self) -> None:
        manifest = {
            "display_information": {"name": "KPI"},
            "features": {"shortcuts": [{"callback_id": "log", "type": "message"}]},
        }
        async with LocalSlack(manifest) as slack:
            ana = slack.add_person("ana")
            with pytest.raises(LookupError, match="no global shortcut 'log'"):
                await ana.uses_shortcut("log")

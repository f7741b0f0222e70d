"""Slash commands, from typing to what the person sees."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from app.playground import Channel, LocalSlack, Person
from tests.playground.blocks import section
from tests.playground.conftest import PATIENCE


async def test_the_app_gets_who_typed_what_and_where(
    app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    heard: dict[str, Any] = {}

    @app.command("/kpi")
    async def kpi(ack: AsyncAck, body: dict[str, Any]) -> None:
        heard.update(body)
        await ack()

    seen = await ana.types("/kpi update rollbacks ~9", billing)

    assert seen.error is None
    assert seen.message is None
    assert heard["command"] == "/kpi"
    assert heard["text"] == "update rollbacks ~9"
    assert (heard["user_id"], heard["channel_id"]) == (ana.id, billing.id)
    assert heard["channel_name"] == "billing"
    assert heard["team_id"] == slack.team_id


async def test_a_text_in_the_ack_is_for_the_asker_alone(
    app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    bob = slack.add_person("bob")

    @app.command("/kpi")
    async def kpi(ack: AsyncAck) -> None:
        await ack("Rollbacks ~12")

    seen = await ana.types("/kpi", billing)

    assert seen.message is not None
    assert seen.message.text == "Rollbacks ~12"
    assert seen.message.is_ephemeral
    assert ana.sees(billing) == [seen.message]
    assert bob.sees(billing) == []


async def test_an_ack_may_speak_to_the_whole_channel(
    app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    bob = slack.add_person("bob")

    @app.command("/kpi")
    async def kpi(ack: AsyncAck) -> None:
        await ack(text="Shared", blocks=[section("*Shared*")], response_type="in_channel")

    await ana.types("/kpi share", billing)

    [message] = bob.sees(billing)
    assert message.wording == "Shared\n*Shared*"
    assert message.blocks[0]["block_id"]


async def test_private_conversations_are_not_named(
    app: AsyncApp, slack: LocalSlack, ana: Person
) -> None:
    names = []

    @app.command("/kpi")
    async def kpi(ack: AsyncAck, body: dict[str, Any]) -> None:
        names.append(body["channel_name"])
        await ack()

    await ana.types("/kpi", slack.add_channel("secret", members=[ana], private=True))
    await ana.types("/kpi", slack.direct_message(ana))

    assert names == ["privategroup", "directmessage"]


async def test_a_late_answer_is_a_timeout_for_the_person(
    slack: LocalSlack, socket_app: AsyncApp, ana: Person, billing: Channel
) -> None:
    thought_it_over = asyncio.Event()

    @socket_app.command("/kpi")
    async def kpi(ack: AsyncAck) -> None:
        await thought_it_over.wait()
        await ack("too late")

    slack.answer_seconds = 0.1
    seen = await ana.types("/kpi", billing)
    thought_it_over.set()
    await slack.settled()

    assert seen.error == "operation_timeout"
    assert 0.1 <= seen.latency < PATIENCE
    assert ana.sees(billing) == []
    assert len(slack.journal.deliveries("slash_commands")) == 1


async def test_nobody_listens(ana: Person, billing: Channel) -> None:
    seen = await ana.types("/kpi", billing)

    assert seen.error == "dispatch_failed"


async def test_an_app_that_fails_over_http(
    http_app: AsyncApp, ana: Person, billing: Channel
) -> None:
    @http_app.command("/kpi")
    async def kpi() -> None:
        raise RuntimeError

    seen = await ana.types("/kpi", billing)

    assert seen.error == "dispatch_failed"


async def test_an_answer_with_wrong_blocks_shows_an_error_and_leaves_a_trace(
    app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    @app.command("/kpi")
    async def kpi(ack: AsyncAck) -> None:
        await ack(text="too long", blocks=[section("x" * 3001)])

    seen = await ana.types("/kpi", billing)

    assert seen.error == "invalid_command_response"
    assert ana.sees(billing) == []
    assert slack.journal.problems[0].pointer == "/blocks/0/text/text"


async def test_what_people_cannot_do(slack: LocalSlack, ana: Person, billing: Channel) -> None:
    with pytest.raises(PermissionError, match="ana isn't in ops"):
        await ana.types("/kpi", slack.add_channel("ops"))
    with pytest.raises(PermissionError, match="old is archived"):
        await ana.types("/kpi", slack.add_channel("old", members=[ana], archived=True))
    with pytest.raises(PermissionError, match="ana can't see secret"):
        ana.sees(slack.add_channel("secret", private=True))


async def test_commands_come_from_the_manifest() -> None:
    manifest = {
        "display_information": {"name": "KPI"},
        "features": {"slash_commands": [{"command": "/kpi"}]},
    }
    async with LocalSlack(manifest) as slack:
        ana = slack.add_person("ana")
        channel = slack.add_channel("billing", members=[ana])

        with pytest.raises(LookupError, match="/kip is not a valid command"):
            await ana.types("/kip", channel)


class TestResponseUrl:
    """Answering later."""

    async def test_five_answers_within_half_an_hour(
        self, socket_app: AsyncApp, ana: Person, billing: Channel
    ) -> None:
        statuses = []

        @socket_app.command("/kpi")
        async def kpi(ack: AsyncAck, respond: AsyncRespond) -> None:
            await ack()
            statuses.extend([(await respond(f"answer {n}")).status_code for n in range(6)])

        await ana.types("/kpi", billing)

        assert statuses == [200] * 5 + [404]
        assert [m.text for m in ana.sees(billing)] == [f"answer {n}" for n in range(5)]
        assert all(m.is_ephemeral for m in ana.sees(billing))

    async def test_it_expires(
        self,
        socket_app: AsyncApp,
        slack: LocalSlack,
        clock: Any,
        ana: Person,
        billing: Channel,
    ) -> None:
        answers = []

        @socket_app.command("/kpi")
        async def kpi(ack: AsyncAck, respond: AsyncRespond) -> None:
            await ack()
            clock.passes(30 * 60 + 1)
            answers.append(await respond("at last"))

        await ana.types("/kpi", billing)

        assert answers[0].status_code == 404
        assert "expired_url" in answers[0].body
        assert slack.journal.responses()[0].error == "expired_url"

    async def test_it_reaches_the_channel_without_membership(
        self, app: AsyncApp, slack: LocalSlack, ana: Person
    ) -> None:
        ops = slack.add_channel("ops", members=[ana], bot=False, private=True)

        @app.command("/kpi")
        async def kpi(ack: AsyncAck, respond: AsyncRespond) -> None:
            await ack()
            await respond("for all", response_type="in_channel")

        await ana.types("/kpi", ops)

        [message] = ana.sees(ops)
        assert not message.is_ephemeral

    async def test_wrong_blocks_are_dropped_and_recorded(
        self, app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        bodies = []

        @app.command("/kpi")
        async def kpi(ack: AsyncAck, respond: AsyncRespond) -> None:
            await ack()
            bodies.append((await respond(blocks=[section("")])).body)
            bodies.append((await respond(text="")).body)

        await ana.types("/kpi", billing)

        assert "invalid_blocks" in bodies[0]
        assert "no_text" in bodies[1]
        assert ana.sees(billing) == []
        assert slack.journal.responses()[0].problems

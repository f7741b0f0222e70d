"""What went over the wire: kept in order, masked, and done once more."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from app.playground.blocks import Json
from tests.playground.conftest import Clock


@pytest.fixture
async def forgetful(clock: Clock) -> AsyncIterator[LocalSlack]:
    """A workspace whose journal keeps the last three exchanges."""
    async with LocalSlack(clock=clock, journal_length=3) as slack:
        yield slack


class TestKeeping:
    async def test_exchanges_are_numbered_in_their_order(
        self, slack: LocalSlack, client: AsyncWebClient
    ) -> None:
        await client.auth_test()
        await client.api_test()

        assert [entry.number for entry in slack.journal.entries] == [1, 2]
        assert slack.journal.entry(2).method == "api.test"

    async def test_only_as_many_as_were_asked_for(self, forgetful: LocalSlack) -> None:
        client = AsyncWebClient(forgetful.bot_token, base_url=forgetful.api_url)
        for _ in range(5):
            await client.auth_test()

        assert [entry.number for entry in forgetful.journal.entries] == [3, 4, 5]
        assert forgetful.journal.entry(3).number == 3
        with pytest.raises(LookupError, match="no number 2"):
            forgetful.journal.entry(2)
        with pytest.raises(LookupError, match="no number 6"):
            forgetful.journal.entry(6)

    async def test_connections_come_and_go(self, slack: LocalSlack, socket_app: AsyncApp) -> None:
        await slack.disconnect("warning")
        await slack.connected()
        seen = [(e.method, e.payload) for e in slack.journal.entries if e.kind == "connection"]

        assert [method for method, _ in seen[:2]] == ["hello", "disconnect"]
        assert seen[1][1] == {"reason": "warning"}
        assert {"hello", "closed"} <= {method for method, _ in seen[2:]}

    async def test_tokens_are_shown_nowhere(
        self, slack: LocalSlack, client: AsyncWebClient, billing: Channel
    ) -> None:
        await client.chat_postMessage(channel=billing.id, text=f"leaked: {slack.app_token}")
        [call] = slack.journal.calls()

        assert call.payload["text"] == "leaked: xapp-***"
        assert slack.app_token not in repr(call)


class TestOnceMore:
    async def test_the_app_gets_the_same_envelope(
        self, app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        bodies: list[Json] = []

        @app.command("/kpi")
        async def kpi(ack: AsyncAck, body: Json) -> None:
            bodies.append(body)
            await ack(f"answer {len(bodies)}")

        await ana.types("/kpi update", billing)
        [first] = slack.journal.deliveries()
        again = await slack.repeat(first)

        assert bodies[0] == bodies[1]
        assert again.repeats == first.number
        assert again.response == {"text": "answer 2"}
        assert [message.text for message in ana.sees(billing)] == ["answer 1"]

    async def test_a_workflow_steps_token_comes_unmasked(
        self, socket_app: AsyncApp, slack: LocalSlack
    ) -> None:
        tokens: list[str] = []

        @socket_app.event("function_executed")
        async def executed(body: Json) -> None:
            tokens.append(body["event"]["bot_access_token"])

        first = await slack.send_event(
            {"type": "function_executed", "bot_access_token": "xwfp-secret"}
        )
        await slack.repeat(first)

        assert tokens == ["xwfp-secret", "xwfp-secret"]
        assert first.payload["event"]["bot_access_token"] == "xwfp-***"

    async def test_a_call_is_made_with_the_bots_token(
        self, slack: LocalSlack, client: AsyncWebClient, ana: Person, billing: Channel
    ) -> None:
        await client.chat_postMessage(channel=billing.id, text="hello")
        slack.faults.add("*", "drop")
        again = await slack.repeat(slack.journal.calls()[0])

        assert again.error is None
        assert again.repeats == 1
        assert [message.text for message in ana.sees(billing)] == ["hello", "hello"]
        assert len(slack.faults.waiting) == 1, "no fault strikes it"

    async def test_a_call_for_a_connection_is_not_the_bots(
        self, slack: LocalSlack, socket_app: AsyncApp
    ) -> None:
        [opened] = slack.journal.calls("apps.connections.open")
        with pytest.raises(ValueError, match="can't be repeated"):
            await slack.repeat(opened)

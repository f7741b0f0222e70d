"""Trouble on demand, met with slack_sdk's own retry handlers."""

import time

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, LocalSlack, Person
from app.playground.blocks import Json
from app.playground.faults import FaultKind
from app.playground.waiting import until
from tests.playground.blocks import modal, section
from tests.playground.conftest import PATIENCE

SOON = FixedValueRetryIntervalCalculator(0.01)


@pytest.fixture
def fragile(slack: LocalSlack) -> AsyncWebClient:
    """A client that never tries twice."""
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


async def test_a_slow_answer(
    fragile: AsyncWebClient, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    slack.faults.add("chat.postMessage", "delay", seconds=0.1)
    begun = time.monotonic()
    await fragile.chat_postMessage(channel=billing.id, text="late")

    assert time.monotonic() - begun >= 0.1
    assert len(ana.sees(billing)) == 1


async def test_a_rate_limit_says_when_to_come_back(
    fragile: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    slack.faults.add("chat.postMessage", "ratelimited", retry_after=30)
    with pytest.raises(SlackApiError) as refused:
        await fragile.chat_postMessage(channel=billing.id, text="x")

    assert refused.value.response.status_code == 429
    assert refused.value.response["error"] == "ratelimited"
    assert refused.value.response.headers["Retry-After"] == "30"
    assert billing.messages == []


async def test_the_sdk_waits_out_a_rate_limit(
    client: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    slack.faults.add("chat.postMessage", "ratelimited", retry_after=0)
    await client.chat_postMessage(channel=billing.id, text="x")

    errors = [call.error for call in slack.journal.calls("chat.postMessage")]
    assert errors == ["ratelimited", None]


async def test_a_server_error(
    fragile: AsyncWebClient, client: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    slack.faults.add("*", "status", status=503, times=2)
    with pytest.raises(SlackApiError) as refused:
        await fragile.chat_postMessage(channel=billing.id, text="x")
    assert refused.value.response.status_code == 503

    client.retry_handlers.append(AsyncServerErrorRetryHandler(interval_calculator=SOON))
    await client.chat_postMessage(channel=billing.id, text="x")
    assert len(billing.messages) == 1


async def test_a_refusal_with_a_code_leaves_nothing_behind(
    fragile: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    slack.faults.add("chat.postMessage", "refuse")
    slack.faults.add("chat.postMessage", "refuse", error="msg_blocks_too_long")
    for code in ("invalid_blocks", "msg_blocks_too_long"):
        with pytest.raises(SlackApiError) as refused:
            await fragile.chat_postMessage(channel=billing.id, text="x")
        assert refused.value.response["error"] == code
    assert [call.error for call in slack.journal.calls()] == [
        "invalid_blocks",
        "msg_blocks_too_long",
    ]
    assert billing.messages == []
    assert slack.journal.problems == []


async def test_a_connection_that_breaks_before_anything_is_done(
    fragile: AsyncWebClient, client: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    slack.faults.add("chat.postMessage", "drop", times=2)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await fragile.chat_postMessage(channel=billing.id, text="x")
    assert billing.messages == []

    await client.chat_postMessage(channel=billing.id, text="x")
    assert len(billing.messages) == 1


async def test_a_lost_response_posts_twice(
    client: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    slack.faults.add("chat.postMessage", "drop_response")
    await client.chat_postMessage(channel=billing.id, text="x")

    assert [message.text for message in billing.messages] == ["x", "x"]


async def test_other_methods_go_on_and_plans_can_be_called_off(
    fragile: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    slack.faults.add("chat.update", "status", times=10)
    posted = await fragile.chat_postMessage(channel=billing.id, text="x")
    slack.faults.clear()

    assert (await fragile.chat_update(channel=billing.id, ts=posted["ts"], text="y"))["ok"]


async def test_response_addresses_and_uploads_fail_too(
    socket_app: AsyncApp,
    fragile: AsyncWebClient,
    slack: LocalSlack,
    ana: Person,
    billing: Channel,
) -> None:
    statuses: list[int] = []

    @socket_app.command("/kpi")
    async def kpi(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        statuses.append((await respond("later")).status_code)

    slack.faults.add("response_url", "status", status=500)
    slack.faults.add("upload", "drop")
    await ana.types("/kpi", billing)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await fragile.files_upload_v2(channel=billing.id, filename="a.txt", content="text")

    assert statuses == [500]
    assert ana.sees(billing) == []


async def test_a_pattern_stands_for_several_methods(
    fragile: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    fault = slack.faults.add("chat.*", "refuse")
    await fragile.auth_test()
    with pytest.raises(SlackApiError):
        await fragile.chat_postMessage(channel=billing.id, text="x")

    assert [call.fault for call in slack.journal.calls()] == [None, fault]


async def test_one_plan_is_called_off(
    fragile: AsyncWebClient, slack: LocalSlack, billing: Channel
) -> None:
    slow = slack.faults.add("auth.test", "delay", seconds=0.01)
    broken = slack.faults.add("auth.test", "status")
    slack.faults.call_off(broken.number)

    assert list(slack.faults.waiting) == [slow]
    await fragile.auth_test()
    assert list(slack.faults.waiting) == []


@pytest.mark.parametrize(
    ("method", "kind"),
    [("slash_commands", "ratelimited"), ("envelopes", "refuse"), ("*", "expired_trigger")],
)
def test_what_cannot_happen_there_is_not_planned(
    slack: LocalSlack, method: str, kind: FaultKind
) -> None:
    with pytest.raises(ValueError, match=f"{kind} can't happen"):
        slack.faults.add(method, kind)


class TestEnvelopes:
    """What goes wrong on the way to the app and back."""

    @pytest.fixture
    def heard(self, app: AsyncApp, slack: LocalSlack) -> list[Json]:
        """What the app hears, which answers all of it. What is sent again has its time."""
        heard: list[Json] = []

        @app.command("/kpi")
        async def kpi(ack: AsyncAck, body: Json) -> None:
            heard.append(body)
            await ack("done")

        @app.event("app_mention")
        async def mentioned(body: Json) -> None:
            heard.append(body)
            slack.answer_seconds = PATIENCE

        return heard

    async def test_one_that_never_arrives(
        self, heard: list[Json], slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        fault = slack.faults.add("slash_commands", "drop")
        reaction = await ana.types("/kpi", billing)

        assert reaction.error == "dispatch_failed"
        assert heard == []
        assert slack.journal.deliveries()[0].fault is fault
        assert (await ana.types("/kpi", billing)).error is None

    async def test_a_lost_acknowledgement_of_a_command(
        self, heard: list[Json], slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        slack.faults.add("envelopes", "drop_response")
        slack.answer_seconds = 0.5
        reaction = await ana.types("/kpi", billing)

        assert reaction.error == "operation_timeout"
        assert len(heard) == 1
        assert ana.sees(billing) == []

    async def test_a_late_acknowledgement(
        self, heard: list[Json], slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        slack.faults.add("envelopes", "delay", seconds=0.02)
        slack.faults.add("envelopes", "delay", seconds=5)

        in_time = await ana.types("/kpi", billing)
        assert in_time.error is None
        assert in_time.latency >= 0.02
        slack.answer_seconds = 0.1
        assert (await ana.types("/kpi", billing)).error == "operation_timeout"

    async def test_a_lost_acknowledgement_brings_an_event_twice(
        self, heard: list[Json], slack: LocalSlack, ana: Person, billing: Channel
    ) -> None:
        slack.faults.add("events_api", "drop_response")
        slack.answer_seconds = 0.5
        await ana.says(f"<@{slack.bot_user_id}> hello", billing)
        await until(lambda: len(heard) == 2 or None, PATIENCE, "it came once only")
        await slack.settled()

        ids = [body["event_id"] for body in heard]
        assert len(ids) == 2
        assert len(set(ids)) == 1


async def test_an_expired_trigger_opens_no_form(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    refusals: list[str] = []

    @socket_app.command("/kpi")
    async def kpi(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        try:
            await client.views_open(trigger_id=body["trigger_id"], view=modal(section("Form")))
        except SlackApiError as refused:
            refusals.append(refused.response["error"])

    @socket_app.event("app_mention")
    async def mentioned() -> None: ...

    fault = slack.faults.add("envelopes", "expired_trigger")
    await ana.says(f"<@{slack.bot_user_id}> hello", billing)  # brings no trigger
    await ana.types("/kpi", billing)
    await ana.types("/kpi", billing)
    await slack.settled()

    assert refusals == ["expired_trigger_id"]
    assert [each.fault for each in slack.journal.deliveries("slash_commands")] == [fault, None]

"""The inspector without a browser: what it lists, shows in detail, and lets happen."""

import html
import json
import re
from contextlib import suppress
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from app.playground import Channel, Entry, LocalSlack, Person
from app.playground.blocks import Json
from tests.playground.blocks import section
from tests.playground.page.conftest import Browser

pytestmark = pytest.mark.usefixtures("billing")
"""There is somebody to act as."""


def _words(markup: str) -> str:
    """What is read, without the elements."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


async def _lines(browser: Browser) -> list[str]:
    """The lines of the list, without their times of day."""
    shown = await browser.shows(panel="inspector")
    lines = re.findall(r"<tr.*?</tr>", shown["exchanges"], re.DOTALL)
    return [_words(line).partition(" ")[2] for line in lines]


async def _detail(browser: Browser, entry: Entry) -> str:
    shown = await browser.shows(panel="inspector", entry=str(entry.number))
    return shown["exchange"]


class TestList:
    async def test_nothing_while_it_is_closed(
        self, browser: Browser, client: AsyncWebClient
    ) -> None:
        await client.auth_test()
        shown = await browser.shows()

        for region in ("inspector", "exchanges", "exchange", "faults", "connections"):
            assert shown[region] == ""

    async def test_a_line_for_each_newest_first(
        self, browser: Browser, socket_app: AsyncApp, ana: Person, billing: Channel
    ) -> None:
        @socket_app.command("/kpi")
        async def kpi(ack: AsyncAck) -> None:
            await ack()

        await ana.types("/kpi <b>", billing)
        [command, connected] = [line for line in await _lines(browser) if "Web API" not in line]

        assert re.fullmatch(r"/kpi <b> Slack → app · Envelope · Ana Beck ok [\d.]+ ms", command), (
            command
        )
        assert connected == "connected Slack → app · Socket Mode ok"

    async def test_only_what_is_new_is_sent(self, browser: Browser, client: AsyncWebClient) -> None:
        await client.auth_test()
        async with browser.stream(panel="inspector") as stream:
            await stream.hello()
            await stream.news()
            await client.auth_test()
            news = await stream.news()

        assert news["exchanges"]["order"] == ["exchange-2", "exchange-1"]
        assert [piece["id"] for piece in news["exchanges"]["pieces"]] == ["exchange-2"]

    async def test_older_ones_are_counted(self, browser: Browser, slack: LocalSlack) -> None:
        for _ in range(202):
            slack.journal.note("hello")
        lines = await _lines(browser)

        assert len(lines) == 201
        assert lines[-1] == "older ones are not listed."

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            ("status", "Fault: HTTP 503 HTTP 503"),
            ("drop", "Fault: lost before it is done connection lost"),
            ("drop_response", "Fault: lost after it is done answer lost"),
            ("ratelimited", "Fault: 429, Retry-After 0 s ratelimited"),
            ("refuse", "Fault: refused with fatal_error fatal_ error"),
            ("delay", "Fault: slow by 0.01 s ok"),
        ],
    )
    async def test_the_fault_that_struck(
        self,
        browser: Browser,
        slack: LocalSlack,
        client: AsyncWebClient,
        kind: Any,
        words: str,
    ) -> None:
        slack.faults.add(
            "auth.test", kind, seconds=0.01, status=503, error="fatal_error", retry_after=0
        )
        with suppress(SlackApiError):
            await client.auth_test()
        struck = (await _lines(browser))[-1]

        assert struck.startswith(f"auth.test app → Slack · Web API {words} "), struck


class TestDetail:
    async def test_a_call_with_its_problems(
        self, browser: Browser, slack: LocalSlack, client: AsyncWebClient, billing: Channel
    ) -> None:
        with pytest.raises(SlackApiError):
            await client.chat_postMessage(
                channel=billing.id, text="x", blocks=[section("x"), {"type": "section"}]
            )
        detail = _words(await _detail(browser, slack.journal.calls()[0]))

        assert "Status invalid_blocks" in detail
        assert re.search(r"Problems /blocks/1\S* ", detail)
        assert '"error": "invalid_blocks"' in detail
        assert "docs.slack.dev/reference/methods/chat.postMessage" in detail

    async def test_tokens_are_masked(
        self, browser: Browser, slack: LocalSlack, client: AsyncWebClient, billing: Channel
    ) -> None:
        await client.api_call(
            "chat.postMessage",
            data={"token": slack.bot_token, "channel": billing.id, "text": slack.app_token},
        )
        detail = await _detail(browser, slack.journal.calls()[0])

        assert slack.bot_token not in detail
        assert slack.app_token not in detail
        assert "xapp-***" in detail
        assert "token=" not in detail

    async def test_what_is_copied(
        self, browser: Browser, slack: LocalSlack, client: AsyncWebClient, billing: Channel
    ) -> None:
        await client.chat_postMessage(channel=billing.id, text="it's")
        detail = await _detail(browser, slack.journal.calls()[0])
        copied = dict(re.findall(r'<pre id="exchange-(json|curl)">(.*?)</pre>', detail, re.DOTALL))
        exchange = json.loads(html.unescape(copied["json"]))

        assert exchange["method"] == "chat.postMessage"
        assert exchange["payload"]["text"] == "it's"
        assert exchange["response"]["ok"] is True
        assert html.unescape(copied["curl"]) == (
            f"curl {slack.api_url}chat.postMessage \\\n"
            '  -H "Authorization: Bearer $SLACK_BOT_TOKEN" \\\n'
            f"  --data-urlencode channel={billing.id} \\\n"
            "  --data-urlencode 'text=it'\"'\"'s'"
        )

    async def test_an_envelope_that_slack_sends_again(
        self,
        browser: Browser,
        slack: LocalSlack,
        socket_app: AsyncApp,
        ana: Person,
        billing: Channel,
    ) -> None:
        @socket_app.event("app_mention")
        async def mentioned() -> None: ...

        slack.faults.add("events_api", "drop")
        await ana.says(f"<@{slack.bot_user_id}> hello", billing)
        await slack.settled()
        lost, again = slack.journal.deliveries()
        assert lost.envelope
        assert again.envelope

        detail = _words(await _detail(browser, lost))
        assert "Fault never arrives" in detail
        assert "What came of it Sent again after " in detail
        detail = _words(await _detail(browser, again))
        assert "Carried by Socket Mode" in detail
        assert f"Envelope id {again.envelope.id}" in detail
        assert "Retry 1, because of error" in detail
        assert lost.envelope.id != again.envelope.id

    async def test_one_that_is_gone_shows_nothing(self, browser: Browser) -> None:
        for entry in ("99", "-1", "x"):
            shown = await browser.shows(panel="inspector", entry=entry)
            assert shown["exchange"] == ""
            assert shown["inspector"] != ""


class TestActs:
    async def test_an_envelope_is_sent_again(
        self,
        browser: Browser,
        slack: LocalSlack,
        socket_app: AsyncApp,
        ana: Person,
        billing: Channel,
    ) -> None:
        texts: list[str] = []

        @socket_app.command("/kpi")
        async def kpi(ack: AsyncAck, body: Json) -> None:
            texts.append(body["text"])
            await ack()

        await ana.types("/kpi update", billing)
        [first] = slack.journal.deliveries()
        answer = await browser.act("repeat", {"entry": str(first.number)})

        assert texts == ["update", "update"]
        assert answer == {"ok": True, "entry": slack.journal.deliveries()[1].number}
        [line] = [line for line in await _lines(browser) if "once more" in line]
        assert line.startswith(f"/kpi update Slack → app · Envelope · Ana Beck {first.number} once")
        detail = _words(await _detail(browser, slack.journal.deliveries()[1]))
        assert f"the same as {first.number} ; its acknowledgement is only shown here" in detail

    async def test_a_fault_is_planned_and_called_off(
        self, browser: Browser, slack: LocalSlack
    ) -> None:
        form = {"method": "chat.update", "kind": "ratelimited", "retry_after": "7", "times": "2"}
        assert (await browser.act("plan_fault", form))["ok"]
        [fault] = slack.faults.waiting
        shown = await browser.shows(panel="inspector")
        assert _words(shown["faults"]) == "chat.update: 429, Retry-After 7 s, 2 times"

        await browser.act("call_off", {"fault": fault.number})
        assert slack.faults.waiting == ()

    @pytest.mark.parametrize(
        ("form", "problem"),
        [
            ({"method": " ", "kind": "drop"}, "Say where"),
            ({"method": "*", "kind": "expired_trigger"}, "expired_trigger can't happen to *"),
            ({"method": "*", "kind": "nonsense"}, "nonsense can't happen to *"),
            ({"method": "*", "kind": "drop", "times": "0"}, "Times must be a number from 1 to"),
            ({"method": "*", "kind": "delay", "seconds": "long"}, "Seconds must be a number"),
            (
                {"method": "*", "kind": "status", "status": "200"},
                "Status must be a number from 400",
            ),
        ],
    )
    async def test_what_makes_no_sense_is_refused(
        self,
        browser: Browser,
        slack: LocalSlack,
        form: Json,
        problem: str,
    ) -> None:
        answer = await browser.act("plan_fault", form)

        assert answer["ok"] is False
        assert problem in answer["problem"]
        assert slack.faults.waiting == ()

    async def test_connections_are_cut_refused_and_taken_again(
        self,
        browser: Browser,
        slack: LocalSlack,
        socket_app: AsyncApp,
    ) -> None:
        await browser.act("connection", {"what": "refuse"})
        await browser.act("connection", {"what": "cut"})
        await slack.connected(0)
        shown = await browser.shows(panel="inspector")
        assert "0 connections; new ones are refused" in _words(shown["connections"])

        await browser.act("connection", {"what": "accept"})
        await slack.connected(timeout=5)
        shown = await browser.shows(panel="inspector")
        assert "Socket Mode: 1 connection Ask" in _words(shown["connections"])

    async def test_an_app_that_is_reached_by_http_has_none(
        self, browser: Browser, http_app: AsyncApp
    ) -> None:
        assert (await browser.shows(panel="inspector"))["connections"] == ""

    async def test_the_app_is_asked_to_reconnect(
        self,
        browser: Browser,
        slack: LocalSlack,
        socket_app: AsyncApp,
    ) -> None:
        await browser.act("connection", {"what": "refresh_requested"})
        await slack.connected()
        lines = " | ".join(await _lines(browser))

        assert "asked to reconnect (refresh_requested)" in lines
        assert lines.count("connected Slack → app") == 2

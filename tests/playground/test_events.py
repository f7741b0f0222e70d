"""Events: what the app hears of, and that it hears again what it did not acknowledge."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest, AsyncSay
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.playground import Channel, LocalSlack, Person
from app.playground.http_server import HttpServer
from app.playground.waiting import until
from tests.playground.blocks import Json
from tests.playground.conftest import PATIENCE

MANIFEST = {
    "display_information": {"name": "KPI"},
    "oauth_config": {"scopes": {"bot": ["app_mentions:read", "channels:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.channels", "app_mention"]}},
}


async def test_a_mention_is_answered_in_its_thread(
    app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    @app.event("app_mention")
    async def mentioned(event: Json, say: AsyncSay) -> None:
        await say("At ~12", thread_ts=event["ts"])

    question = await ana.mentions_bot("rollbacks", billing)
    await slack.settled()

    assert question.text == f"<@{slack.bot_user_id}> rollbacks"
    assert [m.text for m in ana.thread(question)][1:] == ["At ~12"]
    assert ana.sees(billing) == [question]


async def test_a_direct_message_reaches_the_app(
    app: AsyncApp, slack: LocalSlack, ana: Person
) -> None:
    heard: list[Json] = []

    @app.event("message")
    async def message(event: Json) -> None:
        heard.append(event)

    await ana.says("hello", slack.direct_message(ana))

    [event] = heard
    assert (event["text"], event["channel_type"], event["user"]) == ("hello", "im", ana.id)
    assert len(event["client_msg_id"]) == 36


async def test_an_event_names_the_installation(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    bodies: list[Json] = []

    @socket_app.event("app_mention")
    async def mentioned(body: Json) -> None:
        bodies.append(body)

    await ana.mentions_bot("one", billing)
    await ana.mentions_bot("two", billing)

    first, second = bodies
    assert first["team_id"] == slack.team_id
    assert first["authorizations"][0]["user_id"] == slack.bot_user_id
    assert first["event_id"] != second["event_id"]


@pytest.mark.parametrize(("status", "attempts"), [(200, 1), (204, 1), (302, 4), (404, 4)])
async def test_any_success_acknowledges_an_event(
    slack: LocalSlack, ana: Person, billing: Channel, status: int, attempts: int
) -> None:
    async def answer(request: Request) -> Response:
        body = await request.json()
        if "challenge" in body:
            return JSONResponse({"challenge": body["challenge"]})
        return Response(status_code=status)

    server = HttpServer(Starlette(routes=[Route("/", answer, methods=["POST"])]))
    await server.start()
    await slack.deliver_to(server.url)
    await ana.mentions_bot("rollbacks", billing)
    await until(
        lambda: len(slack.journal.deliveries("events_api")) == attempts or None, 5, "too few"
    )
    await slack.settled(quiet=0.1)
    await server.stop()

    assert len(slack.journal.deliveries("events_api")) == attempts


async def test_without_acknowledgement_it_is_sent_again(
    app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    attempts: list[tuple[str, str | None]] = []

    @app.event("app_mention")
    async def mentioned(body: Json, request: AsyncBoltRequest) -> None:
        retry = request.headers.get("x-slack-retry-num", ["0"])[0]
        attempts.append((retry, body["event_id"]))
        if len(attempts) < 3:
            raise RuntimeError
        slack.answer_seconds = PATIENCE

    slack.answer_seconds = 0.2
    await ana.mentions_bot("rollbacks", billing)
    await until(lambda: len(attempts) == 3 or None, 5, "too few attempts")
    await slack.settled(quiet=0.1)

    assert [retry for retry, _ in attempts] == ["0", "1", "2"]
    assert len({event_id for _, event_id in attempts}) == 1


async def test_after_three_more_attempts_it_is_lost(
    slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    await ana.mentions_bot("rollbacks", billing)
    await until(
        lambda: len(slack.journal.deliveries("events_api")) == 4 or None, 5, "too few attempts"
    )
    await slack.settled()

    attempts = slack.journal.deliveries("events_api")
    assert [attempt.error for attempt in attempts] == ["dispatch_failed"] * 4


async def test_the_app_hears_only_what_it_subscribes_to_and_can_see() -> None:
    async with LocalSlack(MANIFEST, event_retry_seconds=()) as slack:
        ana = slack.add_person("ana")
        billing = slack.add_channel("billing", members=[ana])
        secret = slack.add_channel("secret", members=[ana], private=True)
        elsewhere = slack.add_channel("elsewhere", members=[ana], bot=False)

        await ana.says("in a channel", billing)
        await ana.says("in a private channel", secret)
        await ana.mentions_bot("where the bot is not", elsewhere)
        await ana.mentions_bot("both", billing)

        events = [e.payload["event"] for e in slack.journal.deliveries("events_api")]
        assert [(e["type"], e["text"].split()[-1]) for e in events] == [
            ("message", "channel"),
            ("app_mention", "both"),
            ("message", "both"),
        ]


async def test_without_its_scope_an_event_is_not_sent() -> None:
    narrow = MANIFEST | {"oauth_config": {"scopes": {"bot": ["app_mentions:read"]}}}
    async with LocalSlack(narrow, event_retry_seconds=()) as slack:
        ana = slack.add_person("ana")
        billing = slack.add_channel("billing", members=[ana])

        await ana.mentions_bot("both", billing)

        events = [e.payload["event"] for e in slack.journal.deliveries("events_api")]
        assert [event["type"] for event in events] == ["app_mention"]


async def test_comings_and_goings(
    app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    heard: list[tuple[str, str | None]] = []

    @app.event("member_joined_channel")
    @app.event("member_left_channel")
    @app.event("channel_archive")
    @app.event("channel_unarchive")
    async def changed(event: Json) -> None:
        heard.append((event["type"], event["user"]))

    bob = slack.add_person("bob")
    ops = slack.add_channel("ops", members=[ana], bot=False)
    await bob.joins(billing)
    await bob.joins(billing)
    await ana.invites(bob, billing)
    await ana.invites_bot(ops)
    await ana.invites(bob, ops)
    await bob.leaves(ops)
    await ana.removes_bot(ops)
    await bob.joins(ops)
    await ana.archives(billing)

    with pytest.raises(PermissionError, match="billing is archived"):
        await ana.says("anybody?", billing)
    await ana.unarchives(billing)

    assert heard == [
        ("member_joined_channel", bob.id),
        ("member_joined_channel", slack.bot_user_id),
        ("member_joined_channel", bob.id),
        ("member_left_channel", bob.id),
        ("member_left_channel", slack.bot_user_id),
        ("channel_archive", ana.id),
        ("channel_unarchive", ana.id),
    ]
    with pytest.raises(PermissionError, match="bob can't see secret"):
        await bob.joins(slack.add_channel("secret", private=True))


async def test_any_event_can_be_sent(socket_app: AsyncApp, slack: LocalSlack) -> None:
    heard: list[Any] = []

    @socket_app.event("tokens_revoked")
    async def revoked(event: Json) -> None:
        heard.append(event["tokens"])

    attempt = await slack.send_event({"type": "tokens_revoked", "tokens": {"bot": ["U1"]}})

    assert attempt.error is None
    assert heard == [{"bot": ["U1"]}]


async def test_waiting_for_rest_takes_in_what_follows_the_ack(
    socket_app: AsyncApp, slack: LocalSlack, ana: Person, billing: Channel
) -> None:
    tasks: list[asyncio.Task[None]] = []

    @socket_app.command("/kpi")
    async def kpi(ack: AsyncAck, say: AsyncSay) -> None:
        async def later() -> None:
            await asyncio.sleep(0.01)
            await say("the chart")

        await ack()
        tasks.append(asyncio.create_task(later()))

    await ana.types("/kpi", billing)
    await slack.settled()

    assert [m.text for m in ana.sees(billing)] == ["the chart"]

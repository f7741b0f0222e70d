"""Slack's requests over HTTP: the same bot, and nothing for whoever can't sign."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from app.playground.http_delivery import signature
from tests.slack.conftest import Opening
from tests.slack.stage import Stage, read


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot over HTTP, with the real scorecard."""
    async with open_stage(transport="http") as stage:
        yield stage


def a_command(stage: Stage, text: str) -> dict[str, str]:
    return {
        "command": "/kpi",
        "text": text,
        "user_id": stage.ana.id,
        "channel_id": stage.billing.id,
        "team_id": stage.slack.team_id,
        "trigger_id": "1.2.3",
        "response_url": "https://example.com/none",
    }


async def sent(
    stage: Stage,
    content: dict[str, Any],
    *,
    secret: str | None = None,
    age: float = 0.0,
    headers: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Send a request as Slack would, or as somebody who'd like to be; its status and answer."""
    body = urlencode(content)
    at = str(int(time.time() - age))
    signed = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": signature(secret or stage.slack.signing_secret, at, body),
    }
    url = f"http://127.0.0.1:{stage.running.port}/slack/events"
    headers = signed if headers is None else headers
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as response,
    ):
        return response.status, await response.text()


async def test_commands_forms_clicks_and_digests_work_as_over_a_socket(stage: Stage) -> None:
    assert "Rollbacks / day" in read(await stage.types("/kpi"))
    reply = await stage.types("/kpi update rollbacks 10")
    await stage.ana.clicks(reply, "undo")
    await stage.sees_answer("Taken back")
    form = await stage.opens_form("/kpi ship PDE step 2c")
    await stage.ana.dispatches(form, "metrics", ["rollbacks"])
    form = await stage.ana.sees_view("new value")
    stage.ana.fills(form, {"value:rollbacks": "nine"})
    assert "isn't a value" in (await stage.ana.submits(form)).errors["value:rollbacks"]
    stage.ana.fills(form, {"value:rollbacks": "~9"})
    assert (await stage.ana.submits(form)).closed
    await stage.types("/kpi digest now")
    await stage.rests()
    announced, digest = stage.posts()
    assert "~12 → ~9, ~−3" in read(announced)
    assert "~9 → target 0" in read(digest)


@pytest.mark.parametrize(
    "forgery",
    [
        {"secret": "not the signing secret"},
        {"age": 10 * 60.0},
        {"headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    ],
)
async def test_who_cant_sign_or_comes_late_is_refused_and_nothing_happens(
    stage: Stage, forgery: dict[str, Any]
) -> None:
    status, answer = await sent(stage, a_command(stage, "update rollbacks 1"), **forgery)
    assert status == 401
    assert "Rollbacks" not in answer
    assert "~12" in read(await stage.types("/kpi rollbacks"))
    status, answer = await sent(stage, a_command(stage, "update rollbacks 1"))
    assert status == 200
    assert "12 → 1" in answer.encode().decode("unicode_escape")


async def test_nobody_undoes_from_another_channel_what_was_recorded(stage: Stage) -> None:
    """A click that Slack's own pages would not offer."""
    bob = stage.slack.add_person("bob", guest=True)
    lobby = stage.slack.add_channel("lobby", members=[bob])
    reply = await stage.types("/kpi update rollbacks 9")
    (button,) = [
        element
        for block in reply.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == "undo"
    ]
    address = f"{stage.slack.api_url.removesuffix('/api/')}/response/"
    tickets = stage.slack.workspace.response_urls
    click = {
        "type": "block_actions",
        "user": {"id": bob.id},
        "team": {"id": stage.slack.team_id},
        "channel": {"id": lobby.id},
        "container": {"type": "message", "is_ephemeral": True},
        "response_url": address + tickets.issue(bob.id, lobby.id, None),
        "trigger_id": "1.2.3",
        "actions": [{"type": "button", **button, "block_id": "b", "action_ts": "1.0"}],
    }
    status, _ = await sent(stage, {"payload": json.dumps(click)})
    assert status == 200
    await stage.rests()
    (told,) = [m for m in lobby.messages if m.visible_to == bob.id]
    assert "You can't record readings in this scorecard from here." in read(told)
    assert "  9  →  target 0" in read(await stage.types("/kpi"))


async def test_a_request_that_is_too_large_is_refused(stage: Stage) -> None:
    status, _ = await sent(stage, {"command": "/kpi", "text": "x" * 1_000_001})
    assert status == 413


async def test_what_the_bot_doesnt_know_is_no_failure_of_its_own(stage: Stage) -> None:
    status, answer = await sent(stage, {**a_command(stage, ""), "command": "/other"})
    assert status == 200
    assert "This is out of date. Type /kpi" in answer


async def test_half_a_character_in_a_form_is_kept_as_the_sign_for_what_is_missing(
    stage: Stage,
) -> None:
    form = await stage.opens_form("/kpi ship PDE step 2c")
    stage.ana.fills(form, {"detail": "Cut in the middle: \ud83d"})
    assert (await stage.ana.submits(form)).closed
    told = await stage.ana.sees_message(stage.billing, "PDE step 2c")
    assert "Cut in the middle: \ufffd" in read(told)

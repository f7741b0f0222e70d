"""What the manifest announces, what ids name, and what the bot listens to are one and the same."""

import re
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.listener.async_listener import AsyncListener
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from app.slack.app import build_app
from app.slack.ids import Action, Form, Shortcut, Step
from tests.project.files import MANIFEST, ROOT
from tests.slack.stage import Staging, set_up

Hearing = Callable[[dict[str, Any]], Awaitable[list[AsyncListener]]]

FEATURES = MANIFEST["features"]
SHORTCUT_TYPES = {"global": "shortcut", "message": "message_action"}
ONLY_IN_FORMS = {Action.INPUT, Action.CHOOSE_STATUS}
"""Fields that are read when their form is sent, and of which Slack tells nothing before."""
NEVER_SENT = {Form.SETUP, Form.PARTS, Form.LINKS, Form.TOKENS, Form.HOOKS}
"""Menus: they have buttons, and nothing to send."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def listeners(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[AsyncListener]:
    """What is registered in the app as it is served."""
    database = shutil.copy(sqlite_template, tmp_path_factory.mktemp("listeners") / "kpi.db")
    async with set_up(Staging(Path(database))) as stage:
        return list(build_app(stage.running.bot, signing_secret=None)._async_listeners)


@pytest.fixture
def heard_by(listeners: list[AsyncListener]) -> Hearing:
    """The listeners that hear of something; Bolt calls the first."""

    async def hearing(payload: dict[str, Any]) -> list[AsyncListener]:
        request = AsyncBoltRequest(body=payload, mode="socket_mode")
        answer = BoltResponse(status=200)
        return [
            listener
            for listener in listeners
            if await listener.async_matches(req=request, resp=answer)
        ]

    return hearing


def names(listeners: list[AsyncListener]) -> list[str]:
    """Where they stand in the code."""
    functions = [listener.ack_function for listener in listeners]
    return [f"{function.__module__}.{function.__qualname__}" for function in functions]


def a_click(action_id: str) -> dict[str, Any]:
    return {"type": "block_actions", "actions": [{"action_id": action_id, "block_id": "b"}]}


def a_search(action_id: str) -> dict[str, Any]:
    return {"type": "block_suggestion", "action_id": action_id, "block_id": "b", "value": ""}


def a_form(callback_id: str) -> dict[str, Any]:
    return {"type": "view_submission", "view": {"type": "modal", "callback_id": callback_id}}


def a_shortcut(shortcut: dict[str, Any]) -> dict[str, Any]:
    return {"type": SHORTCUT_TYPES[shortcut["type"]], "callback_id": shortcut["callback_id"]}


def an_event(name: str) -> dict[str, Any]:
    return {"type": "event_callback", "event": {"type": name}}


def a_step(callback_id: str) -> dict[str, Any]:
    event = {
        "type": "function_executed",
        "function": {"callback_id": callback_id},
        "function_execution_id": "Fx0RUN",
    }
    return {"type": "event_callback", "event": event}


def a_command(command: str) -> dict[str, Any]:
    return {"command": command, "text": "", "user_id": "U0ANA"}


EVENTS = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) - {"function_executed"}
"""What the manifest subscribes to; `function_executed` is heard step by step."""


@pytest.mark.parametrize("event", sorted(EVENTS))
async def test_every_event_of_the_manifest_is_heard(heard_by: Hearing, event: str) -> None:
    assert len(await heard_by(an_event(event))) == 1, f"nobody listens to the event {event}"


@pytest.mark.parametrize("command", FEATURES["slash_commands"], ids=lambda each: each["command"])
async def test_every_command_of_the_manifest_is_heard(
    heard_by: Hearing, command: dict[str, Any]
) -> None:
    assert len(await heard_by(a_command(command["command"]))) == 1


@pytest.mark.parametrize("shortcut", FEATURES["shortcuts"], ids=lambda each: each["callback_id"])
async def test_every_shortcut_of_the_manifest_is_heard(
    heard_by: Hearing, shortcut: dict[str, Any]
) -> None:
    assert len(await heard_by(a_shortcut(shortcut))) == 1


@pytest.mark.parametrize("step", MANIFEST["functions"])
async def test_every_step_of_the_manifest_is_heard(heard_by: Hearing, step: str) -> None:
    assert len(await heard_by(a_step(step))) == 1


def test_the_manifest_has_the_shortcuts_and_steps_that_ids_name() -> None:
    assert {each["callback_id"] for each in FEATURES["shortcuts"]} == set(Shortcut)
    assert set(MANIFEST["functions"]) == set(Step)
    assert "function_executed" in MANIFEST["settings"]["event_subscriptions"]["bot_events"]


@pytest.mark.parametrize("form", sorted(set(Form) - NEVER_SENT))
async def test_every_form_is_heard_when_it_is_sent(heard_by: Hearing, form: Form) -> None:
    assert len(await heard_by(a_form(form))) == 1, f"nobody listens to the form {form}"


@pytest.mark.parametrize("action", sorted(set(Action) - ONLY_IN_FORMS))
async def test_every_click_and_choice_is_heard(heard_by: Hearing, action: Action) -> None:
    clicked, searched = await heard_by(a_click(action)), await heard_by(a_search(action))
    numbered = await heard_by(a_click(f"{action}:3"))  # where a screen has several of them
    assert clicked or numbered or searched, f"nobody listens to {action}"
    assert len({*names(clicked), *names(numbered)}) <= 1, (
        f"{action} is heard by several: {names(clicked)}, numbered by {names(numbered)}"
    )


@pytest.mark.parametrize("ids", [Action, Form], ids=lambda ids: ids.__name__)
def test_every_id_stands_in_some_screen(ids: type[Action] | type[Form]) -> None:
    listens = {ROOT / "app/slack/ids.py", ROOT / "app/slack/app.py"}
    screens = [path for path in (ROOT / "app/slack").rglob("*.py") if path not in listens]
    used = "\n".join(path.read_text(encoding="utf-8") for path in screens)
    named = set(re.findall(rf"\b{ids.__name__}\.([A-Z_]+)\b", used))
    assert set(ids.__members__) - named == set(), "these ids are listened to and never shown"


async def test_every_listener_hears_something_that_slack_sends(
    heard_by: Hearing, listeners: list[AsyncListener]
) -> None:
    sent = [
        *(a_command(each["command"]) for each in FEATURES["slash_commands"]),
        *(a_shortcut(each) for each in FEATURES["shortcuts"]),
        *(a_step(each) for each in MANIFEST["functions"]),
        *(an_event(each) for each in EVENTS),
        *(a_form(each) for each in Form),
        *(a_click(each) for each in Action),
        *(a_click(f"{each}:3") for each in Action),
        *(a_search(each) for each in Action),
    ]
    called = [first for payload in sent for first in (await heard_by(payload))[:1]]
    assert names([each for each in listeners if each not in called]) == []

"""Sending cases to the real bot, and judging what comes of each."""

import asyncio
import json
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp

from app.playground.http_delivery import signature
from app.playground.steps import Step
from tests.chaos.cases import Case
from tests.chaos.seeds import Json
from tests.slack.stage import Stage

_REFERENCE = re.compile(r"\[[0-9a-f]{8}\]")
_MAY_COMPLAIN = ("app.slack.", "slack_bolt.")


class Heard(logging.Handler):
    """What is logged as an error while a case is worked on."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def hearing() -> Iterator[Heard]:
    heard = Heard()
    logging.getLogger().addHandler(heard)
    try:
        yield heard
    finally:
        logging.getLogger().removeHandler(heard)


@dataclass(frozen=True)
class Outcome:
    """What came of a case: `answer` in a word or two, `failure` if it may not be so."""

    answer: str
    failure: str = ""


class Sender:
    """Sends to one stage, over HTTP if the bot is reached so, otherwise over its socket."""

    def __init__(self, stage: Stage, heard: Heard) -> None:
        self._stage, self._heard = stage, heard
        self._session = aiohttp.ClientSession()
        self._sent = 0

    async def close(self) -> None:
        await self._session.close()

    async def send(self, case: Case) -> Outcome:
        """Send a case, wait until the bot has finished with it, and judge."""
        journal = self._stage.slack.journal
        self._heard.records.clear()
        before = len(journal.entries)
        case = replace(case, payload=self._made_fresh(case))
        over_http = self._stage.slack.delivers_by_http
        answer, body = await (self._over_http(case) if over_http else self._over_socket(case))
        await self._stage.running.bot.tasks.drain(5.0)
        await asyncio.sleep(0)
        reached = [each for each in journal.entries[before:] if each.kind != "delivery"]
        problems = [str(each) for entry in reached for each in entry.problems]
        failure = "; ".join(
            [
                *_wrong_answer(case, answer),
                *problems,
                *self._logged(case),
                *_silence(case, body, reached),
            ]
        )
        return Outcome(answer, failure)

    def _made_fresh(self, case: Case) -> Json:
        """The payload as Slack would send it now: with tickets and ids that nobody has used."""
        payload, workspace = dict(case.payload), self._stage.slack.workspace
        ana, channel = self._stage.ana.id, self._stage.billing.id
        self._sent += 1
        if isinstance(payload.get("trigger_id"), str):
            payload["trigger_id"] = workspace.triggers.issue(ana, channel)
        if isinstance(payload.get("response_url"), str):
            given = workspace.response_urls.issue(ana, channel)
            payload["response_url"] = f"{workspace.base_url}/response/{given}"
        if isinstance(payload.get("event_id"), str):
            payload["event_id"] = f"Ev{self._sent}"
        actions = payload.get("actions")
        for action in actions if isinstance(actions, list) else ():
            if isinstance(action, dict) and "block_id" in action:
                action["block_id"] = f"b{self._sent}"  # or it would count as the click before
        view, event = payload.get("view"), payload.get("event")
        if payload.get("type") == "view_submission" and isinstance(view, dict) and "id" in view:
            payload["view"] = {**view, "id": f"V{self._sent}"}
        if isinstance(event, dict) and "function_execution_id" in event:
            payload["event"] = {**event, **self._begun_step(event)}
        return payload

    def _begun_step(self, event: Json) -> Json:
        function = event.get("function")
        callback = function.get("callback_id") if isinstance(function, dict) else None
        step = Step(f"Fx{self._sent}", str(callback), {}, str(event.get("bot_access_token")))
        self._stage.slack.workspace.steps[step.id] = step
        return {"function_execution_id": step.id}

    async def _over_http(self, case: Case) -> tuple[str, Any]:
        body, kind = case.body()
        at = str(int(time.time()))
        secret = self._stage.slack.signing_secret
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": signature(secret, at, body.decode(errors="replace")),
        }
        url = f"http://127.0.0.1:{self._stage.running.port}/slack/events"
        async with self._session.post(url, data=body, headers=headers) as response:
            text = await response.text()
        return f"HTTP {response.status}", _read(text)

    async def _over_socket(self, case: Case) -> tuple[str, Any]:
        # A frame of text is UTF-8, which has no surrogates; over HTTP JSON escapes them.
        sendable = json.dumps(case.payload, ensure_ascii=False).encode(errors="replace")
        entry = await self._stage.slack.deliver(case.envelope, json.loads(sendable))
        return entry.error or "acknowledged", entry.response

    def _logged(self, case: Case) -> Iterator[str]:
        """Errors that may not be; the bot says of a shape that Slack never sends what it likes."""
        for record in self._heard.records:
            text = record.getMessage()
            expected = not case.sort.is_slacks and record.name.startswith(_MAY_COMPLAIN)
            if not expected:
                trace = record.exc_info[1] if record.exc_info else None
                yield f"{record.name}: {_REFERENCE.sub('', text)}: {trace!r}"


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _wrong_answer(case: Case, answer: str) -> Iterator[str]:
    well = answer in {"HTTP 200", "acknowledged"}
    if answer.startswith("HTTP 5") or (case.sort.is_slacks and not well):
        yield f"answered {answer}"


def _silence(case: Case, body: Any, reached: list[Any]) -> Iterator[str]:
    """Whether somebody waits for a word, and none comes."""
    if not case.sort.is_slacks:
        return
    if case.name == "block_suggestion" and not isinstance(body, dict):
        yield "no options"
    elif case.name == "view_submission":
        yield from _lost_errors(case, body)
    elif case.name in {"slash_commands", "block_actions", "shortcut", "message_action"} and not (
        body or reached
    ):
        yield "no answer"


def _lost_errors(case: Case, body: Any) -> Iterator[str]:
    """Errors at fields that the form doesn't have are shown nowhere."""
    if not isinstance(body, dict) or body.get("response_action") != "errors":
        return
    fields = {each.get("block_id") for each in case.payload["view"]["blocks"]}
    lost = set(body["errors"]) - fields
    if lost or not body["errors"]:
        yield f"errors at {sorted(map(str, lost))}"

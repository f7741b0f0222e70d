"""How Slack reaches the app: one envelope at a time, events again when nobody acknowledged them."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Protocol

from app.playground.blocks import Json
from app.playground.envelopes import Envelope
from app.playground.faults import Fault, Faults
from app.playground.journal import Entry, Journal
from app.playground.tickets import Triggers


class NotDeliveredError(Exception):
    """The app could not be reached, or refused what it was told."""


class Transport(Protocol):
    """Socket Mode or HTTP."""

    name: str

    async def send(self, envelope: Envelope) -> Json | None:
        """Deliver and wait for the acknowledgement; returns what came with it.

        Raises NotDeliveredError.
        """


class Deliveries:
    """Sends envelopes by the current transport and keeps Slack's time limits.

    `answer_seconds` is how long the app has, `event_retry_seconds` are the pauses before an event
    is sent again. Slack's own are three seconds
    (docs.slack.dev/interactivity/handling-user-interaction), and at once, a minute, five minutes
    (docs.slack.dev/apis/events-api).
    """

    def __init__(
        self,
        journal: Journal,
        transport: Transport,
        faults: Faults,
        triggers: Triggers,
        *,
        answer_seconds: float,
        event_retry_seconds: Sequence[float],
    ) -> None:
        self._journal = journal
        self._faults = faults
        self._triggers = triggers
        self.answer_seconds = answer_seconds
        self._event_retry_seconds = event_retry_seconds
        self._background: set[asyncio.Task[None]] = set()
        self.transport = transport

    async def deliver(self, envelope: Envelope, *, repeats: int | None = None) -> Entry:
        """Deliver once. The entry has the acknowledgement as its response, or as its error
        `operation_timeout` or `dispatch_failed`, which is what people see."""
        trigger_id = envelope.payload.get("trigger_id")
        with self._journal.recording("delivery", envelope.type, envelope.payload) as entry:
            entry.envelope, entry.repeats = envelope, repeats
            entry.transport = self.transport.name
            entry.fault = self._faults.take(envelope.type, has_trigger=trigger_id is not None)
            if entry.fault is not None and entry.fault.kind == "expired_trigger":
                self._triggers.expire(str(trigger_id))
            try:
                async with asyncio.timeout(self.answer_seconds):
                    entry.response = await self._send(envelope, entry.fault)
            except TimeoutError:
                entry.error = "operation_timeout"
            except NotDeliveredError:
                entry.error = "dispatch_failed"
        return entry

    async def _send(self, envelope: Envelope, fault: Fault | None) -> Json | None:
        kind = None if fault is None else fault.kind
        if kind == "drop":
            raise NotDeliveredError
        answer = await self.transport.send(envelope)
        if fault is not None and kind == "delay":
            await asyncio.sleep(fault.seconds)
        if kind == "drop_response":
            await asyncio.Event().wait()
        return answer

    async def deliver_event(self, payload: Json) -> Entry:
        """Deliver an event once; when that fails, further attempts follow in the background."""
        envelope = Envelope("events_api", payload)
        entry = await self.deliver(envelope)
        if entry.error is not None:
            self.in_background(self._deliver_again(envelope, entry.error))
        return entry

    async def _deliver_again(self, envelope: Envelope, error: str | None) -> None:
        for attempt, pause in enumerate(self._event_retry_seconds, start=1):
            await asyncio.sleep(pause)
            reason = "timeout" if error == "operation_timeout" else "error"
            entry = await self.deliver(envelope.as_retry(attempt, reason))
            error = entry.error
            if error is None:
                return

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something that nobody waits for, until it is done or the workspace closes."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def stop(self) -> None:
        """Give up what still runs in the background."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

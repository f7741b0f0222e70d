"""The steps of a delivery, and what befalls the process there; only for a process of its own."""

import os
import signal
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import aiohttp
import psycopg
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.services import deliveries, digests, reminders
from app.store.engine import sync_url

Wrapped = Callable[..., Awaitable[Any]]


class Step(StrEnum):
    """From due to recorded."""

    AMID_OWING = "amid the transaction that owes it"
    BEFORE_CLAIM = "before the claim"
    AMID_CLAIM = "amid the claim's transaction"
    AFTER_CLAIM = "after the claim"
    BEFORE_LOOKUP = "before an earlier attempt is looked for"
    BEFORE_REQUEST = "before the request"
    BEFORE_ANSWER = "Slack took it, before the answer is read"
    AFTER_ANSWER = "after the answer"
    AMID_RECORD = "amid the record's transaction"
    AFTER_RECORD = "after the record"


class Blow(StrEnum):
    """What befalls the process at a step."""

    KILL = "killed"
    DATABASE = "database gone"
    REFUSED = "connection refused"


class Steps:
    """Deals one blow at the n-th time that a step is reached."""

    def __init__(self, database_url: str, step: Step, nth: int, blow: Blow) -> None:
        self._database_url = database_url
        self._step = step
        self._left = nth
        self._blow = blow
        self._lock: sqlite3.Connection | None = None
        self._transaction: Step | None = None
        self._is_posting = False

    def install(self) -> None:
        """Watch the steps of this process from now on."""
        self._within(digests, "_claim_if_owed", Step.AMID_OWING)
        self._within(reminders, "_owe", Step.AMID_OWING)
        self._within(deliveries, "claim_due", Step.AMID_CLAIM)
        self._around(deliveries, "claim_due", Step.BEFORE_CLAIM, Step.AFTER_CLAIM)
        self._within(deliveries, "_finish", Step.AMID_RECORD)
        self._around(deliveries, "_finish", None, Step.AFTER_RECORD)
        for lookup in ("conversations_history", "conversations_replies"):
            self._around(AsyncWebClient, lookup, Step.BEFORE_LOOKUP, None)
        for sending in ("chat_postMessage", "chat_update"):
            self._sending(sending)
        self._around(aiohttp.ClientResponse, "start", None, Step.BEFORE_ANSWER)
        event.listen(Session, "before_commit", self._committing)

    def release(self) -> None:
        """Let go of a database that was locked."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _reached(self, step: Step | None) -> bool:
        """Deal the blow if it is due here; tells whether it was."""
        if step is not self._step or step is None:
            return False
        if step is Step.BEFORE_ANSWER and not self._is_posting:
            return False
        self._left -= 1
        if self._left != 0:
            return False
        if self._blow is Blow.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._blow is Blow.DATABASE:
            self._take_database_away()
        return True

    def _take_database_away(self) -> None:
        url = sync_url(self._database_url)
        if url.get_backend_name() == "sqlite":
            self._lock = sqlite3.connect(url.database or "", timeout=0.0, isolation_level=None)
            self._lock.execute("BEGIN IMMEDIATE")
            return
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def _committing(self, _: Session) -> None:
        self._reached(self._transaction)

    def _within(self, module: Any, name: str, step: Step) -> None:
        """Every commit in a function is this step."""
        original: Wrapped = getattr(module, name)

        async def watched(*args: Any, **named: Any) -> Any:
            self._transaction = step
            try:
                return await original(*args, **named)
            finally:
                self._transaction = None

        setattr(module, name, watched)

    def _around(self, place: Any, name: str, before: Step | None, after: Step | None) -> None:
        original: Wrapped = getattr(place, name)

        async def watched(*args: Any, **named: Any) -> Any:
            self._reached(before)
            given = await original(*args, **named)
            if given:  # a claim of nothing is none
                self._reached(after)
            return given

        setattr(place, name, watched)

    def _sending(self, name: str) -> None:
        original: Wrapped = getattr(AsyncWebClient, name)

        async def watched(client: AsyncWebClient, **named: Any) -> Any:
            is_struck = self._reached(Step.BEFORE_REQUEST)
            self._is_posting = True
            try:
                with _unreachable(client, refused=is_struck and self._blow is Blow.REFUSED):
                    given = await original(client, **named)
            finally:
                self._is_posting = False
            self._reached(Step.AFTER_ANSWER)
            return given

        setattr(AsyncWebClient, name, watched)


@contextmanager
def _unreachable(client: AsyncWebClient, *, refused: bool) -> Iterator[None]:
    """For a call, Slack's address is one where nobody listens."""
    address = client.base_url
    if refused:
        client.base_url = "http://127.0.0.1:9/api/"
    try:
        yield
    finally:
        client.base_url = address

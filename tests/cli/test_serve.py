"""`kpi serve` as a process: it comes up, answers, stops, and starts again."""

import asyncio
import re
import signal
import socket
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
import pytest

from app.files import read_scorecard_path
from app.playground import Channel, LocalSlack, Message
from app.services import deliveries
from app.services.callers import OPERATOR, Caller, Surface
from app.services.deliveries import State
from app.services.loading import load
from app.store.engine import Store
from tests.cli.terminal import BILLING, Outcome, Shell

DIGEST = "Movement is over"
PARTS = ["database", "migrations", "deliveries", "scheduler", "socket"]
"""What its health is made of."""


@dataclass
class Serving:
    """A running `kpi serve`: where its health is asked for, and how it is ended."""

    process: subprocess.Popen[str]
    address: str = ""

    async def comes_up(self) -> None:
        """Wait for the line that says it is up; read from its log where its health is."""
        assert self.process.stderr is not None
        while line := await asyncio.to_thread(self.process.stderr.readline):
            if found := re.search(r"health at (http://\S+)/health", line):
                self.address = found[1]
                return
        raise AssertionError(f"it ended with {self.process.wait()} before it was up")

    async def health(self, path: str = "/health") -> tuple[int, dict[str, Any]]:
        async with aiohttp.ClientSession() as session, session.get(self.address + path) as answer:
            return answer.status, await answer.json()

    async def forged_command(self) -> int:
        """Send a command that Slack didn't sign; gives the status of the answer."""
        url, forged = f"{self.address}/slack/events", {"command": "/kpi", "text": ""}
        async with aiohttp.ClientSession() as session, session.post(url, data=forged) as answer:
            return answer.status

    async def ends(self) -> Outcome:
        out, err = await asyncio.to_thread(self.process.communicate, timeout=60)
        return Outcome(self.process.returncode, out, err)

    async def stops(self) -> Outcome:
        """Ask it to stop, and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ends()


@dataclass(frozen=True)
class Workspace:
    """A local Slack with #billing, the home of the real scorecard, and a folder to serve from."""

    slack: LocalSlack
    channel: Channel
    shell: Shell

    @asynccontextmanager
    async def started(self, **settings: str) -> AsyncIterator[Serving]:
        """A `kpi serve` that is killed at the end, should it still run."""
        shell = Shell(self.shell.folder, {**self.shell.environment, **settings})
        serving = Serving(shell.started("serve"))
        try:
            yield serving
        finally:
            serving.process.kill()
            await asyncio.to_thread(serving.process.communicate)

    @property
    def digests(self) -> list[Message]:
        return [message for message in self.channel.messages if DIGEST in message.wording]

    async def sees(self, something: Callable[[], object]) -> None:
        """Wait until something is there."""
        for _ in range(1000):
            if something():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("it did not come")


async def _load(database_url: str, channel: str, since: datetime) -> None:
    async with Store(database_url) as store:
        caller = Caller(OPERATOR, Surface.FILE, since)
        await load(store, caller, read_scorecard_path(BILLING), channel=channel)


@pytest.fixture
async def workspace(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Workspace]:
    """The scorecard is new: no digest is owed."""
    async with LocalSlack() as slack:
        yield await _workspace(slack, tmp_path, sqlite_url, datetime.now(UTC))


async def _workspace(slack: LocalSlack, folder: Path, url: str, since: datetime) -> Workspace:
    channel = slack.add_channel("billing", members=[slack.add_person("ana")])
    await _load(url, channel.id, since)
    environment = {
        "DATABASE_URL": url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "KPI_PORT": "0",
    }
    return Workspace(slack, channel, Shell(folder, environment))


async def test_over_socket_mode_it_answers_and_a_signal_ends_it(workspace: Workspace) -> None:
    slack = workspace.slack
    slack.faults.add("auth.test", "status", status=503)  # not there yet when it starts
    async with workspace.started(SLACK_API_URL=slack.api_url.rstrip("/")) as serving:
        await serving.comes_up()
        status, health = await serving.health()
        assert (status, health["status"]) == (200, "ok")
        assert list(health["checks"]) == PARTS
        assert (await serving.health("/health/ready"))[0] == 200
        assert await serving.health("/health/live") == (200, {"status": "ok"})
        ben = slack.add_person("ben")
        workspace.channel.members.append(ben.id)
        answer = await ben.types("/kpi", workspace.channel)
        assert answer.message is not None
        assert "0 of 5 at target" in answer.message.wording
        ended = await serving.stops()
    assert (ended.status, ended.out) == (0, "")
    assert "Traceback" not in ended.err
    assert slack.journal.problems == []


async def test_over_http_it_answers_signed_requests_alone(workspace: Workspace) -> None:
    slack = workspace.slack
    async with workspace.started(KPI_TRANSPORT="http", SLACK_APP_TOKEN="") as serving:
        await serving.comes_up()
        await slack.deliver_to(f"{serving.address}/slack/events")
        ben = slack.add_person("ben")
        workspace.channel.members.append(ben.id)
        answer = await ben.types("/kpi rollbacks", workspace.channel)
        assert answer.message is not None
        assert "remaining off-session flows" in answer.message.wording
        assert await serving.forged_command() == 401
        assert (await serving.stops()).status == 0


async def test_what_slack_or_the_machine_refuses_ends_it_in_one_line(workspace: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        async with (
            workspace.started(KPI_PORT=port) as on_taken_port,
            workspace.started(SLACK_BOT_TOKEN="xoxb-s3cr3t") as with_wrong_token,
        ):
            (await on_taken_port.ends()).refused("KPI_PORT", port, "Set another port")
            (await with_wrong_token.ends()).refused("SLACK_BOT_TOKEN", "Slack refuses it")
    async with workspace.started(SLACK_APP_TOKEN="xapp-s3cr3t") as with_wrong_app_token:
        ended = await with_wrong_app_token.ends()
        ended.refused("SLACK_APP_TOKEN", "connections:write")
        assert "s3cr3t" not in ended.err


async def test_a_signal_ends_it_while_it_waits_for_slack(workspace: Workspace) -> None:
    async with workspace.started(SLACK_API_URL="http://127.0.0.1:1") as serving:
        assert serving.process.stderr is not None
        line = await asyncio.to_thread(serving.process.stderr.readline)
        assert "Slack does not answer" in line
        assert (await serving.stops()).status == 0


# --- the digest ------------------------------------------------------------------


@pytest.fixture
async def overdue(tmp_path: Path, database_url: str) -> AsyncIterator[Workspace]:
    """A scorecard whose digest should have been posted days ago, on both databases."""
    async with LocalSlack() as slack:
        since = datetime.now(UTC) - timedelta(days=8)
        yield await _workspace(slack, tmp_path, database_url, since)


async def test_two_processes_catch_up_on_an_overdue_digest_once(overdue: Workspace) -> None:
    async with overdue.started() as one, overdue.started() as other:
        await asyncio.gather(one.comes_up(), other.comes_up())
        await overdue.sees(lambda: overdue.digests)
        await overdue.slack.settled(quiet=0.5)
        ended = await asyncio.gather(one.stops(), other.stops())
        assert [each.status for each in ended] == [0, 0]
    async with overdue.started() as again:
        await again.comes_up()
        await overdue.slack.settled(quiet=0.5)
        assert (await again.stops()).status == 0
    [digest] = overdue.digests
    assert "This digest is late" in digest.wording


async def test_a_digest_that_is_being_posted_when_it_has_to_stop_is_finished(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with LocalSlack() as slack:
        since = datetime.now(UTC) - timedelta(days=8)
        workspace = await _workspace(slack, tmp_path, sqlite_url, since)
        slack.faults.add("chat.postMessage", "delay", seconds=1.0)
        async with workspace.started() as serving:
            await workspace.sees(lambda: slack.journal.calls("chat.postMessage"))
            ended = await serving.stops()
        assert (ended.status, "Traceback" in ended.err) == (0, False)
        [digest] = workspace.digests
    async with Store(sqlite_url) as store:
        assert await deliveries.state_of(store, 1) == (State.DELIVERED, digest.ts, None)


# --- the stop --------------------------------------------------------------------


async def test_a_command_that_is_being_answered_is_finished_and_no_other_is_taken(
    workspace: Workspace, tmp_path: Path
) -> None:
    ben = workspace.slack.add_person("ben")
    workspace.channel.members.append(ben.id)
    async with workspace.started() as serving:
        await serving.comes_up()
        await workspace.slack.connected()
        with closing(sqlite3.connect(tmp_path / "kpi.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # so that the update has to wait
            typing = asyncio.create_task(ben.types("/kpi update rollbacks 9", workspace.channel))
            await asyncio.sleep(0.3)
            stopping = asyncio.create_task(serving.stops())
            await asyncio.sleep(0.5)
            late = asyncio.create_task(ben.types("/kpi", workspace.channel))
            await asyncio.sleep(0.1)
            other.execute("ROLLBACK")
        answer = await typing
        assert answer.error is None
        assert answer.message is not None
        assert "~12 → 9" in answer.message.wording
        assert (await late).error == "dispatch_failed"
        assert (await stopping).status == 0


async def test_what_cannot_be_finished_in_time_is_left_to_the_next_process_at_once(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with LocalSlack() as slack:
        since = datetime.now(UTC) - timedelta(days=8)
        workspace = await _workspace(slack, tmp_path, sqlite_url, since)
        slack.faults.add("chat.postMessage", "delay", seconds=60.0)
        async with workspace.started(KPI_STOP_SECONDS="0.5") as serving:
            await workspace.sees(lambda: slack.journal.calls("chat.postMessage"))
            begun = monotonic()
            ended = await serving.stops()
            assert monotonic() - begun < 5
        assert (ended.status, "Traceback" in ended.err) == (0, False)
        assert "given back: 1 deliveries" in ended.err
        async with Store(sqlite_url) as store:
            assert (await deliveries.state_of(store, 1))[0] is State.WAITING
        begun = monotonic()
        async with workspace.started() as again:
            await again.comes_up()
            async with Store(sqlite_url) as store:
                while (await deliveries.state_of(store, 1))[0] is not State.DELIVERED:
                    assert monotonic() - begun < 30, "it waited for the lease"
                    await asyncio.sleep(0.1)
        assert len(workspace.digests) == 1

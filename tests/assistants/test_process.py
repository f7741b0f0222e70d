"""`kpi mcp` as a client starts it: a process of its own, on standard input and output."""

import asyncio
import json
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import mcp_types
import pytest
from mcp import ClientSession, StdioServerParameters, stdio_client

from app.services import tokens
from tests.assistants.client import Assistant, Desk
from tests.cli.terminal import ROOT, Shell
from tests.services.builders import billing_on_sqlite, changes

ENDS_SECONDS = 60
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
READY = {"jsonrpc": "2.0", "method": "notifications/initialized"}


@pytest.fixture
def shell(tmp_path: Path, billing_url: str) -> Shell:
    """A terminal where the database of the test is set."""
    return Shell(tmp_path, {"DATABASE_URL": billing_url})


def environment(shell: Shell) -> dict[str, str]:
    return {**shell.environment, "PYTHONPATH": str(ROOT)}


@asynccontextmanager
async def started(shell: Shell, secret: str) -> AsyncIterator[tuple[ClientSession, Assistant]]:
    """The command, started by the SDK's client over real pipes; its log goes into a file."""
    how = StdioServerParameters(
        command=sys.executable,
        args=["-m", "app", "mcp"],
        env={**environment(shell), "KPI_TOKEN": secret},
        cwd=shell.folder,
    )
    with (shell.folder / "log").open("w", encoding="utf-8") as log:
        async with stdio_client(how, log) as pipes, ClientSession(*pipes) as session:
            await session.initialize()
            yield session, Assistant(lambda: nullcontext(session))


def called(number: int, tool: str, **arguments: Any) -> dict[str, Any]:
    """A call of a tool, as it is sent."""
    asked = {"name": tool, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": asked}


async def test_an_assistant_works_until_its_token_is_revoked(desk: Desk, shell: Shell) -> None:
    secret = await desk.makes_token()
    async with started(shell, secret) as (session, assistant):
        listed = await session.list_tools()
        assert {tool.name for tool in listed.tools} >= {"read_scorecard", "log_milestone"}
        assert (await assistant.asks("read_scorecard")).data["scorecard"]["key"] == "billing"
        await assistant.asks("record_reading", metric="Rollbacks", value="~9")
        moved = {"bad-debt": "2"}
        await assistant.asks("log_milestone", title="Flows", status="shipped", moved=moved)
        before = [(row.surface, row.actor) for row in (await changes(desk.store))[-3:]]
        assert before == [("assistant", "token “Assistant” (1)")] * 3
        document = await session.read_resource("scorecard://billing")
        assert isinstance(document, mcp_types.ReadResourceResult)
        await desk.revokes_token()
        told = await assistant.is_refused("record_reading", metric="rollbacks", value="~8")
        assert told == tokens.UNKNOWN
    assert (shell.folder / "log").read_text(encoding="utf-8") == ""


@billing_on_sqlite
async def test_nothing_but_the_protocol_stands_on_the_standard_output(
    desk: Desk, shell: Shell
) -> None:
    """Also where a client sends what is no message, or half a character, which JSON can escape
    and no database can hold."""
    half = called(3, "record_reading", metric="rollbacks", value="9", note="\ud800")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "mcp"),
        cwd=shell.folder,
        env={**environment(shell), "KPI_TOKEN": await desk.makes_token()},
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    sent = [HELLO, READY, called(2, "nothing"), half, "no message", called(4, "list_scorecards")]
    process.stdin.write("".join(f"{json.dumps(each)}\n" for each in sent).encode())
    known: dict[object, Any] = {}
    while 4 not in known:
        told = json.loads(await asyncio.wait_for(process.stdout.readline(), ENDS_SECONDS))
        assert told["jsonrpc"] == "2.0"
        known[told.get("id")] = told
    assert known[1]["result"]["serverInfo"]["title"] == "KPI Trajectories"
    assert "There is no tool “nothing”" in known[2]["error"]["message"]
    assert known[4]["result"]["isError"] is False
    process.stdin.close()
    rest, log = await asyncio.wait_for(process.communicate(), ENDS_SECONDS)
    assert (process.returncode, rest, log) == (0, b"", b"")
    assert "reading recorded" not in [row.action for row in await changes(desk.store)]


@billing_on_sqlite
async def test_without_a_token_that_is_known_it_says_so_and_ends(desk: Desk, shell: Shell) -> None:
    shell.kpi("mcp").refused("KPI_TOKEN is not set", "kpi token create")
    revoked = await desk.makes_token()
    await desk.revokes_token()
    for secret in ("kpi_nothing", revoked):
        other = Shell(shell.folder, {**shell.environment, "KPI_TOKEN": secret})
        other.kpi("mcp").refused("This token isn't known, or it was revoked.")


def test_who_only_serves_loads_nothing_of_it() -> None:
    loaded = "import sys, app.cli, app.main; print(sorted({'mcp', 'mcp_types'} & set(sys.modules)))"
    told = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"

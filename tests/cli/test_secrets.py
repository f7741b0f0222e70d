"""No secret stands in anything that the bot says of itself, whatever fails."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from app.playground import LocalSlack
from tests.cli.terminal import Outcome, Shell
from tests.cli.test_serve import Workspace, _workspace

PASSWORD = "pa55word-of-the-database"
ELSEWHERE = f"postgresql://kpi:{PASSWORD}@127.0.0.1:1/kpi"
"""A database that nobody answers for."""


@pytest.fixture
async def workspace(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Workspace]:
    async with LocalSlack() as slack:
        yield await _workspace(slack, tmp_path, sqlite_url, datetime.now(UTC))


def leaks(workspace: Workspace, *outcomes: Outcome, also: Sequence[str] = ()) -> list[str]:
    """Each secret that stands in what was printed, or in a file that was left behind."""
    slack = workspace.slack
    secrets = [slack.bot_token, slack.app_token, slack.signing_secret, PASSWORD, *also]
    said = [text for each in outcomes for text in (each.out, each.err)]
    files = [path for path in workspace.shell.folder.rglob("*") if path.is_file()]
    said += [path.read_bytes().decode(errors="replace") for path in files]
    return [secret for secret in secrets if any(secret in text for text in said)]


async def uses_it(workspace: Workspace) -> None:
    """Commands, a mention and a digest, while Slack fails in what they need."""
    slack, channel = workspace.slack, workspace.channel
    [ana] = slack.people.values()
    for method in ("chat.*", "views.open", "response_url", "users.info"):
        slack.faults.add(method, "status")
    for line in ("/kpi", "/kpi ship Bundles", "/kpi update rollbacks 9", "/kpi digest now"):
        await ana.types(line, channel)
    await ana.mentions_bot("rollbacks", channel)
    await slack.settled()


async def reports(address: str, secret: str) -> list[int]:
    """Requests of the API with a token that is known and one that isn't; gives their statuses."""
    metrics = f"{address}/api/v1/scorecards/billing/metrics"
    headers = {"Authorization": f"Bearer {secret}"}
    statuses = []
    async with aiohttp.ClientSession(headers=headers) as session:
        for path, said in (("rollbacks", "9"), ("rollbacks", secret), (secret, "9")):
            async with session.post(f"{metrics}/{path}/readings", json={"value": said}) as answer:
                statuses.append(answer.status)
        unknown = {"Authorization": f"Bearer {secret}x"}
        async with session.get(metrics, headers=unknown) as answer:
            statuses.append(answer.status)
    return statuses


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_a_running_bot_tells_no_secret(workspace: Workspace, transport: str) -> None:
    slack = workspace.slack
    made = await asyncio.to_thread(workspace.shell.kpi, "token", "create", "CI")
    secret = made.out.strip()
    async with workspace.started(KPI_TRANSPORT=transport, KPI_LOG_FORMAT="text") as serving:
        await serving.comes_up()
        if transport == "http":
            await slack.deliver_to(f"{serving.address}/slack/events")
            assert await serving.forged_command() == 401
        else:
            await slack.connected()
        await uses_it(workspace)
        assert await reports(serving.address, secret) == [201, 422, 404, 401]
        if transport == "socket":
            slack.break_connections()
            await slack.connected(timeout=20)
        outcome = await serving.stops()
    assert outcome.status == 0
    assert leaks(workspace, outcome, also=[secret]) == []


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        ({"DATABASE_URL": ELSEWHERE}, "doctor"),
        ({"DATABASE_URL": ELSEWHERE}, "migrate"),
        ({"DATABASE_URL": f"mysql://kpi:{PASSWORD}@db/kpi"}, "show"),
        ({"DATABASE_URL": f"postgresql://kpi:{PASSWORD}@127.0.0.1:port/kpi"}, "show"),
        ({"SLACK_API_URL": "http://127.0.0.1:1/"}, "doctor"),
        ({"KPI_TRANSPORT": "pigeon", "KPI_PORT": "many"}, "serve"),
    ],
    ids=str,
)
async def test_what_fails_fails_without_its_secrets(
    workspace: Workspace, settings: dict[str, str], command: str
) -> None:
    shell = Shell(workspace.shell.folder, {**workspace.shell.environment, **settings})
    outcome = await asyncio.to_thread(shell.kpi, command)
    assert outcome.status != 0
    assert leaks(workspace, outcome) == []

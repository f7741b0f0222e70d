"""docs/api.md: its examples run against a real `kpi serve`, and its figures are the program's."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.http.api import Limits, bulk
from app.http.api.answers import ITEMS_A_PAGE
from app.playground import LocalSlack, Message
from app.services.answers import KEPT_FOR
from app.services.bulk import MOST_ROWS
from tests.cli.test_serve import Workspace, _workspace
from tests.docs.snippets import snippets_of
from tests.project.files import text_of

GUIDE = text_of("docs/api.md")
EXAMPLES = [each.content for each in snippets_of("docs/api.md") if each.language == "sh"]
CURL = 'curl() { command curl --silent --show-error --fail-with-body --noproxy "*" "$@"; echo; }\n'


@pytest.fixture
async def workspace(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Workspace]:
    async with LocalSlack() as slack:
        yield await _workspace(slack, tmp_path, sqlite_url, datetime.now(UTC))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl isn't installed")
async def test_its_examples_work(workspace: Workspace) -> None:
    made = await asyncio.to_thread(workspace.shell.kpi, "token", "create", "CI")
    async with workspace.started() as serving:
        await serving.comes_up()
        environment = {
            "PATH": "/usr/bin:/bin",
            "KPI": f"{serving.address}/api/v1",
            "TOKEN": made.out.strip(),
        }
        told = []
        for example in EXAMPLES:
            ran = await asyncio.to_thread(
                subprocess.run,
                ["bash", "-euo", "pipefail", "-c", CURL + example],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert ran.returncode == 0, f"{example}\n{ran.stdout}\n{ran.stderr}"
            told.append(ran.stdout)
        await workspace.sees(lambda: any("Retries moved" in m.wording for m in posts(workspace)))
        await serving.stops()
    reading, twice, many, milestones, read, etag = told
    assert '"reported_by":"token “CI” (1)"' in reading
    assert len(set(filter(None, twice.splitlines()))) == 1
    assert re.findall(r'"recorded":(\d)', many) == ["2", "1", "2"]
    assert '"after":{"text":"~7 / day"' in milestones
    assert '"items":' in read
    assert etag.strip() == "304"


def posts(workspace: Workspace) -> list[Message]:
    """What the bot has posted in the channel."""
    return [message for message in workspace.channel.messages if message.bot_id]


def test_its_figures_are_the_programs() -> None:
    limits = Limits()
    for figure in (
        f"kept for {'two' if KEPT_FOR.days == 2 else KEPT_FOR.days} days",
        f"{bulk.MOST_BODY_BYTES // 2**20} MiB",
        f"{MOST_ROWS:,} readings",
        f"at most {ITEMS_A_PAGE} items",
        f"{limits.of_token} requests a minute",
        f"one has {limits.of_address}, for",
        f"{limits.of_failures}\nwith a token that isn't known",
    ):
        assert figure in GUIDE

"""The image, as far as its files tell: nobody builds it in these tests."""

import asyncio
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from fnmatch import fnmatch
from pathlib import Path

import aiohttp
import pytest

from app.playground import LocalSlack
from tests.project.files import ROOT, text_of
from tests.slack.stage import MANIFEST

DOCKERFILE = re.sub(r"\\\n\s*", "", text_of("Dockerfile"))


def given(instruction: str) -> list[str]:
    """What stands behind each of an instruction's lines."""
    return re.findall(rf"^{instruction} (.*)$", DOCKERFILE, re.MULTILINE)


def is_ignored(path: str) -> bool:
    """Whether .dockerignore keeps a path out of the build: its last rule that matches decides."""
    ignored = False
    for rule in text_of(".dockerignore").splitlines():
        pattern = rule.removeprefix("!").removeprefix("**/")
        parts = [path.split("/", 1)[0], path.rsplit("/", 1)[-1], path]
        if rule and not rule.startswith("#") and any(fnmatch(part, pattern) for part in parts):
            ignored = not rule.startswith("!")
    return ignored


def test_it_is_built_on_a_pinned_base_for_a_user_without_rights() -> None:
    assert given("FROM")
    for base in given("FROM"):
        assert re.match(r"python:3\.\d+\.\d+-slim-\w+( AS \w+)?$", base), base
    [user] = given("USER")
    assert int(user) > 0
    assert f"--uid {user}" in DOCKERFILE


def test_what_is_copied_reaches_the_build_and_nothing_secret_does() -> None:
    for line in given("COPY"):
        if not line.startswith("--from"):
            source = line.split()[0]
            assert (ROOT / source).exists(), source
            assert not is_ignored(source), source
    for secret in (".env", ".env.local", "kpi.db", "app/.env", "app/kpi.db", ".git", "tests"):
        assert is_ignored(secret), secret
    for words in given("ENV") + given("ARG"):
        assert not re.search("TOKEN|SECRET|PASSWORD", words), words


def test_its_health_is_asked_for_without_slack() -> None:
    [check] = given("HEALTHCHECK")
    assert "/health/live" in check


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with LocalSlack(MANIFEST) as slack:
        yield slack


@pytest.fixture
def port() -> int:
    """A port that was free just now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def can_make_the_root_read_only() -> bool:
    tried = ["unshare", "--mount", "sh", "-c", "mount -o remount,bind,ro /"]
    try:
        return subprocess.run(tried, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


async def comes_up(address: str) -> bool:
    """Whether its health is well within half a minute."""
    async with aiohttp.ClientSession() as session:
        for _ in range(300):
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(address) as answer:
                    if answer.status == 200:
                        return True
            await asyncio.sleep(0.1)
    return False


@pytest.mark.skipif(not can_make_the_root_read_only(), reason="takes rights to mount")
async def test_it_runs_where_it_can_write_nothing_but_its_data(
    slack: LocalSlack, tmp_path: Path, port: int
) -> None:
    environment = {
        **slack.environment,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'kpi.db'}",
        "KPI_TRANSPORT": "http",
        "KPI_PORT": str(port),
    }
    [command] = given("CMD")
    mounted = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro / && cd {ROOT}"
    inside = f"{mounted} && {json.loads(command)[-1]}"
    started = ["unshare", "--mount", "sh", "-c", inside]
    check = json.loads(given("HEALTHCHECK")[0].partition(" CMD ")[2])
    process = await asyncio.create_subprocess_exec(
        *started, env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert await comes_up(f"http://127.0.0.1:{port}/health")
        checking = await asyncio.create_subprocess_exec(*check, env=environment)
        assert await checking.wait() == 0
    finally:
        process.terminate()
        _, told = await process.communicate()
    assert b"Read-only" not in told

"""A question is asked in a process of its own: nothing of it stays, and nobody waits for it."""

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psutil
import pytest

from app.domain.sources import Question, SourceFailure, SourceKind
from app.sources import asking
from app.sources.asking import ask
from app.sources.places import AT_ONCE, Places
from tests.sources.liar import Liar, response, send

SECRET = "s3cr3t-of-ci"
PLACES = Places(addresses="127.0.0.1", secrets={"CI": SECRET, "OTHER": "0th3r"}, seconds=1)
DOUBLING = ".".join(["[@,@][]"] * 60)
"""Each step of it doubles what the one before gave."""


def question(address: str, path: str = "n") -> Question:
    headers = {"Authorization": "Bearer ${CI}"}
    return Question(SourceKind.JSON, address, path, headers=headers)


def processes() -> list[psutil.Process]:
    """Those of this test that ask a source now."""
    return [process for process in psutil.Process().children(recursive=True) if _asks(process)]


def _asks(process: psutil.Process) -> bool:
    try:
        return "app.sources.child" in process.cmdline()
    except psutil.Error:  # it has ended meanwhile
        return False


async def process_of(asked: "asyncio.Task[Decimal]") -> psutil.Process:
    while not (found := processes()):
        assert not asked.done(), asked
        await asyncio.sleep(0.01)
    return found[0]


async def test_a_hostile_path_ends_with_its_process_while_others_work(liar: Liar) -> None:
    asked = asyncio.create_task(ask(question(liar.answers("[1]"), DOUBLING), PLACES))
    process = await process_of(asked)
    turns = 0
    while not asked.done():
        await asyncio.sleep(0.01)
        turns += 1
    with pytest.raises(SourceFailure, match=r"within 1 s, so it was cut off|more memory"):
        await asked
    assert turns > 10
    assert process.pid != os.getpid()
    assert not psutil.pid_exists(process.pid)


async def test_who_is_cancelled_leaves_no_process(liar: Liar) -> None:
    asked = asyncio.create_task(ask(question(liar.hangs()), PLACES))
    process = await process_of(asked)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not psutil.pid_exists(process.pid)


async def test_a_few_are_asked_at_a_time(liar: Liar) -> None:
    address, most = liar.hangs(), 0
    places = Places(addresses="127.0.0.1", secrets={"CI": SECRET}, seconds=0.7)
    asked = [asyncio.create_task(ask(question(address), places)) for _ in range(AT_ONCE + 1)]
    while not all(task.done() for task in asked):
        most = max(most, len(processes()))
        await asyncio.sleep(0.02)
    failures = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(failure) for failure in failures} == {SourceFailure}
    assert most == AT_ONCE


async def test_the_process_knows_nothing_of_the_bot_and_gives_way(
    liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    asked = asyncio.create_task(ask(question(liar.hangs()), replace(PLACES, seconds=30)))
    process = await process_of(asked)
    await asyncio.to_thread(liar.was_asked.wait, 20)
    assert process.environ().keys() <= {"PYTHONPATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "LC_CTYPE"}
    assert SECRET not in " ".join(process.cmdline())
    assert process.nice() >= 10
    assert process.rlimit(psutil.RLIMIT_AS)[0] == 512 * 2**20
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked


async def test_a_process_whose_bot_is_gone_ends_by_itself(liar: Liar) -> None:
    asked = asking._request(question(liar.hangs()), PLACES)
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.sources.child"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    await started.communicate(json.dumps(asked).encode())
    assert started.returncode == -signal.SIGALRM


def test_the_process_imports_little() -> None:
    """What it imports before it knows the kind of its source is paid at each question."""
    program = "import sys, app.sources.child; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(told.stdout.split())
    assert not loaded & {"app.config", "app.store", "app.services", "sqlalchemy", "pydantic"}
    assert not loaded & {"psycopg", "ssl", "jmespath", "asyncio", "http.client"}


@pytest.mark.parametrize(
    "leak",
    [
        lambda told: send(response(json.dumps({"n": f"it is {told}"}).encode())),
        lambda told: send(response(json.dumps({"n": {told: 1}}).encode())),
        lambda told: send(response(json.dumps({"n": "x" * 110 + told}).encode())),
        lambda told: send(response(b"", status=f"404 {told}")),
        lambda told: send(f"HTTP/1.1 302 x\r\nLocation: http://{told}.test/\r\n\r\n".encode()),
        lambda told: send(response(b"{}", Content_Encoding=told)),
        lambda told: send(response(b"{" + told.encode())),
        lambda told: send(told.encode() + b"\r\n"),
    ],
)
async def test_a_secret_that_a_server_repeats_is_told_to_nobody(
    liar: Liar, leak: Callable[[str], Callable[..., None]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SourceFailure) as failure:
        await ask(question(liar.does(leak(SECRET))), replace(PLACES, seconds=30))
    [(_, sent)] = liar.asked
    assert sent["Authorization"] == f"Bearer {SECRET}"
    for told in (failure.value.message, caplog.text):
        assert not any(SECRET[:length] in told for length in range(6, len(SECRET) + 1))


async def test_a_process_that_breaks_is_told_and_logged_once_without_secrets(
    liar: Liar,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\ncat >&2\nexit 3\n")
    broken.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(SourceFailure, match="its process broke, which stands in the bot's log"):
        await ask(question(liar.url()), replace(PLACES, seconds=30))
    [line] = [record.getMessage() for record in caplog.records if record.name.startswith("app")]
    assert line.startswith("a source's process ended with status 3: ")
    assert '"Bearer …"' in line
    assert SECRET not in caplog.text


async def test_where_no_process_can_be_started_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with pytest.raises(SourceFailure, match="no process could be started"):
        await ask(question("http://127.0.0.1:1/"), PLACES)
    assert "no process could be started for a source" in caplog.text


async def test_what_a_process_says_without_end_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = tmp_path / "python"
    endless.write_text("#!/bin/sh\nexec yes\n")
    endless.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(endless))
    with pytest.raises(SourceFailure, match="gave no whole answer within 1 s"):
        await ask(question("http://127.0.0.1:1/"), PLACES)

"""`kpi playground` as a process, with the page asked over HTTP as a browser does."""

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.conftest import Kpi
from tests.cli.terminal import Shell
from tests.playground.samples import FOLDER, MANIFEST

APP = str(FOLDER / "lunch_async.py")


@contextmanager
def started(shell: Shell, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = shell.started("playground", "--port", "0", *arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def reads(process: subprocess.Popen[str], *words: str) -> str:
    """Read on until lines had all these words, in any order; returns the last line."""
    assert process.stdout is not None
    missing = set(words)
    for line in process.stdout:
        missing = {each for each in missing if each not in line}
        if not missing:
            return line
    raise AssertionError(f"it ended without {missing}: {process.communicate()}")


def address(process: subprocess.Popen[str]) -> str:
    [found] = re.findall(r"http://127\.0\.0\.1:\d+", reads(process, "The local Slack is at"))
    return str(found)


def ends(process: subprocess.Popen[str], by: signal.Signals) -> tuple[int, str]:
    process.send_signal(by)
    _, err = process.communicate(timeout=120)
    return process.returncode, err


def test_it_stays_until_ctrl_c(shell: Shell) -> None:
    with started(shell) as process:
        url = address(process)
        reads(process, "Waiting for the app over Socket Mode")
        with urllib.request.urlopen(url) as page:  # noqa: S310
            assert "<title>" in page.read().decode()
        assert ends(process, signal.SIGINT) == (0, "")


def test_an_app_is_started_and_used_through_the_page(shell: Shell) -> None:
    with started(shell, "--manifest", str(MANIFEST), "--", sys.executable, APP) as process:
        url = address(process)
        reads(process, "Bolt app is running", "The app is connected")
        stream = urllib.request.urlopen(f"{url}/stream")  # noqa: S310
        act(url, "write", {"text": "/lunch menu"})
        seen(stream, "Today: Soup, Salad, Sandwich, Stew")
        stream.close()
        assert ends(process, signal.SIGHUP) == (0, "")


def test_it_stays_when_the_app_ends(shell: Shell) -> None:
    ending = "print('hello from the app', flush=True); raise SystemExit(4)"
    with started(shell, "--", sys.executable, "-c", ending) as process:
        url = address(process)
        reads(process, "hello from the app")
        reads(process, "The app ended with exit status 4")
        act(url, "control", {"control": "restart"})
        reads(process, "hello from the app")
        assert ends(process, signal.SIGTERM) == (0, "")


def act(url: str, name: str, content: dict[str, str]) -> None:
    """Do what the page does when a person acts."""
    asked = urllib.request.Request(  # noqa: S310
        f"{url}/acts/{name}",
        json.dumps(content).encode(),
        {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"},
    )
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        assert json.load(answer)["ok"]


def seen(stream: Iterable[bytes], words: str) -> None:
    """Wait until the page has been sent these words."""
    for line in stream:
        if words in line.decode():
            return
    raise AssertionError(f"the page never had {words!r}")


def test_a_manifest_that_slack_would_refuse(kpi: Kpi, tmp_path: Path) -> None:
    (tmp_path / "manifest.yml").write_text("display_information: {}")
    refused = kpi("playground", "--manifest", "manifest.yml")
    refused.refused("manifest.yml: display_information: missing required field: name")
    kpi("playground", "--manifest", "none.yml").refused("none.yml can't be read")


def test_a_taken_port(kpi: Kpi) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        kpi("playground", "--port", port).refused(f"Port {port} can't be used")


def test_a_command_that_is_not_there(kpi: Kpi) -> None:
    ended = kpi("playground", "--port", "0", "--", "no-such-command")
    assert ended.status == 2
    assert ended.err == "kpi: no-such-command can't be started: No such file or directory.\n"

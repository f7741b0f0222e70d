"""`kpi demo`: the main job as a newcomer sees it."""

import asyncio
import codecs
import itertools
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from app.demo import run, scenes
from app.demo.play import Play, SceneFailed
from app.demo.run import run_demo
from tests.cli.terminal import ROOT, Shell

WORDS = (
    "How do we stand?",
    "0 of 5 at target",
    "remaining off-session flows",
    "~40 → ~34",
    "Log a milestone",
    "~12 → ~9",
    "Movement is over",
    "will be stale in the next digest",
    "Every step did what it shows.",
)


ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+(?=\s)")


def _as_shown(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def test_one_command_shows_the_main_job_whatever_the_environment_says(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KPI_TRANSPORT=http\nKPI_PORT=1\n")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    nonsense = {
        "TMPDIR": str(temporary),
        "DATABASE_URL": "mysql://nowhere",
        "KPI_TRANSPORT": "carrier",
        "SLACK_BOT_TOKEN": "nonsense",
        "HTTP_PROXY": "http://127.0.0.1:1",
        "HTTPS_PROXY": "http://127.0.0.1:1",
    }
    shown = Shell(tmp_path, nonsense).kpi("demo", "--once")
    assert (shown.status, shown.err) == (0, "")
    screens = _as_shown(shown.out)
    for words in WORDS:
        assert words in screens
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [".env", "tmp"]


@pytest.mark.parametrize("failure", [SceneFailed("no"), TimeoutError("no"), LookupError("no")])
async def test_a_step_that_fails_fails_the_demo(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failure: Exception
) -> None:
    async def failing(_play: Play) -> None:
        raise failure

    monkeypatch.setattr(scenes, "SCENES", (failing,))
    assert await run_demo(stay=False) == 1
    assert "The demo failed: no" in capsys.readouterr().out


async def test_a_bot_that_says_something_else_fails_the_demo(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def misled(play: Play) -> None:
        await play.types("/kpi", expects="5 of 5 at target")

    monkeypatch.setattr(scenes, "SCENES", (misled,))
    assert await run_demo(stay=False) == 1
    assert "“5 of 5 at target” was not to be seen" in _as_shown(capsys.readouterr().out)


# --- without a terminal ------------------------------------------------------------


def test_it_stays_up_with_its_page_until_it_is_asked_to_end(tmp_path: Path) -> None:
    process = Shell(tmp_path, {"TMPDIR": str(tmp_path)}).started("demo")
    try:
        assert process.stdout is not None
        [address] = itertools.islice(
            (found[0] for line in process.stdout if (found := ADDRESS.search(line))), 1
        )
        with urllib.request.urlopen(address, timeout=5) as page:  # noqa: S310 (it is http)
            assert "playground" in page.read().decode()
        process.terminate()
        _, errors = process.communicate(timeout=15)
    finally:
        process.kill()
    assert (process.returncode, errors) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        Shell(tmp_path).kpi("demo", "--port", port).refused(f"Port {port} can't be had")


def test_where_the_usual_port_is_taken_any_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(run, "PORT", taken.getsockname()[1])
        assert run.port_for_page(None) == 0
    assert run.port_for_page(None) == run.PORT


# --- at a terminal -----------------------------------------------------------------


class Terminal:
    """A demo at a terminal of its own, in which a test reads and types."""

    def __init__(self, folder: Path) -> None:
        self._screen, inside = pty.openpty()
        # The terminal echoes what is typed wherever output stands, in the middle of a sign too.
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._unread = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "demo"],
            cwd=folder,
            env={
                "PATH": "/usr/bin:/bin",
                "PYTHONPATH": str(ROOT),
                "TMPDIR": str(folder),
                "TERM": "dumb",
                "COLUMNS": "100",
            },
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 (so that Ctrl-C reaches it)
        )
        os.close(inside)

    def sees(self, words: str, seconds: float = 90) -> str:
        """Read until these words have come; gives what came up to them."""
        until = time.monotonic() + seconds
        while words not in (shown := _as_shown(self._unread)):
            ready, _, _ = select.select([self._screen], [], [], max(0, until - time.monotonic()))
            assert ready, f"“{words}” did not come, but: {shown}"
            try:
                read = os.read(self._screen, 65_536)
            except OSError:  # what a terminal says when all who held it have gone
                read = b""
            assert read, f"it ended, and “{words}” had not come, but: {shown}"
            self._unread += self._decoder.decode(read)
        before, _, self._unread = shown.partition(words)
        return before

    def types(self, line: str, end: str = "\n") -> None:
        os.write(self._screen, f"{line}{end}".encode())

    def ends(self) -> int:
        return self.process.wait(timeout=15)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._screen)


def _take_terminal() -> None:
    """Make standard input the controlling terminal of the new session, as a shell does.

    What runs in the background ignores Ctrl-C, and so would all that it starts.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.close(os.open(os.ttyname(0), os.O_RDWR))


PROMPT = "ana in #billing>"


def _interact(folder: Path, act: Callable[[Terminal], None]) -> None:
    terminal = Terminal(folder)
    try:
        terminal.sees(PROMPT)
        act(terminal)
    finally:
        terminal.close()
    assert list(folder.iterdir()) == []


FORM = (
    ("Title (Retry queue):", ""),
    ("Detail (optional):", "It tries again."),
    ("Work streams", "pde"),
    ("Phase", ""),
    ("Shipped on", ""),
    ("Links", ""),
    ("Tickets", ""),
    ("Metrics it moved [", "dunning-paths"),
    ("Dunning code paths: new value:", "lots"),
    ("Send it? [Y/n]", ""),
    ("“lots” isn't a value", ""),
    ("Dunning code paths: new value:", "2"),
    ("Send it? [Y/n]", "y"),
)
"""The questions of the milestone form, and what is answered."""


async def test_at_a_terminal_it_takes_commands_and_fills_the_form(tmp_path: Path) -> None:
    def act(terminal: Terminal) -> None:
        terminal.types("hello")
        terminal.sees("Commands begin with /kpi.")
        terminal.sees(PROMPT)
        terminal.types("/kpi help")
        assert "/kpi update" in terminal.sees(PROMPT)
        terminal.types("/kpi ship Retry queue")
        for question, answer in FORM:
            terminal.sees(question)
            if "isn't" not in question:
                terminal.types(answer)
        shown = terminal.sees(PROMPT)
        assert "shipped Retry queue" in shown
        assert "Dunning code paths 3 → 2" in shown
        terminal.types("")
        assert terminal.ends() == 0

    await asyncio.to_thread(_interact, tmp_path, act)


SET_UP = (
    ("Still to do", "work streams"),
    ("Drives Rollbacks / day", "add a work stream"),
    ("Name:", "Refunds"),
    ("Send it? [Y/n]", "y"),
    ("Added: Refunds", ""),
    ("Work streams (5)", "nowhere"),
    ("There is no button “nowhere”", ""),
)
"""What is seen while a work stream is added, and what is typed then; nothing closes a view."""


async def test_at_a_terminal_the_set_up_is_clicked_through(tmp_path: Path) -> None:
    def act(terminal: Terminal) -> None:
        terminal.types("/kpi setup")
        for seen, typed in SET_UP:
            terminal.sees(seen)
            terminal.types(typed)
        terminal.sees(PROMPT)
        terminal.types("")
        assert terminal.ends() == 0

    await asyncio.to_thread(_interact, tmp_path, act)


async def test_ctrl_c_ends_it_at_once(tmp_path: Path) -> None:
    def act(terminal: Terminal) -> None:
        terminal.types("\x03", end="")
        assert terminal.ends() == 0

    await asyncio.to_thread(_interact, tmp_path, act)

"""An app as a process of its own, started so that it talks to the local Slack."""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from app.playground.local_slack import LocalSlack
from app.playground.redirect import FOLDER

STOP_SECONDS = 5.0
"""How long an app that was asked to end may take before it is killed."""

_THIS_MACHINE = "127.0.0.1,localhost"


class AppProcess:
    """Runs a command for as long as the context lasts:

        async with AppProcess(slack, ["python", "app.py"]):
            await slack.connected(timeout=10)

    It finds tokens and addresses in its environment (`LocalSlack.environment`). An app in Python
    needs no more, for Slack's SDK is led to the local Slack; it reads nothing from the terminal,
    and what it writes goes where this process writes. `ended` is told its exit status when it ends
    by itself, negative for a signal.
    """

    def __init__(
        self,
        slack: LocalSlack,
        command: Sequence[str],
        *,
        ended: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._slack = slack
        self._command = command
        self._ended = ended
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Start it. Raises OSError when the command can't be started."""
        await self._start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    async def restart(self) -> None:
        """End it if it runs, and start it anew. Raises OSError when it can't be started."""
        async with self._turn:
            await self._stop()
            await self._start()

    async def _start(self) -> None:
        # In a group of its own: Ctrl-C reaches this process, which then ends the whole group.
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.DEVNULL,
            env=_environment(os.environ, self._slack.environment),
            process_group=0,
        )
        self._watching = asyncio.create_task(self._watch(self._process))

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        self._ended(await process.wait())

    async def _stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        if self._process is None or self._process.returncode is not None:
            return
        _tell_group(self._process, signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            _tell_group(self._process, signal.SIGKILL)
            await self._process.wait()


def _tell_group(process: asyncio.subprocess.Process, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it may have ended in this moment
        os.killpg(process.pid, what)


def _environment(around: Mapping[str, str], of_app: Mapping[str, str]) -> dict[str, str]:
    """The environment of the app: this one, what it needs, and the way to the local Slack."""
    path = os.pathsep.join(filter(None, (str(FOLDER), around.get("PYTHONPATH"))))
    exempt = {
        name: ",".join(filter(None, (around.get(name), _THIS_MACHINE)))
        for name in ("NO_PROXY", "no_proxy")
    }
    shown_at_once = {"PYTHONUNBUFFERED": "1"}
    return {**shown_at_once, **around, **of_app, **exempt, "PYTHONPATH": path}

"""Lives of a bot: one warm process forks a new one for each, so that a start takes milliseconds.

Reads a life a line from its standard input, as JSON, and tells how each ended.
"""

import asyncio
import gc
import json
import os
import sys
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app import main
from app.config import settings_for
from app.store import engine
from tests.chaos.kills_steps import Blow, Step, Steps
from tests.slack.stage import Clock, a_dot

CALL_SECONDS = 0.3
"""How long Slack is waited for, so that an answer can come after it."""
BUSY_MS = 50


@dataclass(frozen=True)
class Life:
    """A process of the bot: it does what is due at some minutes from `begins` on, and stops."""

    database_url: str
    slack: Mapping[str, str]
    """By the names of environment variables."""
    begins: str
    minutes: tuple[float, ...]
    log: str
    step: str = ""
    nth: int = 1
    blow: str = ""
    pause: float = 0.0
    """Real seconds after each minute."""

    async def live(self) -> None:
        main.CALL_SECONDS, engine.BUSY_TIMEOUT_MS = CALL_SECONDS, BUSY_MS  # type: ignore[assignment]
        steps = None
        if self.step:
            steps = Steps(self.database_url, Step(self.step), self.nth, Blow(self.blow))
            steps.install()
        begins = datetime.fromisoformat(self.begins)
        clock = Clock(begins)
        named = {name.lower(): value for name, value in self.slack.items()}
        settings = settings_for(
            database_url=self.database_url, kpi_transport="socket", kpi_port=0, **named
        )
        async with main.running_bot(settings, clock, a_dot) as running:
            for minute in self.minutes:
                clock.now = begins + timedelta(minutes=minute)
                await running.schedule.run_due()
                await asyncio.sleep(self.pause)
                if steps is not None:
                    steps.release()


class Nursery:
    """The warm process: `async with Nursery() as nursery`, then `await nursery.live(life)`."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            __name__,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def live(self, life: Life) -> int:
        """Live a life to its end; gives the exit status, or minus the signal that killed it."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(asdict(life)).encode() + b"\n")
        await stdin.drain()
        return int(await stdout.readline())


def _born(line: str) -> None:
    """In the new process: live, and go without what the parent would do at its end."""
    told: dict[str, Any] = json.loads(line)
    life = Life(**told)
    log = os.open(life.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for output in (1, 2):
        os.dup2(log, output)
    status = 1
    try:
        asyncio.run(life.live())
        status = 0
    except Exception:  # noqa: BLE001  # whatever it is, the parent's code must not go on here
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def keep() -> None:
    """Fork a life for each line, one after the other.

    The first is lived in this very process: whatever is loaded or made once is there for the
    others then.
    """
    first = Life(**json.loads(sys.stdin.readline()))
    asyncio.run(first.live())
    gc.collect()
    gc.freeze()
    print(0, flush=True)  # noqa: T201
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _born(line)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    keep()

"""The bot under a steady load of everything: `python -m tests.bench.soak --minutes 10`.

Prints what its process has over time, and ends with status 1 if anything is left over.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from app.playground import Person
from tests.bench.soak_acts import ACTS, SECONDS, Team
from tests.bench.soak_rules import (
    MOST_RISE,
    WARM_UP_SHARE,
    Sample,
    complaints,
    risen_mb,
)
from tests.bench.soaked_bot import TASKS
from tests.bench.subjects import Program, Subject, running

PEOPLE = 3
PAUSE_SECONDS = 0.05
SAMPLES = 120
SHOWN = 20
REST_SECONDS = 60
"""What is still there after so long is taken to be left over."""


@dataclass
class Soak:
    """A bot, the people who use it, and what was seen of its process."""

    subject: Subject
    team: Team
    tasks: Path
    begun: float = field(default_factory=time.monotonic)
    done: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def sample(self) -> Sample:
        process, memory = self.subject.process, self.subject.memory
        database = self.team.database_url.removeprefix("sqlite:///")
        return Sample(
            seconds=time.monotonic() - self.begun,
            acts=self.done.total(),
            resident_mb=memory.resident_mb,
            unique_mb=memory.unique_mb,
            tasks=int(self.tasks.read_text() or 0),
            threads=process.num_threads(),
            files=process.num_fds(),
            connections=sum(each.path == database for each in process.open_files()),
        )

    @asynccontextmanager
    async def under_load(self) -> AsyncIterator[None]:
        """People act as long as the block lasts, and end what they began."""
        ending = asyncio.Event()
        people = [self.subject.person, *list(self.subject.slack.people.values())[1:PEOPLE]]
        async with asyncio.TaskGroup() as group:
            for number, person in enumerate(people):
                group.create_task(self._acts(person, number * len(ACTS) // PEOPLE, ending))
            try:
                yield
            finally:
                ending.set()

    async def _acts(self, person: Person, first: int, ending: asyncio.Event) -> None:
        names = [*list(ACTS)[first:], *list(ACTS)[:first]]
        for name in cycle(names):
            if ending.is_set():
                return
            try:
                async with asyncio.timeout(SECONDS):
                    await ACTS[name](self.team, person)
            except (RuntimeError, LookupError, TimeoutError) as error:
                self.failed.append(f"{name}: {error!r}")
            self.done[name] += 1
            self.team.forgets()
            await asyncio.sleep(PAUSE_SECONDS)

    async def rested(self, idle_tasks: int) -> Sample:
        """What the process has once all that was begun is done: pictures are painted in turn."""
        for _ in range(REST_SECONDS):
            await asyncio.sleep(1)
            if self.sample().tasks <= idle_tasks:
                break
        return self.sample()


@dataclass(frozen=True)
class Found:
    """What came of a soak: how often each act was done, and all that isn't as it should be."""

    done: Counter[str]
    complaints: Sequence[str]


async def soak(seconds: float) -> Found:
    """Let people use a bot for so long, and print what its process has meanwhile."""
    with tempfile.TemporaryDirectory(prefix="kpi-soak-") as folder:
        tasks, url = Path(folder) / "tasks", f"sqlite:///{folder}/soak.db"
        program = Program((sys.executable, "-m", "tests.bench.soaked_bot"), {TASKS: str(tasks)})
        async with running(program, url, 1_000) as subject:
            for name in ("ben", "cid"):
                await subject.slack.add_person(name, admin=True).joins(subject.channel)
            found = Soak(subject, Team(subject.slack, subject.channel, url), tasks)
            return await _soaked(found, seconds)


async def _soaked(soak: Soak, seconds: float) -> Found:
    print(_line([*Sample.__dataclass_fields__]), _line(["---:"] * 8), sep="\n", flush=True)
    step, idle = seconds / SAMPLES, soak.sample()
    async with soak.under_load():
        await _samples(soak, round(SAMPLES * WARM_UP_SHARE), step)
    warm = await soak.rested(idle.tasks)
    async with soak.under_load():
        samples = await _samples(soak, SAMPLES - round(SAMPLES * WARM_UP_SHARE), step)
    rested = await soak.rested(idle.tasks)
    for one in (warm, rested):
        print(f"{_row(one)} at rest")
    print(
        f"\nMemory of the bot's own rose by {risen_mb(samples):.1f} MB after the first third; "
        f"{MOST_RISE:.0%} are allowed. {soak.done.total():,} acts, {len(soak.failed)} failed."
    )
    failed = [f"{count} times: {what}" for what, count in Counter(soak.failed).items()]
    return Found(soak.done, [*complaints(warm, samples, rested), *failed])


async def _samples(soak: Soak, count: int, step: float) -> list[Sample]:
    found = []
    for number in range(count):
        await asyncio.sleep(step)
        found.append(soak.sample())
        if number % (SAMPLES // SHOWN) == 0:
            print(_row(found[-1]), flush=True)
    return found


def _row(sample: Sample) -> str:
    return _line([f"{getattr(sample, name):,.0f}" for name in Sample.__dataclass_fields__])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.rjust(11) for cell in cells)} |"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long (default: 10)")
    found = asyncio.run(soak(parser.parse_args(arguments).minutes * 60))
    for complaint in found.complaints:
        print(f"Not as it should be: {complaint}", file=sys.stderr)
    return 1 if found.complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

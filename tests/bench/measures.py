"""What is measured of a subject, in seconds, from the local Slack's side of the socket."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles
from time import perf_counter

from app.playground import File
from app.playground.waiting import until
from tests.bench.subjects import Memory, Subject, memory_of

PICTURE_SECONDS = 20.0


@dataclass(frozen=True)
class Start:
    """One start of a process: until it is healthy, its memory then, and its first answer."""

    seconds: float
    memory: Memory
    first_answer: float


@dataclass(frozen=True)
class Times:
    """Seconds from each envelope to its answer; `cpu` is what the bot's process spent on one."""

    seconds: Sequence[float]
    cpu: float

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def p99(self) -> float:
        return quantiles(self.seconds, n=100)[-1] if len(self.seconds) > 1 else self.seconds[0]

    @property
    def last(self) -> float:
        """What who waited longest waited."""
        return max(self.seconds)


async def started(subject: Subject) -> Start:
    """A process that has just started."""
    memory = subject.memory
    await subject.envelope("/kpi")
    return Start(subject.started_in, memory, subject.slack.journal.deliveries()[0].seconds or 0)


async def one_by_one(
    subjects: Sequence[Subject], text: str, count: int, *, in_a_row: int = 10, pause: float = 0
) -> list[Times]:
    """A command `count` times to each subject, each sent when the one before is answered.

    The subjects take turns, with so many `in_a_row`, so that what disturbs the machine
    disturbs them all; `pause` is in seconds, before each round of turns.
    """
    measured = [await _answers(subject, text) for subject in subjects]
    return await _in_turns(subjects, measured, count, in_a_row, pause)


async def to_opened_view(
    subjects: Sequence[Subject], count: int, *, in_a_row: int = 10
) -> list[Times]:
    """From `/kpi ship` to the arrival of the request that opens a modal, in turns as commands."""
    measured = [partial(_to_opened_view, subject) for subject in subjects]
    return await _in_turns(subjects, measured, count, in_a_row)


Measured = Callable[[], Awaitable[float]]
"""One answer of a bot, and the seconds that it took."""


async def _answers(subject: Subject, text: str) -> Measured:
    return partial(subject.line.seconds_to_ack, await subject.envelope(text))


async def _in_turns(
    subjects: Sequence[Subject],
    measured: Sequence[Measured],
    count: int,
    in_a_row: int,
    pause: float = 0,
) -> list[Times]:
    """The first tenth more of each warms up and doesn't count."""
    for measure in measured:
        for _ in range(count // 10):
            await measure()
    seconds: list[list[float]] = [[] for _ in subjects]
    cpu = [0.0] * len(subjects)
    with _undisturbed():
        for _ in range(count // in_a_row):
            await asyncio.sleep(pause)
            for place, (subject, measure) in enumerate(zip(subjects, measured, strict=True)):
                before = subject.cpu_seconds
                for _ in range(in_a_row):
                    seconds[place].append(await measure())
                cpu[place] += subject.cpu_seconds - before
    return [Times(of_one, spent / count) for of_one, spent in zip(seconds, cpu, strict=True)]


async def at_once(subjects: Sequence[Subject], text: str, count: int, bursts: int) -> list[Times]:
    """A command `count` times to each subject, all sent before the first is answered.

    The subjects take turns, burst by burst, so that what disturbs the machine disturbs all.
    """
    found = [Times([], 0.0) for _ in subjects]
    for _ in range(bursts):
        found = [
            _with(times, await _burst(subject, text, count))
            for times, subject in zip(found, subjects, strict=True)
        ]
    return [Times(times.seconds, times.cpu / bursts) for times in found]


def _with(times: Times, more: Times) -> Times:
    return Times([*times.seconds, *more.seconds], times.cpu + more.cpu)


async def _burst(subject: Subject, text: str, count: int) -> Times:
    envelope = await subject.envelope(text)
    before = subject.cpu_seconds
    with _undisturbed():
        seconds = await asyncio.gather(
            *(subject.line.seconds_to_ack(envelope) for _ in range(count))
        )
    return Times(seconds, (subject.cpu_seconds - before) / count)


async def _to_opened_view(subject: Subject) -> float:
    journal = subject.slack.journal
    journal.entries.clear()
    await subject.person.types("/kpi ship", subject.channel)
    view = await subject.person.sees_view()
    sent, opened = journal.deliveries()[0], journal.calls("views.open")[0]
    await subject.person.closes(view)
    return opened.started - sent.started


async def to_picture(subject: Subject) -> float:
    """From a metric's command until its picture is painted and in Slack.

    The bot would show a picture that it has made before, so those are deleted first.
    """
    files = subject.slack.workspace.files
    for file in files.values():
        if not file.is_deleted:
            subject.slack.workspace.remove_file(file)
    known = len(files)
    begun = perf_counter()
    await subject.person.types("/kpi rollbacks", subject.channel)
    await until(lambda: _complete(list(files.values())[known:]), PICTURE_SECONDS, "no picture came")
    return perf_counter() - begun


def _complete(files: Sequence[File]) -> File | None:
    return next((file for file in files if file.is_complete), None)


def painter_memory(subject: Subject) -> Memory:
    """The memory of the process that paints for a bot, which is there since its first picture."""
    [painter] = subject.process.children()
    return memory_of(painter)


@asynccontextmanager
async def painting(subject: Subject) -> AsyncIterator[None]:
    """One picture after the other is asked for, as long as the block lasts."""

    async def paint_on() -> None:
        while True:
            await to_picture(subject)

    task = asyncio.create_task(paint_on())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        task.result()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No garbage collection on our side while the clock runs."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

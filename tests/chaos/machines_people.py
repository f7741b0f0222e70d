"""People at work while machines die: each looks, updates, ships, mentions and shares, on and on.

Who gets no answer does as people do: they wait a little, look whether it was done, and do it
again if it wasn't.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from itertools import count

from app.playground import Channel, Message, Person, View
from app.playground.reactions import CommandReaction
from tests.chaos.machines_ledger import Ledger
from tests.chaos.machines_world import World

LOOKS_AFTER = 5.0
"""Seconds until a person looks whether what got no answer was done: what hung is over then."""
IMPATIENCE = 6.0
"""Seconds until a person clicks again because nothing has come."""


class Worker:
    """A person with a metric of their own, `m0` and so on, which nobody else updates."""

    def __init__(
        self, world: World, ledger: Ledger, number: int, chance: random.Random, acts: "count[int]"
    ) -> None:
        self._world, self._ledger, self._chance, self._acts = world, ledger, chance, acts
        self._person: Person = world.people[number]
        self._metric = f"m{number}"

    async def work(self, stopped: asyncio.Event) -> None:
        """Act after act; what was begun when it is stopped is brought to its end."""
        acts: list[Callable[[], Awaitable[None]]] = [
            self.looks,
            self.updates,
            self.updates,
            self.updates,
            self.ships,
            self.mentions,
            self.shares,
            self.reaches_a_goal,
        ]
        while not stopped.is_set():
            await self._chance.choice(acts)()
            await asyncio.sleep(self._chance.uniform(0.3, 1.5))

    async def looks(self) -> None:
        await self._types("/kpi")

    async def updates(self) -> None:
        note = await self._records(self._metric, self._world.work)
        await self._sees_own_update(note)

    async def reaches_a_goal(self) -> None:
        if self._world.goals:
            channel = self._world.goals.pop()
            self._ledger.goals += 1
            await self._records("m0", channel, value=0)

    async def mentions(self) -> None:
        said = await self._person.mentions_bot(self._metric, self._world.work)
        self._ledger.mentions.append(said)

    async def shares(self) -> None:
        """A double click, and another one as long as nothing has been shared."""
        shown = await self._until_answered(f"/kpi {self._metric}", self._world.work)
        if "share_metric" not in str(shown.blocks):
            return
        block = next(block["block_id"] for block in shown.blocks if "share_metric" in str(block))
        self._ledger.shares.add(f"share-{shown.channel_id}-{shown.ts}-{block}")
        while "share_metric" in str(shown.blocks):
            clicks = (self._person.clicks(shown, "share_metric") for _ in range(2))
            for reaction in await asyncio.gather(*clicks):
                self._ended("click", reaction.error)
            await self._waits(lambda: "share_metric" not in str(shown.blocks), IMPATIENCE)

    async def ships(self) -> None:
        """A form that is sent by a double click, and again as long as Slack shows an error."""
        title = f"Milestone {next(self._acts)}"
        form = await self._opens(f"/kpi ship {title}")
        while True:
            answers = await asyncio.gather(*(self._person.submits(form) for _ in range(2)))
            for answer in answers:
                self._ended("form", answer.error or ("errors" if answer.errors else None))
            if any(answer.closed for answer in answers):
                break
            if any("sent already" in str(answer.errors) for answer in answers):
                self._ledger.done_again["form that was done"] += 1
                await self._person.closes(form)
                break
            self._ledger.done_again["form that was not done"] += 1
            await asyncio.sleep(1.0)
        self._ledger.milestones.add(title)

    async def _opens(self, line: str) -> View:
        """Type a command until its form is there."""
        while True:
            reaction = await self._types(line)
            if reaction.error is None and reaction.message is None:
                try:
                    return await self._person.sees_view()
                except TimeoutError:
                    self._ledger.done_again["form that didn't open"] += 1
            await asyncio.sleep(1.0)

    async def _records(self, metric: str, channel: Channel, value: int | None = None) -> str:
        """Type an update; gives its note once it is known to be recorded."""
        note = f"note{next(self._acts)}"
        number = self._chance.randint(100, 899) if value is None else value
        while True:
            reaction = await self._types(f"/kpi update {metric} {number} {note}", channel)
            if reaction.message is not None and "recorded" in reaction.message.wording:
                break
            await asyncio.sleep(LOOKS_AFTER)
            seen = await self._until_answered(f"/kpi {metric}", channel)
            if note in seen.wording:
                self._ledger.done_again["update that was done"] += 1
                break
            self._ledger.done_again["update that was not done"] += 1
        self._ledger.readings.add(note)
        return note

    async def _sees_own_update(self, note: str) -> None:
        """Look at the metric at once, most likely by another machine."""
        loop = asyncio.get_running_loop()
        begun, is_first = loop.time(), True
        self._ledger.looks += 1
        while True:
            asked = loop.time()
            seen = await self._until_answered(f"/kpi {self._metric}", self._world.work)
            if note in seen.wording:
                return
            if not is_first:
                self._ledger.outdated.pop()
            self._ledger.outdated.append(asked - begun)
            is_first = False

    async def _until_answered(self, line: str, channel: Channel) -> Message:
        """Ask until the bot shows what was asked for, and not that it failed."""
        while True:
            reaction = await self._types(line, channel)
            if reaction.message is not None and "Last readings" in reaction.message.wording:
                return reaction.message
            await asyncio.sleep(0.5)

    async def _types(self, line: str, channel: Channel | None = None) -> CommandReaction:
        reaction = await self._person.types(line, channel or self._world.work)
        told = reaction.message.wording if reaction.message else ""
        self._ended("command", reaction.error or ("told of a failure" if _failed(told) else None))
        return reaction

    def _ended(self, what: str, error: str | None) -> None:
        self._ledger.answers[f"{what}: {error or 'answered'}"] += 1

    async def _waits(self, is_there: Callable[[], bool], seconds: float) -> None:
        ends = asyncio.get_running_loop().time() + seconds
        while not is_there() and asyncio.get_running_loop().time() < ends:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


def _failed(told: str) -> bool:
    return "Something went wrong" in told or "try again" in told.casefold()

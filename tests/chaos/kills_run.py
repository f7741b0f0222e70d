"""One run: something is owed, a fault happens at a step, successors finish, Slack is looked at."""

import random
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlmodel import select

from app.playground import LocalSlack, Message
from app.playground.faults import FaultKind
from app.services.deliveries import State
from app.slack.ids import DELIVERY_EVENT
from app.store.engine import Store
from app.store.tables import DeliveryRow
from tests.chaos.kills_life import Life, Nursery
from tests.chaos.kills_owed import OWED, Owed, as_caller, kinds, load
from tests.chaos.kills_steps import Blow, Step
from tests.slack.stage import HOME, MANIFEST, Clock
from tests.store.postgresql import PostgreSQL

MINUTES = (0.0, 1.0, 2.0)
"""In the life that the fault strikes, as long as a lease."""
AFTERWARDS = (6.0, 7.0, 9.0, 12.0, 15.0, 18.0, 30.0)
"""In the life of the last successor."""
GIVING_UP = tuple(15.0 * number for number in range(12))
"""In the life that stops trying."""
FOREVER = 10_000


class Trouble(StrEnum):
    """What Slack, or the way to it, does to a request."""

    LOST = "answer lost"
    LATE = "answer after the time-out"
    LIMITED = "429 with Retry-After"
    BROKEN = "500"


_FAULTS: Mapping[Trouble, FaultKind] = {
    Trouble.LOST: "drop_response",
    Trouble.LATE: "delay",
    Trouble.LIMITED: "ratelimited",
    Trouble.BROKEN: "status",
}


class Verdict(StrEnum):
    ONCE = "exactly once"
    TWICE = "twice"
    LOST = "lost"
    ASKED = "asked"
    """The bot says that it can't know, and did not post again."""


@dataclass(frozen=True)
class Plan:
    """What happens in a run; `again` strikes the first successor too."""

    number: int
    owed: str
    on_postgresql: bool
    step: Step | None = None
    blow: Blow | None = None
    trouble: Trouble | None = None
    nth: int = 1
    again: Step | None = None
    is_blind: bool = False
    """Whether Slack doesn't let the bot look for what it posted, for as long as it tries."""

    @property
    def fault(self) -> str:
        """The fault in words, as the figures count it."""
        what = f"{self.blow} {self.step}" if self.trouble is None else str(self.trouble)
        return f"{what}; history fails" if self.is_blind else what


_LOOKED_FOR = (Step.BEFORE_ANSWER, Step.AFTER_ANSWER, Step.AMID_RECORD)


def planned(seed: int, number: int, share_on_postgresql: float) -> Plan:
    """The run of that number: every kind and step in turns, the rest by chance."""
    chance = random.Random(f"{seed} {number}")  # noqa: S311
    owed = list(OWED)[number % len(OWED)]
    on_postgresql = chance.random() < share_on_postgresql
    nth = chance.choice((1, 1, 2, 3)) if "digest" in owed else 1
    faults: list[tuple[Step | None, Blow | None, Trouble | None]] = [
        *((step, Blow.KILL, None) for step in Step if _can_happen(step, owed)),
        *((step, Blow.DATABASE, None) for step in Step if _can_happen(step, owed)),
        (Step.BEFORE_REQUEST, Blow.REFUSED, None),
        *((None, None, trouble) for trouble in Trouble),
    ]
    step, blow, trouble = faults[(number // len(OWED)) % len(faults)]
    again = chance.choice([None, None, *Step])
    is_blind = owed != "announcement edit" and blow is Blow.KILL and step in _LOOKED_FOR
    is_blind = is_blind and chance.random() < 0.3
    if is_blind:
        again = None
    return Plan(number, owed, on_postgresql, step, blow, trouble, nth, again, is_blind)


def _can_happen(step: Step, owed: str) -> bool:
    """Whether the first life comes by there."""
    if step is Step.AMID_OWING:
        return "digest" in owed or owed == "reminder"
    return step is not Step.BEFORE_LOOKUP


@dataclass(frozen=True)
class Outcome:
    """What Slack and the database show in the end."""

    verdict: Verdict
    words: str


@dataclass(frozen=True)
class Grounds:
    """What every run needs: where lives are forked, an empty database of each sort."""

    nursery: Nursery
    folder: Path
    sqlite: Path
    postgresql: PostgreSQL | None
    template: str

    def database(self, plan: Plan) -> AbstractContextManager[str]:
        if plan.on_postgresql and self.postgresql is not None:
            return self.postgresql.database(self.template)
        return self._file(plan.number)

    @contextmanager
    def _file(self, number: int) -> Iterator[str]:
        path = Path(shutil.copy(self.sqlite, self.folder / f"{number}.db"))
        try:
            yield f"sqlite:///{path}"
        finally:
            for each in self.folder.glob(f"{number}.db*"):
                each.unlink()

    @property
    def log(self) -> Path:
        return self.folder / "log"


class Run:
    """A run under way."""

    def __init__(
        self, grounds: Grounds, plan: Plan, database_url: str, slack: LocalSlack, clock: Clock
    ) -> None:
        self._grounds = grounds
        self._plan = plan
        self._owed: Owed = OWED[plan.owed]
        self._database_url = database_url
        self._slack = slack
        self._clock = clock

    async def prepare(self) -> None:
        """The scorecard, and what is owed for it."""
        async with Store(self._database_url) as store:
            await load(store, self._owed)
            if self._owed.first is not None:
                await self._owed.first(store, as_caller(self._owed.at))
        if self._owed.first is not None:
            await self._life(self._owed.at, (0.0,))
        async with Store(self._database_url) as store:
            await self._owed.cause(store, as_caller(self._owed.at))

    async def befall(self) -> None:
        """The fault, and those who finish after it."""
        plan, at = self._plan, self._owed.at
        if plan.trouble is not None:
            times = 1 + plan.nth % 2
            fault = _FAULTS[plan.trouble]
            self._slack.faults.add("chat.*", fault, seconds=0.6, retry_after=90, times=times)
        if plan.is_blind:
            for lookup in ("conversations.history", "conversations.replies"):
                self._slack.faults.add(lookup, "status", times=FOREVER)
        await self._life(at, MINUTES, plan.step, plan.blow, plan.nth)
        begins = at + timedelta(minutes=6)
        if plan.again is not None:
            await self._life(begins, MINUTES, plan.again, Blow.KILL, 1)
            begins += timedelta(minutes=6)
        await self._life(begins, AFTERWARDS)
        if plan.is_blind:
            await self._life(begins + timedelta(days=3), GIVING_UP)

    async def _life(
        self,
        begins: datetime,
        minutes: tuple[float, ...],
        step: Step | None = None,
        blow: Blow | None = None,
        nth: int = 1,
    ) -> None:
        self._clock.now = begins
        # A minute takes long enough for Slack to carry out what it had not answered in time.
        pause = 0.4 if self._plan.trouble is Trouble.LATE else 0.0
        life = Life(
            self._database_url,
            self._slack.environment,
            begins.isoformat(),
            minutes,
            str(self._grounds.log),
            step=step or "",
            nth=nth,
            blow=blow or "",
            pause=pause,
        )
        await self._grounds.nursery.live(life)

    async def outcome(self) -> Outcome:
        """Look at Slack and at the outbox."""
        async with Store(self._database_url) as store, store.reading() as session:
            rows = (await session.exec(select(DeliveryRow))).all()
        marks = Counter(_mark(message) for message in self._messages())
        del marks[""]
        wanted, found = Counter(self._owed.posts), kinds(marks)
        ours = Counter({kind: found[kind] for kind in wanted})
        states = [f"{row.kind} {row.state}: {row.error}" for row in rows]
        words = f"{dict(marks)}; {states}"
        if any(times > 1 for times in marks.values()) or ours - wanted:
            return Outcome(Verdict.TWICE, words)
        if any(row.state == State.UNSURE.value for row in rows):
            return Outcome(Verdict.ASKED, words)
        if wanted - ours or not self._is_said():
            return Outcome(Verdict.LOST, words)
        if any(row.state != State.DELIVERED.value for row in rows if row.kind in wanted):
            return Outcome(Verdict.LOST, words)
        return Outcome(Verdict.ONCE, words)

    def _messages(self) -> list[Message]:
        channels = self._slack.workspace.channels.values()
        return [message for channel in channels for message in channel.messages]

    def _is_said(self) -> bool:
        return any(self._owed.says in message.wording for message in self._messages())


def _mark(message: Message) -> str:
    metadata = message.metadata or {}
    is_ours = metadata.get("event_type") == DELIVERY_EVENT
    return str(metadata["event_payload"]["delivery"]) if is_ours else ""


async def run(grounds: Grounds, plan: Plan) -> Outcome:
    """Carry a plan out."""
    clock = Clock(OWED[plan.owed].at)
    with grounds.database(plan) as database_url:
        async with LocalSlack(MANIFEST, clock=clock.timestamp) as slack:
            ana = slack.add_person("ana", real_name="Ana")
            billing = slack.add_channel("billing", members=[ana])
            assert billing.id == HOME
            run = Run(grounds, plan, database_url, slack, clock)
            await run.prepare()
            await run.befall()
            return await run.outcome()

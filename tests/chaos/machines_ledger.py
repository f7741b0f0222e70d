"""What people were told in a run, against what stands in the database and in Slack in the end."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlmodel import col, select

from app.playground import Message
from app.services.deliveries import Kind, State
from app.slack.ids import DELIVERY_EVENT
from app.store.engine import Store
from app.store.tables import DeliveryRow, MilestoneRow, ReadingRow
from tests.chaos.machines_world import World


@dataclass
class Ledger:
    """What people did, by the word that tells one act from all others, and what they were told."""

    readings: set[str] = field(default_factory=set)
    """Notes of readings that a person was told are recorded, or found when they looked."""
    milestones: set[str] = field(default_factory=set)
    mentions: list[Message] = field(default_factory=list)
    shares: set[str] = field(default_factory=set)
    goals: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    """Commands, clicks and forms by how they ended for the person."""
    done_again: Counter[str] = field(default_factory=Counter)
    """Acts that ended without an answer, by what the person found when they looked."""
    outdated: list[float] = field(default_factory=list)
    """For how many seconds a person's own update was not yet shown to them, where it wasn't."""
    looks: int = 0


@dataclass(frozen=True)
class Line:
    """One line of the figures."""

    what: str
    owed: int
    once: int
    twice: int
    lost: int
    asked: int = 0
    odd: tuple[str, ...] = ()
    """Those that aren't there once, and what is known of each."""

    @property
    def is_well(self) -> bool:
        return self.twice == self.lost == 0 and self.once + self.asked == self.owed


def counted(what: str, owed: Iterable[str], found: Mapping[str, int]) -> Line:
    """How often each that is owed was found."""
    by_word = {each: found.get(each, 0) for each in owed}
    times = list(by_word.values())
    odd = tuple(f"{each}: {number} times" for each, number in by_word.items() if number != 1)
    twice = sum(each > 1 for each in times)
    return Line(what, len(times), times.count(1), twice, times.count(0), odd=odd)


def marks(world: World) -> Counter[str]:
    """How often each mark stands in Slack, whatever it marks."""
    found: Counter[str] = Counter()
    for channel in world.slack.workspace.channels.values():
        for message in channel.messages:
            metadata = message.metadata or {}
            if metadata.get("event_type") == DELIVERY_EVENT:
                found[str(metadata["event_payload"]["delivery"])] += 1
    return found


async def figures(world: World, ledger: Ledger, store: Store) -> list[Line]:
    """All lines of a run."""
    async with store.reading() as session:
        noted: Counter[str] = Counter((await session.exec(select(ReadingRow.note))).all())
        titles: Counter[str] = Counter((await session.exec(select(MilestoneRow.title))).all())
        rows = (await session.exec(select(DeliveryRow).order_by(col(DeliveryRow.id)))).all()
    in_slack = marks(world)
    lines = [
        counted("readings", ledger.readings, noted),
        counted("milestones", ledger.milestones, titles),
        counted("shares", ledger.shares, in_slack),
        _answered(ledger.mentions, world.work.messages),
    ]
    owed = {
        Kind.ANNOUNCEMENT: len(titles),
        Kind.DIGEST: world.digests,
        Kind.DIGEST_DETAILS: world.digests,
        Kind.REMINDER: world.reminders,
        Kind.GOAL: ledger.goals,
    }
    return [*lines, *(_delivered(kind, number, rows, in_slack) for kind, number in owed.items())]


def _answered(mentions: Iterable[Message], messages: Iterable[Message]) -> Line:
    """How often each mention was answered; of those that weren't once, with what."""
    answers: dict[str, list[str]] = {each.ts: [] for each in mentions}
    for each in messages:
        if each.bot_id and each.thread_ts in answers:
            answers[each.thread_ts].append(each.text[:60])
    line = counted("mentions", answers, {ts: len(texts) for ts, texts in answers.items()})
    return replace(
        line, odd=tuple(f"{ts}: {texts}" for ts, texts in answers.items() if len(texts) != 1)
    )


def _delivered(
    kind: Kind, owed: int, rows: Iterable[DeliveryRow], in_slack: Mapping[str, int]
) -> Line:
    """What the outbox says of a kind, and whether Slack has just that.

    What still waits in the end is for another day, as a reminder of next week's digest; and a
    reminder of what has been read by the time it goes out is none.
    """
    ours = [row for row in rows if row.kind == kind and _is_for_now(row)]
    sure = [row for row in ours if row.state != State.UNSURE.value]
    times = [_times(row, in_slack) for row in sure]
    odd = tuple(
        f"{row.subject} of scorecard {row.scorecard_id} in {row.channel}: {number} times, "
        f"{row.state} after {row.attempts} attempts, {row.error or 'no error'}"
        for row, number in zip(sure, times, strict=True)
        if number != 1
    )
    return Line(
        f"{kind}s" if kind is not Kind.DIGEST_DETAILS else "threads of digests",
        owed,
        times.count(1),
        sum(each > 1 for each in times) + max(0, len(ours) - owed),
        times.count(0) + max(0, owed - len(ours)),
        len(ours) - len(times),
        odd,
    )


def _is_for_now(row: DeliveryRow) -> bool:
    is_moot = row.state == State.DELIVERED.value and row.message_ts is None
    return row.state != State.WAITING.value and not is_moot


def _times(row: DeliveryRow, in_slack: Mapping[str, int]) -> int:
    """How often its message stands in Slack; the thread of a digest has several, each once."""
    mark = f"{row.id}-{row.kind}-{row.subject}-{int(row.created_at.timestamp())}"
    found = [number for each, number in in_slack.items() if _is_of(mark, each)]
    return max(found, default=0) if row.state == State.DELIVERED.value else 0


def _is_of(mark: str, found: str) -> bool:
    rest = found.removeprefix(mark)
    return found.startswith(mark) and (not rest or rest[1:].isdigit())

"""What is owed in a run: how it comes about, and what has to stand in Slack in the end."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.access import Access
from app.domain.milestones import MilestoneStatus
from app.domain.values import parse_value
from app.files import read_scorecard_file
from app.services import editing, loading, milestone_edits, milestones, readings
from app.services.callers import OPERATOR, Caller, Surface
from app.services.milestone_edits import MilestoneForm
from app.services.milestones import ShipForm
from app.store.engine import Store
from tests.slack.stage import HOME

ANA = "U0000000001"
"""The first person of a workspace; she owns the scorecard and its metrics."""

TEAM = """
key: team
name: Team
goal: One thing gets done
zone: Europe/London
digest: {day: monday, time: '09:00'}
metrics:
  - key: errors
    name: Errors
    owner: U0000000001
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
    readings: [{value: ~4, at: 2026-03-15}]
  - key: outages
    name: Outages
    owner: U0000000001
    baseline: {value: 10, label: Q1, on: 2026-01-01}
    target: 0
    readings: [{value: 7, at: 2026-03-15}]
"""
SLOT = datetime(2026, 3, 23, 9, tzinfo=UTC)
"""A Monday at nine in London."""
TUESDAY = SLOT + timedelta(days=1)
FRIDAY = datetime(2026, 3, 27, 9, tzinfo=UTC)
"""The day before a Sunday is one to remind on: the readings will be stale on Monday."""

Cause = Callable[[Store, Caller], Awaitable[object]]


async def _nothing(_: Store, __: Caller) -> None:
    """What is due is owed by its time."""


async def _ship(store: Store, caller: Caller) -> None:
    moved = {"errors": parse_value("3")}
    await milestones.ship(store, caller, ShipForm("Bundles", caller.now.date(), moved=moved))


async def _edit(store: Store, caller: Caller) -> None:
    form = MilestoneForm("Carts", MilestoneStatus.SHIPPED, shipped_on=caller.now.date())
    await milestone_edits.edit(store, caller, "bundles", form, seen={})


async def _reach_goal(store: Store, caller: Caller) -> None:
    for metric in ("errors", "outages"):
        await readings.record(store, caller, metric, parse_value("0"))


async def _reach_target(store: Store, caller: Caller) -> None:
    await readings.record(store, caller, "errors", parse_value("0"))


@dataclass(frozen=True)
class Owed:
    """Something that is owed.

    `first` is done and delivered without a fault, where there is something, before `cause` makes
    what the run is about. `posts` are the messages by kind that stand in Slack in the end, and
    `says` what one of them says.
    """

    at: datetime
    cause: Cause
    posts: Mapping[str, int]
    says: str
    loaded_at: datetime = TUESDAY - timedelta(days=3)
    first: Cause | None = None


_DIGEST = {"digest": 1, "digest details": 1}

OWED: Mapping[str, Owed] = {
    "digest": Owed(SLOT, _nothing, _DIGEST, "at target"),
    "late digest": Owed(
        SLOT + timedelta(weeks=3, hours=1), _nothing, _DIGEST, "This digest is late"
    ),
    "announcement": Owed(TUESDAY, _ship, {"announcement": 1}, "Bundles", TUESDAY),
    "announcement edit": Owed(TUESDAY, _edit, {"announcement": 1}, "Carts", TUESDAY, first=_ship),
    "reminder": Owed(FRIDAY, _nothing, {"reminder": 1}, "will be stale", TUESDAY),
    "alert": Owed(TUESDAY, _reach_target, {"alert": 1}, "has reached its target", TUESDAY),
    "goal": Owed(TUESDAY, _reach_goal, {"goal": 1}, "the goal is reached", TUESDAY),
}


async def load(store: Store, owed: Owed) -> None:
    """The scorecard, in its channel and with its owner."""
    caller = Caller(OPERATOR, Surface.FILE, owed.loaded_at)
    await loading.load(store, caller, read_scorecard_file(TEAM, "team.yaml"), channel=HOME)
    access = {"access": Access(owners=(ANA,))}
    await editing.edit_scorecard(store, caller, access, key="team")


def as_caller(at: datetime) -> Caller:
    return Caller(OPERATOR, Surface.TERMINAL, at)


def kinds(marks: Mapping[str, int]) -> Counter[str]:
    """How many messages of each kind stand in Slack, by their marks."""
    counted: Counter[str] = Counter()
    for mark, times in marks.items():
        counted[mark.split("-")[1]] += times
    return counted

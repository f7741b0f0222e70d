"""When the roadmap ends, what leads there, and what a slip pushes.

A phase is planned to end with its window, and can't end before what it needs has: before the due
date of a milestone, or the end of a phase. What is late ends today at the earliest. A milestone
without a due date says nothing of when it ships, so it pushes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.milestones import Milestone
from app.domain.roadmap import Need, NeedKind, Phase, PhaseState, in_order


@dataclass(frozen=True, slots=True)
class Timing:
    """When an open phase ends at the earliest, and the need that decides it, if one does.

    `latest_need` is the open need that ends last, `ready_on` the day on which it does.
    """

    phase: Phase
    ends_on: date
    latest_need: Need | None = None
    ready_on: date | None = None

    @property
    def slip_days(self) -> int:
        """How many days after its window it ends; 0 for a phase that keeps it."""
        return (self.ends_on - self.phase.window.last).days

    @property
    def is_pushed(self) -> bool:
        """Whether it slips for what it needs, and not only for being late itself."""
        return self.ready_on is not None and self.ready_on > self.phase.window.last

    @property
    def spare_days(self) -> int | None:
        """How many days what it needs may slip without pushing it; None where it needs nothing
        that has a date."""
        return None if self.ready_on is None else (self.ends_on - self.ready_on).days


@dataclass(frozen=True, slots=True)
class Schedule:
    """The open phases' timings by key, in the order of the roadmap.

    `critical` is the chain of needs that ends last: first what comes first, last the phase with
    which the roadmap ends. Each but the first is reached from the one before it.
    """

    timings: Mapping[str, Timing]
    critical: tuple[Need, ...]

    @property
    def ends_on(self) -> date | None:
        """The day on which the last open phase ends at the earliest; None where all are done."""
        return max((timing.ends_on for timing in self.timings.values()), default=None)

    @property
    def slipping(self) -> tuple[Timing, ...]:
        """The phases that are due before what they need."""
        return tuple(timing for timing in self.timings.values() if timing.is_pushed)

    def pushed_by(self, key: str) -> tuple[Timing, ...]:
        """The phases that slip for this one, those that slip for these among them."""
        pushed: dict[str, Timing] = {}
        for follower in self.slipping:
            need = follower.latest_need
            if need and need.kind is NeedKind.PHASE and (need.key == key or need.key in pushed):
                pushed[follower.phase.key] = follower
        return tuple(pushed.values())


def schedule(phases: Sequence[Phase], milestones: Mapping[str, Milestone], today: date) -> Schedule:
    """When each open phase ends at the earliest, and what decides that."""
    timings: dict[str, Timing] = {}
    for phase in in_order(phases):
        if phase.state is not PhaseState.DONE:
            timings[phase.key] = _timing(phase, timings, milestones, today)
    return Schedule(timings, _critical(timings))


def _timing(
    phase: Phase,
    timings: Mapping[str, Timing],
    milestones: Mapping[str, Milestone],
    today: date,
) -> Timing:
    ends = {need: _end_of(need, timings, milestones, today) for need in phase.needs}
    dated = {need: end for need, end in ends.items() if end is not None}
    own = max(phase.window.last, today)
    if not dated:
        return Timing(phase, own)
    latest = max(dated, key=dated.__getitem__)
    return Timing(phase, max(own, dated[latest]), latest, dated[latest])


def _end_of(
    need: Need,
    timings: Mapping[str, Timing],
    milestones: Mapping[str, Milestone],
    today: date,
) -> date | None:
    """When a need that is still open ends at the earliest, as far as that is known."""
    if need.kind is NeedKind.PHASE:
        timing = timings.get(need.key)
        return timing.ends_on if timing else None
    milestone = milestones[need.key]
    if milestone.is_shipped or milestone.due_on is None:
        return None
    return max(milestone.due_on, today)


def _critical(timings: Mapping[str, Timing]) -> tuple[Need, ...]:
    """The longest of the chains that end last."""
    ends_on = max((timing.ends_on for timing in timings.values()), default=None)
    last = [key for key, timing in timings.items() if timing.ends_on == ends_on]
    chains = [_chain(Need(NeedKind.PHASE, key), timings) for key in last]
    return max(chains, key=len, default=())


def _chain(end: Need, timings: Mapping[str, Timing]) -> tuple[Need, ...]:
    chain = [end]
    while chain[-1].kind is NeedKind.PHASE:
        need = timings[chain[-1].key].latest_need
        if need is None:
            break
        chain.append(need)
    return tuple(reversed(chain))

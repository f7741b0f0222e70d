"""The roadmap: phases in order, what blocks them, and the windows they aim at."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from app.domain.errors import BadInput
from app.domain.milestones import Milestone


class PhaseState(StrEnum):
    """What people say of a phase; whether it is ready or blocked follows from what it needs."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class PhaseStatus(StrEnum):
    DONE = "done"
    IN_PROGRESS = "in_progress"
    READY = "ready"
    BLOCKED = "blocked"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Window:
    """The time a phase aims at, as people write it, and its first and last day."""

    text: str
    first: date
    last: date

    def __str__(self) -> str:
        return self.text


_QUARTER = r"Q([1-4])(?:\s+([12]\d{3}))?"
_WINDOW = re.compile(rf"{_QUARTER}(?:\s*[-–]\s*{_QUARTER})?", re.ASCII | re.IGNORECASE)


def parse_window(text: str, *, field: str | None = None) -> Window:
    """`Q2 2026`, `Q2–Q3 2026` or `Q4 2026–Q1 2027` as a window.

    Raises `BadInput` for anything else, and for an end before the start.
    """
    text = " ".join(text.split())
    match = _WINDOW.fullmatch(text)
    first_quarter, first_year, last_quarter, last_year = match.groups() if match else (None,) * 4
    year = last_year or first_year
    if first_quarter is None or year is None or (last_quarter and first_year and not last_year):
        raise BadInput(
            f"“{text[:40]}” isn't a target window. Write it as Q2 2026, Q2–Q3 2026 "
            "or Q4 2026–Q1 2027.",
            field=field,
        )
    first = _first_day(int(first_quarter), int(first_year or year))
    last = _last_day(int(last_quarter or first_quarter), int(year))
    if last < first:
        raise BadInput(f"The target window “{text}” ends before it starts.", field=field)
    return Window(text, first, last)


def _first_day(quarter: int, year: int) -> date:
    return date(year, quarter * 3 - 2, 1)


def _last_day(quarter: int, year: int) -> date:
    next_first = date(year + 1, 1, 1) if quarter == 4 else _first_day(quarter + 1, year)
    return next_first - timedelta(days=1)


class NeedKind(StrEnum):
    PHASE = "phase"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class Need:
    """What a phase depends on: another phase or a milestone, by key."""

    kind: NeedKind
    key: str


@dataclass(frozen=True, slots=True)
class Phase:
    key: str
    name: str
    window: Window
    description: str = ""
    state: PhaseState = PhaseState.PLANNED
    done_on: date | None = None
    needs: tuple[Need, ...] = ()

    @property
    def needed_phases(self) -> tuple[str, ...]:
        return tuple(need.key for need in self.needs if need.kind is NeedKind.PHASE)


@dataclass(frozen=True, slots=True)
class Blocker:
    """A need that isn't met yet, with its name."""

    need: Need
    name: str


@dataclass(frozen=True, slots=True)
class PhaseOutlook:
    """A phase, where it stands, and what still blocks it."""

    phase: Phase
    status: PhaseStatus
    blocked_by: tuple[Blocker, ...]


def in_order(phases: Sequence[Phase]) -> tuple[Phase, ...]:
    """The phases so that each comes after those it needs, otherwise in the order given.

    Raises `BadInput` that names the cycle, if there is one.
    """
    by_key = {phase.key: phase for phase in phases}
    places = {phase.key: place for place, phase in enumerate(phases)}
    sorter = TopologicalSorter({phase.key: phase.needed_phases for phase in phases})
    try:
        sorter.prepare()
    except CycleError as error:
        names = " → ".join(by_key[key].name for key in reversed(error.args[1]))
        raise BadInput(
            f"Phases can't wait for each other in a circle: {names}. Remove one of these needs.",
            field="needs",
        ) from error
    ordered: list[Phase] = []
    ready: list[str] = list(sorter.get_ready())
    while ready:
        ready.sort(key=places.__getitem__)
        key = ready.pop(0)
        ordered.append(by_key[key])
        sorter.done(key)
        ready.extend(sorter.get_ready())
    return tuple(ordered)


def followers(phases: Sequence[Phase]) -> Mapping[str, tuple[Phase, ...]]:
    """For each phase's key those that need it, in the order given."""
    waiting: dict[str, list[Phase]] = {phase.key: [] for phase in phases}
    for phase in phases:
        for needed in dict.fromkeys(phase.needed_phases):
            waiting[needed].append(phase)
    return {key: tuple(those) for key, those in waiting.items()}


def depths(ordered: Sequence[Phase]) -> Mapping[str, int]:
    """How many phases stand one behind the other before each, given as by `in_order`."""
    found: dict[str, int] = {}
    for phase in ordered:
        found[phase.key] = max((found[key] + 1 for key in phase.needed_phases), default=0)
    return found


def outlook(
    phase: Phase, phases: Mapping[str, Phase], milestones: Mapping[str, Milestone]
) -> PhaseOutlook:
    """Where a phase stands: done, in progress, ready, or blocked by named things."""
    if phase.state is PhaseState.DONE:
        return PhaseOutlook(phase, PhaseStatus.DONE, ())
    blockers = tuple(
        blocker for need in phase.needs if (blocker := _blocker(need, phases, milestones))
    )
    if phase.state is PhaseState.IN_PROGRESS:
        return PhaseOutlook(phase, PhaseStatus.IN_PROGRESS, blockers)
    status = PhaseStatus.BLOCKED if blockers else PhaseStatus.READY
    return PhaseOutlook(phase, status, blockers)


def _blocker(
    need: Need, phases: Mapping[str, Phase], milestones: Mapping[str, Milestone]
) -> Blocker | None:
    if need.kind is NeedKind.PHASE:
        needed = phases[need.key]
        return None if needed.state is PhaseState.DONE else Blocker(need, needed.name)
    milestone = milestones[need.key]
    return None if milestone.is_shipped else Blocker(need, milestone.title)

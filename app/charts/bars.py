"""A phase of the roadmap as it is drawn: what its bar says and spans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.charts.headings import day_name
from app.charts.lettering import one_line
from app.domain.metrics import days_words
from app.domain.milestones import Milestone
from app.domain.roadmap import NeedKind, Phase, PhaseOutlook
from app.domain.schedules import Schedule, Timing

MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase at its place; `timing` is None for one that is done.

    `milestones` are those that it needs, `is_critical` says that the roadmap's end depends on it.
    """

    place: int
    outlook: PhaseOutlook
    timing: Timing | None
    milestones: Sequence[Milestone]
    is_critical: bool

    @property
    def phase(self) -> Phase:
        return self.outlook.phase

    @property
    def last(self) -> date:
        """The last day of the window, or the later one to which the phase slips."""
        window = self.phase.window
        return max(self.timing.ends_on, window.last) if self.timing else window.last

    @property
    def days(self) -> list[date]:
        """The days that its row shows."""
        dated = (day_of(milestone) for milestone in self.milestones)
        return [self.phase.window.first, self.last, *(day for day in dated if day is not None)]

    @property
    def words(self) -> str:
        """`blocked · Q2 2026 · slips 12 days, to 12 Jul 2026`."""
        parts = [self.outlook.status.words, one_line(self.phase.window.text)]
        if self.phase.done_on is not None:
            parts.append(f"since {day_name(self.phase.done_on)}")
        if self.timing is not None and self.timing.slip_days > 0:
            verb = "slips" if self.timing.is_pushed else "late by"
            days, end = days_words(self.timing.slip_days), day_name(self.timing.ends_on)
            parts.append(f"{verb} {days}, to {end}")
        return " · ".join(parts)

    @property
    def needs(self) -> str:
        """The milestones that it needs: `Needs PDE step 2c (no date), …`."""
        named = [f"{one_line(each.title)} ({_day_words(each)})" for each in self.milestones]
        if not named:
            return ""
        count = f"{len(named)} milestones: " if len(named) > MOST_NAMED else ""
        more = ", …" if len(named) > MOST_NAMED else ""
        return f"Needs {count}{', '.join(named[:MOST_NAMED])}{more}"


def bars(
    phases: Sequence[Phase],
    outlooks: Mapping[str, PhaseOutlook],
    planned: Schedule,
    milestones: Mapping[str, Milestone],
) -> list[Bar]:
    """The phases as bars, in the order given."""
    critical = {need.key for need in planned.critical if need.kind is NeedKind.PHASE}
    return [
        Bar(
            place,
            outlooks[phase.key],
            planned.timings.get(phase.key),
            [milestones[need.key] for need in phase.needs if need.kind is NeedKind.MILESTONE],
            phase.key in critical and len(planned.critical) > 1,
        )
        for place, phase in enumerate(phases)
    ]


def day_of(milestone: Milestone) -> date | None:
    """When a milestone shipped or is due, where that is known."""
    return milestone.shipped_on or (milestone.due_on if milestone.is_open else None)


def _day_words(milestone: Milestone) -> str:
    day = day_of(milestone)
    if milestone.is_open:
        return f"due {day_name(day)}" if day else "no date"
    return f"{milestone.status.words} {day_name(day)}" if day else milestone.status.words

"""What a metric did around the milestones on its line: associated with them, never caused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.metrics import Known, Metric, Movement, end_of, movement
from app.domain.milestones import Effect, Milestone

AROUND = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Association:
    """A shipped milestone beside its metric: the reading it caused, if any, and the movement in the
    four weeks before its ship date and in those after, as far as there are readings.

    `shared_with` are the other milestones on the metric's line that shipped in the same week: the
    movement is as much theirs.
    """

    milestone: Milestone
    effect: Effect | None
    before: Movement | None
    after: Movement | None
    shared_with: tuple[Milestone, ...]


def on_line(
    metric: Metric, milestones: Iterable[Milestone], effects: Iterable[Effect]
) -> list[Milestone]:
    """The shipped milestones with a ship date that moved a metric, or are on a work stream that
    drives it; the latest first."""
    moved = {effect.after.milestone for effect in effects}
    streams = {driver.work_stream for driver in metric.drivers}
    tied = (
        milestone
        for milestone in milestones
        if milestone.shipped_on is not None
        and (milestone.key in moved or not streams.isdisjoint(milestone.work_streams))
    )
    return sorted(tied, key=lambda milestone: str(milestone.shipped_on), reverse=True)


def around(
    milestone: Milestone, effect: Effect | None, zone: ZoneInfo
) -> tuple[datetime, datetime, datetime]:
    """Four weeks before a shipped milestone, the instant at which its time begins, and four after.

    Its time begins at the end of its ship date, or just before the reading it caused, where that
    is earlier. Raises ValueError for a milestone without a ship date.
    """
    if milestone.shipped_on is None:
        raise ValueError(f"{milestone.key} has no ship date")
    turn = shipped = end_of(milestone.shipped_on, zone)
    if effect is not None:
        turn = min(shipped, effect.after.at - timedelta(microseconds=1))
    return shipped - AROUND, turn, shipped + AROUND


def associations(
    metric: Metric,
    milestones: Sequence[Milestone],
    effects: Sequence[Effect],
    readings: Sequence[Known],
    zone: ZoneInfo,
) -> list[Association]:
    """What a metric did around each of the milestones on its line, which `on_line` gives.

    `readings` have at least the newest at each of the instants `around` them.
    """
    caused = {effect.after.milestone: effect for effect in effects}
    found = []
    for milestone in milestones:
        effect = caused.get(milestone.key)
        start, turn, end = around(milestone, effect, zone)
        found.append(
            Association(
                milestone,
                effect,
                movement(metric, readings, start, turn, zone),
                movement(metric, readings, turn, end, zone),
                _beside(milestone, milestones),
            )
        )
    return found


def _beside(milestone: Milestone, milestones: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """The others that shipped in the same ISO week."""
    week = _week(milestone)
    return tuple(each for each in milestones if each is not milestone and _week(each) == week)


def _week(milestone: Milestone) -> tuple[int, int] | None:
    if milestone.shipped_on is None:
        return None
    year, week, _ = milestone.shipped_on.isocalendar()
    return year, week

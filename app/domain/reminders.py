"""Reminders: what would be stale in the next digest, and when its owners are told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from app.domain.digests import next_slot, week_of
from app.domain.metrics import Metric, Reading, is_stale, newest
from app.domain.scorecards import Scorecard

DAY = timedelta(days=1)
DAY_BEGINS, DAY_ENDS = time(9), time(17)
LATEST = time(16)
"""So that an hour of the day is left to act, and for Slack to be out of reach for a while."""
FRIDAY = 4
LEAD = timedelta(days=4)
"""No zone's reminder comes so long before its digest."""
SNOOZE = timedelta(days=7, hours=12)
"""A week, and half a day for next week's reminder, which comes at the same hour by the clock."""


def next_digest(scorecard: Scorecard, now: datetime, last_week: str | None) -> datetime:
    """When the next digest goes out, in UTC.

    `last_week` is the week of the last one that was made: a week has no second one.
    """
    slot = next_slot(scorecard.digest, scorecard.zone, now)
    has_one = last_week is not None and last_week >= week_of(slot, scorecard.zone)
    if has_one:
        slot = next_slot(scorecard.digest, scorecard.zone, slot)
    return slot.astimezone(UTC)


def reminder_at(slot: datetime, zone: ZoneInfo) -> datetime:
    """A day before a digest, moved into the day and out of the weekend of a person's zone.

    The date is kept, unless it is of a weekend: then it is that of the Friday before.
    Instants are in UTC, that of the digest too.
    """
    eve = (slot - DAY).astimezone(zone)
    day = eve.date() - DAY * max(0, eve.weekday() - FRIDAY)
    at = min(max(eve.time(), DAY_BEGINS), LATEST)
    return datetime.combine(day, at, zone).astimezone(UTC)


def next_chance(slot: datetime, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When a reminder of a digest is to be sent from now on, in UTC; None where it is too late.

    One that was missed waits for the day, and for a working day where one is left.
    """
    due = max(reminder_at(slot, zone), now)
    chances = list(takewhile(lambda chance: chance < slot, _by_day(due, zone)))
    on_working_days = [each for each in chances if each.astimezone(zone).weekday() <= FRIDAY]
    return next(iter([*on_working_days, *chances]), None)


def _by_day(instant: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The instant, if it is day in the zone, and every morning after it."""
    local = instant.astimezone(zone)
    if DAY_BEGINS <= local.time() < DAY_ENDS:
        yield instant
    day = local.date() + DAY * (local.time() >= DAY_BEGINS)
    while True:
        yield datetime.combine(day, DAY_BEGINS, zone).astimezone(UTC)
        day += DAY


@dataclass(frozen=True, slots=True)
class Ageing:
    """A metric that will be stale, with its current reading, if it has any."""

    metric: Metric
    current: Reading | None

    def can_be_helped(self, now: datetime, slot: datetime) -> bool:
        """Whether a reading taken now helps: it is stale already, or would then be fresh.

        What counts for a day and is read every day isn't asked for on Friday for Monday.
        """
        if self.current is None or is_stale(self.metric, self.current, now):
            return True
        return slot - now <= DAY * self.metric.fresh_days


def ageing_by_owner(
    scorecard: Scorecard, readings: Mapping[str, Sequence[Reading]], now: datetime, slot: datetime
) -> dict[str, list[Ageing]]:
    """The metrics that will be stale at an instant unless somebody updates them, by their owner."""
    by_owner: dict[str, list[Ageing]] = {}
    for metric in scorecard.metrics:
        if metric.owner is None:
            continue
        current = newest(readings.get(metric.key, ()), now)
        if current is None or is_stale(metric, current, slot):
            by_owner.setdefault(metric.owner, []).append(Ageing(metric, current))
    return by_owner


def was_reminded(scorecard: Scorecard, metric: Metric, current: Reading, told_at: datetime) -> bool:
    """Whether a reminder that was sent at an instant named a metric to its owner."""
    slot = next_digest(scorecard, told_at, None)
    will_be_stale = is_stale(metric, current, slot)
    return will_be_stale and Ageing(metric, current).can_be_helped(told_at, slot)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Whether a person wants reminders, of all scorecards."""

    are_on: bool = True
    snoozed_until: datetime | None = None

    def at(self, now: datetime) -> "Preferences":
        """What holds at an instant: a snooze that is over is none."""
        is_over = self.snoozed_until is not None and self.snoozed_until <= now
        return replace(self, snoozed_until=None) if is_over else self

    @property
    def want_one(self) -> bool:
        return self.are_on and self.snoozed_until is None


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one person is told before one digest: the metrics of theirs that will be stale.

    `as_of` is when that was found out, `slot` when the digest goes out, both in UTC.
    """

    scorecard: Scorecard
    person: str
    as_of: datetime
    slot: datetime
    metrics: tuple[Ageing, ...]

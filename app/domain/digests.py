"""The weekly digest: which week, whether it is owed, and what it has to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from app.domain.metrics import WEEK, Direction, Known, Metric, has_reached, in_order
from app.domain.milestones import Effect, Milestone
from app.domain.prospects import Prospect, prospect
from app.domain.roadmap import Need, NeedKind, PhaseOutlook, PhaseStatus
from app.domain.scorecards import DigestSchedule, MetricState, Snapshot
from app.domain.statuses import Status

LATE_AFTER = timedelta(minutes=15)
LATEST_SHIP_DATE = timedelta(days=28)


def week_of(instant: datetime, zone: ZoneInfo) -> str:
    """The ISO week of an instant in a zone: `2026-W12`."""
    year, week, _ = instant.astimezone(zone).isocalendar()
    return f"{year}-W{week:02}"


def last_slot(schedule: DigestSchedule, zone: ZoneInfo, now: datetime) -> datetime:
    """The newest instant up to `now` at which the schedule asks for a digest, in its zone.

    A local time that a clock change skips counts as the same time before the
    change; one that occurs twice counts the first time.
    """
    return _slot_on(_last_day(schedule, zone, now), schedule, zone).astimezone(zone)


def next_slot(schedule: DigestSchedule, zone: ZoneInfo, now: datetime) -> datetime:
    """The first instant after `now` at which the schedule asks for a digest, in its zone."""
    return _slot_on(_last_day(schedule, zone, now) + WEEK, schedule, zone).astimezone(zone)


def _last_day(schedule: DigestSchedule, zone: ZoneInfo, now: datetime) -> date:
    today = now.astimezone(zone).date()
    day = today - timedelta(days=(today.weekday() - schedule.weekday) % 7)
    return day if _slot_on(day, schedule, zone) <= now else day - WEEK


def _slot_on(day: date, schedule: DigestSchedule, zone: ZoneInfo) -> datetime:
    """In UTC, so that it compares with any instant by the time that passes."""
    return datetime.combine(day, schedule.at, zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class DigestPeriod:
    """The time one digest speaks of, in UTC, and the week that it is claimed for."""

    week: str
    since: datetime
    until: datetime
    is_late: bool = False


def period_now(
    now: datetime, zone: ZoneInfo, last: DigestPeriod | None, *, is_late: bool = False
) -> DigestPeriod:
    """The period of a digest made now: since the last digest, or the seven days up to now."""
    since = last.until if last else _a_week_before(now, zone)
    return DigestPeriod(week_of(now, zone), since, now.astimezone(UTC), is_late)


def _a_week_before(instant: datetime, zone: ZoneInfo) -> datetime:
    """The same local time seven days earlier, whatever the clocks did in between."""
    local = instant.astimezone(zone)
    earlier = local.replace(tzinfo=None) - WEEK
    return earlier.replace(tzinfo=zone).astimezone(UTC)


def owed(
    schedule: DigestSchedule,
    zone: ZoneInfo,
    now: datetime,
    *,
    scheduled_since: datetime,
    last: DigestPeriod | None,
) -> DigestPeriod | None:
    """The digest that should have been posted by now, computed from the last one made.

    None is owed for a slot from before the schedule was made, or whose week has
    one. Several missed slots are owed one digest, which is late.
    """

    def is_open(slot: datetime) -> bool:
        has_one = last is not None and last.week >= week_of(slot, zone)
        return slot >= scheduled_since and not has_one

    slot = last_slot(schedule, zone, now).astimezone(UTC)
    if not is_open(slot):
        return None
    missed_before = is_open(last_slot(schedule, zone, slot - timedelta(microseconds=1)))
    made = period_now(now, zone, last, is_late=missed_before or now - slot > LATE_AFTER)
    return replace(made, week=week_of(slot, zone))


@dataclass(frozen=True, slots=True)
class Shipped:
    """A milestone that shipped, with what it moved."""

    milestone: Milestone
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """A phase that became ready, and the names of what was finished for that in the period."""

    outlook: PhaseOutlook
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What one weekly post says; `prospects` by the keys of the metrics.

    `celebrated_at` is when it was posted that the goal is reached, if it ever was, and
    `reached_at` since when it has been, while it is.
    """

    period: DigestPeriod
    snapshot: Snapshot
    shipped: tuple[Shipped, ...]
    due: tuple[Milestone, ...]
    late: tuple[Milestone, ...]
    newly_ready: tuple[Ready, ...]
    blocked: tuple[PhaseOutlook, ...]
    prospects: Mapping[str, Prospect]
    celebrated_at: datetime | None = None
    reached_at: datetime | None = None

    @property
    def fallen_back(self) -> tuple[MetricState, ...]:
        """The metrics that keep a goal open that had been reached and celebrated."""
        if self.celebrated_at is None:
            return ()
        return tuple(state for state in self.snapshot.judged if not state.has_reached)

    @property
    def stale(self) -> tuple[MetricState, ...]:
        return tuple(state for state in self.snapshot.metrics if state.is_stale)

    @property
    def without_driver(self) -> tuple[MetricState, ...]:
        return tuple(state for state in self.snapshot.metrics if not state.metric.drivers)

    @property
    def moved(self) -> tuple[MetricState, ...]:
        """Metrics with a new reading in the period."""
        return tuple(state for state in self.snapshot.metrics if state.week and state.week.span)

    def was_read(self, state: MetricState) -> bool:
        """Whether a metric has a reading of the period, which may be its first."""
        return state.current is not None and state.current.at > self.period.since

    @property
    def has_readings(self) -> bool:
        return any(state.current for state in self.snapshot.metrics)

    @property
    def only_lost(self) -> bool:
        """Whether something moved, and all of it the wrong way."""
        moved = [s for s in self.moved if s.metric.has_target and s.week and s.week.change.number]
        return bool(moved) and all(map(moved_back, moved))

    @property
    def is_quiet(self) -> bool:
        """Whether nothing was read, shipped or fell due, and the roadmap asks for nothing."""
        news = self.shipped or self.due or self.late or self.newly_ready
        return not news and not any(map(self.was_read, self.snapshot.metrics))

    @property
    def shows_metrics(self) -> bool:
        """Whether each metric is told: not in a quiet week, nor before the first reading."""
        return self.has_readings and not self.is_quiet

    def needs_someone(self, state: MetricState) -> bool:
        """Whether a metric is off track, at risk or stale, or went back beyond the usual."""
        went_back = moved_back(state) and self.prospects[state.metric.key].is_exceeded
        return state.is_stale or state.status in _WORRYING or went_back

    @property
    def by_urgency(self) -> tuple[MetricState, ...]:
        """The metrics that need someone, then those that moved, then the rest."""
        moved = {state.metric.key for state in self.moved}

        def urgency(state: MetricState) -> tuple[bool, bool]:
            return not self.needs_someone(state), state.metric.key not in moved

        return tuple(sorted(self.snapshot.metrics, key=urgency))


_WORRYING = frozenset({Status.OFF_TRACK, Status.AT_RISK})


def moved_back(state: MetricState) -> bool:
    """Whether a metric moved the wrong way in the period, and isn't where it should be."""
    if state.week is None or state.has_reached or state.metric.direction is None:
        return False
    change = state.week.change.number
    return change > 0 if state.metric.direction is Direction.DOWN else change < 0


def reached_since(snapshot: Snapshot, readings: Mapping[str, Sequence[Known]]) -> datetime | None:
    """When the last of the metrics with a target came to it, to stay; None while the goal is open.

    `readings` are those of each metric, by key, any order; as exact as they lie close.
    """
    if not snapshot.goal_reached:
        return None
    return max(
        _stays_since(state.metric, readings.get(state.metric.key, ()), snapshot.as_of)
        for state in snapshot.judged
    )


def _stays_since(metric: Metric, readings: Sequence[Known], as_of: datetime) -> datetime:
    """The first of the readings up to an instant that all are at the target, to the last."""
    known = in_order(reading for reading in readings if reading.at <= as_of)
    stays = takewhile(lambda reading: has_reached(metric, reading.value), reversed(known))
    return list(stays)[-1].at


def shipped_in(milestones: Sequence[Milestone], period: DigestPeriod) -> tuple[Milestone, ...]:
    """Milestones whose shipping was logged in the period, late logging included.

    One with no ship date, or one far before the period, is history that was
    entered, and not news.
    """
    oldest = (period.since - LATEST_SHIP_DATE).date()
    return tuple(
        milestone
        for milestone in milestones
        if milestone.shipped_on is not None
        and milestone.shipped_on >= oldest
        and milestone.logged_at is not None
        and period.since < milestone.logged_at <= period.until
    )


def compose_digest(
    period: DigestPeriod,
    snapshot: Snapshot,
    effects: Mapping[str, Sequence[Effect]],
    readings: Mapping[str, Sequence[Known]],
    celebrated_at: datetime | None = None,
) -> Digest:
    """The digest of a period, from the snapshot at its end.

    `effects` holds what each milestone moved, by the milestone's key, `readings` those that each
    metric's prospect is taken from, by the metric's key.
    """
    scorecard = snapshot.scorecard
    today = snapshot.today
    news = shipped_in(scorecard.milestones, period)
    first_day = period.since.astimezone(scorecard.zone).date()
    finished = (p for p in scorecard.phases if p.done_on is not None and p.done_on >= first_day)
    news_needs = {
        **{Need(NeedKind.MILESTONE, milestone.key): milestone.title for milestone in news},
        **{Need(NeedKind.PHASE, phase.key): phase.name for phase in finished},
    }
    open_milestones = [milestone for milestone in scorecard.milestones if milestone.is_open]
    return Digest(
        period,
        snapshot,
        tuple(Shipped(milestone, tuple(effects.get(milestone.key, ()))) for milestone in news),
        tuple(
            milestone
            for milestone in open_milestones
            if milestone.due_on is not None and today <= milestone.due_on <= today + WEEK
        ),
        tuple(milestone for milestone in open_milestones if milestone.is_late(today)),
        tuple(
            Ready(phase, through)
            for phase in snapshot.phases
            if phase.status is PhaseStatus.READY
            and (through := tuple(news_needs[n] for n in phase.phase.needs if n in news_needs))
        ),
        tuple(phase for phase in snapshot.phases if phase.status is PhaseStatus.BLOCKED),
        {
            metric.key: prospect(metric, readings.get(metric.key, ()), period.until, scorecard.zone)
            for metric in scorecard.metrics
        },
        celebrated_at,
        reached_since(snapshot, readings),
    )

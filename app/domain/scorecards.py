"""The scorecard, and the snapshot of it that every surface shows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from app.domain import names
from app.domain.access import Access
from app.domain.alerts import AlertRules
from app.domain.errors import BadInput, NotFound
from app.domain.metrics import (
    Metric,
    Movement,
    Reading,
    has_reached,
    is_stale,
    movement,
    newest,
    progress,
)
from app.domain.milestones import Milestone
from app.domain.paces import Pace, pace
from app.domain.roadmap import NeedKind, Phase, PhaseOutlook, in_order, outlook
from app.domain.sources import SourceState
from app.domain.statuses import Status, Thresholds, Verdict, verdict
from app.domain.values import Value, about_if

WEEK = timedelta(days=7)
MOST_NAMED = 5
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class WorkStream:
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class DigestSchedule:
    """When the weekly digest goes out, in the scorecard's zone; weekday 0 is Monday."""

    weekday: int = 0
    at: time = time(9, 0)


@dataclass(frozen=True)
class Scorecard:
    """A goal, what proves it and what leads to it. Everything inside refers by key.

    `ticket_address` is where tickets are found, with `{key}` where a ticket's key stands.

    Raises `BadInput` for keys that are used twice or lead nowhere, and for
    phases that wait for each other.
    """

    key: str
    name: str
    goal: str
    zone: ZoneInfo
    possibilities: tuple[str, ...] = ()
    channel: str | None = None
    digest: DigestSchedule = field(default_factory=DigestSchedule)
    work_streams: tuple[WorkStream, ...] = ()
    metrics: tuple[Metric, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    phases: tuple[Phase, ...] = ()
    access: Access = field(default_factory=Access)
    thresholds: Thresholds = field(default_factory=Thresholds)
    alerts: AlertRules = field(default_factory=AlertRules)
    ticket_address: str = ""

    def __post_init__(self) -> None:
        _once("metric", (metric.key for metric in self.metrics))
        _once("work stream", (stream.key for stream in self.work_streams))
        _once("milestone", (milestone.key for milestone in self.milestones))
        _once("phase", (phase.key for phase in self.phases))
        for metric in self.metrics:
            if metric.key in names.RESERVED_WORDS:
                raise BadInput(
                    f"“{metric.key}” is a word of /kpi and can't be a metric's key.", field="key"
                )
            self._known_streams(metric.name, (driver.work_stream for driver in metric.drivers))
        for milestone in self.milestones:
            self._known_streams(milestone.title, milestone.work_streams)
        for phase in self.phases:
            self._known_needs(phase)
        in_order(self.phases)

    def _known_streams(self, owner: str, keys: Iterable[str]) -> None:
        for key in keys:
            if key not in self.streams_by_key:
                raise _unknown("work stream", key, owner, self.streams_by_key)

    def _known_needs(self, phase: Phase) -> None:
        for need in phase.needs:
            is_phase = need.kind is NeedKind.PHASE
            known: Mapping[str, object] = self.phases_by_key if is_phase else self.milestones_by_key
            if need.key not in known:
                raise _unknown(need.kind.value, need.key, phase.name, known)

    @cached_property
    def streams_by_key(self) -> Mapping[str, WorkStream]:
        return {stream.key: stream for stream in self.work_streams}

    @cached_property
    def metrics_by_key(self) -> Mapping[str, Metric]:
        return {metric.key: metric for metric in self.metrics}

    @cached_property
    def milestones_by_key(self) -> Mapping[str, Milestone]:
        return {milestone.key: milestone for milestone in self.milestones}

    @cached_property
    def phases_by_key(self) -> Mapping[str, Phase]:
        return {phase.key: phase for phase in self.phases}

    @cached_property
    def driven_by(self) -> Mapping[str, frozenset[str]]:
        """The keys of the metrics that each work stream drives."""
        driven = defaultdict(set)
        for metric in self.metrics:
            for driver in metric.drivers:
                driven[driver.work_stream].add(metric.key)
        return {stream: frozenset(keys) for stream, keys in driven.items()}

    @cached_property
    def metric_names(self) -> Mapping[str, tuple[str, ...]]:
        """For each metric's key the names that people may type for it."""
        return {metric.key: metric.spoken_names for metric in self.metrics}

    def metric(self, typed: str) -> Metric:
        """The metric that was typed, by key or name; raises `NotFound` with suggestions."""
        key = names.found(typed, self.metric_names)
        if key is None:
            raise self.unknown_metric(typed)
        return self.metrics_by_key[key]

    def unknown_metric(self, typed: str) -> NotFound:
        several = names.matching(typed, self.metric_names)
        close = several or names.suggestions(typed, self.metric_names)
        shown = typed.strip()[:60]
        if len(several) > 1:
            first = _and(several[:MOST_NAMED])
            more = f" and {len(several) - MOST_NAMED} more" if len(several) > MOST_NAMED else ""
            message = f"“{shown}” may be any of {len(several)} metrics: {first}{more}."
            return NotFound(message, suggestions=several, field="metric")
        message = f"There is no metric “{shown}” in {self.name}."
        if close:
            message += f" Did you mean {_or(close)}?"
        elif self.metrics:
            message += f" There are {_and(self.metrics_by_key)}."
        else:
            message += " It has no metrics yet."
        return NotFound(message, suggestions=close, field="metric")

    def stream_names(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.streams_by_key[key].name for key in keys)


def _once(what: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise BadInput(f"The {what} key “{key}” is used twice.", field="key")
        seen.add(key)


def _unknown(what: str, key: str, owner: str, known: Iterable[str]) -> BadInput:
    close = names.suggestions(key, dict.fromkeys(known, ()))
    hint = f"did you mean {_or(close)}?" if close else f"there is {_and(known) or 'none'}."
    return BadInput(f"“{owner}” names the {what} “{key}”, which doesn't exist: {hint}", field=what)


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)


def _and(words: Iterable[str]) -> str:
    return ", ".join(words)


_LIMIT_STANDINGS = {
    Status.AT_TARGET: "within the limit",
    Status.OFF_TRACK: "beyond the limit",
}


@dataclass(frozen=True, slots=True)
class MetricState:
    """A metric at one instant; `week` is its movement in the period before, if one is known.

    `progress` is None without a reading, and where there is no way to go. `source` tells how it
    goes with what the metric is fed by, where that was looked up.
    """

    metric: Metric
    current: Reading | None
    progress: Value | None
    verdict: Verdict
    week: Movement | None
    pace: Pace
    is_stale: bool
    source: SourceState | None = None

    @property
    def status(self) -> Status:
        return self.verdict.status

    @property
    def standing(self) -> str:
        """The status in words; of a limit that it is kept or not, of a record that it is one."""
        metric = self.metric
        if metric.has_target and metric.way is None:
            return _LIMIT_STANDINGS.get(self.status, self.status.words)
        if not metric.has_target and self.current and self.status is Status.NO_PACE:
            return "recorded only"
        return self.status.words

    @property
    def has_reached(self) -> bool:
        """Whether the last reading, however old, is at the target or within the limit."""
        return self.current is not None and has_reached(self.metric, self.current.value)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A scorecard at one instant. Movements are those since `since`."""

    scorecard: Scorecard
    as_of: datetime
    since: datetime
    metrics: tuple[MetricState, ...]
    phases: tuple[PhaseOutlook, ...]

    @property
    def judged(self) -> tuple[MetricState, ...]:
        """The metrics that have a target to reach or a limit to keep."""
        return tuple(state for state in self.metrics if state.metric.has_target)

    @property
    def at_target(self) -> int:
        return sum(state.status is Status.AT_TARGET for state in self.metrics)

    @property
    def goal_reached(self) -> bool:
        return bool(self.judged) and self.at_target == len(self.judged)

    @property
    def progress(self) -> Value | None:
        """The way closed overall: the mean of all metrics that have a way to go, those without a
        reading as 0; None where there is none such."""
        return progress_of(self.metrics)

    def driven_by(self, work_stream: str) -> tuple[MetricState, ...]:
        """The metrics that a work stream drives, by its key."""
        return tuple(
            state
            for state in self.metrics
            if any(driver.work_stream == work_stream for driver in state.metric.drivers)
        )

    @property
    def progress_gained(self) -> Value | None:
        """What the movements since `since` add to the way closed, capped as `progress` is."""
        return _mean([_gained(state) for state in self.metrics if state.metric.way is not None])

    @property
    def today(self) -> date:
        return self.as_of.astimezone(self.scorecard.zone).date()

    def state(self, key: str) -> MetricState:
        return {state.metric.key: state for state in self.metrics}[key]


def progress_of(states: Sequence[MetricState]) -> Value | None:
    """The way closed by several metrics: the mean of those that have one to go, those without a
    reading as 0; None where there is none such."""
    on_the_way = [state for state in states if state.metric.way is not None]
    return _mean([state.progress or Value(Decimal(0)) for state in on_the_way])


def _gained(state: MetricState) -> Value:
    if state.week is None or state.progress is None or not state.week.span:
        return Value(Decimal(0))
    before = progress(state.metric, state.week.start.value)
    if before is None:
        return Value(Decimal(0))
    return about_if(state.progress.number - before.number, state.progress, before)


def _mean(shares: Sequence[Value]) -> Value | None:
    if not shares:
        return None
    total = sum((share.number for share in shares), Decimal(0))
    return about_if(total / len(shares), *shares)


def take_snapshot(
    scorecard: Scorecard,
    readings: Mapping[str, Sequence[Reading]],
    as_of: datetime,
    since: datetime | None = None,
    *,
    sources: Mapping[str, SourceState] = MappingProxyType({}),
) -> Snapshot:
    """The scorecard as it stood at an instant; `sources` tell how it goes with those, by metric.

    `readings` are those of each metric, by key. Those that decide are enough:
    the newest four up to `as_of`, the newest up to `since` (a week earlier by default)
    and up to the beginning of the pace period, and the first after each of these.
    """
    since = since or as_of - WEEK
    milestones = scorecard.milestones_by_key
    return Snapshot(
        scorecard,
        as_of,
        since,
        tuple(
            replace(
                _state(metric, readings.get(metric.key, ()), as_of, since, scorecard),
                source=sources.get(metric.key),
            )
            for metric in scorecard.metrics
        ),
        tuple(outlook(phase, scorecard.phases_by_key, milestones) for phase in scorecard.phases),
    )


def _state(
    metric: Metric,
    readings: Sequence[Reading],
    as_of: datetime,
    since: datetime,
    scorecard: Scorecard,
) -> MetricState:
    current, zone = newest(readings, as_of), scorecard.zone
    seen = pace(metric, readings, as_of, zone)
    return MetricState(
        metric,
        current,
        progress(metric, current.value) if current else None,
        verdict(metric, current, seen, as_of, zone, thresholds=scorecard.thresholds),
        movement(metric, readings, since, as_of, zone),
        seen,
        current is None or is_stale(metric, current, as_of),
    )

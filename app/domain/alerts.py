"""Alerts: which ones a metric's step raises and clears, where each goes, and when it may.

A metric steps from where it stood to where it stands; what lay in between is history. An alert
stands from when it is raised until it is cleared, and of its kind there is no second one meanwhile.
That a target is reached and that it is fallen back from are opposites: each is cleared once the
other has been told. One that nobody has been told of yet is withdrawn when it no longer holds, and
its opposite isn't raised then, for nobody has heard of what it would take back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.errors import BadInput
from app.domain.metrics import WEEK, Metric, Reading, has_reached, is_stale

GATHERING = timedelta(minutes=1)
"""How long an alert waits for others, and for an undo, before it goes out."""
REPEAT_AFTER = WEEK
"""So long after one was told, another of its kind and metric waits: a value that wavers tells of
itself once, and what holds in the end is told all the same."""
MUTED_FOR = WEEK
SATURDAY = 5
_MINUTE = timedelta(minutes=1)


class AlertKind(StrEnum):
    """What an alert tells of a metric; of one that keeps a limit, the first two are that it is back
    within it and that it has broken it."""

    REACHED = "reached"
    FELL_BACK = "fell_back"
    UNUSUAL = "unusual"
    STALE = "stale"

    @property
    def words(self) -> str:
        return _KIND_WORDS[self]


_KIND_WORDS = {
    AlertKind.REACHED: "target reached, or back within the limit",
    AlertKind.FELL_BACK: "fallen back from the target, or limit broken",
    AlertKind.UNUSUAL: "moved more than usual",
    AlertKind.STALE: "gone stale",
}
_OPPOSITES = {AlertKind.REACHED: AlertKind.FELL_BACK, AlertKind.FELL_BACK: AlertKind.REACHED}


class Place(StrEnum):
    """Where alerts of a kind go."""

    CHANNEL = "channel"
    THREAD = "thread"
    OWNER = "owner"
    PERSON = "person"
    NOWHERE = "nowhere"

    @property
    def words(self) -> str:
        return _PLACE_WORDS[self]


_PLACE_WORDS = {
    Place.CHANNEL: "the home channel",
    Place.THREAD: "the thread of the last digest",
    Place.OWNER: "the metric's owner, directly",
    Place.PERSON: "the person named below, directly",
    Place.NOWHERE: "nowhere",
}


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day until another, over midnight where that is the earlier one."""

    begins: time = time(20)
    ends: time = time(8)

    def __post_init__(self) -> None:
        if self.begins == self.ends:
            raise BadInput(
                f"Quiet hours from {self.begins:%H:%M} until {self.ends:%H:%M} are none, or all "
                "day: choose another end.",
                field="quiet_until",
            )

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"

    def include(self, at: time) -> bool:
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True)
class AlertRules:
    """Where a scorecard's alerts of each kind go, and when none goes out, in its own zone.

    What is rare and concerns everybody goes to the channel unless somebody chooses otherwise; the
    rest goes nowhere, for owners are reminded of what will be stale anyway. `person` is a Slack
    user id. Raises `BadInput` where one is needed and missing.
    """

    reached: Place = Place.CHANNEL
    fell_back: Place = Place.CHANNEL
    unusual: Place = Place.NOWHERE
    stale: Place = Place.NOWHERE
    person: str | None = None
    quiet_hours: QuietHours | None = QuietHours()
    quiet_weekends: bool = True

    def __post_init__(self) -> None:
        if self.person is None and any(self.place(kind) is Place.PERSON for kind in AlertKind):
            raise BadInput("Name the person to whom these alerts go.", field="person")

    def place(self, kind: AlertKind) -> Place:
        place: Place = getattr(self, kind.value)
        return place

    def address(self, kind: AlertKind, metric: Metric) -> str | None:
        """`channel`, `thread` or a Slack user id; None for nowhere.

        What is for the owner of a metric that has none goes to the thread, so that it isn't lost.
        """
        match self.place(kind):
            case Place.NOWHERE:
                return None
            case Place.PERSON:
                return self.person
            case Place.OWNER:
                return metric.owner or Place.THREAD.value
            case place:
                return place.value

    def end_of_quiet(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """The instant itself or, where it is quiet then, the first at which it isn't any more.

        It goes minute by minute by the clocks of the zone, so that it is right also on the days on
        which they are changed.
        """
        while self._is_quiet(instant.astimezone(zone)):
            instant = instant.replace(second=0, microsecond=0) + _MINUTE
        return instant

    def _is_quiet(self, local: datetime) -> bool:
        if self.quiet_weekends and local.weekday() >= SATURDAY:
            return True
        return self.quiet_hours is not None and self.quiet_hours.include(local.time())


def is_direct(address: str) -> bool:
    """Whether an address is that of a person."""
    return address not in {Place.CHANNEL, Place.THREAD}


@dataclass(frozen=True, slots=True)
class Footing:
    """How a metric stands, as far as alerts look at it.

    Without a reading it stands at its baseline. `is_unusual` is None where nobody looked whether it
    has moved more than usual.
    """

    has_target: bool
    is_reached: bool
    is_stale: bool
    is_unusual: bool | None = None

    @classmethod
    def of(
        cls,
        metric: Metric,
        current: Reading | None,
        as_of: datetime,
        *,
        is_unusual: bool | None = None,
    ) -> "Footing":
        value = current.value if current else metric.baseline.value
        return cls(
            metric.has_target,
            has_reached(metric, value),
            current is not None and is_stale(metric, current, as_of),
            is_unusual,
        )

    def holds(self, kind: AlertKind) -> bool:
        """Whether what an alert tells is so; of a movement that nobody looked at, it may be."""
        match kind:
            case AlertKind.REACHED:
                return self.is_reached
            case AlertKind.FELL_BACK:
                return self.has_target and not self.is_reached
            case AlertKind.UNUSUAL:
                return self.is_unusual is not False
            case AlertKind.STALE:
                return self.is_stale


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert that stands; `is_told` once somebody was told of it, or nobody is to be."""

    kind: AlertKind
    is_told: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The kinds that a metric's step raises and clears; what is cleared was raised before."""

    raised: tuple[AlertKind, ...] = ()
    cleared: tuple[AlertKind, ...] = ()


def decide(before: Footing, after: Footing, standing: Sequence[Standing]) -> Decision:
    """Which alerts a metric's step raises and clears, given those that stand, oldest first."""
    cleared = _superseded(standing)
    known = {each.kind: each for each in standing if each.kind not in cleared}
    raised: list[AlertKind] = []
    is_withdrawn = False
    for kind, alert in known.items():
        if not after.holds(kind) and not _awaits_opposite(alert):
            cleared.append(kind)
            is_withdrawn |= kind in _OPPOSITES
    if after.has_target and before.has_target and before.is_reached is not after.is_reached:
        turned = AlertKind.REACHED if after.is_reached else AlertKind.FELL_BACK
        if turned not in known and not is_withdrawn:
            raised.append(turned)
    if after.is_unusual and AlertKind.UNUSUAL not in known:
        raised.append(AlertKind.UNUSUAL)
    if after.is_stale and not before.is_stale and AlertKind.STALE not in known:
        raised.append(AlertKind.STALE)
    return Decision(tuple(raised), tuple(cleared))


def _superseded(standing: Sequence[Standing]) -> list[AlertKind]:
    """Those whose opposite was raised after them and has been told."""
    told: set[AlertKind] = set()
    found = []
    for each in reversed(standing):
        opposite = _OPPOSITES.get(each.kind)
        if opposite in told:
            found.append(each.kind)
        elif each.is_told:
            told.add(each.kind)
    return found


def _awaits_opposite(alert: Standing) -> bool:
    """Whether an alert that no longer holds stands until its opposite has been told."""
    return alert.is_told and alert.kind in _OPPOSITES


def due_at(
    rules: AlertRules, zone: ZoneInfo, now: datetime, last_told: datetime | None
) -> tuple[datetime, datetime]:
    """From when on an alert may go out, and when it does at the latest unless it is held up.

    `last_told` is when one of its kind was told of the same metric before. In between it goes with
    what else goes to the same place.
    """
    ready = now if last_told is None else max(now, last_told + REPEAT_AFTER)
    latest = max(ready, now + GATHERING)
    return rules.end_of_quiet(ready, zone), rules.end_of_quiet(latest, zone)


def went_stale(metric: Metric, reading: Reading, since: datetime, now: datetime) -> bool:
    """Whether a reading has gone stale after an instant, and after it was recorded: one that was
    old when it came is history."""
    end = reading.at + timedelta(days=metric.fresh_days)
    return max(since, reading.recorded_at) <= end < now

"""What may be expected of a metric: its forecast, and how much it usually moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.forecasts import Forecast, Outdated, TooEarly, forecast
from app.domain.metrics import WEEK, Known, Metric, days_words
from app.domain.paces import PACE_PERIOD, PACE_READINGS
from app.domain.usual import MOST_WEEKS, Usual, usual
from app.domain.values import format_number, rounded

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Prospect:
    """`forecast` is None once the target is reached, `usual` with fewer than six readings."""

    forecast: Forecast | TooEarly | Outdated | None
    usual: Usual | None

    @property
    def is_exceeded(self) -> bool:
        """Whether the metric has just moved more than it usually does."""
        return self.usual is not None and self.usual.is_exceeded

    def exceeded_in_words(self, metric: Metric) -> str:
        """`beyond the usual ~±12 a week`; empty where the movement is a usual one."""
        if self.usual is None or not self.usual.is_exceeded:
            return ""
        unit = " points" if metric.unit == "%" else ""
        limit = format_number(rounded(self.usual.limit).number)
        return f"beyond the usual ~±{limit}{unit} a week"

    def in_words(self, zone: ZoneInfo) -> str:
        """When the metric will reach its target, and what that is taken from; why there is no
        forecast, where there is none; empty at the target."""
        match self.forecast:
            case None:
                return ""
            case TooEarly(readings=readings) if readings < PACE_READINGS:
                return f"too early: {readings} of the {PACE_READINGS} readings that it takes"
            case TooEarly():
                return "too early: the readings span less than a week"
            case Outdated(days_old=days):
                return f"none from a reading that is {days_words(days)} old"
            case Forecast():
                since = _day(self.forecast.since, zone)
                return f"{self.in_short(zone)}, if it goes on as since {since}"

    def in_short(self, zone: ZoneInfo) -> str:
        """The same in a few words, and only where there is a forecast."""
        if not isinstance(self.forecast, Forecast):
            return ""
        return ", ".join(filter(None, [_arrival(self.forecast, zone), _chance(self.forecast)]))

    def in_brief(self, zone: ZoneInfo) -> str:
        """The chance alone, where there is a date to make: `86% likely in time`."""
        if not isinstance(self.forecast, Forecast):
            return ""
        return _chance(self.forecast) or _arrival(self.forecast, zone)


def _arrival(forecast: Forecast, zone: ZoneInfo) -> str:
    """`at target between 12 May 2026 and 3 Aug 2026 (4 of 5)`."""
    if forecast.earliest is None:
        return "not at target at this rate"
    first = _day(forecast.earliest, zone)
    if forecast.latest is None:
        return f"at target from {first} on, no end to tell"
    last = _day(forecast.latest, zone)
    if first == last:
        return f"at target on {first}"
    return f"at target between {first} and {last} (4 of 5)"


def _day(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{local.day} {local:%b %Y}"


def _chance(forecast: Forecast) -> str:
    """`86% likely in time`; empty without a date to make."""
    return "" if forecast.chance is None else f"{_percent(forecast.chance)} likely in time"


def _percent(chance: float) -> str:
    """A probability as a whole percentage, of which none is certain."""
    percent = round(chance * 100)
    return "under 1%" if percent < 1 else "over 99%" if percent > 99 else f"{percent}%"


def prospect(
    metric: Metric, readings: Sequence[Known], as_of: datetime, zone: ZoneInfo
) -> Prospect:
    """What may be expected of a metric at an instant.

    `readings` are the deciding ones of the snapshot and those at `looked_at`: of a metric that is
    read every minute a few dozen, of one that is read once a day or less all that count here.
    """
    return Prospect(forecast(metric, readings, as_of, zone), usual(readings, as_of))


def together(*readings: Mapping[str, Sequence[Known]]) -> dict[str, list[Known]]:
    """Readings by the keys of their metrics, from several such sources, each reading once."""
    found: dict[str, dict[int, Known]] = {}
    for source in readings:
        for key, of_metric in source.items():
            found.setdefault(key, {}).update({reading.id: reading for reading in of_metric})
    return {key: list(of_metric.values()) for key, of_metric in found.items()}


def looked_at(as_of: datetime) -> list[datetime]:
    """The instants whose newest readings a prospect is taken from: the ends of each day of the
    pace's period, and of each week of half a year. The same all day long."""
    midnight = datetime.combine(as_of.date(), time(), as_of.tzinfo)
    days = [midnight - _DAY * number for number in range(PACE_PERIOD // _DAY + 1)]
    weeks = [midnight - WEEK * number for number in range(PACE_PERIOD // WEEK + 1, MOST_WEEKS + 1)]
    return [*days, *weeks]

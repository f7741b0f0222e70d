"""Rows of readings, as tables and programs give them, checked one by one."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.domain import names
from app.domain.errors import BadInput, KpiError
from app.domain.metrics import Metric, Reading
from app.domain.scorecards import Scorecard
from app.domain.values import Value, parse_value
from app.files.fields import checked_year, parse_moment
from app.files.problems import instead
from app.files.tree import NO_TEXT

MOST_UNKNOWN = 100
"""So many names of no metric come from one mistake, and looking for what is meant takes long."""


class TooManyUnknown(KpiError):
    """The rows are of something else altogether."""


@dataclass(frozen=True, slots=True)
class Row:
    """One reading as it was typed, on the line where it stands.

    `metric` is a key or a name. `at` is a date, a local time in the scorecard's zone, one with its
    own zone, or empty for now. `milestone` is the key of the one that caused it, or empty.
    `problem` says why the row can't be read at all.
    """

    line: int
    metric: str
    value: str
    at: str | datetime = ""
    note: str = ""
    milestone: str = ""
    problem: str = ""


class RowChecker:
    """Makes readings of rows of one scorecard; it remembers the names that it has looked up."""

    def __init__(self, scorecard: Scorecard, reported_by: str, now: datetime) -> None:
        self._scorecard = scorecard
        self._reported_by = reported_by
        self._now = now
        self._metrics: dict[str, Metric] = {}
        self._unknown: dict[str, str] = {}

    def metric(self, typed: str) -> Metric:
        """Raises `KpiError`, with what may be meant, for a name of no metric, and `TooManyUnknown`
        once those are more than `MOST_UNKNOWN`."""
        known = self._metrics.get(typed)
        if known is not None:
            return known
        if typed in self._unknown:
            raise BadInput(self._unknown[typed], field="metric")
        if len(self._unknown) >= MOST_UNKNOWN:
            raise TooManyUnknown(
                f"More than {MOST_UNKNOWN} names are of no metric in {self._scorecard.name}. Is it "
                "the right file, and the right scorecard?",
                field="metric",
            )
        if not typed.strip():
            raise BadInput("The metric is missing.", field="metric")
        try:
            self._metrics[typed] = self._scorecard.metric(typed)
        except KpiError as error:
            self._unknown[typed] = error.message
            raise
        return self._metrics[typed]

    def reading(self, row: Row, metric: Metric) -> Reading:
        """The reading in a row; raises `BadInput` with the form that works."""
        if row.problem:
            raise BadInput(row.problem)
        at = _instant(row.at, self._scorecard.zone) if row.at else self._now
        if at > self._now:
            raise BadInput("A reading can't be from a time to come.", field="at")
        return Reading(
            0,
            metric.key,
            _value(row.value, metric.unit),
            at,
            self._now,
            self._reported_by,
            _note(row.note),
            self._milestone(row.milestone),
        )

    def _milestone(self, key: str) -> str | None:
        if not key:
            return None
        known = self._scorecard.milestones_by_key
        if key not in known:
            raise BadInput(f"There is no milestone “{key[:60]}”: {instead(key[:60], list(known))}")
        return known[key].key


def _note(typed: str) -> str:
    """Raises `BadInput` for signs that scorecard files and databases don't take either."""
    if not typed:
        return ""
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    if NO_TEXT.search(text):
        raise BadInput("The note has a character that can't be shown: remove it.", field="note")
    return names.checked_text(text, names.MOST_TEXT_LENGTH, "The note", needed=False, field="note")


@lru_cache(maxsize=4096)
def _value(text: str, unit: str) -> Value:
    return parse_value(text, unit)


def _instant(at: str | datetime, zone: ZoneInfo) -> datetime:
    """A date alone means the start of that day in the zone."""
    moment = checked_year(at) if isinstance(at, datetime) else parse_moment(at.strip())
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return local.astimezone(UTC)

"""What narrows a list: typed as words, written again as words, and applied to milestones."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.domain import names
from app.domain.errors import BadInput
from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.roadmap import parse_window
from app.domain.scorecards import Scorecard

MOST_NAMED = 5
MOST_SHOWN_LENGTH = 40


class Kind(StrEnum):
    """What a list may be narrowed by."""

    STATUS = "status"
    WORK_STREAM = "work stream"
    METRIC = "metric"
    PERSON = "person"
    TIME = "time"


OF_MILESTONES = frozenset(Kind)
OF_CHANGES = frozenset({Kind.METRIC, Kind.PERSON, Kind.TIME})


@dataclass(frozen=True, slots=True)
class Filters:
    """What an entry must be; `since` and `until` are its first and its last day."""

    status: MilestoneStatus | None = None
    late: bool | None = None
    work_stream: str | None = None
    metric: str | None = None
    person: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def words(self) -> str:
        """The filters as words that `parse_filters` reads as the same ones."""
        parts = {
            "": self.status.words if self.status else None,
            "late": "" if self.late else None,
            "stream:": self.work_stream,
            "metric:": self.metric,
            "<@": f"{self.person}>" if self.person else None,
            "since ": self.since,
            "until ": self.until,
        }
        return " ".join(f"{sign}{said}" for sign, said in parts.items() if said is not None)


NO_FILTERS = Filters()
_Found = tuple[Kind, Filters]

_STATUSES = {
    **{status.words: (Kind.STATUS, Filters(status=status)) for status in MilestoneStatus},
    "late": (Kind.STATUS, Filters(late=True)),
}
_USER = re.compile(r"<@([UW][A-Z0-9]{2,})(?:\|[^<>]*)?>", re.ASCII)
_MARKED = re.compile(r"(stream|metric):(.+)")
_MARKS = {"stream": Kind.WORK_STREAM, "metric": Kind.METRIC}
_MOST_WORDS = names.MOST_NAME_LENGTH // 2
"""A name has no more words than that."""


class _Reader:
    """Reads words as filters of one scorecard, for a person on a day."""

    def __init__(self, scorecard: Scorecard, person: str, today: date) -> None:
        self._today = today
        self._streams = {stream.key: (stream.name,) for stream in scorecard.work_streams}
        self._metrics = scorecard.metric_names
        self._words = {
            **_STATUSES,
            "me": (Kind.PERSON, Filters(person=person)),
        }
        self._names: dict[str, dict[str, _Found]] = defaultdict(dict)
        for kind, named in ((Kind.WORK_STREAM, self._streams), (Kind.METRIC, self._metrics)):
            for key, given in named.items():
                for name in (key, *given):
                    self._names[names.normalised(name)].setdefault(kind, _keyed(kind, key))

    def read(self, words: Sequence[str]) -> list[_Found]:
        """All that these words together may mean."""
        text = " ".join(words)
        if user := _USER.fullmatch(text):
            return [(Kind.PERSON, Filters(person=user[1]))]
        text = text.casefold()
        if text in self._words:
            return [self._words[text]]
        if period := _period(text, self._today):
            return [(Kind.TIME, period)]
        if marked := _MARKED.fullmatch(text):
            kind = _MARKS[marked[1]]
            return [found for found in self._named(marked[2]) if found[0] is kind]
        return self._named(text)

    def _named(self, text: str) -> list[_Found]:
        return list(self._names.get(names.normalised(text), {}).values())

    def abbreviated(self, word: str) -> list[_Found]:
        """What the beginning of a name may mean."""
        found = {
            Kind.WORK_STREAM: names.found(word, self._streams),
            Kind.METRIC: names.found(word, self._metrics),
        }
        return [_keyed(kind, key) for kind, key in found.items() if key is not None]


def _keyed(kind: Kind, key: str) -> _Found:
    is_metric = kind is Kind.METRIC
    return kind, Filters(metric=key) if is_metric else Filters(work_stream=key)


def parse_filters(
    text: str,
    scorecard: Scorecard,
    kinds: frozenset[Kind],
    *,
    person: str,
    today: date,
) -> Filters:
    """The filters that were typed, in any order; `person` is who says `me`.

    At each place the most words that mean something together are taken. Raises
    `BadInput` for words that mean nothing here, mean two things, or say again
    what has been said.
    """
    reader = _Reader(scorecard, person, today)
    words = text.split()
    filters = NO_FILTERS
    while words:
        count, found = _next(reader, words, kinds)
        if not found:
            raise _unknown(words[0], scorecard, kinds)
        if len(found) > 1:
            raise _ambiguous(" ".join(words[:count]))
        filters = _joined(filters, found[0], " ".join(words[:count]))
        words = words[count:]
    if filters.since and filters.until and filters.until < filters.since:
        raise BadInput("The time ends before it begins: type the earlier day after “since”.")
    return filters


def _next(
    reader: _Reader, words: Sequence[str], kinds: frozenset[Kind]
) -> tuple[int, list[_Found]]:
    """How many of the words belong together, and what they may mean."""
    for count in range(min(len(words), _MOST_WORDS), 0, -1):
        found = [each for each in reader.read(words[:count]) if each[0] in kinds]
        if found:
            return count, found
    return 1, [each for each in reader.abbreviated(words[0]) if each[0] in kinds]


def _joined(filters: Filters, found: _Found, typed: str) -> Filters:
    kind, more = found
    said: dict[str, Any] = {
        field.name: value
        for field in fields(more)
        if (value := getattr(more, field.name)) is not None
    }
    if any(getattr(filters, name) is not None for name in said):
        raise BadInput(f"“{_shown(typed)}” is a second {kind.value}. Type one.")
    return replace(filters, **said)


def _shown(typed: str) -> str:
    return typed if len(typed) <= MOST_SHOWN_LENGTH else f"{typed[: MOST_SHOWN_LENGTH - 1]}…"


def _ambiguous(typed: str) -> BadInput:
    return BadInput(
        f"“{_shown(typed)}” is both a work stream and a metric. Type stream: or metric: before "
        "it, without a space."
    )


def _unknown(word: str, scorecard: Scorecard, kinds: frozenset[Kind]) -> BadInput:
    choices = {
        Kind.STATUS: f"a status ({', '.join(_STATUSES)})",
        Kind.WORK_STREAM: _choice("a work stream", [s.name for s in scorecard.work_streams]),
        Kind.METRIC: _choice("a metric", list(scorecard.metrics_by_key)),
        Kind.PERSON: "a person (me or a mention such as @ana)",
        Kind.TIME: "a time (this week, last month, since 2026-03-01, until 2026-03-31, Q1 2026)",
    }
    can = ", ".join(choice for kind, choice in choices.items() if kind in kinds)
    return BadInput(f"“{_shown(word)}” narrows nothing down. Type {can}; or several of them.")


def _choice(what: str, named: Sequence[str]) -> str:
    if not named:
        return f"{what} (there is none yet)"
    more = len(named) - MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    return f"{what} ({', '.join(named[:MOST_NAMED])}{rest})"


# --- times -----------------------------------------------------------------

_DAY = re.compile(r"(since|until) (\d{4}-\d\d-\d\d)", re.ASCII)


def _period(text: str, today: date) -> Filters | None:
    if text in _PERIODS:
        since, until = _PERIODS[text](today)
        return Filters(since=since, until=until)
    if match := _DAY.fullmatch(text):
        return _from_day(match[1], match[2])
    try:
        window = parse_window(text)
    except BadInput:
        return None
    return Filters(since=window.first, until=window.last)


def _from_day(sign: str, typed: str) -> Filters:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise BadInput(
            f"There is no day {typed}. Write it as year, month and day: 2026-03-31."
        ) from None
    return Filters(since=day) if sign == "since" else Filters(until=day)


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


_PERIODS: Mapping[str, Callable[[date], tuple[date, date]]] = {
    "today": lambda today: (today, today),
    "this week": _week,
    "last week": lambda today: _week(today - timedelta(days=7)),
    "this month": _month,
    "last month": lambda today: _month(today.replace(day=1) - timedelta(days=1)),
}


# --- milestones ------------------------------------------------------------

_ORDER = (
    MilestoneStatus.SHIPPED,
    MilestoneStatus.IN_PROGRESS,
    MilestoneStatus.PLANNED,
    MilestoneStatus.DROPPED,
)


def listed(
    milestones: Iterable[Milestone],
    moved: Mapping[str, frozenset[str]],
    filters: Filters,
    today: date,
) -> tuple[Milestone, ...]:
    """The milestones that pass: what shipped last first, then what is due next, then the dropped.

    `moved` gives for a milestone's key the keys of the metrics it moved. A time
    is that of the ship date, or of the target date of what hasn't shipped;
    milestones without one lie in no time.
    """
    passing = [
        milestone
        for milestone in milestones
        if _passes(milestone, moved.get(milestone.key, frozenset()), filters, today)
    ]
    return tuple(sorted(passing, key=_place))


def _passes(milestone: Milestone, moved: frozenset[str], filters: Filters, today: date) -> bool:
    return (
        filters.status in (None, milestone.status)
        and (not filters.late or milestone.is_late(today))
        and (filters.work_stream is None or filters.work_stream in milestone.work_streams)
        and (filters.metric is None or filters.metric in moved)
        and filters.person in (None, milestone.logged_by)
        and _in_time(_day(milestone), filters)
    )


def _day(milestone: Milestone) -> date | None:
    return milestone.shipped_on if milestone.is_shipped else milestone.due_on


def _in_time(day: date | None, filters: Filters) -> bool:
    if filters.since is None and filters.until is None:
        return True
    return day is not None and (filters.since or day) <= day <= (filters.until or day)


def _place(milestone: Milestone) -> tuple[int, int]:
    day = _day(milestone)
    undated = date.max.toordinal()
    ordinal = undated if day is None else day.toordinal()
    newest_first = milestone.is_shipped and day is not None
    return _ORDER.index(milestone.status), -ordinal if newest_first else ordinal

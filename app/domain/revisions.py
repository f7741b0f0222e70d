"""A new edition of a scorecard laid over the one at hand.

Three editions meet: the one at hand, the file that was loaded last, and the
file now. What the file says anew counts; what it says as before leaves alone
whatever people have changed since. Parts that the file doesn't name stay.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from app.domain.access import Access
from app.domain.alerts import AlertKind, AlertRules
from app.domain.metrics import Metric
from app.domain.milestones import Milestone
from app.domain.roadmap import Phase
from app.domain.scorecards import WEEKDAYS, Scorecard, WorkStream
from app.domain.sources import Question, Source

Part = TypeVar("Part", bound=WorkStream | Metric | Milestone | Phase)

_PARTS = ("work_streams", "metrics", "milestones", "phases")
_NOT_IN_FILES = frozenset({"key", "access", "logged_by", "logged_at"})


@dataclass(frozen=True, slots=True)
class Revision:
    """One thing that a change changes: `before` is None for what is new, `after` for what goes."""

    subject: str
    what: str
    before: str | None
    after: str | None


def revised(
    current: Scorecard, loaded: Scorecard | None, file: Scorecard
) -> tuple[Scorecard, tuple[Revision, ...]]:
    """The scorecard with what the file says anew, and the changes that this makes.

    Raises `BadInput` where the two don't fit together.
    """
    revisions: list[Revision] = []
    own = _news("scorecard", current, loaded, file, skip=_NOT_IN_FILES.union(_PARTS))
    revisions.extend(own.revisions)
    parts: dict[str, Any] = {}
    for name in _PARTS:
        singular = name.removesuffix("s").replace("_", " ")
        parts[name], news = _revised_parts(
            singular, getattr(current, name), getattr(loaded, name, ()), getattr(file, name)
        )
        revisions.extend(news)
    return replace(current, **own.values, **parts), tuple(revisions)


def _revised_parts(
    what: str, current: Iterable[Part], loaded: Iterable[Part], file: Iterable[Part]
) -> tuple[tuple[Part, ...], list[Revision]]:
    at_hand = {part.key: part for part in current}
    before = {part.key: part for part in loaded}
    merged: dict[str, Part] = {}
    revisions: list[Revision] = []
    for part in file:
        known = at_hand.get(part.key)
        if known is None and part.key in before:
            continue  # retired since
        if known is None:
            merged[part.key] = part
            revisions.append(Revision(f"{what} {part.key}", what, None, _title(part)))
            continue
        news = _news(f"{what} {part.key}", known, before.get(part.key), part, skip=_NOT_IN_FILES)
        merged[part.key] = replace(known, **news.values)
        revisions.extend(news.revisions)
    kept = [part for part in at_hand.values() if part.key not in merged]
    return (*merged.values(), *kept), revisions


@dataclass(frozen=True, slots=True)
class _News:
    values: dict[str, Any]
    revisions: list[Revision]


def _news(subject: str, current: Any, loaded: Any, file: Any, *, skip: frozenset[str]) -> _News:
    """The fields that the file says differently than it did before and than they are."""
    values: dict[str, Any] = {}
    revisions = []
    for field in fields(file):
        if field.name in skip:
            continue
        said, now = getattr(file, field.name), getattr(current, field.name)
        said_before = loaded is not None and getattr(loaded, field.name) == said
        if said_before or said == now:
            continue
        values[field.name] = said
        revisions.append(Revision(subject, field.name.replace("_", " "), _shown(now), _shown(said)))
    return _News(values, revisions)


def revisions_of(subject: str, before: Any, after: Any) -> tuple[Revision, ...]:
    """What differs between two editions of a part, or of what a scorecard is itself.

    One of them may be None: the part is new, or it was retired.
    """
    if before is None or after is None:
        said = (_title(each) if each is not None else None for each in (before, after))
        return (Revision(subject, subject.rpartition(" ")[0] or subject, *said),)
    return tuple(_differences(subject, before, after))


def _differences(subject: str, before: Any, after: Any) -> Iterable[Revision]:
    """Field by field; who may do what is told role by role, and alerts kind by kind."""
    for field in fields(after):
        was, now = getattr(before, field.name), getattr(after, field.name)
        if _is_told_in_parts(was, now):
            told = _differences(subject, was, now)
            is_source = isinstance(now, Source)
            yield from (replace(e, what=f"source: {e.what}") for e in told) if is_source else told
        elif was != now:
            nobody = _IF_NOBODY_IS_NAMED.get(field.name, "nothing")
            said = (nobody if value == () else _shown(value) for value in (was, now))
            what = _CALLED.get(field.name) or field.name.replace("_", " ")
            yield Revision(subject, what, *said)


def _is_told_in_parts(was: object, now: object) -> bool:
    return isinstance(now, Access | AlertRules | Source | Question) and type(was) is type(now)


_CALLED = {
    "thresholds": "status",
    "strangers_edit": "people of other organisations and bots may record",
    "workflows_edit": "workflows may record",
    **{kind.value: f"alert: {kind.words}" for kind in AlertKind},
    "person": "person to alert",
    "quiet_weekends": "quiet at weekends",
}
_IF_NOBODY_IS_NAMED = {"owners": "nobody", "editors": "everybody", "viewers": "everybody"}


def _title(part: WorkStream | Metric | Milestone | Phase) -> str:
    return part.title if isinstance(part, Milestone) else part.name


def _shown(value: object) -> str:
    if value in (None, (), ""):
        return "nothing"
    shown: Callable[[object], str] = _SHOWN.get(type(value).__name__, str)
    return shown(value)


def _tuple(value: Any) -> str:
    return ", ".join(_shown(item) for item in value)


def _alert_rules(rules: AlertRules) -> Iterable[str]:
    for kind in AlertKind:
        yield f"{kind.words}: {rules.place(kind).words}"
    quiet = (str(rules.quiet_hours or ""), "weekends" if rules.quiet_weekends else "")
    yield f"quiet: {' and '.join(filter(None, quiet)) or 'never'}"


_SHOWN: dict[str, Callable[[Any], str]] = {
    "tuple": _tuple,
    "Need": lambda need: need.key,
    "Driver": lambda driver: f"{driver.work_stream}: {driver.focus}".removesuffix(": "),
    "Baseline": lambda baseline: f"{baseline.value} ({baseline.label}, {baseline.on})",
    "bool": lambda said: "yes" if said else "no",
    "Decimal": lambda number: f"{number:f}",
    "MetricKind": lambda kind: kind.words,
    "SourceKind": lambda kind: kind.words,
    "Source": lambda source: f"{source.words}: {source.question.query}",
    "dict": lambda headers: ", ".join(headers) or "nothing",
    "MilestoneStatus": lambda status: status.words,
    "PhaseState": lambda state: state.value.replace("_", " "),
    "Thresholds": lambda each: (
        f"on track from {each.on_track_from}%, at risk from {each.at_risk_from}%"
    ),
    "Place": lambda place: place.words,
    "AlertRules": lambda rules: "; ".join(_alert_rules(rules)),
    "DigestSchedule": lambda schedule: f"{WEEKDAYS[schedule.weekday]} {schedule.at:%H:%M}",
}

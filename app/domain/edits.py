"""Changes to what a scorecard is: its parts added, replaced, moved and retired."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from app.domain import names
from app.domain.errors import BadInput, NotFound
from app.domain.metrics import Metric
from app.domain.milestones import Milestone
from app.domain.roadmap import Need, NeedKind, Phase
from app.domain.scorecards import Scorecard, WorkStream

Part = WorkStream | Metric | Milestone | Phase
Whole = TypeVar("Whole", Metric, Milestone, Phase)


class PartKind(StrEnum):
    WORK_STREAM = "work stream"
    METRIC = "metric"
    MILESTONE = "milestone"
    PHASE = "phase"

    @property
    def field(self) -> str:
        """Where a scorecard has its parts of this kind."""
        return f"{self.value.replace(' ', '_')}s"


_KINDS: dict[type[Part], PartKind] = {
    WorkStream: PartKind.WORK_STREAM,
    Metric: PartKind.METRIC,
    Milestone: PartKind.MILESTONE,
    Phase: PartKind.PHASE,
}


def kind_of(part: Part) -> PartKind:
    return _KINDS[type(part)]


def parts(scorecard: Scorecard, kind: PartKind) -> Sequence[Any]:
    found: Sequence[Any] = getattr(scorecard, kind.field)
    return found


def part_named(scorecard: Scorecard, kind: PartKind, key: str) -> Any:
    """The part of this kind and key; raises `NotFound` if it isn't there, or no more."""
    for part in parts(scorecard, kind):
        if part.key == key:
            return part
    raise NotFound(f"There is no {kind.value} “{key[:60]}” in {scorecard.name} any more.")


def title_of(part: Part) -> str:
    """What people call a part."""
    return part.title if isinstance(part, Milestone) else part.name


def refuse_taken_title(scorecard: Scorecard, part: Part) -> None:
    """Raises `BadInput` if another part of the kind goes by the same name."""
    kind, wanted = kind_of(part), names.normalised(title_of(part))
    for other in parts(scorecard, kind):
        if other.key != part.key and names.normalised(title_of(other)) == wanted:
            raise BadInput(f"There is a {kind.value} “{title_of(other)}” already.", field="name")


def with_part(scorecard: Scorecard, part: Part) -> Scorecard:
    """The scorecard with a part in the place of that of its kind and key, or as the last one.

    Raises `BadInput` where it doesn't fit to the rest.
    """
    kind = kind_of(part)
    known = parts(scorecard, kind)
    if all(other.key != part.key for other in known):
        return _with(scorecard, kind, (*known, part))
    return _with(scorecard, kind, (part if each.key == part.key else each for each in known))


def without_part(scorecard: Scorecard, kind: PartKind, key: str) -> Scorecard:
    """The scorecard once a part is retired: nothing refers to it any more.

    Raises `NotFound` if it isn't there.
    """
    retired = part_named(scorecard, kind, key)
    rest = [part for part in parts(scorecard, kind) if part is not retired]
    if kind is PartKind.WORK_STREAM:
        return replace(
            scorecard,
            work_streams=tuple(rest),
            metrics=_each(scorecard.metrics, lambda metric: _without_driver(metric, key)),
            milestones=_each(scorecard.milestones, lambda each: _without_stream(each, key)),
        )
    if kind is PartKind.METRIC:
        return replace(scorecard, metrics=tuple(rest))
    need = Need(NeedKind(kind.value), key)
    kept = rest if kind is PartKind.PHASE else scorecard.phases
    phases = _each(kept, lambda phase: _without_need(phase, need))
    if kind is PartKind.PHASE:
        return replace(scorecard, phases=phases)
    return replace(scorecard, milestones=tuple(rest), phases=phases)


def dependants(scorecard: Scorecard, kind: PartKind, key: str) -> tuple[str, ...]:
    """What people call those parts that refer to one, and would no more once it is retired."""
    return tuple(
        title_of(part)
        for other in PartKind
        for part in parts(scorecard, other)
        if _refers(part, kind, key)
    )


def _refers(part: Part, kind: PartKind, key: str) -> bool:
    match part:
        case Metric():
            drivers = part.drivers if kind is PartKind.WORK_STREAM else ()
            return any(driver.work_stream == key for driver in drivers)
        case Milestone():
            return kind is PartKind.WORK_STREAM and key in part.work_streams
        case Phase():
            return any(need.kind.value == kind.value and need.key == key for need in part.needs)
    return False


def moved_part(scorecard: Scorecard, kind: PartKind, key: str, steps: int) -> Scorecard:
    """The scorecard with a part so many places further down, or up; at an end it stays there."""
    part = part_named(scorecard, kind, key)
    order = list(parts(scorecard, kind))
    place = order.index(part)
    order.insert(max(0, place + steps), order.pop(place))
    return _with(scorecard, kind, order)


def _with(scorecard: Scorecard, kind: PartKind, those: Iterable[Part]) -> Scorecard:
    changed: dict[str, Any] = {kind.field: tuple(those)}
    return replace(scorecard, **changed)


def _each(those: Iterable[Whole], change: Callable[[Whole], Whole]) -> tuple[Whole, ...]:
    return tuple(change(each) for each in those)


def _without_driver(metric: Metric, work_stream: str) -> Metric:
    drivers = tuple(driver for driver in metric.drivers if driver.work_stream != work_stream)
    return metric if drivers == metric.drivers else replace(metric, drivers=drivers)


def _without_stream(milestone: Milestone, work_stream: str) -> Milestone:
    left = tuple(key for key in milestone.work_streams if key != work_stream)
    return milestone if left == milestone.work_streams else replace(milestone, work_streams=left)


def _without_need(phase: Phase, need: Need) -> Phase:
    needs = tuple(each for each in phase.needs if each != need)
    return phase if needs == phase.needs else replace(phase, needs=needs)

"""Many readings at once: which of them are new, and what they make of each metric."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.metrics import Metric, Reading
from app.domain.scorecards import Scorecard, Snapshot
from app.domain.values import Value

Facts = dict[datetime, tuple[Value, ...]]
"""What readings of a metric say: the values by when they were true."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that can't be recorded; `metric` is a key, None where the row names none that is."""

    line: int
    reason: str
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The readings in rows and the rows that hold none; `there` counts, by metric, what was found
    to be already there before."""

    readings: Sequence[Reading]
    refused: Sequence[Refusal]
    there: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MetricPlan:
    """How many rows of a metric are new, already there and refused, and its newest value
    before and after."""

    metric: Metric
    new: int
    already_there: int
    refused: int
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What recording many readings would change. `new` is in the order of the rows, `version` is
    that of the scorecard it was made for."""

    scorecard: Scorecard
    version: int
    new: Sequence[Reading]
    metrics: Sequence[MetricPlan]
    refused: Sequence[Refusal]

    @property
    def already_there(self) -> int:
        return sum(each.already_there for each in self.metrics)


@dataclass(frozen=True, slots=True)
class Imported:
    """Many readings that were recorded as one; `change` is None where there was none to record."""

    change: int | None
    plan: Plan
    snapshot: Snapshot


def compared(
    snapshot: Snapshot, version: int, checked: Checked, known: Mapping[str, Facts]
) -> Plan:
    """The readings that aren't `known`, each once, and what they make of each metric."""
    seen = {key: dict(facts) for key, facts in known.items()}
    new: list[Reading] = []
    there, counts = Counter(checked.there), Counter[str]()
    newest = {state.metric.key: state.current for state in snapshot.metrics}
    for reading in checked.readings:
        facts = seen.setdefault(reading.metric, {})
        values = facts.get(reading.at, ())
        if reading.value in values:
            there[reading.metric] += 1
            continue
        facts[reading.at] = (*values, reading.value)
        new.append(reading)
        counts[reading.metric] += 1
        last = newest[reading.metric]
        if last is None or reading.at >= last.at:
            newest[reading.metric] = reading
    refused = Counter(refusal.metric for refusal in checked.refused)
    metrics = [
        MetricPlan(
            state.metric,
            counts[state.metric.key],
            there[state.metric.key],
            refused[state.metric.key],
            _value(state.current),
            _value(newest[state.metric.key]),
        )
        for state in snapshot.metrics
    ]
    named = [each for each in metrics if each.new or each.already_there or each.refused]
    return Plan(snapshot.scorecard, version, new, named, checked.refused)


def _value(reading: Reading | None) -> Value | None:
    return reading.value if reading else None

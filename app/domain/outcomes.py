"""What the use cases give back: what happened, as every surface shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.digests import Shipped
from app.domain.metrics import Metric, Reading
from app.domain.milestones import Effect
from app.domain.roadmap import PhaseOutlook
from app.domain.scorecards import MetricState, Snapshot
from app.domain.values import Value


@dataclass(frozen=True, slots=True)
class MetricHistory:
    """One metric with its last readings and what milestones moved it, both newest first."""

    snapshot: Snapshot
    state: MetricState
    readings: Sequence[Reading]
    milestones: Sequence[Effect]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A reading that was recorded: the change to undo it by, and the metric before and after."""

    change: int
    reading: Reading
    before: Reading | None
    state: MetricState


@dataclass(frozen=True, slots=True)
class Undone:
    """A reading taken back, and what the metric stands at now."""

    metric: Metric
    withdrawn: Value
    current: Reading | None


@dataclass(frozen=True, slots=True)
class ShippedNews:
    """A shipped milestone as it is announced: what it moved, and what it made ready.

    `delivery` is the id of the announcement that is owed, if there is a channel for it.
    """

    snapshot: Snapshot
    shipped: Shipped
    newly_ready: tuple[PhaseOutlook, ...]
    delivery: int | None = None

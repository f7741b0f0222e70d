"""Milestones: what ships, when, and what moved with it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from app.domain.errors import AlreadyDone, BadInput
from app.domain.metrics import Metric, Reading
from app.domain.values import Value, difference


class MilestoneStatus(StrEnum):
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    SHIPPED = "shipped"
    DROPPED = "dropped"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that ships; `work_streams` are keys, `logged_by` a Slack user id or a source."""

    key: str
    title: str
    detail: str = ""
    work_streams: tuple[str, ...] = ()
    status: MilestoneStatus = MilestoneStatus.PLANNED
    shipped_on: date | None = None
    due_on: date | None = None
    links: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    logged_by: str = ""
    logged_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.shipped_on is not None and self.status is not MilestoneStatus.SHIPPED:
            raise BadInput(
                f"“{self.title}” has a ship date but is {self.status.words}.", field="shipped_on"
            )

    @property
    def is_shipped(self) -> bool:
        return self.status is MilestoneStatus.SHIPPED

    @property
    def is_open(self) -> bool:
        return self.status in {MilestoneStatus.PLANNED, MilestoneStatus.IN_PROGRESS}

    def is_late(self, today: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < today


def shipped(milestone: Milestone, on: date, today: date) -> Milestone:
    """The milestone once it has shipped.

    Raises `AlreadyDone` if it had, `BadInput` if the day is still to come.
    """
    if milestone.is_shipped:
        raise AlreadyDone(f"“{milestone.title}” has already shipped.", field="title")
    if on > today:
        raise BadInput(
            f"The ship date {on} is still to come; what ships later is planned.", field="shipped_on"
        )
    return replace(milestone, status=MilestoneStatus.SHIPPED, shipped_on=on)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a milestone moved: a metric before and after."""

    metric: Metric
    before: Value
    after: Reading

    @property
    def change(self) -> Value:
        return difference(self.after.value, self.before)

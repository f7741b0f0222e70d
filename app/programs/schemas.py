"""What programs send and are given. Numbers are strings of exact decimals, instants are in UTC."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.domain import names
from app.domain.metrics import Metric, Reading
from app.domain.milestones import Effect, Milestone, MilestoneStatus
from app.domain.outcomes import MilestoneEntry, ShippedNews
from app.domain.roadmap import NeedKind, PhaseOutlook, PhaseStatus
from app.domain.scorecards import MetricState, Snapshot
from app.domain.sources import SourceKind, SourceState
from app.domain.statuses import Status
from app.domain.values import Qualifier, Value, format_change, format_share, format_value
from app.files.fields import FIRST_YEAR, LAST_YEAR
from app.services.milestones import MOST_LINKS

MOST_VALUE_LENGTH = 60
MOST_TICKETS = 20
_DIGITS = 6
"""Places of a computed number: more than anybody reads."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=names.MOST_KEY_LENGTH)]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=names.MOST_TEXT_LENGTH)]
Title = Annotated[
    str,
    StringConstraints(
        pattern=r"^[^\x00]*\S[^\x00]*$", min_length=1, max_length=names.MOST_TITLE_LENGTH
    ),
]
Typed = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00]+$", max_length=MOST_VALUE_LENGTH),
    Field(
        description="A value as people type it: `12`, `~12` (about), `5+` (at least), `78%`, "
        "`1,234`, `1.2k` or with the metric's own unit. Always a string, so that no digit is "
        "lost.",
        examples=["~12"],
    ),
]
Link = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>|\x00]+$", max_length=1_000)]
Ticket = Annotated[str, StringConstraints(pattern=r"^[^\s,;\x00]+$", max_length=100)]


def _written(said: object) -> object:
    """Seconds since 1970, which pydantic would take for a day or an instant, are refused."""
    if isinstance(said, str) and not _DATED.match(said):
        raise ValueError("Write it as 2026-03-16, an instant as 2026-03-16T09:30:00+01:00.")
    if said is not None and not isinstance(said, str):
        raise ValueError("Write it as text, such as 2026-03-16 or 2026-03-16T09:30:00+01:00.")
    return said


_DATED = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Day = Annotated[date, BeforeValidator(_written)]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    Field(
        ge=datetime(FIRST_YEAR, 1, 1, tzinfo=UTC),
        lt=datetime(LAST_YEAR, 1, 1, tzinfo=UTC),
        examples=["2026-03-16T09:30:00+01:00"],
    ),
]


class Given(BaseModel):
    """What is sent: a field that isn't known is refused, for it may be a misspelt one."""

    model_config = ConfigDict(extra="forbid")


class NewReading(Given):
    value: Typed
    at: Instant | None = Field(
        None, description="When it was true, with its zone; now if left out."
    )
    note: Text = Field("", description="What should be remembered with it.")


class ShippingFacts(Given):
    """What is said of a milestone that ships."""

    shipped_on: Day | None = Field(
        None, description="Today in the scorecard's zone if left out.", examples=["2026-03-16"]
    )
    detail: Text = Field("", description="What it is, in a few sentences.")
    links: list[Link] = Field(
        default=[],
        max_length=MOST_LINKS,
        description="Addresses of what belongs to it, such as a merge request.",
    )
    tickets: list[Ticket] = Field(
        default=[],
        max_length=MOST_TICKETS,
        description="References of tickets, without blanks.",
        examples=[["PAY-42"]],
    )


class MilestoneFacts(ShippingFacts):
    """What is said of a milestone, whether it has shipped or not, that names nothing else."""

    title: Title = Field(
        description="What ships. A planned milestone of this title is the one that ships.",
        examples=["Reversal logic deleted"],
    )
    status: Literal["planned", "in_progress", "shipped"] = Field(
        "planned", description="Whether it has shipped, and if not, whether it was begun."
    )
    due_on: Day | None = Field(None, description="Of one that hasn't shipped.")


Moved = Annotated[
    dict[Key, Typed],
    Field(
        description="The new value of each metric that it moved, by key.",
        examples=[{"rollbacks": "~9"}],
        json_schema_extra={"maxProperties": 40},
    ),
]


class ShippedMilestone(ShippingFacts):
    """A planned milestone that ships, with the values that it moved."""

    moved: Moved = {}


class NewMilestone(MilestoneFacts):
    """A milestone that is planned, in progress, or has shipped."""

    moved: Moved = {}
    work_streams: list[Key] = Field(default=[], max_length=40)
    phase: Key | None = Field(None, description="A phase that needs it.")


class ValueOut(BaseModel):
    """A number with how sure it is: `~12` is about 12, `5+` is 5 or more."""

    text: str = Field(description="As people read it.", examples=["~12 / day"])
    number: str = Field(description="An exact decimal.", examples=["12"])
    qualifier: Qualifier
    unit: str = Field(examples=["/ day"])

    @classmethod
    def of(cls, value: Value, unit: str) -> "ValueOut":
        return cls(
            text=format_value(value, unit),
            number=f"{value.number:f}",
            qualifier=value.qualifier,
            unit=unit,
        )

    @classmethod
    def of_change(cls, change: Value | None, unit: str) -> "ValueOut | None":
        if change is None:
            return None
        known = cls.of(_computed(change), unit)
        return known.model_copy(update={"text": format_change(change, unit)})

    @classmethod
    def of_share(cls, share: Value | None) -> "ValueOut | None":
        """A share of 1."""
        if share is None:
            return None
        known = cls.of(_computed(share), "")
        return known.model_copy(update={"text": format_share(share)})


def _computed(value: Value) -> Value:
    """A computed number with the digits that anybody reads, and without needless zeros."""
    return Value(round(value.number, _DIGITS).normalize(), value.qualifier)


class ReadingOut(BaseModel):
    id: int
    metric: str
    value: ValueOut
    at: datetime = Field(description="When it was true.")
    recorded_at: datetime
    reported_by: str = Field(description="A person's Slack id, or what else reported it.")
    note: str
    milestone: str | None = Field(description="The milestone that caused it.")

    @classmethod
    def of(cls, reading: Reading, metric: Metric) -> "ReadingOut":
        return cls(
            id=reading.id,
            metric=reading.metric,
            value=ValueOut.of(reading.value, metric.unit),
            at=reading.at,
            recorded_at=reading.recorded_at,
            reported_by=reading.reported_by,
            note=reading.note,
            milestone=reading.milestone,
        )


class BaselineOut(BaseModel):
    value: ValueOut
    label: str = Field(examples=["Q3 '25"])
    on: date


class DriverOut(BaseModel):
    work_stream: str
    focus: str


class SourceOut(BaseModel):
    """What a metric is fed by, and how that goes."""

    kind: SourceKind
    every: str = Field(description="How often it is asked.", examples=["1h", "daily at 07:00"])
    asked_at: datetime | None = Field(description="When it was asked last.")
    failing_since: datetime | None = Field(description="Null while it answers.")
    reason: str | None = Field(description="Why it gave no number the last time.")

    @classmethod
    def of(cls, state: MetricState) -> "SourceOut | None":
        source, goes = state.metric.source, state.source or SourceState()
        if source is None:
            return None
        return cls(
            kind=source.question.kind,
            every=str(source.every),
            asked_at=goes.asked_at,
            failing_since=goes.failing_since,
            reason=goes.reason or None,
        )


class MetricOut(BaseModel):
    """A metric and where it stands."""

    key: str
    name: str
    unit: str
    kind: str
    direction: str | None
    baseline: BaselineOut
    target: ValueOut | None
    target_on: date | None
    owner: str | None
    fresh_days: int
    drivers: list[DriverOut]
    current: ReadingOut | None = Field(description="The newest reading.")
    progress: ValueOut | None = Field(description="The way closed, as a share of 1.")
    week: ValueOut | None = Field(description="The movement in the last 7 days.")
    status: Status
    reason: str = Field(description="Why the status is that, in words.")
    is_stale: bool
    source: SourceOut | None = Field(description="What records its readings by itself.")

    @classmethod
    def of(cls, state: MetricState) -> "MetricOut":
        metric = state.metric
        baseline = metric.baseline
        return cls(
            key=metric.key,
            name=metric.name,
            unit=metric.unit,
            kind=metric.kind.value,
            direction=metric.direction.value if metric.direction else None,
            baseline=BaselineOut(
                value=ValueOut.of(baseline.value, metric.unit),
                label=baseline.label,
                on=baseline.on,
            ),
            target=None
            if metric.target is None
            else ValueOut.of(Value(metric.target), metric.unit),
            target_on=metric.target_on,
            owner=metric.owner,
            fresh_days=metric.fresh_days,
            drivers=[
                DriverOut(work_stream=driver.work_stream, focus=driver.focus)
                for driver in metric.drivers
            ],
            current=ReadingOut.of(state.current, metric) if state.current else None,
            progress=ValueOut.of_share(state.progress),
            week=ValueOut.of_change(state.week.change, metric.unit) if state.week else None,
            status=state.status,
            reason=state.verdict.reason,
            is_stale=state.is_stale,
            source=SourceOut.of(state),
        )


class ScorecardOut(BaseModel):
    """A scorecard and where it stands; its metrics, milestones and phases have their own places."""

    key: str
    name: str
    goal: str
    possibilities: list[str]
    zone: str
    work_streams: dict[str, str] = Field(description="The name of each, by its key.")
    metrics: int = Field(description="How many there are.")
    at_target: int = Field(description="How many of them are at target.")
    goal_reached: bool
    progress: ValueOut | None = Field(description="The way closed overall, as a share of 1.")

    @classmethod
    def of(cls, snapshot: Snapshot) -> "ScorecardOut":
        scorecard = snapshot.scorecard
        return cls(
            key=scorecard.key,
            name=scorecard.name,
            goal=scorecard.goal,
            possibilities=list(scorecard.possibilities),
            zone=scorecard.zone.key,
            work_streams={stream.key: stream.name for stream in scorecard.work_streams},
            metrics=len(snapshot.metrics),
            at_target=snapshot.at_target,
            goal_reached=snapshot.goal_reached,
            progress=ValueOut.of_share(snapshot.progress),
        )


class EffectOut(BaseModel):
    """What a milestone moved."""

    metric: str
    before: ValueOut
    after: ValueOut

    @classmethod
    def of(cls, effect: Effect) -> "EffectOut":
        unit = effect.metric.unit
        return cls(
            metric=effect.metric.key,
            before=ValueOut.of(effect.before, unit),
            after=ValueOut.of(effect.after.value, unit),
        )


class MilestoneOut(BaseModel):
    key: str
    title: str
    detail: str
    status: MilestoneStatus
    work_streams: list[str]
    shipped_on: date | None
    due_on: date | None
    is_late: bool
    links: list[str]
    tickets: list[str]
    logged_by: str
    logged_at: datetime | None
    moved: list[EffectOut]

    @classmethod
    def of(cls, entry: MilestoneEntry, today: date) -> "MilestoneOut":
        milestone: Milestone = entry.milestone
        return cls(
            key=milestone.key,
            title=milestone.title,
            detail=milestone.detail,
            status=milestone.status,
            work_streams=list(milestone.work_streams),
            shipped_on=milestone.shipped_on,
            due_on=milestone.due_on,
            is_late=milestone.is_late(today),
            links=list(milestone.links),
            tickets=list(milestone.tickets),
            logged_by=milestone.logged_by,
            logged_at=milestone.logged_at,
            moved=[EffectOut.of(effect) for effect in entry.effects],
        )

    @classmethod
    def told(cls, news: ShippedNews) -> "MilestoneOut":
        entry = MilestoneEntry(news.shipped.milestone, news.shipped.effects)
        return cls.of(entry, news.snapshot.today)


class NeedOut(BaseModel):
    kind: NeedKind
    key: str


class PhaseOut(BaseModel):
    key: str
    name: str
    window: str = Field(examples=["Q2–Q3 2026"])
    description: str
    status: PhaseStatus
    done_on: date | None
    needs: list[NeedOut]
    blocked_by: list[NeedOut]

    @classmethod
    def of(cls, outlook: PhaseOutlook) -> "PhaseOut":
        phase = outlook.phase
        return cls(
            key=phase.key,
            name=phase.name,
            window=phase.window.text,
            description=phase.description,
            status=outlook.status,
            done_on=phase.done_on,
            needs=[NeedOut(kind=need.kind, key=need.key) for need in phase.needs],
            blocked_by=[
                NeedOut(kind=blocker.need.kind, key=blocker.need.key)
                for blocker in outlook.blocked_by
            ],
        )


class RecordedOut(BaseModel):
    """A reading that was recorded, what was current before it, and the metric after it."""

    reading: ReadingOut
    before: ReadingOut | None
    metric: MetricOut


class LoggedOut(BaseModel):
    """A milestone that was logged, and the phases that wait for nothing any more."""

    milestone: MilestoneOut
    unblocked: list[str]

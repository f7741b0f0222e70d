"""The format of a scorecard file, and what it means in the domain.

A value is kept as it was typed, so that a loaded file can be stored and told
apart from the next one. Keys are always there: the reader makes those that a
person left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticKnownError

from app.domain.errors import BadInput
from app.domain.metrics import FRESH_DAYS, Baseline, Driver, Metric, MetricKind, parse_target
from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.roadmap import Need, NeedKind, Phase, PhaseState, parse_window
from app.domain.scorecards import Scorecard, WorkStream
from app.domain.values import Value, parse_value
from app.files import fields
from app.files.fields import Entries, Entry, refusing
from app.files.settings import AlertsEntry, DigestEntry, ThresholdsEntry
from app.files.sources import SourceEntry

Parsed = TypeVar("Parsed")


def _at(field: str, parse: Callable[[str, str], Parsed], text: str, unit: str) -> Parsed:
    try:
        return parse(text, unit)
    except BadInput as error:
        raise BadInput(error.message, field=field) from error


@dataclass(frozen=True, slots=True)
class FileReading:
    """A reading as a file has it; `at` is in UTC, `metric` and `milestone` are keys."""

    metric: str
    value: Value
    at: datetime
    note: str
    milestone: str | None


class WorkStreamEntry(Entry):
    """A line of work that moves metrics."""

    key: fields.Key = Field(
        description="A short key for references; made from the name if left out.",
        examples=["recompute-engine"],
    )
    name: fields.Name = Field(description="What people call it.", examples=["Recompute engine"])


class BaselineEntry(Entry):
    """Where a metric started."""

    value: fields.Number = Field(
        description="The value at the start: 196, ~12 for about, 5+ for at least.",
        examples=[196, "19%", "5+"],
    )
    label: fields.Name = Field(description="What that time is called.", examples=["Q3 '25"])
    on: fields.Day = Field(description="The date it counts for.", examples=["2025-09-30"])


class DriverEntry(Entry):
    """A work stream that moves the metric."""

    work_stream: fields.Key = Field(
        description="The key of a work stream in this file.", examples=["recompute-engine"]
    )
    focus: fields.Text = Field(
        "", description="What is left to do there.", examples=["edge case coverage"]
    )


class ReadingEntry(Entry):
    """One value of the metric at one time."""

    value: fields.Number = Field(
        description="The value: 12, ~12 for about, 5+ for at least.", examples=["~12", "78%"]
    )
    at: fields.DayOrTime = Field(
        description="When it was true: a date, or a time in the scorecard's time zone.",
        examples=["2026-03-16", "2026-03-16 09:30"],
    )
    note: fields.Text = Field(
        "", description="What should be known about it.", examples=["counted by hand"]
    )
    milestone: fields.Key | None = Field(
        None, description="The key of the milestone that caused it.", examples=["pde-step-2c"]
    )

    def instant(self, zone: ZoneInfo) -> datetime:
        """When it was true, in UTC; a date alone means the start of that day in the zone."""
        moment = self.at if isinstance(self.at, datetime) else datetime.combine(self.at, time())
        local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return local.astimezone(UTC)


class MetricEntry(Entry):
    """What proves the goal: a number on its way from baseline to target."""

    key: fields.MetricKey = Field(
        description="A short key to type after /kpi; made from the name if left out.",
        examples=["rollbacks"],
    )
    name: fields.Name = Field(description="What people call it.", examples=["Rollbacks / day"])
    unit: fields.Unit = Field(
        "", description="What it is counted in; % needs quotes.", examples=["/ day", "%"]
    )
    baseline: BaselineEntry = Field(
        description="Where it started.",
        examples=[{"value": 196, "label": "Q3 '25", "on": "2025-09-30"}],
    )
    kind: fields.MetricAim = Field(
        MetricKind.REACH,
        description="What is asked of it: to reach its target, to stay at or below it, to stay "
        "at or above it, or nothing but to be recorded.",
        examples=["stay_below"],
    )
    target: fields.Number | None = Field(
        None,
        validate_default=True,
        description="The exact number to reach: above the baseline the metric has to rise. "
        "For one that is to stay below or above, the limit; none for one that is only recorded.",
        examples=[0, "100%"],
    )
    target_on: fields.Day | None = Field(
        None,
        description="The date to reach it by, for one that has a target to reach.",
        examples=["2026-09-30"],
    )
    owner: fields.User | None = Field(
        None, description="The Slack member ID of its owner.", examples=["U024BE7LH"]
    )
    fresh_days: fields.Days = Field(
        FRESH_DAYS, description="How many days a reading counts.", examples=[14]
    )
    drivers: Entries[DriverEntry] = Field((), description="The work streams that move it.")
    source: SourceEntry | None = Field(
        None,
        description="Where its readings come from by themselves.",
        examples=[
            {"sql": {"database": "shop", "query": "SELECT count(*) FROM rollbacks"}, "every": "1h"}
        ],
    )
    readings: Entries[ReadingEntry] = Field((), description="Its values so far, in any order.")

    @field_validator("target")
    @classmethod
    def _is_there(cls, target: str | None, info: ValidationInfo) -> str | None:
        if target is None and info.data.get("kind", MetricKind.RECORD) is not MetricKind.RECORD:
            raise PydanticKnownError("missing")
        return target

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        with refusing():
            self.to_domain()
        return self

    def to_domain(self) -> Metric:
        start = _at("baseline.value", parse_value, self.baseline.value, self.unit)
        return Metric(
            self.key,
            self.name,
            self.unit,
            Baseline(start, self.baseline.label, self.baseline.on),
            None if self.target is None else _at("target", parse_target, self.target, self.unit),
            self.target_on,
            self.owner,
            self.fresh_days,
            tuple(Driver(driver.work_stream, driver.focus) for driver in self.drivers),
            self.kind,
            self.source.to_domain() if self.source else None,
        )

    def readings_in(self, zone: ZoneInfo) -> tuple[FileReading, ...]:
        return tuple(
            FileReading(
                self.key,
                _at(f"readings.{place}.value", parse_value, reading.value, self.unit),
                reading.instant(zone),
                reading.note,
                reading.milestone,
            )
            for place, reading in enumerate(self.readings)
        )


class MilestoneEntry(Entry):
    """Something that ships."""

    key: fields.Key = Field(
        description="A short key for references; made from the title if left out.",
        examples=["pde-step-2c"],
    )
    title: fields.Title = Field(description="What it is, in one line.", examples=["PDE step 2c"])
    detail: fields.Text = Field(
        "", description="What it brings, in a few sentences.", examples=["Covers renewals."]
    )
    work_streams: Entries[fields.Key] = Field(
        (), description="The keys of the work streams it belongs to.", examples=[["pde"]]
    )
    status: fields.MilestoneState = Field(
        MilestoneStatus.PLANNED, description="Where it stands.", examples=["shipped"]
    )
    shipped_on: fields.Day | None = Field(
        None, description="The date it shipped.", examples=["2026-03-16"]
    )
    due_on: fields.Day | None = Field(
        None, description="The date it is due.", examples=["2026-03-28"]
    )
    links: Entries[fields.Link] = Field(
        (), description="Pages about it.", examples=[["https://example.com/plan"]]
    )
    tickets: Entries[fields.Name] = Field(
        (), description="Ticket references.", examples=[["BILLACCT-1185"]]
    )

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        with refusing():
            self.to_domain()
        return self

    def to_domain(self) -> Milestone:
        return Milestone(
            self.key,
            self.title,
            self.detail,
            self.work_streams,
            self.status,
            self.shipped_on,
            self.due_on,
            self.links,
            self.tickets,
        )


class NeedsEntry(Entry):
    """What has to be done before a phase can start."""

    phases: Entries[fields.Key] = Field(
        (), description="The keys of phases.", examples=[["deferred-collection"]]
    )
    milestones: Entries[fields.Key] = Field(
        (), description="The keys of milestones.", examples=[["pde-step-2c", "pde-step-2d"]]
    )

    def to_domain(self) -> tuple[Need, ...]:
        return (
            *(Need(NeedKind.PHASE, key) for key in self.phases),
            *(Need(NeedKind.MILESTONE, key) for key in self.milestones),
        )


class PhaseEntry(Entry):
    """An item of the roadmap."""

    key: fields.Key = Field(
        description="A short key for references; made from the name if left out.",
        examples=["deferred-collection"],
    )
    name: fields.Name = Field(description="What people call it.", examples=["Deferred Collection"])
    window: fields.WindowText = Field(
        description="The quarter or quarters it aims at.", examples=["Q2 2026", "Q2–Q3 2026"]
    )
    description: fields.Text = Field(
        "", description="What it brings.", examples=["One boundary to the payment provider."]
    )
    status: fields.PhaseProgress = Field(
        PhaseState.PLANNED,
        description="Where it stands; whether it is ready or blocked follows from its needs.",
        examples=["planned"],
    )
    done_on: fields.Day | None = Field(
        None, description="The date it was done.", examples=["2026-06-30"]
    )
    needs: NeedsEntry = Field(NeedsEntry(), description="What has to be done before it.")

    def to_domain(self) -> Phase:
        return Phase(
            self.key,
            self.name,
            parse_window(self.window),
            self.description,
            self.status,
            self.done_on,
            self.needs.to_domain(),
        )


class ScorecardFile(Entry):
    """A team's scorecard: its goal, what proves it, and what leads to it."""

    key: fields.Key = Field(
        description="A short key; made from the name if left out.", examples=["billing"]
    )
    name: fields.Name = Field(description="What people call it.", examples=["Billing Platform"])
    goal: fields.Goal = Field(
        description="The structural fix that the metrics prove.",
        examples=["Nothing is booked before it is paid."],
    )
    possibilities: Entries[fields.Goal] = Field(
        (),
        description="What becomes possible once the goal is met.",
        examples=[["Any provider can collect."]],
    )
    zone: fields.Zone = Field(
        "UTC", description="The time zone, by its IANA name.", examples=["Europe/Berlin"]
    )
    channel: fields.Channel | None = Field(
        None, description="The ID of its Slack channel.", examples=["C024BE91L"]
    )
    digest: DigestEntry = Field(DigestEntry(), description="When the weekly digest goes out.")
    thresholds: ThresholdsEntry = Field(
        ThresholdsEntry(), description="When a metric is on track, at risk or off track."
    )
    alerts: AlertsEntry = Field(
        AlertsEntry(), description="Where alerts of its metrics go, and when none goes out."
    )
    ticket_address: fields.TicketAddress = Field(
        "",
        description="Where tickets are found, with {key} where a ticket's key stands.",
        examples=["https://tickets.example.com/browse/{key}"],
    )
    work_streams: Entries[WorkStreamEntry] = Field((), description="The lines of work.")
    metrics: Entries[MetricEntry] = Field((), description="What proves the goal.")
    milestones: Entries[MilestoneEntry] = Field((), description="What ships.")
    phases: Entries[PhaseEntry] = Field((), description="The roadmap.")

    def to_domain(self) -> tuple[Scorecard, tuple[FileReading, ...]]:
        """The scorecard and the readings of its metrics, in the file's order.

        Raises `BadInput` where keys lead nowhere, which the reader never lets through.
        """
        zone = ZoneInfo(self.zone)
        scorecard = Scorecard(
            self.key,
            self.name,
            self.goal,
            zone,
            self.possibilities,
            self.channel,
            self.digest.to_domain(),
            tuple(WorkStream(stream.key, stream.name) for stream in self.work_streams),
            tuple(metric.to_domain() for metric in self.metrics),
            tuple(milestone.to_domain() for milestone in self.milestones),
            tuple(phase.to_domain() for phase in self.phases),
            thresholds=self.thresholds.to_domain(),
            alerts=self.alerts.to_domain(),
            ticket_address=self.ticket_address,
        )
        readings = (reading for metric in self.metrics for reading in metric.readings_in(zone))
        return scorecard, tuple(readings)

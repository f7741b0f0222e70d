"""What a scorecard file says of the scorecard itself: its digest, its thresholds, its alerts."""

from datetime import time
from typing import Self

from pydantic import Field, model_validator

from app.domain.alerts import AlertRules, Place
from app.domain.scorecards import DigestSchedule
from app.domain.statuses import Thresholds
from app.files import fields
from app.files.fields import Entry, refusing


class DigestEntry(Entry):
    """When the weekly digest goes out, in the scorecard's time zone."""

    day: fields.Weekday = Field("monday", description="The weekday.")
    time: fields.TimeOfDay = Field(
        time(9),
        description="The time of day.",
        examples=["09:00"],
        json_schema_extra={"default": "09:00"},
    )

    def to_domain(self) -> DigestSchedule:
        return DigestSchedule(fields.WEEKDAYS.index(self.day), self.time)


class ThresholdsEntry(Entry):
    """When a metric with a target date is on track, and when at risk."""

    on_track_from: fields.Percent = Field(
        90,
        description="The percentage of the way expected by now from which on it is on track.",
        examples=[90, "90%"],
    )
    at_risk_from: fields.Percent = Field(
        70,
        description="The percentage from which on it is at risk; below it is off track.",
        examples=[70, "70%"],
    )

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        with refusing():
            self.to_domain()
        return self

    def to_domain(self) -> Thresholds:
        return Thresholds(self.on_track_from, self.at_risk_from)


class AlertsEntry(Entry):
    """Where alerts of each kind go, and when none goes out, in the scorecard's time zone."""

    reached: fields.AlertPlace = Field(
        Place.CHANNEL,
        description="Where it is told that a metric reaches its target, or keeps its limit again.",
        examples=["channel"],
    )
    fell_back: fields.AlertPlace = Field(
        Place.CHANNEL,
        description="Where it is told that a metric falls back from it, or breaks its limit.",
        examples=["thread"],
    )
    unusual: fields.AlertPlace = Field(
        Place.NOWHERE,
        description="Where it is told that a metric moves more than it usually does.",
        examples=["owner"],
    )
    stale: fields.AlertPlace = Field(
        Place.NOWHERE,
        description="Where it is told that a metric goes stale.",
        examples=["owner"],
    )
    person: fields.User | None = Field(
        None,
        description="The Slack member ID of whom alerts with the place “person” go to.",
        examples=["U024BE7LH"],
    )
    quiet_hours: fields.Hours = Field(
        "20:00–08:00",
        description="From when until when none goes out, or none.",
        examples=["20:00–08:00", "none"],
    )
    quiet_weekends: fields.YesOrNo = Field(
        True, description="Whether none goes out on Saturdays and Sundays.", examples=[True]
    )

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        with refusing():
            self.to_domain()
        return self

    def to_domain(self) -> AlertRules:
        return AlertRules(
            self.reached,
            self.fell_back,
            self.unusual,
            self.stale,
            self.person,
            fields.parse_hours(self.quiet_hours),
            self.quiet_weekends,
        )

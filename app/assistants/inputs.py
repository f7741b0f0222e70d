"""What the tools take. What names a thing may be its key or its name, typed loosely."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain import names
from app.programs.schemas import (
    Given,
    MilestoneFacts,
    NewReading,
    Typed,
)

MOST_READING_ID = 2**31 - 1

Named = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=names.MOST_TITLE_LENGTH)
]
MetricNamed = Annotated[
    Named,
    Field(
        description="The metric, by its key or name; case and the end of a name may be left out.",
        examples=["rollbacks"],
    ),
]


class AboutAll(Given):
    """Nothing has to be said."""


class AboutScorecard(Given):
    scorecard: Named | None = Field(
        None,
        description="The scorecard, by its key or name. May be left out where the token reaches "
        "only one.",
        examples=["billing"],
    )


class APage(AboutScorecard):
    page: int = Field(1, ge=1, description="Which page of the list, from 1.")


class AboutMetric(AboutScorecard):
    metric: MetricNamed


class FilteredMilestones(APage):
    filters: str = Field(
        "",
        max_length=500,
        description="Words that narrow the list down, as after /kpi milestones, in any order: a "
        "status (planned, in progress, shipped, dropped, late), a work stream, a metric that was "
        "moved, a time (this week, last month, since 2026-03-01, until 2026-03-31, Q1 2026).",
        examples=["shipped last month", "late pde"],
    )


class SomeReadings(AboutMetric):
    before: int | None = Field(
        None,
        ge=1,
        le=MOST_READING_ID,
        description="Only readings older than the one of this id: what `older` of the answer "
        "before says.",
    )


class Once(Given):
    idempotency_key: Annotated[str, StringConstraints(pattern="^[!-~]{1,200}$")] | None = Field(
        None,
        description="Anything that no other call with this token has, such as a UUID, in letters, "
        "digits and signs without blanks. Called again with it within 2 days, the same does "
        "nothing twice and is answered the same.",
    )


class ReadingToRecord(Once, NewReading, AboutMetric):
    """A value, as people type it, of a metric."""


class MilestoneToLog(Once, MilestoneFacts, AboutScorecard):
    work_streams: list[Named] = Field(
        default=[], max_length=40, description="The work streams that it belongs to."
    )
    phase: Named | None = Field(None, description="A phase of the roadmap that needs it.")
    moved: dict[Named, Typed] = Field(
        default={},
        max_length=40,
        description="Only of one that has shipped: the new value of each metric that it moved, by "
        "the metric.",
        examples=[{"rollbacks": "~9"}],
    )

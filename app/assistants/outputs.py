"""What the tools give, as data: what the HTTP API gives, and how it hangs together."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from pydantic import BaseModel, Field

from app.domain.associations import Association
from app.domain.forecasts import Forecast
from app.domain.metrics import Metric
from app.domain.outcomes import MetricHistory
from app.domain.paces import Pace
from app.domain.roadmap import Phase, PhaseOutlook
from app.pages.content import MetricRow, around
from app.programs.schemas import (
    EffectOut,
    MetricOut,
    MilestoneOut,
    PhaseOut,
    ReadingOut,
    ScorecardOut,
    ValueOut,
)


class PageOut(BaseModel):
    """Which page of a list it is."""

    number: int = Field(description="From 1.")
    pages: int
    items: int = Field(description="How many there are on all pages.")


class ScorecardsOut(BaseModel):
    scorecards: list[ScorecardOut]


class WholeScorecardOut(BaseModel):
    """A scorecard with its metrics, of which the page has some."""

    page: PageOut
    scorecard: ScorecardOut
    metrics: list[MetricOut]


class PaceOut(BaseModel):
    """The movement a week that is needed to reach the target in time, beside the one seen."""

    needed: ValueOut | None
    seen: ValueOut | None
    seen_over_days: float | None
    words: str = Field(description="Empty where neither is known.")

    @classmethod
    def of(cls, pace: Pace, unit: str) -> "PaceOut":
        over = pace.seen_over
        return cls(
            needed=ValueOut.of_change(pace.needed, unit),
            seen=ValueOut.of_change(pace.seen, unit),
            seen_over_days=None if over is None else round(over / timedelta(days=1), 3),
            words=pace.in_words(unit),
        )


class ForecastOut(BaseModel):
    """When the target may be reached: four of five futures get there between the two ends."""

    chance: float | None = Field(description="Of being at the target in time, from 0 to 1.")
    earliest: datetime | None
    median: datetime | None
    latest: datetime | None

    @classmethod
    def of(cls, forecast: object) -> "ForecastOut | None":
        if not isinstance(forecast, Forecast):
            return None
        return cls(
            chance=None if forecast.chance is None else round(forecast.chance, 4),
            earliest=forecast.earliest,
            median=forecast.median,
            latest=forecast.latest,
        )


class OnLineOut(BaseModel):
    """A milestone on a metric's line, and what the metric did around it; whether the milestone
    caused that, nobody can tell from this."""

    milestone: str
    title: str
    shipped_on: date | None
    moved: EffectOut | None = Field(description="From the value before to the one it is said for.")
    words: str = Field(description="Empty where nothing is known of the weeks around it.")

    @classmethod
    def of(cls, metric: Metric, tied: Association) -> "OnLineOut":
        return cls(
            milestone=tied.milestone.key,
            title=tied.milestone.title,
            shipped_on=tied.milestone.shipped_on,
            moved=EffectOut.of(tied.effect) if tied.effect else None,
            words=around(metric, tied),
        )


class ExplanationOut(BaseModel):
    """Why a metric stands as it does; what is in words is what people read in Slack."""

    scorecard: str
    metric: MetricOut
    standing: str = Field(description="The status in words.", examples=["on track"])
    movement: str = Field(description="This week's, in words.")
    pace: PaceOut
    forecast: ForecastOut | None
    forecast_words: str = Field(description="Also why there is none; empty at the target.")
    readings: list[ReadingOut] = Field(description="The last ones, the newest first.")
    milestones: list[OnLineOut] = Field(description="Those on its line, the newest first.")

    @classmethod
    def of(cls, history: MetricHistory, row: MetricRow) -> "ExplanationOut":
        state = history.state
        metric = state.metric
        return cls(
            scorecard=history.snapshot.scorecard.key,
            metric=MetricOut.of(state),
            standing=row.standing,
            movement=row.movement,
            pace=PaceOut.of(state.pace, metric.unit),
            forecast=ForecastOut.of(history.prospect.forecast),
            forecast_words=row.forecast,
            readings=[ReadingOut.of(reading, metric) for reading in history.readings],
            milestones=[OnLineOut.of(metric, tied) for tied in history.milestones],
        )


class MilestonesOut(BaseModel):
    page: PageOut
    milestones: list[MilestoneOut]


class PhaseOnRoadmapOut(PhaseOut):
    needed_by: list[str] = Field(description="The phases that wait for it, by key.")

    @classmethod
    def placed(
        cls, outlook: PhaseOutlook, following: Mapping[str, Sequence[Phase]]
    ) -> "PhaseOnRoadmapOut":
        waiting = [phase.key for phase in following[outlook.phase.key]]
        return cls(**PhaseOut.of(outlook).model_dump(), needed_by=waiting)


class RoadmapOut(BaseModel):
    """The phases, each behind those that it needs."""

    page: PageOut
    phases: list[PhaseOnRoadmapOut]


class ReadingsOut(BaseModel):
    """Readings of a metric, the newest first, without those that were taken back."""

    metric: str
    readings: list[ReadingOut]
    older: int | None = Field(description="What `before` has to be for those that are older.")

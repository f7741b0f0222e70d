"""The tables. Rows never leave `services`; what leaves is the domain's frozen data."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column, Index, MetaData, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.access import Access
from app.domain.alerts import AlertRules, Place, QuietHours
from app.store.types import ExactDecimal, UtcInstant

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _instant(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(UtcInstant(), nullable=nullable))


def _optional_instant() -> Any:
    return Field(default=None, sa_column=Column(UtcInstant(), nullable=True))


def _decimal() -> Any:
    return Field(sa_column=Column(ExactDecimal(), nullable=False))


def _optional_decimal() -> Any:
    return Field(default=None, sa_column=Column(ExactDecimal(), nullable=True))


def _json_list() -> Any:
    return Field(default_factory=list, sa_column=Column(JSON(), nullable=False))


def _json_texts() -> Any:
    return Field(default_factory=dict, sa_column=Column(JSON(), nullable=False))


def _optional_json() -> Any:
    return Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))


class ScorecardRow(SQLModel, table=True):
    """`version` rises with every write; `loaded_file` is the file it was last loaded from.

    What went stale before `stale_alerts_since` is told by no alert; None while none is wanted.

    What is retired stays, here as in the tables of its parts, and its key is never used again.
    """

    __tablename__ = "scorecards"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    goal: str
    possibilities: list[str] = _json_list()
    zone: str
    channel: str | None = Field(default=None, unique=True)
    digest_weekday: int
    digest_at: time
    digest_since: datetime = _instant()
    on_track_from: int
    at_risk_from: int
    version: int = 1
    loaded_file: str | None = None
    created_at: datetime = _instant()
    retired_at: datetime | None = _optional_instant()
    owners: list[str] = _json_list()
    editors: list[str] = _json_list()
    viewers: list[str] = _json_list()
    strangers_edit: bool = False
    workflows_edit: bool = False
    alert_reached: str = Place.CHANNEL.value
    alert_fell_back: str = Place.CHANNEL.value
    alert_unusual: str = Place.NOWHERE.value
    alert_stale: str = Place.NOWHERE.value
    alert_person: str | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_weekends: bool = True
    stale_alerts_since: datetime | None = _optional_instant()
    ticket_address: str = ""

    @property
    def alerts(self) -> AlertRules:
        hours = None
        if self.quiet_from is not None and self.quiet_until is not None:
            hours = QuietHours(self.quiet_from, self.quiet_until)
        return AlertRules(
            Place(self.alert_reached),
            Place(self.alert_fell_back),
            Place(self.alert_unusual),
            Place(self.alert_stale),
            self.alert_person,
            hours,
            self.quiet_weekends,
        )

    @property
    def access(self) -> Access:
        return Access(
            tuple(self.owners),
            tuple(self.editors),
            tuple(self.viewers),
            self.strangers_edit,
            self.workflows_edit,
        )


class WorkStreamRow(SQLModel, table=True):
    __tablename__ = "work_streams"
    __table_args__ = (UniqueConstraint("scorecard_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    scorecard_id: int = Field(foreign_key="scorecards.id")
    key: str
    name: str
    position: int
    retired_at: datetime | None = _optional_instant()


class MetricRow(SQLModel, table=True):
    __tablename__ = "metrics"
    __table_args__ = (UniqueConstraint("scorecard_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    scorecard_id: int = Field(foreign_key="scorecards.id")
    key: str
    name: str
    unit: str
    position: int
    baseline_number: Decimal = _decimal()
    baseline_qualifier: str
    baseline_label: str
    baseline_on: date
    target: Decimal | None = _optional_decimal()
    target_on: date | None = None
    owner: str | None = None
    fresh_days: int
    kind: str
    retired_at: datetime | None = _optional_instant()


class DriverRow(SQLModel, table=True):
    __tablename__ = "drivers"
    __table_args__ = (UniqueConstraint("metric_id", "work_stream_id"),)

    id: int | None = Field(default=None, primary_key=True)
    metric_id: int = Field(foreign_key="metrics.id")
    work_stream_id: int = Field(foreign_key="work_streams.id", index=True)
    focus: str
    position: int


class SourceRow(SQLModel, table=True):
    """What a metric is fed by, and how that goes; who claims it asks it until `leased_until`."""

    __tablename__ = "sources"
    __table_args__ = (Index(None, "due_at"),)

    metric_id: int = Field(foreign_key="metrics.id", primary_key=True)
    kind: str
    place: str
    query: str
    times: Decimal = _decimal()
    headers: dict[str, str] = _json_texts()
    every: str
    due_at: datetime = _instant()
    asked_at: datetime | None = _optional_instant()
    number: Decimal | None = _optional_decimal()
    failures: int = 0
    failing_since: datetime | None = _optional_instant()
    reason: str = ""
    claimed_by: str | None = None
    leased_until: datetime | None = _optional_instant()


class MilestoneRow(SQLModel, table=True):
    """`submission` is the form it was logged by: one form makes one milestone."""

    __tablename__ = "milestones"
    __table_args__ = (UniqueConstraint("scorecard_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    scorecard_id: int = Field(foreign_key="scorecards.id")
    key: str
    title: str
    detail: str
    status: str
    shipped_on: date | None = None
    due_on: date | None = None
    links: list[str] = _json_list()
    tickets: list[str] = _json_list()
    logged_by: str
    logged_at: datetime | None = _optional_instant()
    submission: str | None = Field(default=None, unique=True)
    position: int
    retired_at: datetime | None = _optional_instant()


class MilestoneWorkStreamRow(SQLModel, table=True):
    __tablename__ = "milestone_work_streams"

    milestone_id: int = Field(foreign_key="milestones.id", primary_key=True)
    work_stream_id: int = Field(foreign_key="work_streams.id", primary_key=True)
    position: int


class PhaseRow(SQLModel, table=True):
    __tablename__ = "phases"
    __table_args__ = (UniqueConstraint("scorecard_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    scorecard_id: int = Field(foreign_key="scorecards.id")
    key: str
    name: str
    window: str
    description: str
    state: str
    done_on: date | None = None
    position: int
    retired_at: datetime | None = _optional_instant()


class NeedRow(SQLModel, table=True):
    """What a phase depends on: exactly one of a phase and a milestone."""

    __tablename__ = "needs"

    id: int | None = Field(default=None, primary_key=True)
    phase_id: int = Field(foreign_key="phases.id", index=True)
    needed_phase_id: int | None = Field(default=None, foreign_key="phases.id")
    needed_milestone_id: int | None = Field(default=None, foreign_key="milestones.id")
    position: int


class ReadingRow(SQLModel, table=True):
    """Append-only. The index serves the newest reading of a metric up to an instant."""

    __tablename__ = "readings"
    __table_args__ = (Index(None, "metric_id", "at", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    metric_id: int = Field(foreign_key="metrics.id")
    number: Decimal = _decimal()
    qualifier: str
    at: datetime = _instant()
    recorded_at: datetime = _instant()
    reported_by: str
    surface: str
    note: str
    milestone_id: int | None = Field(default=None, foreign_key="milestones.id", index=True)


class WithdrawalRow(SQLModel, table=True):
    """A reading that was taken back. The reading stays, and no longer counts."""

    __tablename__ = "withdrawals"

    reading_id: int = Field(foreign_key="readings.id", primary_key=True)
    at: datetime = _instant()
    by: str


class ChangeRow(SQLModel, table=True):
    """Who changed what, when, from where, and what it was before and after."""

    __tablename__ = "changes"
    __table_args__ = (
        Index(None, "scorecard_id", "at"),
        Index(None, "scorecard_id", "actor", "at"),
        Index(None, "scorecard_id", "subject", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    scorecard_id: int = Field(foreign_key="scorecards.id")
    at: datetime = _instant()
    actor: str
    surface: str
    action: str
    subject: str
    before: dict[str, Any] | None = _optional_json()
    after: dict[str, Any] | None = _optional_json()
    undoes_id: int | None = Field(default=None, foreign_key="changes.id", unique=True)


class DigestRow(SQLModel, table=True):
    """A week's digest, claimed: the constraint is what makes it once a week."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("scorecard_id", "week"),)

    id: int | None = Field(default=None, primary_key=True)
    scorecard_id: int = Field(foreign_key="scorecards.id")
    week: str
    since: datetime = _instant()
    until: datetime = _instant()
    is_late: bool
    created_at: datetime = _instant()


class DeliveryRow(SQLModel, table=True):
    """The outbox: one row for everything that has to reach Slack once.

    `kind` and `subject` say what it is; who claims it holds it until `leased_until`.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("scorecard_id", "kind", "subject"),
        Index(None, "state", "next_attempt_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    scorecard_id: int = Field(foreign_key="scorecards.id")
    kind: str
    subject: str
    channel: str
    state: str
    created_at: datetime = _instant()
    next_attempt_at: datetime = _instant()
    attempts: int = 0
    claimed_by: str | None = None
    leased_until: datetime | None = _optional_instant()
    message_ts: str | None = None
    delivered_at: datetime | None = _optional_instant()
    error: str | None = None


class AlertRow(SQLModel, table=True):
    """An alert of a metric, from when it is raised until it is cleared.

    `reading_id` is the reading at which it was raised, `before_id` that at which the metric stood
    until then, None for its baseline. It goes out with the delivery; without one nobody is told.
    """

    __tablename__ = "alerts"

    id: int | None = Field(default=None, primary_key=True)
    metric_id: int = Field(foreign_key="metrics.id", index=True)
    kind: str
    raised_at: datetime = _instant()
    reading_id: int | None = Field(default=None, foreign_key="readings.id")
    before_id: int | None = Field(default=None, foreign_key="readings.id")
    delivery_id: int | None = Field(default=None, foreign_key="deliveries.id", index=True)
    cleared_at: datetime | None = _optional_instant()


class MuteRow(SQLModel, table=True):
    """Until when nobody is alerted of a metric, and who chose that."""

    __tablename__ = "mutes"

    metric_id: int = Field(foreign_key="metrics.id", primary_key=True)
    until: datetime = _instant()
    by: str


class ReminderPreferencesRow(SQLModel, table=True):
    """What a person chose about reminders; who has no row gets them."""

    __tablename__ = "reminder_preferences"

    person: str = Field(primary_key=True)
    are_on: bool
    snoozed_until: datetime | None = _optional_instant()


class BegunRow(SQLModel, table=True):
    """What may come twice, and which an attempt has begun, until `leased_until`; with none it is
    done."""

    __tablename__ = "begun"
    __table_args__ = (Index(None, "begun_at"),)

    thing: str = Field(primary_key=True)
    begun_at: datetime = _instant()
    attempts: int = 1
    leased_until: datetime | None = _optional_instant()


class LinkRow(SQLModel, table=True):
    """A link to a scorecard's progress page, by an id that nobody guesses.

    Its address has a signature beside the id, which is kept nowhere.
    """

    __tablename__ = "links"

    id: str = Field(primary_key=True)
    scorecard_id: int = Field(foreign_key="scorecards.id", index=True)
    made_by: str
    made_at: datetime = _instant()
    ends_at: datetime | None = _optional_instant()
    revoked_at: datetime | None = _optional_instant()
    revoked_by: str | None = None
    last_opened_at: datetime | None = _optional_instant()


class HookRow(SQLModel, table=True):
    """An address that a git server calls; its secret is kept nowhere.

    `told` is what came of the last delivery that could be read, `trouble` what was wrong with the
    last of `troubles` that could not.
    """

    __tablename__ = "hooks"

    id: str = Field(primary_key=True)
    scorecard_id: int = Field(foreign_key="scorecards.id", index=True)
    forge: str
    repositories: list[str] = _json_list()
    label: str
    releases: bool
    mode: str
    made_by: str
    made_at: datetime = _instant()
    revoked_at: datetime | None = _optional_instant()
    told: str = ""
    told_at: datetime | None = _optional_instant()
    troubles: int = 0
    trouble: str = ""
    trouble_at: datetime | None = _optional_instant()


class LandingRow(SQLModel, table=True):
    """What landed in a repository and makes a milestone: by its `url`, once for a scorecard.

    `landed` is what the git server told of it, `milestone` the key of what was logged.
    """

    __tablename__ = "landings"
    __table_args__ = (UniqueConstraint("scorecard_id", "url"),)

    id: int | None = Field(default=None, primary_key=True)
    scorecard_id: int = Field(foreign_key="scorecards.id")
    hook_id: str = Field(foreign_key="hooks.id", index=True)
    url: str
    landed: dict[str, Any] = Field(sa_column=Column(JSON(), nullable=False))
    state: str
    at: datetime = _instant()
    decided_by: str | None = None
    decided_at: datetime | None = _optional_instant()
    milestone: str | None = None


class TokenRow(SQLModel, table=True):
    """What a program reports with. The secret itself is nowhere, `digest` is its SHA-256."""

    __tablename__ = "tokens"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    digest: str = Field(unique=True)
    writes: bool
    made_by: str
    made_at: datetime = _instant()
    last_used_at: datetime | None = _optional_instant()
    revoked_at: datetime | None = _optional_instant()


class TokenScorecardRow(SQLModel, table=True):
    """A scorecard that a token reaches."""

    __tablename__ = "token_scorecards"

    token_id: int = Field(foreign_key="tokens.id", primary_key=True)
    scorecard_id: int = Field(foreign_key="scorecards.id", primary_key=True, index=True)


class AnswerRow(SQLModel, table=True):
    """What a token's request was answered, by the key that it gave; `request` is a digest of it."""

    __tablename__ = "answers"

    token_id: int = Field(foreign_key="tokens.id", primary_key=True)
    key: str = Field(primary_key=True)
    request: str
    status: int
    location: str | None = None
    body: str
    at: datetime = _instant()


metadata: MetaData = SQLModel.metadata

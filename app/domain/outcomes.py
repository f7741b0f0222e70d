"""What the use cases give back: what happened, as every surface shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.access import Token
from app.domain.alerts import AlertKind
from app.domain.associations import Association
from app.domain.digests import Shipped
from app.domain.filters import Filters
from app.domain.hooks import Hook
from app.domain.landings import Landed, LandingState, Proposal
from app.domain.links import Link
from app.domain.metrics import Metric, Reading
from app.domain.milestones import Effect, Milestone
from app.domain.prospects import Prospect
from app.domain.revisions import Revision
from app.domain.roadmap import PhaseOutlook
from app.domain.scorecards import MetricState, Snapshot
from app.domain.trajectories import Trajectory
from app.domain.values import Value


@dataclass(frozen=True, slots=True)
class MetricHistory:
    """One metric with its last readings and the milestones on its line, both newest first, and
    what may be expected of it.

    `trajectory` is there where it was asked for.
    """

    snapshot: Snapshot
    state: MetricState
    readings: Sequence[Reading]
    milestones: Sequence[Association]
    prospect: Prospect
    trajectory: Trajectory | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A whole scorecard at one instant, with all that a progress page tells of it.

    `histories` are those of the metrics in their order, each with its trajectory and without its
    last readings; `effects` what milestones moved, by the milestone's key.
    """

    snapshot: Snapshot
    histories: Sequence[MetricHistory]
    effects: Mapping[str, Sequence[Effect]]


@dataclass(frozen=True, slots=True)
class GoalStory:
    """A scorecard whose metrics are all at target, and what milestones moved, by metric's key."""

    snapshot: Snapshot
    moved: Mapping[str, Sequence[Effect]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A reading that was recorded: the change to undo it by, and the metric before and after."""

    change: int
    reading: Reading
    before: Reading | None
    state: MetricState


@dataclass(frozen=True, slots=True)
class Undone:
    """A reading that was taken back or counts again, and what the metric stands at now.

    `change` is the one to undo that by, `scorecard` a key.
    """

    change: int
    scorecard: str
    metric: Metric
    value: Value
    counts: bool
    current: Reading | None


@dataclass(frozen=True, slots=True)
class Edited:
    """A scorecard after a change; `change` is the one to undo it by, None if nothing differs.

    `subject` is what was changed, such as `metric rollbacks`, `revisions` how.
    """

    snapshot: Snapshot
    change: int | None
    subject: str
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class Reverted:
    """A change of a scorecard or of its parts that was taken back.

    `change` is the one to undo that by, `revisions` what it made of what. `delivery` is the
    id of the announcement that it brings up to date, if there is one.
    """

    change: int
    snapshot: Snapshot
    revisions: tuple[Revision, ...]
    delivery: int | None = None


@dataclass(frozen=True, slots=True)
class ShippedNews:
    """A milestone as it is announced or shown: what it moved, and what it unblocked.

    `delivery` is the id of the announcement that is owed, if there is a channel for it.
    `change` is the one to undo what was just done to it by.
    """

    snapshot: Snapshot
    shipped: Shipped
    unblocked: tuple[PhaseOutlook, ...]
    delivery: int | None = None
    change: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A milestone that something which landed makes, offered to be logged; `id` is its own.

    `planned` is the open milestone that would ship by it, `similar` one whose title comes close.
    Once somebody has decided, `by` is who, and `logged` the milestone that was made of it, unless
    it is gone since.
    """

    id: int
    snapshot: Snapshot
    landed: Landed
    proposal: Proposal
    planned: Milestone | None
    similar: Milestone | None
    state: LandingState
    by: str | None
    logged: Milestone | None


@dataclass(frozen=True, slots=True)
class MilestoneStory:
    """A milestone with what each metric on whose line it is did in the weeks around it.

    `hidden` is how many such metrics there are beyond those.
    """

    news: ShippedNews
    around: tuple[tuple[Metric, Association], ...]
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class AlertedMetric:
    """A metric as its alerts tell of it: what they say, where it stood `before`, and since when.

    `before_counts` is false where the reading that it stood at has been taken back.
    """

    history: MetricHistory
    kinds: tuple[AlertKind, ...]
    before: Value
    before_counts: bool
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class AlertNews:
    """What one message tells of metrics; `address` is `channel`, `thread` or a Slack user id."""

    snapshot: Snapshot
    address: str
    metrics: tuple[AlertedMetric, ...]


@dataclass(frozen=True, slots=True)
class FailingSource:
    """A metric whose source fails, as a person is told; `state.source` says since when and why."""

    snapshot: Snapshot
    state: MetricState
    person: str


@dataclass(frozen=True, slots=True)
class Mute:
    """Until when nobody is alerted of a metric, None for not at all, and who chose that."""

    metric: Metric
    until: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class MilestoneEntry:
    """A milestone in a list, with what it moved."""

    milestone: Milestone
    effects: Sequence[Effect]


@dataclass(frozen=True, slots=True)
class MilestoneList:
    """The milestones that pass the filters, in the order of the list."""

    snapshot: Snapshot
    filters: Filters
    entries: Sequence[MilestoneEntry]


@dataclass(frozen=True, slots=True)
class ReadingChange:
    """What a change of readings made of its metric: where it stood before and after."""

    before: Value | None
    after: Value | None
    note: str


@dataclass(frozen=True, slots=True)
class Change:
    """One record of what was changed: what was done to what, by whom, when and from where.

    `revisions` say what differs before and after, `reading` does for a change of readings.
    `is_undone` says that it no longer holds, `can_undo` that who asks can undo it.
    """

    id: int
    at: datetime
    actor: str
    surface: str
    action: str
    subject: str
    revisions: tuple[Revision, ...]
    reading: ReadingChange | None
    is_undone: bool
    can_undo: bool


@dataclass(frozen=True, slots=True)
class History:
    """Some of a scorecard's changes, newest first; there may be older and newer ones."""

    snapshot: Snapshot
    filters: Filters
    changes: Sequence[Change]
    has_older: bool
    has_newer: bool


@dataclass(frozen=True, slots=True)
class Retired:
    """A scorecard that was retired, by its name; `change` is the one to undo that by."""

    name: str
    at: datetime
    change: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """A message to a channel that rests until a person does something; `id` is its delivery's.

    `what` begins a sentence, `why` is in mrkdwn. It `is_unsure` if it may stand in Slack all the
    same.
    """

    id: int
    what: str
    channel: str
    why: str
    is_unsure: bool


@dataclass(frozen=True, slots=True)
class SetUp:
    """A scorecard as its owners set it up.

    `digest_trouble` says why the last digest that is owed doesn't stand in Slack yet, `stuck` is
    what was given up, `links` are those to its progress page that are open, `tokens` reach it,
    and git servers call its `hooks`.
    """

    snapshot: Snapshot
    digest_trouble: str | None = None
    stuck: Sequence[Stuck] = ()
    links: Sequence[Link] = ()
    tokens: Sequence[Token] = ()
    hooks: Sequence[Hook] = ()

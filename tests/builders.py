"""The domain's data with sensible defaults: a test names only what it is about."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from app.domain.metrics import FRESH_DAYS, Baseline, Driver, Metric, MetricKind, Reading
from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.paces import pace
from app.domain.roadmap import Need, NeedKind, Phase, PhaseState, parse_window
from app.domain.scorecards import DigestSchedule, Scorecard, WorkStream
from app.domain.statuses import Thresholds, Verdict, verdict
from app.domain.values import Value, parse_value

Found = TypeVar("Found")

ZONE = ZoneInfo("Europe/Berlin")
BASELINE_DAY = date(2025, 9, 30)
NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)


def an_instant(text: str, zone: ZoneInfo | None = None) -> datetime:
    """`2026-03-16` or `2026-03-16 09:00`, in UTC: read in a zone, where one is given."""
    return datetime.fromisoformat(text).replace(tzinfo=zone or UTC).astimezone(UTC)


def a_value(text: str) -> Value:
    return parse_value(text)


def a_metric(
    key: str = "rollbacks",
    *,
    name: str = "Rollbacks",
    unit: str = "",
    baseline: str = "196",
    target: str | None = "0",
    baseline_on: date = BASELINE_DAY,
    target_on: date | None = None,
    owner: str | None = None,
    fresh_days: int = FRESH_DAYS,
    drivers: Mapping[str, str] | None = None,
    kind: MetricKind = MetricKind.REACH,
) -> Metric:
    """A metric; `drivers` gives the focus for each work stream's key."""
    return Metric(
        key,
        name,
        unit,
        Baseline(a_value(baseline), "Q3 '25", baseline_on),
        None if target is None else a_value(target).number,
        target_on,
        owner,
        fresh_days,
        tuple(Driver(stream, focus) for stream, focus in (drivers or {}).items()),
        kind,
    )


def known(found: Found | None) -> Found:
    """What is there, for a test that is about its being so."""
    assert found is not None
    return found


def a_verdict(
    metric: Metric,
    reading: Reading | None,
    as_of: datetime,
    zone: ZoneInfo,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 (frozen)
) -> Verdict:
    """The verdict on a metric of which one reading is known."""
    seen = pace(metric, [reading] if reading else [], as_of, zone)
    return verdict(metric, reading, seen, as_of, zone, thresholds=thresholds)


def a_reading(
    value: str = "12",
    at: datetime = NOW,
    *,
    id: int = 1,  # noqa: A002 (the reading's own word)
    metric: str = "rollbacks",
    note: str = "",
    milestone: str | None = None,
) -> Reading:
    return Reading(id, metric, a_value(value), at, at, "U1", note, milestone)


def some_readings(*days: tuple[str, str], metric: str = "rollbacks") -> list[Reading]:
    """Readings from pairs of day and value, in their order of arrival."""
    return [
        a_reading(value, an_instant(day), id=number, metric=metric)
        for number, (day, value) in enumerate(days, start=1)
    ]


def a_milestone(
    key: str = "shore-up",
    *,
    title: str | None = None,
    status: MilestoneStatus | None = None,
    shipped_on: date | None = None,
    due_on: date | None = None,
    logged_at: datetime | None = None,
    work_streams: Sequence[str] = (),
) -> Milestone:
    """A milestone: planned, unless it has a ship date."""
    by_date = MilestoneStatus.SHIPPED if shipped_on else MilestoneStatus.PLANNED
    return Milestone(
        key,
        title or _title(key),
        work_streams=tuple(work_streams),
        status=status or by_date,
        shipped_on=shipped_on,
        due_on=due_on,
        logged_at=logged_at,
    )


def a_phase(
    key: str = "one-code-path",
    *,
    name: str | None = None,
    window: str = "Q2 2026",
    state: PhaseState = PhaseState.PLANNED,
    done_on: date | None = None,
    after: Sequence[str] = (),
    after_milestones: Sequence[str] = (),
) -> Phase:
    """A phase that needs the phases `after` and the milestones `after_milestones`."""
    needs = [Need(NeedKind.PHASE, needed) for needed in after]
    needs += [Need(NeedKind.MILESTONE, needed) for needed in after_milestones]
    return Phase(
        key,
        name or _title(key),
        parse_window(window),
        state=PhaseState.DONE if done_on else state,
        done_on=done_on,
        needs=tuple(needs),
    )


def a_scorecard(
    key: str = "billing",
    *,
    name: str = "Billing",
    zone: ZoneInfo = ZONE,
    digest: DigestSchedule | None = None,
    work_streams: Sequence[str] = (),
    metrics: Sequence[Metric] = (),
    milestones: Sequence[Milestone] = (),
    phases: Sequence[Phase] = (),
) -> Scorecard:
    return Scorecard(
        key,
        name,
        "Payment comes before commitment",
        zone,
        digest=digest or DigestSchedule(),
        work_streams=tuple(WorkStream(stream, _title(stream)) for stream in work_streams),
        metrics=tuple(metrics),
        milestones=tuple(milestones),
        phases=tuple(phases),
    )


def _title(key: str) -> str:
    return key.replace("-", " ").capitalize()


# --- the real figures ------------------------------------------------------

REAL_METRICS = (
    a_metric(
        "rollbacks",
        name="Rollbacks / day",
        unit="/ day",
        drivers={"pde": "remaining off-session flows"},
    ),
    a_metric(
        "bad-debt",
        name="Bad debt from upgrades (per day)",
        unit="/ day",
        baseline="48",
        drivers={"pde": "reversal logic elimination"},
    ),
    a_metric(
        "disagreeing-accounts",
        name="Disagreeing accounts",
        unit="accounts",
        baseline="691",
        drivers={"recompute-engine": "edge case coverage"},
    ),
    a_metric(
        "invoice-coverage",
        name="Invoice coverage",
        unit="%",
        baseline="19",
        target="100",
        drivers={"recompute-engine": "", "domain-events": ""},
    ),
    a_metric(
        "dunning-code-paths",
        name="Dunning code paths",
        unit="paths",
        baseline="5+",
        target="1",
        drivers={"one-code-path": "full consolidation"},
    ),
)
REAL_CURRENT = {
    "rollbacks": "~12",
    "bad-debt": "~3",
    "disagreeing-accounts": "~40",
    "invoice-coverage": "~78",
    "dunning-code-paths": "3",
}
REAL_WORK_STREAMS = ("pde", "recompute-engine", "domain-events", "one-code-path")


def the_real_readings() -> dict[str, list[Reading]]:
    """The current value of each real metric, as of 2026-03-16."""
    return {
        key: some_readings(("2026-03-16", value), metric=key) for key, value in REAL_CURRENT.items()
    }


def the_real_scorecard() -> Scorecard:
    return a_scorecard(metrics=REAL_METRICS, work_streams=REAL_WORK_STREAMS)

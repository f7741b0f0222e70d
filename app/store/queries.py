"""Rows read into the domain's data, in bulk: the number of queries never grows with the data."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.access import Access
from app.domain.metrics import Baseline, Driver, Metric, MetricKind
from app.domain.milestones import Milestone, MilestoneStatus
from app.domain.roadmap import Need, NeedKind, Phase, PhaseState, parse_window
from app.domain.scorecards import DigestSchedule, Scorecard, WorkStream
from app.domain.sources import Source
from app.domain.statuses import Thresholds
from app.domain.values import Qualifier, Value
from app.store.sources import sources_of
from app.store.tables import (
    DriverRow,
    MetricRow,
    MilestoneRow,
    MilestoneWorkStreamRow,
    NeedRow,
    PhaseRow,
    ScorecardRow,
    WorkStreamRow,
)


async def scorecard_rows(session: AsyncSession) -> Sequence[ScorecardRow]:
    """The scorecards that aren't retired, by key."""
    query = select(ScorecardRow).where(col(ScorecardRow.retired_at).is_(None))
    return (await session.exec(query.order_by(col(ScorecardRow.key)))).all()


@dataclass(frozen=True, slots=True)
class Listed:
    """As much of a scorecard as tells which one is meant, for whom, and whether it has changed."""

    id: int
    key: str
    channel: str | None
    access: Access
    version: int

    @classmethod
    def of(cls, row: ScorecardRow) -> "Listed":
        return cls(row.id or 0, row.key, row.channel, row.access, row.version)


async def listed_scorecards(session: AsyncSession) -> Sequence[Listed]:
    return [Listed.of(row) for row in await scorecard_rows(session)]


async def ids_by_key(session: AsyncSession, table: Any, scorecard_id: int) -> dict[str, int]:
    """The ids of a scorecard's metrics, work streams, milestones or phases, retired ones too."""
    query = select(table.key, table.id).where(table.scorecard_id == scorecard_id)
    return dict((await session.exec(query)).all())


async def load_scorecard(session: AsyncSession, row: ScorecardRow) -> Scorecard:
    """A scorecard with everything in it but its readings, in eight queries."""
    streams: Sequence[WorkStreamRow] = await _parts(session, WorkStreamRow, row)
    metrics: Sequence[MetricRow] = await _parts(session, MetricRow, row)
    milestones: Sequence[MilestoneRow] = await _parts(session, MilestoneRow, row)
    phases: Sequence[PhaseRow] = await _parts(session, PhaseRow, row)
    sources = await sources_of(session, row.id)
    drivers = await _ties(session, DriverRow, DriverRow.metric_id, MetricRow, row)
    milestone_streams = await _ties(
        session, MilestoneWorkStreamRow, MilestoneWorkStreamRow.milestone_id, MilestoneRow, row
    )
    needs = await _ties(session, NeedRow, NeedRow.phase_id, PhaseRow, row)

    stream_keys = {stream.id: stream.key for stream in streams}
    phase_keys = {phase.id: phase.key for phase in phases}
    milestone_keys = {milestone.id: milestone.key for milestone in milestones}
    return Scorecard(
        key=row.key,
        name=row.name,
        goal=row.goal,
        zone=ZoneInfo(row.zone),
        possibilities=tuple(row.possibilities),
        channel=row.channel,
        digest=DigestSchedule(row.digest_weekday, row.digest_at),
        thresholds=Thresholds(row.on_track_from, row.at_risk_from),
        ticket_address=row.ticket_address,
        work_streams=tuple(WorkStream(stream.key, stream.name) for stream in streams),
        metrics=tuple(
            _metric(
                metric,
                tuple(
                    Driver(stream_keys[driver.work_stream_id], driver.focus)
                    for driver in drivers[metric.id]
                ),
                sources.get(metric.key),
            )
            for metric in metrics
        ),
        milestones=tuple(
            _milestone(
                milestone,
                tuple(stream_keys[tie.work_stream_id] for tie in milestone_streams[milestone.id]),
            )
            for milestone in milestones
        ),
        phases=tuple(
            _phase(
                phase,
                tuple(_need(need, phase_keys, milestone_keys) for need in needs[phase.id]),
            )
            for phase in phases
        ),
        access=row.access,
        alerts=row.alerts,
    )


async def _parts(session: AsyncSession, table: Any, row: ScorecardRow) -> Sequence[Any]:
    query = select(table).where(table.scorecard_id == row.id, table.retired_at.is_(None))
    return (await session.exec(query.order_by(table.position, table.id))).all()


async def _ties(
    session: AsyncSession, table: Any, owner_id: Any, owner: Any, row: ScorecardRow
) -> Mapping[int | None, Sequence[Any]]:
    """The rows that belong to parts of a scorecard, by the id of the part, in their order."""
    query = (
        select(owner_id, table)
        .join(owner, owner.id == owner_id)
        .where(owner.scorecard_id == row.id, owner.retired_at.is_(None))
        .order_by(table.position)
    )
    grouped: dict[int | None, list[Any]] = defaultdict(list)
    for part_id, tie in (await session.exec(query)).all():
        grouped[part_id].append(tie)
    return grouped


def _metric(row: MetricRow, drivers: tuple[Driver, ...], source: Source | None) -> Metric:
    start = Value(row.baseline_number, Qualifier(row.baseline_qualifier))
    return Metric(
        key=row.key,
        name=row.name,
        unit=row.unit,
        baseline=Baseline(start, row.baseline_label, row.baseline_on),
        target=row.target,
        target_on=row.target_on,
        owner=row.owner,
        fresh_days=row.fresh_days,
        drivers=drivers,
        kind=MetricKind(row.kind),
        source=source,
    )


def _milestone(row: MilestoneRow, work_streams: tuple[str, ...]) -> Milestone:
    return Milestone(
        key=row.key,
        title=row.title,
        detail=row.detail,
        work_streams=work_streams,
        status=MilestoneStatus(row.status),
        shipped_on=row.shipped_on,
        due_on=row.due_on,
        links=tuple(row.links),
        tickets=tuple(row.tickets),
        logged_by=row.logged_by,
        logged_at=row.logged_at,
    )


def _phase(row: PhaseRow, needs: tuple[Need, ...]) -> Phase:
    return Phase(
        key=row.key,
        name=row.name,
        window=parse_window(row.window),
        description=row.description,
        state=PhaseState(row.state),
        done_on=row.done_on,
        needs=needs,
    )


def _need(
    row: NeedRow, phase_keys: Mapping[int | None, str], milestone_keys: Mapping[int | None, str]
) -> Need:
    if row.needed_phase_id is not None:
        return Need(NeedKind.PHASE, phase_keys[row.needed_phase_id])
    return Need(NeedKind.MILESTONE, milestone_keys[row.needed_milestone_id])


# --- readings --------------------------------------------------------------

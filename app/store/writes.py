"""The domain's data written as rows. Nothing here deletes what people entered."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.metrics import Metric, Reading
from app.domain.milestones import Milestone
from app.domain.roadmap import Need, NeedKind, Phase
from app.domain.scorecards import Scorecard
from app.store.queries import ids_by_key
from app.store.sources import save_sources
from app.store.tables import (
    DriverRow,
    MetricRow,
    MilestoneRow,
    MilestoneWorkStreamRow,
    NeedRow,
    PhaseRow,
    ReadingRow,
    ScorecardRow,
    WorkStreamRow,
)


async def held(session: AsyncSession, scorecard_id: int) -> ScorecardRow:
    """The scorecard's row as it is now, held until the transaction ends.

    Whoever writes to a scorecard holds it first: so each sees all that the one
    before has written, and two can't owe the same message or both miss the goal.
    """
    return await session.get_one(
        ScorecardRow, scorecard_id, with_for_update=True, populate_existing=True
    )


async def save_scorecard(
    session: AsyncSession, row: ScorecardRow, scorecard: Scorecard, now: datetime
) -> int:
    """Write a scorecard's definition: rows found by key are updated, others added.

    Parts that it no longer has are retired. Gives the id of the scorecard's row.
    """
    access, alerts = scorecard.access, scorecard.alerts
    row.name, row.goal = scorecard.name, scorecard.goal
    row.possibilities = list(scorecard.possibilities)
    row.zone, row.channel = scorecard.zone.key, scorecard.channel
    row.digest_weekday, row.digest_at = scorecard.digest.weekday, scorecard.digest.at
    row.on_track_from = scorecard.thresholds.on_track_from
    row.at_risk_from = scorecard.thresholds.at_risk_from
    row.owners, row.editors = list(access.owners), list(access.editors)
    row.viewers = list(access.viewers)
    row.strangers_edit, row.workflows_edit = access.strangers_edit, access.workflows_edit
    row.alert_reached, row.alert_fell_back = alerts.reached.value, alerts.fell_back.value
    row.alert_unusual, row.alert_stale = alerts.unusual.value, alerts.stale.value
    row.alert_person, row.quiet_weekends = alerts.person, alerts.quiet_weekends
    row.quiet_from = alerts.quiet_hours.begins if alerts.quiet_hours else None
    row.quiet_until = alerts.quiet_hours.ends if alerts.quiet_hours else None
    row.ticket_address = scorecard.ticket_address
    session.add(row)
    await session.flush()
    scorecard_id = needed_id(row.id)
    streams = await _save(
        session,
        WorkStreamRow,
        scorecard_id,
        {stream.key: {"name": stream.name} for stream in scorecard.work_streams},
        now,
    )
    metrics = await _save(
        session,
        MetricRow,
        scorecard_id,
        {metric.key: _metric_columns(metric) for metric in scorecard.metrics},
        now,
    )
    milestones = await _save(
        session,
        MilestoneRow,
        scorecard_id,
        {milestone.key: milestone_columns(milestone) for milestone in scorecard.milestones},
        now,
    )
    phases = await _save(
        session,
        PhaseRow,
        scorecard_id,
        {phase.key: _phase_columns(phase) for phase in scorecard.phases},
        now,
    )
    await save_sources(session, scorecard, metrics, now)
    await _save_drivers(session, scorecard.metrics, metrics, streams)
    await _save_milestone_streams(session, scorecard.milestones, milestones, streams)
    await _save_needs(session, scorecard.phases, phases, milestones)
    return scorecard_id


async def _save(
    session: AsyncSession,
    table: Any,
    scorecard_id: int,
    parts: Mapping[str, dict[str, Any]],
    now: datetime,
) -> dict[str, int]:
    """Update, add and retire the rows of one table; gives their ids by key."""
    query = select(table).where(table.scorecard_id == scorecard_id)
    known = {row.key: row for row in (await session.exec(query)).all()}
    for row in known.values():
        row.retired_at = None if row.key in parts else row.retired_at or now
        session.add(row)
    for position, (key, columns) in enumerate(parts.items()):
        row = known.get(key)
        if row is None:
            row = table(scorecard_id=scorecard_id, key=key, position=position, **columns)
        else:
            row.sqlmodel_update({**columns, "position": position})
        session.add(row)
    await session.flush()
    return await ids_by_key(session, table, scorecard_id)


def _metric_columns(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "unit": metric.unit,
        "baseline_number": metric.baseline.value.number,
        "baseline_qualifier": metric.baseline.value.qualifier.value,
        "baseline_label": metric.baseline.label,
        "baseline_on": metric.baseline.on,
        "target": metric.target,
        "target_on": metric.target_on,
        "owner": metric.owner,
        "fresh_days": metric.fresh_days,
        "kind": metric.kind.value,
    }


def milestone_columns(milestone: Milestone) -> dict[str, Any]:
    return {
        "title": milestone.title,
        "detail": milestone.detail,
        "status": milestone.status.value,
        "shipped_on": milestone.shipped_on,
        "due_on": milestone.due_on,
        "links": list(milestone.links),
        "tickets": list(milestone.tickets),
        "logged_by": milestone.logged_by,
        "logged_at": milestone.logged_at,
    }


def _phase_columns(phase: Phase) -> dict[str, Any]:
    return {
        "name": phase.name,
        "window": phase.window.text,
        "description": phase.description,
        "state": phase.state.value,
        "done_on": phase.done_on,
    }


async def _save_drivers(
    session: AsyncSession,
    metrics: Iterable[Metric],
    metric_ids: Mapping[str, int],
    stream_ids: Mapping[str, int],
) -> None:
    rows = [
        DriverRow(
            metric_id=metric_ids[metric.key],
            work_stream_id=stream_ids[driver.work_stream],
            focus=driver.focus,
            position=position,
        )
        for metric in metrics
        for position, driver in enumerate(metric.drivers)
    ]
    await _replace_ties(session, DriverRow, DriverRow.metric_id, metric_ids, rows)


async def _save_milestone_streams(
    session: AsyncSession,
    milestones: Iterable[Milestone],
    milestone_ids: Mapping[str, int],
    stream_ids: Mapping[str, int],
) -> None:
    rows = [
        MilestoneWorkStreamRow(
            milestone_id=milestone_ids[milestone.key],
            work_stream_id=stream_ids[stream],
            position=position,
        )
        for milestone in milestones
        for position, stream in enumerate(milestone.work_streams)
    ]
    await _replace_ties(
        session, MilestoneWorkStreamRow, MilestoneWorkStreamRow.milestone_id, milestone_ids, rows
    )


async def _save_needs(
    session: AsyncSession,
    phases: Iterable[Phase],
    phase_ids: Mapping[str, int],
    milestone_ids: Mapping[str, int],
) -> None:
    rows = [
        _need_row(phase_ids[phase.key], need, position, phase_ids, milestone_ids)
        for phase in phases
        for position, need in enumerate(phase.needs)
    ]
    await _replace_ties(session, NeedRow, NeedRow.phase_id, phase_ids, rows)


def _need_row(
    phase_id: int,
    need: Need,
    position: int,
    phase_ids: Mapping[str, int],
    milestone_ids: Mapping[str, int],
) -> NeedRow:
    is_phase = need.kind is NeedKind.PHASE
    return NeedRow(
        phase_id=phase_id,
        needed_phase_id=phase_ids[need.key] if is_phase else None,
        needed_milestone_id=None if is_phase else milestone_ids[need.key],
        position=position,
    )


async def save_milestone(
    session: AsyncSession, scorecard_id: int, milestone: Milestone, submission: str | None
) -> int:
    """Update or add one milestone with its work streams; gives its id."""
    query = select(MilestoneRow).where(
        MilestoneRow.scorecard_id == scorecard_id, MilestoneRow.key == milestone.key
    )
    row = (await session.exec(query)).first()
    if row is None:
        row = MilestoneRow(
            scorecard_id=scorecard_id,
            key=milestone.key,
            position=await _next_position(session, scorecard_id),
            **milestone_columns(milestone),
        )
    else:
        row.sqlmodel_update(milestone_columns(milestone))
    row.submission = submission or row.submission
    session.add(row)
    await session.flush()
    milestone_id = needed_id(row.id)
    streams = await ids_by_key(session, WorkStreamRow, scorecard_id)
    await _save_milestone_streams(session, [milestone], {milestone.key: milestone_id}, streams)
    return milestone_id


async def _next_position(session: AsyncSession, scorecard_id: int) -> int:
    query: Any = select(func.max(MilestoneRow.position))
    query = query.where(col(MilestoneRow.scorecard_id) == scorecard_id)
    last = (await session.exec(query)).one()
    return 0 if last is None else last + 1


async def add_need(
    session: AsyncSession, scorecard_id: int, phase: Phase, milestone_id: int
) -> None:
    """Make a phase wait for a milestone too."""
    phases = await ids_by_key(session, PhaseRow, scorecard_id)
    session.add(
        NeedRow(
            phase_id=phases[phase.key],
            needed_milestone_id=milestone_id,
            position=len(phase.needs),
        )
    )
    await session.flush()


async def add_readings(
    session: AsyncSession, scorecard_id: int, readings: Iterable[Reading], surface: str
) -> list[int]:
    """Append readings; their own ids don't count, the new ones are given back."""
    metrics = await ids_by_key(session, MetricRow, scorecard_id)
    milestones = await ids_by_key(session, MilestoneRow, scorecard_id)
    rows = [
        ReadingRow(
            metric_id=metrics[reading.metric],
            number=reading.value.number,
            qualifier=reading.value.qualifier.value,
            at=reading.at,
            recorded_at=reading.recorded_at,
            reported_by=reading.reported_by,
            surface=surface,
            note=reading.note,
            milestone_id=milestones[reading.milestone] if reading.milestone else None,
        )
        for reading in readings
    ]
    session.add_all(rows)
    await session.flush()
    return [needed_id(row.id) for row in rows]


async def _replace_ties(
    session: AsyncSession,
    table: Any,
    owner_id: Any,
    owners: Mapping[str, int],
    rows: Iterable[SQLModel],
) -> None:
    """Ties hold nothing of their own: what they were is kept in the change records."""
    await session.exec(delete(table).where(col(owner_id).in_(owners.values())))
    session.add_all(rows)
    await session.flush()


def needed_id(row_id: int | None) -> int:
    """The id of a row that has been flushed."""
    if row_id is None:
        raise RuntimeError("the row has not been written yet")
    return row_id

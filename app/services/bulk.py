"""Recording many readings as one: looked at before, written all or not at all, undone as one."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.errors import KpiError
from app.domain.imports import Checked, Imported, Plan, Refusal, compared
from app.domain.metrics import Reading
from app.domain.outcomes import Reverted
from app.domain.revisions import Revision
from app.domain.scorecards import Scorecard, Snapshot
from app.files.rows import Row, RowChecker, TooManyUnknown
from app.services.callers import Caller, Right, demand
from app.services.changes import Action, write_change
from app.services.contents import ITSELF
from app.services.readings import after_readings, before_readings
from app.services.scorecards import meant, present
from app.store.bulk import CHUNK, Progress, add_many_readings, known_facts, let_span_count
from app.store.engine import Store
from app.store.queries import Listed, load_scorecard
from app.store.tables import ChangeRow, ScorecardRow
from app.store.writes import needed_id

MOST_ROWS = 200_000
"""A row takes some hundred bytes of memory until all are written."""

MOST_TOLD = 20


class RowsRefused(KpiError):
    """Some rows can't be recorded, so none was; `refused` are those, in the order of the rows."""

    def __init__(self, refused: Sequence[Refusal]) -> None:
        count = "1 row is" if len(refused) == 1 else f"{len(refused):,} rows are"
        lines = [f"{count} refused, so nothing was recorded."]
        lines += [f"line {each.line}: {each.reason}" for each in refused[:MOST_TOLD]]
        if len(refused) > MOST_TOLD:
            lines.append(f"… and {len(refused) - MOST_TOLD:,} more.")
        super().__init__("\n".join(lines))
        self.refused = refused


def _nobody(_done: int) -> None:
    """Who asks for no progress."""


async def record_all(
    store: Store,
    caller: Caller,
    scorecard_key: str | None,
    rows: Iterable[Row],
    *,
    skip_refused: bool = False,
    progress: Progress = _nobody,
) -> Imported:
    """Record all the rows in one transaction, or none; see `plan` and `write`."""
    planned = await plan(store, caller, scorecard_key, rows)
    return await write(store, caller, planned, skip_refused=skip_refused, progress=progress)


async def plan(
    store: Store,
    caller: Caller,
    scorecard_key: str | None,
    rows: Iterable[Row],
    *,
    progress: Progress = _nobody,
) -> Plan:
    """What recording these rows would change; changes nothing.

    `progress` is told how many rows were looked at. Raises `NotFound` and `NotAllowed` as recording
    one reading does, `RowsRefused` for more than `MOST_ROWS`, and `TooManyUnknown`.
    """
    async with store.reading() as session:
        row = await meant(session, store, caller, scorecard_key)
        demand(caller, Right.RECORD, row)
        snapshot = await store.memory.snapshot(session, row, caller.now)
        checked = await _checked(snapshot.scorecard, caller, rows, progress)
        return await _compared(session, row, snapshot, checked)


async def _checked(
    scorecard: Scorecard, caller: Caller, rows: Iterable[Row], progress: Progress
) -> Checked:
    """The readings in the rows, and the rows that are none. Others get their turn in between."""
    checker = RowChecker(scorecard, caller.actor.id, caller.now)
    readings: list[Reading] = []
    refused: list[Refusal] = []
    count = 0
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            reason = f"at most {MOST_ROWS:,} rows are possible at once: split them."
            raise RowsRefused([Refusal(row.line, reason)])
        metric = None
        try:
            metric = checker.metric(row.metric)
            readings.append(checker.reading(row, metric))
        except TooManyUnknown:
            raise
        except KpiError as error:
            refused.append(Refusal(row.line, error.message, metric.key if metric else None))
        if count % CHUNK == 0:
            progress(count)
            await asyncio.sleep(0)
    progress(count)
    return Checked(readings, refused)


async def _compared(
    session: AsyncSession, row: Listed | ScorecardRow, snapshot: Snapshot, checked: Checked
) -> Plan:
    instants: dict[str, list[datetime]] = {}
    for reading in checked.readings:
        instants.setdefault(reading.metric, []).append(reading.at)
    known = await known_facts(session, needed_id(row.id), instants)
    return compared(snapshot, row.version, checked, known)


async def write(
    store: Store,
    caller: Caller,
    planned: Plan,
    *,
    skip_refused: bool = False,
    progress: Progress = _nobody,
) -> Imported:
    """Record what is new in a plan, all of it or nothing, with one change record.

    `progress` is told how many readings were written. What was recorded since the plan was made is
    looked at again. Raises `RowsRefused` if the plan refuses rows, unless those are to be skipped,
    and what `plan` does.
    """
    if planned.refused and not skip_refused:
        raise RowsRefused(planned.refused)
    async with store.transaction() as session:
        row, snapshot = await present(session, store, caller, planned.scorecard.key, Right.RECORD)
        scorecard_id = needed_id(row.id)
        if row.version != planned.version:
            planned = await _compared_again(session, row, snapshot, planned)
        if not planned.new:
            return Imported(None, planned, snapshot)
        span = await add_many_readings(
            session, scorecard_id, planned.new, caller.surface.value, progress
        )
        change = await write_change(
            session,
            scorecard_id,
            caller,
            Action.READINGS_RECORDED,
            ITSELF,
            after=_content(planned, span),
        )
        after = await after_readings(
            session, row, caller, snapshot.scorecard, snapshot, is_bulk=True
        )
        return Imported(change, planned, after)


async def _compared_again(
    session: AsyncSession, row: ScorecardRow, snapshot: Snapshot, planned: Plan
) -> Plan:
    """The plan as the scorecard stands now; raises `KpiError` where a metric was retired since."""
    for key in {reading.metric for reading in planned.new}:
        if key not in snapshot.scorecard.metrics_by_key:
            raise snapshot.scorecard.unknown_metric(key)
    there = {each.metric.key: each.already_there for each in planned.metrics}
    checked = Checked(planned.new, planned.refused, there)
    return await _compared(session, row, snapshot, checked)


def _content(planned: Plan, span: tuple[int, int]) -> dict[str, Any]:
    """What the change record keeps: which readings, and what they made of each metric."""
    return {
        "span": list(span),
        "metrics": {
            each.metric.key: [
                each.new,
                *(each.metric.shown(value) if value else "" for value in (each.before, each.after)),
            ]
            for each in planned.metrics
            if each.new
        },
    }


def revisions_of_many(
    before: dict[str, Any] | None, after: dict[str, Any] | None
) -> tuple[Revision, ...]:
    """What recording many readings changed, or taking them back did, metric by metric."""
    content, back = (after, False) if after else (before or {}, True)
    told = []
    for key, (count, *shown) in content["metrics"].items():
        was, now = reversed(shown) if back else shown
        readings = "1 reading" if count == 1 else f"{count:,} readings"
        what = f"{readings} taken back" if back else readings
        told.append(Revision(f"metric {key}", what, was or "nothing", now or "nothing"))
    return tuple(told)


async def undo_many(
    session: AsyncSession, caller: Caller, row: ScorecardRow, change: ChangeRow
) -> Reverted:
    """Take back many readings that were recorded as one, or let them count again."""
    counts = change.action == Action.READINGS_WITHDRAWN
    content = (change.before if counts else change.after) or {}
    scorecard = await load_scorecard(session, row)
    stood = await before_readings(session, row, caller, scorecard)
    first, last = content["span"]
    await let_span_count(
        session,
        change.scorecard_id,
        (first, last),
        caller.actor.id,
        caller.now,
        counts=counts,
    )
    before, after = (None, content) if counts else (content, None)
    undoing = await write_change(
        session,
        change.scorecard_id,
        caller,
        Action.READINGS_RESTORED if counts else Action.READINGS_WITHDRAWN,
        change.subject,
        before=before,
        after=after,
        undoes=change.id,
    )
    snapshot = await after_readings(session, row, caller, scorecard, stood, is_bulk=True)
    return Reverted(undoing, snapshot, revisions_of_many(before, after))

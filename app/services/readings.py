"""Recording readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain import names
from app.domain.errors import AlreadyDone, BadInput
from app.domain.metrics import Reading
from app.domain.outcomes import Recorded
from app.domain.scorecards import MetricState, Scorecard, Snapshot, take_snapshot
from app.domain.values import Value
from app.services import alerts
from app.services.callers import Caller, Right, Role
from app.services.changes import Action, value_to_json, write_change
from app.services.deliveries import Kind, enqueue
from app.services.scorecards import present
from app.store.engine import Store
from app.store.memory import deciding_now
from app.store.readings import readings_by_id
from app.store.tables import ChangeRow, ScorecardRow
from app.store.writes import add_readings, needed_id

MOST_REPEATED_AFTER = timedelta(days=2)
"""Slack sends an event again within minutes, or for a day: https://docs.slack.dev/apis/events-api"""


async def record(
    store: Store,
    caller: Caller,
    metric: str,
    value: Value,
    *,
    note: str = "",
    at: datetime | None = None,
    key: str | None = None,
) -> Recorded:
    """Append a reading of a metric, true at `at` (now by default).

    Raises `NotFound` for an unknown metric, `BadInput` for a time to come or a
    note that is too long.
    """
    note = _checked_note(note)
    at = _checked_instant(at, caller)
    async with store.transaction() as session:
        row, snapshot = await present(session, store, caller, key, Right.RECORD)
        state = snapshot.state(snapshot.scorecard.metric(metric).key)
        reading, change = await append(
            session, needed_id(row.id), caller, state, value, at=at, note=note
        )
        after = await after_readings(session, row, caller, snapshot.scorecard, snapshot)
        return Recorded(change, reading, state.current, after.state(state.metric.key))


@dataclass(frozen=True, slots=True)
class UpdateForm:
    """New values of metrics, by key, all true at `at` (now by default), with one note.

    `submission` tells one sending of the form from another.
    """

    values: Mapping[str, Value]
    note: str = ""
    at: datetime | None = None
    submission: str | None = None


async def record_several(
    store: Store, caller: Caller, form: UpdateForm, *, key: str | None = None
) -> list[Recorded]:
    """Append a reading for each metric, all of them or none; raises as `record` does.

    A workflow does so once: when Slack tells of its run again, it gives what is recorded. A form
    that was sent before raises `AlreadyDone`, whichever process took it.
    """
    note = _checked_note(form.note)
    at = _checked_instant(form.at, caller)
    async with store.transaction() as session:
        row, before = await present(session, store, caller, key, Right.RECORD)
        scorecard_id = needed_id(row.id)
        if caller.actor.role is Role.WORKFLOW and (
            done := await _recorded_before(session, scorecard_id, caller, before)
        ):
            return done
        await _refuse_second_sending(session, scorecard_id, caller, form.submission)
        written = []
        for metric_key, value in form.values.items():
            state = before.state(before.scorecard.metric(metric_key).key)
            appended = await append(
                session,
                scorecard_id,
                caller,
                state,
                value,
                at=at,
                note=note,
                submission=form.submission,
            )
            written.append(appended)
        after = await after_readings(session, row, caller, before.scorecard, before)
        return [
            Recorded(
                change, reading, before.state(reading.metric).current, after.state(reading.metric)
            )
            for reading, change in written
        ]


async def _recorded_before(
    session: AsyncSession, scorecard_id: int, caller: Caller, snapshot: Snapshot
) -> list[Recorded]:
    """What the caller has recorded of late. Raises `AlreadyDone` if that was undone since."""
    changes = {
        int((row.after or {})["reading"]): needed_id(row.id)
        for row in await _recordings_of_late(session, scorecard_id, caller)
    }
    found = await readings_by_id(session, changes)
    if changes and not found:
        raise AlreadyDone("What this run recorded was undone since.")
    return [
        Recorded(changes[reading_id], reading, before, snapshot.state(reading.metric))
        for reading_id, (reading, before) in found.items()
    ]


async def _refuse_second_sending(
    session: AsyncSession, scorecard_id: int, caller: Caller, submission: str | None
) -> None:
    """Raises `AlreadyDone` for a form whose values are recorded.

    The scorecard is held, so whoever sends it at the same time has written or has yet to look.
    """
    if submission is None:
        return
    recorded = await _recordings_of_late(session, scorecard_id, caller)
    if any((row.after or {}).get("submission") == submission for row in recorded):
        raise AlreadyDone("This form has been sent already: what it says is recorded. Close it.")


async def _recordings_of_late(
    session: AsyncSession, scorecard_id: int, caller: Caller
) -> Sequence[ChangeRow]:
    query = select(ChangeRow).where(
        ChangeRow.scorecard_id == scorecard_id,
        ChangeRow.at >= caller.now - MOST_REPEATED_AFTER,
        ChangeRow.actor == caller.actor.id,
        ChangeRow.action == Action.READING_RECORDED.value,
    )
    return (await session.exec(query)).all()


async def append(
    session: AsyncSession,
    scorecard_id: int,
    caller: Caller,
    before: MetricState,
    value: Value,
    *,
    at: datetime,
    note: str = "",
    milestone: str | None = None,
    submission: str | None = None,
) -> tuple[Reading, int]:
    """Write one reading and its change record, within a transaction; gives both.

    `before` is how its metric stood, `milestone` the key of the milestone that caused it,
    `submission` the form that it was sent with.
    """
    metric, known = before.metric, before.current
    reading = Reading(0, metric.key, value, at, caller.now, caller.actor.id, note, milestone)
    [reading_id] = await add_readings(session, scorecard_id, [reading], caller.surface.value)
    change = await write_change(
        session,
        scorecard_id,
        caller,
        Action.READING_RECORDED,
        metric.key,
        before=value_to_json(known.value) if known else None,
        after={
            "reading": reading_id,
            "at": at.isoformat(),
            "note": note,
            **value_to_json(value),
            **({"submission": submission} if submission else {}),
        },
    )
    return reading._replace(id=reading_id), change


def _checked_note(note: str) -> str:
    return names.checked_text(note, names.MOST_TEXT_LENGTH, "The note", needed=False, field="note")


def _checked_instant(at: datetime | None, caller: Caller) -> datetime:
    if at is not None and at > caller.now:
        raise BadInput("A reading can't be from a time to come.", field="at")
    return at or caller.now


async def before_readings(
    session: AsyncSession, row: ScorecardRow, caller: Caller, scorecard: Scorecard
) -> Snapshot:
    """The snapshot before readings are written or taken back, within the transaction."""
    readings = await deciding_now(session, needed_id(row.id), caller.now)
    return take_snapshot(scorecard, readings, caller.now)


async def after_readings(
    session: AsyncSession,
    row: ScorecardRow,
    caller: Caller,
    scorecard: Scorecard,
    before: Snapshot,
    *,
    is_bulk: bool = False,
) -> Snapshot:
    """The snapshot after readings were written, within their transaction; `before` is that before.

    When they bring the last metric to its target, the post that says so is owed, once; what else
    they make of metrics is told by alerts. Readings that come in bulk may be a metric's history.
    """
    readings = await deciding_now(session, needed_id(row.id), caller.now)
    snapshot = take_snapshot(scorecard, readings, caller.now)
    await owe_goal(session, row, caller, snapshot)
    await alerts.follow(session, row, before, snapshot, readings, is_bulk=is_bulk)
    return snapshot


async def owe_goal(
    session: AsyncSession, row: ScorecardRow, caller: Caller, snapshot: Snapshot
) -> None:
    """Owe the post that the goal is reached, once, if it is and there is a channel for it."""
    channel = snapshot.scorecard.channel or caller.actor.channel
    if snapshot.goal_reached and channel is not None:
        await enqueue(
            session, needed_id(row.id), Kind.GOAL, "reached", channel=channel, now=caller.now
        )

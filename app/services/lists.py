"""Lists that are read page by page: milestones, and the record of changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, union_all
from sqlalchemy import select as sql_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.edits import PartKind
from app.domain.filters import OF_CHANGES, OF_MILESTONES, Filters, listed, parse_filters
from app.domain.metrics import Reading
from app.domain.outcomes import Change, History, MilestoneEntry, MilestoneList, ReadingChange
from app.domain.revisions import Revision
from app.services.bulk import revisions_of_many
from app.services.callers import Caller, Guarded, may
from app.services.changes import Action, value_from_json
from app.services.contents import ITSELF, name_of, revisions
from app.services.muting import OF_MUTES, revisions_of_mute
from app.services.scorecards import effects_of, meant
from app.services.undoing import OF_MANY_READINGS, OF_READINGS, right_to_undo
from app.store.engine import Store
from app.store.queries import ids_by_key
from app.store.readings import last_readings
from app.store.tables import ChangeRow, MetricRow, ReadingRow, WithdrawalRow
from app.store.writes import needed_id

CHANGES_A_PAGE = 10


async def milestones(
    store: Store, caller: Caller, typed: str = "", *, key: str | None = None
) -> MilestoneList:
    """The milestones that pass the filters typed as words.

    Raises `BadInput` for words that are no filter, with what can be typed.
    """
    async with store.reading() as session:
        row = await meant(session, store, caller, key)
        snapshot = await store.memory.snapshot(session, row, caller.now)
        scorecard = snapshot.scorecard
        filters = parse_filters(
            typed, scorecard, OF_MILESTONES, person=caller.actor.id, today=snapshot.today
        )
        effects = await effects_of(session, row.id, scorecard, list(scorecard.milestones_by_key))
        moved = {
            milestone: frozenset(effect.metric.key for effect in those)
            for milestone, those in effects.items()
        }
        passing = listed(scorecard.milestones, moved, filters, snapshot.today)
        entries = [MilestoneEntry(each, effects.get(each.key, ())) for each in passing]
        return MilestoneList(snapshot, filters, entries)


async def readings(
    store: Store,
    caller: Caller,
    metric: str,
    *,
    most: int,
    before: int | None = None,
    key: str | None = None,
) -> tuple[list[Reading], bool]:
    """The newest readings of a metric that count, by its key, and whether there are older ones.

    They are those older than the reading of an id, where one is given. However many there
    are, the index finds the page.
    """
    async with store.reading() as session:
        listed = await meant(session, store, caller, key)
        metric_id = (await ids_by_key(session, MetricRow, listed.id))[metric]
        at, row_id = col(ReadingRow.at), col(ReadingRow.id)
        edge = None if before is None else await session.get(ReadingRow, before)
        beyond = [] if edge is None else [at <= edge.at, or_(at < edge.at, row_id < edge.id)]
        found = await last_readings(session, metric_id, most + 1, *beyond)
        return found[:most], len(found) > most


@dataclass(frozen=True, slots=True)
class Beside:
    """A page of changes: those next to one of them, older or newer."""

    change: int
    newer: bool = False


async def history(
    store: Store,
    caller: Caller,
    typed: str = "",
    *,
    beside: Beside | None = None,
    key: str | None = None,
) -> History:
    """A page of the scorecard's changes, newest first, the newest of all by default.

    The database pages: however many changes there are, four queries find one
    page. Raises `BadInput` for words that are no filter, with what can be typed.
    """
    async with store.reading() as session:
        row = await meant(session, store, caller, key)
        snapshot = await store.memory.snapshot(session, row, caller.now)
        scorecard = snapshot.scorecard
        filters = parse_filters(
            typed, scorecard, OF_CHANGES, person=caller.actor.id, today=snapshot.today
        )
        passing = [col(ChangeRow.scorecard_id) == row.id, *_conditions(filters, scorecard.zone)]
        edge = await _edge(session, row.id, beside)
        newer = edge is not None and beside is not None and beside.newer
        if edge is not None:
            passing += _beyond(edge, newer=newer)
        rows = await _page(session, passing, _subjects(filters), newer=newer)
        has_more = len(rows) > CHANGES_A_PAGE
        rows = rows[:CHANGES_A_PAGE]
        changes = await _changes(session, caller, row, rows[::-1] if newer else rows)
        return History(
            snapshot,
            filters,
            changes,
            has_older=newer or has_more,
            has_newer=has_more if newer else edge is not None,
        )


async def _edge(
    session: AsyncSession, scorecard_id: int, beside: Beside | None
) -> ChangeRow | None:
    """The change that a page lies beside; that of another scorecard is none."""
    row = await session.get(ChangeRow, beside.change) if beside else None
    return row if row is not None and row.scorecard_id == scorecard_id else None


def _conditions(filters: Filters, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    at = col(ChangeRow.at)
    conditions: list[ColumnElement[bool]] = []
    if filters.metric is not None:
        conditions.append(_about_metric(filters.metric))
    if filters.person is not None:
        conditions.append(col(ChangeRow.actor) == filters.person)
    if filters.since is not None:
        conditions.append(at >= _midnight(filters.since, zone))
    if filters.until is not None:
        conditions.append(at < _midnight(filters.until + timedelta(days=1), zone))
    return conditions


def _about_metric(metric: str) -> ColumnElement[bool]:
    """Changes of its readings and its alerts, and of what the metric is; see `_subjects`."""
    subject = col(ChangeRow.subject)
    of_its_own = col(ChangeRow.action).in_([action.value for action in OF_READINGS | OF_MUTES])
    of_many = col(ChangeRow.action).in_([action.value for action in OF_MANY_READINGS])
    among = (
        column[("metrics", metric)].as_string().is_not(None)
        for column in (col(ChangeRow.before), col(ChangeRow.after))
    )
    return or_(
        and_(subject == metric, of_its_own),
        and_(subject == ITSELF, of_many, or_(*among)),
        subject == name_of(PartKind.METRIC, metric),
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _beyond(edge: ChangeRow, *, newer: bool) -> list[ColumnElement[bool]]:
    """Older or newer than a change; the first condition is the one that the index answers."""
    at, row_id = col(ChangeRow.at), col(ChangeRow.id)
    if newer:
        return [at >= edge.at, or_(at > edge.at, row_id > edge.id)]
    return [at <= edge.at, or_(at < edge.at, row_id < edge.id)]


def _subjects(filters: Filters) -> Sequence[str]:
    """What changes about a metric name as their subject; nothing without such a filter."""
    if filters.metric is None:
        return ()
    return filters.metric, name_of(PartKind.METRIC, filters.metric), ITSELF


async def _page(
    session: AsyncSession,
    passing: Sequence[ColumnElement[bool]],
    subjects: Sequence[str],
    *,
    newer: bool,
) -> Sequence[ChangeRow]:
    """One row more than a page has, the nearest first.

    Of several subjects the index finds the nearest of each, and the nearest of these are the page.
    """
    at, row_id = col(ChangeRow.at), col(ChangeRow.id)
    order = (at.asc(), row_id.asc()) if newer else (at.desc(), row_id.desc())
    if subjects:
        nearest = (
            select(row_id.label("id"))
            .where(and_(*passing), col(ChangeRow.subject) == subject)
            .order_by(*order)
            .limit(CHANGES_A_PAGE + 1)
            .subquery()
            for subject in subjects
        )
        passing = [row_id.in_(union_all(*(sql_select(each.c.id) for each in nearest)))]
    query = select(ChangeRow).where(and_(*passing)).order_by(*order).limit(CHANGES_A_PAGE + 1)
    return (await session.exec(query)).all()


async def _changes(
    session: AsyncSession, caller: Caller, scorecard: Guarded, rows: Sequence[ChangeRow]
) -> list[Change]:
    undoings = await _undoings(session, [needed_id(row.id) for row in rows])
    readings = {row.id: reading for row in rows if (reading := _reading(row)) is not None}
    withdrawals = select(WithdrawalRow.reading_id).where(
        col(WithdrawalRow.reading_id).in_(readings.values())
    )
    withdrawn = set((await session.exec(withdrawals)).all())

    def is_undone(row: ChangeRow) -> bool:
        if row.id in readings:  # also taken back with the milestone that caused it
            return (readings[row.id] in withdrawn) != (row.action == Action.READING_WITHDRAWN)
        return undoings.get(needed_id(row.id), 0) % 2 == 1

    def can_undo(row: ChangeRow) -> bool:
        right = right_to_undo(row)
        is_open = needed_id(row.id) not in undoings
        return is_open and right is not None and may(caller.actor, right, scorecard)

    return [_change(row, is_undone=is_undone(row), can_undo=can_undo(row)) for row in rows]


async def _undoings(session: AsyncSession, changes: Sequence[int]) -> dict[int, int]:
    """How often each of these was undone: the undoing, the undoing of that, and so on."""
    first = (
        select(col(ChangeRow.undoes_id).label("root"), col(ChangeRow.id).label("id"))
        .where(col(ChangeRow.undoes_id).in_(changes))
        .cte("undoings", recursive=True)
    )
    later = ChangeRow.__table__.alias("later")  # type: ignore[attr-defined]
    chain = first.union_all(
        sql_select(first.c.root, later.c.id).where(later.c.undoes_id == first.c.id)
    )
    query: Any = sql_select(chain.c.root, func.count()).group_by(chain.c.root)
    return dict((await session.exec(query)).all())


def _revisions(row: ChangeRow) -> tuple[Revision, ...]:
    if row.action in OF_MANY_READINGS:
        return revisions_of_many(row.before, row.after)
    if row.action in OF_MUTES:
        return revisions_of_mute(row.subject, row.before, row.after)
    return revisions(row.before or {}, row.after or {})


def _reading(row: ChangeRow) -> int | None:
    """The id of the reading that a change is about."""
    if row.action not in OF_READINGS:
        return None
    content = row.before if row.action == Action.READING_WITHDRAWN else row.after
    return int((content or {})["reading"])


def _reading_change(row: ChangeRow) -> ReadingChange | None:
    if row.action not in OF_READINGS:
        return None
    contents = (row.before or {}, row.after or {})
    before, after = (value_from_json(said) if "value" in said else None for said in contents)
    notes = [note for said in contents if (note := said.get("note"))]
    return ReadingChange(before, after, notes[0] if notes else "")


def _change(row: ChangeRow, *, is_undone: bool, can_undo: bool) -> Change:
    reading = _reading_change(row)
    return Change(
        needed_id(row.id),
        row.at,
        row.actor,
        row.surface,
        row.action,
        row.subject,
        () if reading else _revisions(row),
        reading,
        is_undone,
        can_undo,
    )

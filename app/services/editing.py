"""Changing what a scorecard is: itself, and its parts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain import names
from app.domain.access import Access, refuse_no_owner_left
from app.domain.edits import (
    Part,
    PartKind,
    kind_of,
    moved_part,
    part_named,
    refuse_taken_title,
    title_of,
    with_part,
    without_part,
)
from app.domain.errors import BadInput
from app.domain.metrics import Reading
from app.domain.outcomes import Edited
from app.domain.scorecards import Scorecard, take_snapshot
from app.domain.sources import Source
from app.services import alerts
from app.services.callers import Caller, Right, Role, demand
from app.services.changes import Action, write_change
from app.services.contents import (
    ITSELF,
    READINGS,
    RETIREMENT,
    Content,
    difference,
    name_of,
    refuse_later_change,
    revisions,
)
from app.services.readings import owe_goal
from app.services.scorecards import meant
from app.store.engine import Store
from app.store.memory import deciding_now
from app.store.queries import ids_by_key, load_scorecard
from app.store.sources import source_states
from app.store.tables import (
    MetricRow,
    MilestoneRow,
    PhaseRow,
    ScorecardRow,
    WorkStreamRow,
)
from app.store.writes import add_readings, held, needed_id, save_scorecard

_TABLES: Mapping[PartKind, Any] = {
    PartKind.WORK_STREAM: WorkStreamRow,
    PartKind.METRIC: MetricRow,
    PartKind.MILESTONE: MilestoneRow,
    PartKind.PHASE: PhaseRow,
}


async def make(
    store: Store, caller: Caller, scorecard: Scorecard, readings: Sequence[Reading] = ()
) -> Edited:
    """Make a scorecard, owned by who makes it; its key gets a number where it is taken.

    Raises `BadInput` at the field `channel` if that is the home of another one,
    `NotAllowed` for somebody who can't be an owner.
    """
    async with store.transaction() as session:
        taken = (await session.exec(select(ScorecardRow.key))).all()
        key = names.key_from(scorecard.name, taken, fallback="scorecard")
        new = replace(scorecard, key=key, access=owned_by(caller))
        demand(caller, Right.EDIT, new)
        empty = Scorecard(key, "", "", new.zone)
        row = new_row(empty, caller)
        return await _written(
            session,
            caller,
            row,
            (empty, new),
            action=Action.SCORECARD_MADE,
            subject=ITSELF,
            readings=readings,
        )


def owned_by(caller: Caller) -> Access:
    """The access of a scorecard that somebody makes; the operator needs none to be named."""
    return Access(owners=(caller.actor.id,) if caller.actor.role is Role.PERSON else ())


def new_row(scorecard: Scorecard, caller: Caller) -> ScorecardRow:
    """The row of a scorecard that isn't there yet."""
    return ScorecardRow(
        key=scorecard.key,
        name=scorecard.name,
        goal=scorecard.goal,
        zone=scorecard.zone.key,
        digest_weekday=scorecard.digest.weekday,
        digest_at=scorecard.digest.at,
        digest_since=caller.now,
        on_track_from=scorecard.thresholds.on_track_from,
        at_risk_from=scorecard.thresholds.at_risk_from,
        created_at=caller.now,
    )


async def edit_scorecard(
    store: Store,
    caller: Caller,
    fields: Mapping[str, Any],
    *,
    seen: Mapping[str, str] | None = None,
    key: str | None = None,
) -> Edited:
    """Change fields of the scorecard itself: name, goal, zone, channel, digest, access, ...

    `seen` are the marks of those fields when the form was opened. Raises
    `ChangedMeanwhile` if somebody else was faster, `BadInput` for what doesn't fit, such
    as an access that names no owner any more.
    """

    def edition(current: Scorecard) -> Scorecard:
        refuse_later_change(current, seen or {})
        wanted = replace(current, **fields)
        refuse_no_owner_left(current.access, wanted.access)
        return wanted

    return await _edit(store, caller, key, edition, action=Action.SCORECARD_EDITED, subject=ITSELF)


async def add_part(
    store: Store,
    caller: Caller,
    part: Part,
    *,
    readings: Sequence[Reading] = (),
    key: str | None = None,
) -> Edited:
    """Add a metric, work stream or phase as the last of its kind; its key is made from its name.

    `readings` are first readings of a metric, whichever key they name. Raises `BadInput`
    at the field `name` for one that is taken, and where the part doesn't fit to the rest.
    """
    kind = kind_of(part)
    async with store.transaction() as session:
        row, current = await _held(session, store, caller, key)
        _refuse_unusable_title(current, part)
        taken = {*await ids_by_key(session, _TABLES[kind], needed_id(row.id)), *_reserved(kind)}
        part = replace(
            part, key=names.key_from(title_of(part), taken, fallback=kind.value.replace(" ", "-"))
        )
        wanted = with_part(current, part)
        return await _written(
            session,
            caller,
            row,
            (current, wanted),
            action=Action.PART_ADDED,
            subject=name_of(kind, part.key),
            readings=[reading._replace(metric=part.key) for reading in readings],
        )


async def edit_part(
    store: Store,
    caller: Caller,
    part: Part,
    *,
    seen: Mapping[str, str],
    key: str | None = None,
) -> Edited:
    """Put a part in the place of that of its key; `seen` are its marks when the form was opened.

    Raises `ChangedMeanwhile` if somebody else was faster, `NotFound` if it has been
    retired, and otherwise as `add_part` does.
    """
    kind = kind_of(part)

    def edition(current: Scorecard) -> Scorecard:
        refuse_later_change(part_named(current, kind, part.key), seen)
        _refuse_unusable_title(current, part)
        return with_part(current, part)

    subject = name_of(kind, part.key)
    return await _edit(store, caller, key, edition, action=Action.PART_EDITED, subject=subject)


async def edit_source(
    store: Store,
    caller: Caller,
    metric: str,
    source: Source | None,
    *,
    seen: Mapping[str, str],
    key: str | None = None,
) -> Edited:
    """Feed a metric, by its key, by another source, or by none; raises as `edit_part` does.

    `seen` is the mark of its source when the form was opened.
    """

    def edition(current: Scorecard) -> Scorecard:
        known = part_named(current, PartKind.METRIC, metric)
        refuse_later_change(known, seen)
        return with_part(current, replace(known, source=source))

    subject = name_of(PartKind.METRIC, metric)
    return await _edit(store, caller, key, edition, action=Action.PART_EDITED, subject=subject)


async def retire_part(
    store: Store, caller: Caller, kind: PartKind, part: str, *, key: str | None = None
) -> Edited:
    """Retire a part by its key: it is shown no more, and nothing refers to it; raises `NotFound`.

    What was recorded of it stays, and undoing brings it back with all that referred to it.
    """

    def edition(current: Scorecard) -> Scorecard:
        return without_part(current, kind, part)

    subject = name_of(kind, part)
    return await _edit(store, caller, key, edition, action=Action.PART_RETIRED, subject=subject)


async def move_part(
    store: Store, caller: Caller, kind: PartKind, part: str, steps: int, *, key: str | None = None
) -> Edited:
    """Move a part so many places down among its kind, or up; raises `NotFound`."""

    def edition(current: Scorecard) -> Scorecard:
        return moved_part(current, kind, part, steps)

    subject = name_of(kind, part)
    return await _edit(store, caller, key, edition, action=Action.PART_MOVED, subject=subject)


async def retire(store: Store, caller: Caller, *, key: str | None = None) -> Edited:
    """Retire a whole scorecard: it leaves its channel and is shown nowhere until that is undone."""
    async with store.transaction() as session:
        row, current = await _held(session, store, caller, key)
        row.retired_at = caller.now
        wanted = replace(current, channel=None)
        return await _written(
            session,
            caller,
            row,
            (current, wanted),
            action=Action.SCORECARD_RETIRED,
            subject=ITSELF,
            extra=({}, {RETIREMENT: {"at": caller.now.isoformat()}}),
        )


async def _edit(
    store: Store,
    caller: Caller,
    key: str | None,
    edition: Callable[[Scorecard], Scorecard],
    *,
    action: Action,
    subject: str,
) -> Edited:
    """Bring the scorecard that is meant to another edition, made of the one at hand.

    Where that reaches the goal, the post that says so is owed.
    """
    async with store.transaction() as session:
        row, current = await _held(session, store, caller, key)
        deciding = await deciding_now(session, needed_id(row.id), caller.now)
        stood = take_snapshot(current, deciding, caller.now)
        editions = (current, edition(current))
        edited = await _written(session, caller, row, editions, action=action, subject=subject)
        if not stood.goal_reached:
            await owe_goal(session, row, caller, edited.snapshot)
        await alerts.follow(session, row, stood, edited.snapshot, deciding)
        return edited


async def _held(
    session: AsyncSession, store: Store, caller: Caller, key: str | None
) -> tuple[ScorecardRow, Scorecard]:
    """The scorecard that is meant, held for a change of what it is, if the caller may."""
    row = await held(session, (await meant(session, store, caller, key)).id)
    demand(caller, Right.EDIT, row)
    return row, await load_scorecard(session, row)


def _refuse_unusable_title(scorecard: Scorecard, part: Part) -> None:
    is_metric = kind_of(part) is PartKind.METRIC
    if is_metric and names.normalised(title_of(part)) in names.RESERVED_WORDS:
        raise BadInput(
            f"“{title_of(part)}” is a word of /kpi: nobody could ask for a metric of that name.",
            field="name",
        )
    refuse_taken_title(scorecard, part)


def _reserved(kind: PartKind) -> frozenset[str]:
    return names.RESERVED_WORDS if kind is PartKind.METRIC else frozenset()


async def write_edition(
    session: AsyncSession,
    caller: Caller,
    row: ScorecardRow,
    editions: tuple[Scorecard, Scorecard],
    *,
    action: Action,
    subject: str,
    readings: Sequence[Reading] = (),
    extra: tuple[Content, Content] = ({}, {}),
    undoes: int | None = None,
) -> int | None:
    """Write a scorecard from the edition at hand to the wanted one, with its change record.

    `extra` goes into the record beside what differs, before and after. Gives the id of
    the change, None if there was nothing to change.
    """
    current, wanted = editions
    await refuse_taken_channel(session, wanted)
    was, now = difference(current, wanted)
    if not (was or now or readings or any(extra)) and row.id is not None:
        return None
    if _digests_elsewhen(current, wanted):
        # Slots of a new schedule that lie in the past were never promised.
        row.digest_since = caller.now
    if current.alerts.stale is not wanted.alerts.stale:
        # What is stale already when somebody begins to ask for it is no news.
        row.stale_alerts_since = caller.now
    scorecard_id = await save_scorecard(session, row, wanted, caller.now)
    if readings:
        ids = await add_readings(session, scorecard_id, readings, caller.surface.value)
        was, now = {**was, READINGS: []}, {**now, READINGS: ids}
    return await write_change(
        session,
        scorecard_id,
        caller,
        action,
        subject,
        before={**was, **extra[0]},
        after={**now, **extra[1]},
        undoes=undoes,
    )


def _digests_elsewhen(current: Scorecard, wanted: Scorecard) -> bool:
    """Whether digests now go out at another time, or to another channel, than before."""
    return (current.digest, current.zone, current.channel) != (
        wanted.digest,
        wanted.zone,
        wanted.channel,
    )


async def refuse_taken_channel(session: AsyncSession, scorecard: Scorecard) -> None:
    """Raises `BadInput` if another scorecard is at home in this one's channel."""
    if scorecard.channel is None:
        return
    query = select(ScorecardRow.name).where(
        ScorecardRow.channel == scorecard.channel, ScorecardRow.key != scorecard.key
    )
    other = (await session.exec(query)).first()
    if other is not None:
        raise BadInput(
            "This channel is the home of another scorecard already. Choose another channel, or "
            "retire that scorecard first.",
            field="channel",
        )


async def _written(
    session: AsyncSession,
    caller: Caller,
    row: ScorecardRow,
    editions: tuple[Scorecard, Scorecard],
    *,
    action: Action,
    subject: str,
    readings: Sequence[Reading] = (),
    extra: tuple[Content, Content] = ({}, {}),
) -> Edited:
    """Write an edition, and tell what it has made of the scorecard."""
    change = await write_edition(
        session,
        caller,
        row,
        editions,
        action=action,
        subject=subject,
        readings=readings,
        extra=extra,
    )
    scorecard = await load_scorecard(session, row)
    deciding = await deciding_now(session, needed_id(row.id), caller.now)
    sources = await source_states(session, needed_id(row.id))
    snapshot = take_snapshot(scorecard, deciding, caller.now, sources=sources)
    return Edited(snapshot, change, subject, revisions(*difference(*editions)))

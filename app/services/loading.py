"""Loading a scorecard file: again and again, without losing what people did since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.errors import BadInput
from app.domain.metrics import Reading
from app.domain.revisions import Revision, revised
from app.domain.scorecards import Scorecard, take_snapshot
from app.files import FileReading, ScorecardFile
from app.services.callers import Caller, Right, Surface, demand
from app.services.changes import Action
from app.services.contents import ITSELF
from app.services.editing import new_row, owned_by, refuse_taken_channel, write_edition
from app.services.readings import after_readings, before_readings
from app.store.engine import Store
from app.store.queries import load_scorecard
from app.store.tables import MetricRow, ReadingRow, ScorecardRow

FILE_REPORTER = "scorecard file"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading changed, or would change on a dry run; `change` is the one to undo it by."""

    scorecard: Scorecard
    revisions: tuple[Revision, ...]
    change: int | None = None


async def load(
    store: Store,
    caller: Caller,
    file: ScorecardFile,
    *,
    channel: str | None = None,
    dry_run: bool = False,
) -> Loaded:
    """Bring a scorecard to what its file says; loading the same file again changes nothing.

    What the file says as at its last loading leaves alone what people changed
    since. Its readings are appended once; later readings stay current. `channel`
    makes a Slack channel the scorecard's home. Raises `BadInput` where the file
    doesn't fit to what is there.
    """
    caller = replace(caller, surface=Surface.FILE)
    async with store.transaction() as session:
        row, current, before = await _editions(session, caller, file)
        demand(caller, Right.EDIT, current)
        wanted, readings = file.to_domain()
        merged, revisions = revised(current, before, wanted)
        if channel is not None and channel != merged.channel:
            moved = Revision("scorecard", "channel", merged.channel or "nothing", channel)
            merged, revisions = replace(merged, channel=channel), (*revisions, moved)
        await refuse_taken_channel(session, merged)
        new = [
            reading
            for reading in await _new_readings(session, row, readings)
            if reading.metric in merged.metrics_by_key  # otherwise it was retired since
        ]
        revisions = (*revisions, *(_as_revision(merged, reading) for reading in new))
        logged = _logged(merged, current, caller)
        change = None
        content = file.model_dump_json(by_alias=True)
        if not dry_run and (revisions or row.loaded_file != content):
            is_new, row.loaded_file = row.id is None, content
            stood = take_snapshot(current, {}, caller.now)
            if not is_new:
                stood = await before_readings(session, row, caller, current)
            change = await write_edition(
                session,
                caller,
                row,
                (current, logged),
                action=Action.SCORECARD_MADE if is_new else Action.SCORECARD_LOADED,
                subject=ITSELF,
                readings=[_reading(entry, caller) for entry in new],
            )
            await after_readings(session, row, caller, logged, stood, is_bulk=True)
    return Loaded(logged, revisions, change)


async def _editions(
    session: AsyncSession, caller: Caller, file: ScorecardFile
) -> tuple[ScorecardRow, Scorecard, Scorecard | None]:
    """The row, the scorecard at hand, and the one that the last loaded file described."""
    query = select(ScorecardRow).where(ScorecardRow.key == file.key).with_for_update()
    row = (await session.exec(query)).first()
    if row is None:
        wanted, _ = file.to_domain()
        empty = Scorecard(wanted.key, "", "", wanted.zone, access=owned_by(caller))
        row = new_row(empty, caller)
        return row, empty, None
    if row.retired_at is not None:
        raise BadInput(
            f"The scorecard “{file.key}” is retired. Bring it back with /kpi setup, or give the "
            "file another key.",
            field="key",
        )
    before = None
    if row.loaded_file is not None:
        before, _ = ScorecardFile.model_validate_json(row.loaded_file).to_domain()
    return row, await load_scorecard(session, row), before


async def _new_readings(
    session: AsyncSession, row: ScorecardRow, readings: Sequence[FileReading]
) -> list[FileReading]:
    """The file's readings that no earlier loading has brought, taken back or not.

    Of several for one metric and instant the last is the one that counts.
    """
    counting = list({(reading.metric, reading.at): reading for reading in readings}.values())
    if row.id is None:
        return counting
    query = (
        select(MetricRow.key, ReadingRow)
        .join(MetricRow, col(MetricRow.id) == ReadingRow.metric_id)
        .where(MetricRow.scorecard_id == row.id, ReadingRow.surface == Surface.FILE.value)
        .order_by(col(ReadingRow.id))
    )
    brought = {
        (metric, known.at): (known.number, known.qualifier)
        for metric, known in (await session.exec(query)).all()
    }
    return [
        reading
        for reading in counting
        if brought.get((reading.metric, reading.at))
        != (reading.value.number, reading.value.qualifier.value)
    ]


def _as_revision(scorecard: Scorecard, reading: FileReading) -> Revision:
    metric = scorecard.metrics_by_key[reading.metric]
    shown = f"{metric.shown(reading.value)} at {reading.at:%Y-%m-%d %H:%M}"
    return Revision(f"metric {reading.metric}", "reading", None, shown)


def _logged(scorecard: Scorecard, before: Scorecard, caller: Caller) -> Scorecard:
    """The scorecard with those milestones logged now that are new or have shipped since."""
    known = before.milestones_by_key
    return replace(
        scorecard,
        milestones=tuple(
            replace(milestone, logged_by=FILE_REPORTER, logged_at=caller.now)
            if milestone.key not in known
            or (milestone.is_shipped and not known[milestone.key].is_shipped)
            else milestone
            for milestone in scorecard.milestones
        ),
    )


def _reading(entry: FileReading, caller: Caller) -> Reading:
    return Reading(
        0,
        entry.metric,
        entry.value,
        entry.at,
        caller.now,
        FILE_REPORTER,
        entry.note,
        entry.milestone,
    )

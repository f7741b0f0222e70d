"""What a process remembers of a scorecard, valid until something changes anywhere.

Every write raises the scorecard's version, so that comparing one number tells
whether what is remembered still holds, whichever process wrote.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.metrics import Reading
from app.domain.paces import PACE_PERIOD
from app.domain.scorecards import WEEK, Scorecard, Snapshot, take_snapshot
from app.domain.sources import SourceState
from app.store.queries import Listed, listed_scorecards, load_scorecard
from app.store.readings import deciding_readings
from app.store.sources import source_states
from app.store.tables import ScorecardRow
from app.store.watch import Watch
from app.store.writes import needed_id

_LOOKS_BACK = (timedelta(0), WEEK, PACE_PERIOD)
SHARED_FOR = timedelta(seconds=1)
_FOREVER = datetime.max.replace(tzinfo=UTC)

Loaded = TypeVar("Loaded")
Readings = Mapping[str, Sequence[Reading]]


@dataclass(frozen=True, slots=True)
class _Remembered:
    version: int
    scorecard: Scorecard
    readings: Readings
    sources: Mapping[str, SourceState]
    valid_from: datetime
    valid_until: datetime

    def holds(self, version: int, now: datetime) -> bool:
        return self.version == version and self.valid_from <= now < self.valid_until


class Listing:
    """The scorecards that there are, from memory as long as nothing was written anywhere."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._turn = asyncio.Lock()
        self._listed: tuple[Hashable | None, Sequence[Listed]] = (None, ())

    async def read(self, session: AsyncSession) -> Sequence[Listed]:
        """All scorecards by key.

        It must be the first that is asked of a session: one that has read before sees an
        older state, which would be remembered as the newest.
        """
        state = await self._watch.read()
        if state is None:
            return await listed_scorecards(session)
        if state == self._listed[0]:
            return self._listed[1]
        async with self._turn:
            # Read before the rows: what is written in between makes the next reader ask again.
            state = await self._watch.read()
            if state is None or state != self._listed[0]:
                self._listed = (state, await listed_scorecards(session))
            return self._listed[1]


class Memory:
    """Scorecards with the readings that decide their present state.

    What has changed is read again by the first who needs it, for all who wait meanwhile: however
    many ask at once, a slow database is asked once.
    """

    def __init__(self) -> None:
        self._scorecards: dict[int, _Remembered] = {}
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._snapshots: dict[int, tuple[_Remembered, Snapshot]] = {}
        self._histories: dict[tuple[int, Hashable], tuple[tuple[int, date | None], Any]] = {}

    async def snapshot(
        self, session: AsyncSession, row: ScorecardRow | Listed, now: datetime
    ) -> Snapshot:
        """A scorecard as it stands now; those who ask within a second share one snapshot.

        So what depends on the clock alone, an age or a share of the time, may be that
        second old. What was written, and readings whose time comes, are never late.
        """
        remembered = await self._recall(session, row, now)
        known, snapshot = self._snapshots.get(needed_id(row.id), (None, None))
        if snapshot is None or known is not remembered or not _shared(snapshot.as_of, now):
            scorecard, readings = remembered.scorecard, remembered.readings
            snapshot = take_snapshot(scorecard, readings, now, sources=remembered.sources)
            self._snapshots[needed_id(row.id)] = (remembered, snapshot)
        return snapshot

    async def recall(
        self, session: AsyncSession, row: ScorecardRow | Listed, now: datetime
    ) -> tuple[Scorecard, Readings]:
        """A scorecard and its deciding readings, from memory where that still holds."""
        known = await self._recall(session, row, now)
        return known.scorecard, known.readings

    async def _recall(
        self, session: AsyncSession, row: ScorecardRow | Listed, now: datetime
    ) -> _Remembered:
        scorecard_id = needed_id(row.id)
        known = self._scorecards.get(scorecard_id)
        if known is not None and known.holds(row.version, now):
            return known
        turn = self._turns[scorecard_id]
        if turn.locked() and session.in_transaction():
            # Whoever holds a connection waits for nobody, who might wait for a connection.
            known = await self._read(session, row, now)
        else:
            async with turn:
                known = self._scorecards.get(scorecard_id)
                if known is None or not known.holds(row.version, now):
                    known = await self._read(session, row, now)
        self._scorecards[scorecard_id] = known
        return known

    async def _read(
        self, session: AsyncSession, row: ScorecardRow | Listed, now: datetime
    ) -> _Remembered:
        scorecard_id = needed_id(row.id)
        known = self._scorecards.get(scorecard_id)
        if known is not None and known.version == row.version:
            scorecard, sources = known.scorecard, known.sources
        else:
            whole_row = await session.get_one(ScorecardRow, scorecard_id)
            scorecard = await load_scorecard(session, whole_row)
            sources = await source_states(session, scorecard_id)
        readings = await deciding_now(session, scorecard_id, now)
        until = _valid_until(readings.values(), now)
        return _Remembered(row.version, scorecard, readings, sources, now, until)

    async def history(
        self,
        row: Listed,
        subject: Hashable,
        load: Callable[[], Awaitable[Loaded]],
        *,
        on: date | None = None,
    ) -> Loaded:
        """What `load` finds out about a metric, of which the clock changes nothing, or nothing on
        the same day."""
        known = self._histories.get((row.id, subject))
        if known is None or known[0] != (row.version, on):
            known = ((row.version, on), await load())
            self._histories[row.id, subject] = known
        history: Loaded = known[1]
        return history


def _shared(taken: datetime, now: datetime) -> bool:
    return timedelta(0) <= now - taken < SHARED_FOR


async def deciding_now(session: AsyncSession, scorecard_id: int, now: datetime) -> Readings:
    """The readings that decide a scorecard's present state."""
    instants = [now - back for back in _LOOKS_BACK]
    return await deciding_readings(session, scorecard_id, instants)


def _valid_until(readings: Iterable[Sequence[Reading]], now: datetime) -> datetime:
    """When the passing of time brings another reading to the edge of a period looked at."""
    edges = (
        reading.at + back for of_metric in readings for reading in of_metric for back in _LOOKS_BACK
    )
    return min((edge for edge in edges if edge > now), default=_FOREVER)

"""What a process remembers of a scorecard, valid until something changes anywhere.

Every write raises the scorecard's version, so that comparing one number tells
whether what is remembered still holds, whichever process wrote.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain.metrics import PACE_PERIOD, Reading
from app.domain.scorecards import WEEK, Scorecard
from app.store.queries import deciding_readings, load_scorecard
from app.store.tables import ScorecardRow
from app.store.writes import needed_id

_LOOKS_BACK = (timedelta(0), WEEK, PACE_PERIOD)
_FOREVER = datetime.max.replace(tzinfo=UTC)

Readings = Mapping[str, Sequence[Reading]]


@dataclass(frozen=True, slots=True)
class _Remembered:
    version: int
    scorecard: Scorecard
    readings: Readings
    valid_from: datetime
    valid_until: datetime


class Memory:
    """Scorecards with the readings that decide their present state."""

    def __init__(self) -> None:
        self._scorecards: dict[int, _Remembered] = {}

    async def recall(
        self, session: AsyncSession, row: ScorecardRow, now: datetime
    ) -> tuple[Scorecard, Readings]:
        """A scorecard and its deciding readings, from memory where that still holds."""
        scorecard_id = needed_id(row.id)
        known = self._scorecards.get(scorecard_id)
        if known is None or known.version != row.version:
            scorecard = await load_scorecard(session, row)
        elif known.valid_from <= now < known.valid_until:
            return known.scorecard, known.readings
        else:
            scorecard = known.scorecard
        readings = await deciding_now(session, scorecard_id, now)
        self._scorecards[scorecard_id] = _Remembered(
            row.version, scorecard, readings, now, _valid_until(readings.values(), now)
        )
        return scorecard, readings


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

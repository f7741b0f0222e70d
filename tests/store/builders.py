"""Scorecards and readings put straight into the tables, and a look at the statements sent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from app.domain.metrics import Reading
from app.domain.scorecards import Scorecard
from app.store.engine import Store
from app.store.queries import ids_by_key
from app.store.tables import MetricRow, ReadingRow, ScorecardRow, WithdrawalRow
from app.store.writes import save_scorecard
from tests.builders import NOW


async def save(store: Store, scorecard: Scorecard) -> int:
    """A new scorecard in the database; gives its id."""
    row = ScorecardRow(
        key=scorecard.key,
        name=scorecard.name,
        goal=scorecard.goal,
        zone=scorecard.zone.key,
        digest_weekday=scorecard.digest.weekday,
        digest_at=scorecard.digest.at,
        on_track_from=90,
        at_risk_from=70,
        digest_since=NOW,
        created_at=NOW,
    )
    async with store.transaction() as session:
        return await save_scorecard(session, row, scorecard, NOW)


async def save_readings(
    store: Store, scorecard_id: int, readings: Sequence[Reading], withdrawn: Sequence[int] = ()
) -> None:
    """Readings with their own ids, of which those `withdrawn` have been taken back."""
    async with store.transaction() as session:
        metrics = await ids_by_key(session, MetricRow, scorecard_id)
        session.add_all(
            ReadingRow(
                id=reading.id,
                metric_id=metrics[reading.metric],
                number=reading.value.number,
                qualifier=reading.value.qualifier.value,
                at=reading.at,
                recorded_at=reading.recorded_at,
                reported_by=reading.reported_by,
                surface="command",
                note=reading.note,
            )
            for reading in readings
        )
        await session.flush()
        session.add_all(WithdrawalRow(reading_id=id_, at=NOW, by="U1") for id_ in withdrawn)


@contextmanager
def statements_sent() -> Iterator[list[tuple[str, Any]]]:
    """The queries sent while the block runs, each with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: object
    ) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)

"""A scorecard and its readings taken out, by whoever may see them."""

from collections.abc import Callable

from app.domain.errors import BadInput
from app.domain.metrics import Reading
from app.domain.scorecards import Scorecard
from app.files import MOST_BYTES
from app.files.csv_writing import csv_header, csv_line
from app.files.tree import MOST_ENTRIES
from app.files.yaml_writing import scorecard_yaml
from app.services.callers import Caller
from app.services.scorecards import meant
from app.store.bulk import readings_in_pieces
from app.store.engine import Store


async def export_csv(
    store: Store, caller: Caller, write: Callable[[str], object], *, key: str | None = None
) -> Scorecard:
    """Write the readings of a scorecard that count as a CSV table, piece by piece.

    Gives the scorecard. Raises `NotFound` for one that the caller may not see.
    """
    async with store.reading() as session:
        listed = await meant(session, store, caller, key)
        scorecard, _ = await store.memory.recall(session, listed, caller.now)
        write(csv_header())
        async for piece in readings_in_pieces(session, listed.id):
            write("".join(csv_line(reading, scorecard.zone) for reading in piece))
        return scorecard


async def export_yaml(
    store: Store, caller: Caller, *, key: str | None = None, with_readings: bool = True
) -> tuple[Scorecard, str]:
    """The scorecard and the text of its file, which `kpi load` takes.

    Raises `NotFound` for a scorecard that the caller may not see, `BadInput` for one with more
    readings than a file can hold.
    """
    async with store.reading() as session:
        listed = await meant(session, store, caller, key)
        scorecard, _ = await store.memory.recall(session, listed, caller.now)
        if not with_readings:
            return scorecard, scorecard_yaml(scorecard, None)
        readings: dict[str, list[Reading]] = {}
        async for piece in readings_in_pieces(session, listed.id):
            of_metric = readings.setdefault(piece[0].metric, [])
            of_metric.extend(piece)
            if len(of_metric) > MOST_ENTRIES:
                raise _too_many(scorecard)
        text = scorecard_yaml(scorecard, readings)
        if len(text.encode()) > MOST_BYTES:
            raise _too_many(scorecard)
        return scorecard, text


def _too_many(scorecard: Scorecard) -> BadInput:
    return BadInput(
        f"{scorecard.name} has more readings than a scorecard file holds: {MOST_ENTRIES:,} a "
        f"metric, {MOST_BYTES // 1_000_000} MB in all. Export the readings as CSV, and the rest as "
        "YAML without readings."
    )

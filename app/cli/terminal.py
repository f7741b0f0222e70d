"""What the commands share: the scorecard that is meant, its database, how things are printed."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from app.config import Settings, read_settings
from app.domain.errors import BadInput
from app.files.fields import FIRST_YEAR, LAST_YEAR
from app.main import utc_now
from app.services.callers import OPERATOR, Caller, Surface
from app.store.engine import Store
from app.store.migrations import prepare_database

Given = TypeVar("Given")

ScorecardKey = Annotated[
    str | None, typer.Option("--scorecard", metavar="KEY", help="Which scorecard, if several.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def with_store(work: Callable[[Store], Coroutine[Any, Any, Given]]) -> Given:
    """Run one use case on the database that the settings name."""
    settings: Settings = read_settings()
    prepare_database(settings.database_url)

    async def run() -> Given:
        async with Store(settings.database_url) as store:
            return await work(store)

    return asyncio.run(run())


def the_operator(surface: Surface = Surface.TERMINAL) -> Caller:
    return Caller(OPERATOR, surface, utc_now())


def read_instant(text: str, zone: ZoneInfo) -> datetime:
    """An ISO date or date-time as an instant; one without a zone is in the scorecard's."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f"“{text[:40]}” isn't a time. Write 2026-03-16, 2026-03-16T09:30 or "
            "2026-03-16T09:30+01:00."
        ) from None
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise BadInput(f"The year {instant.year} lies outside {FIRST_YEAR} to {LAST_YEAR}.")
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=zone)
    return instant.astimezone(UTC)


def print_json(content: dict[str, Any]) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=2))


def a_console() -> Console:
    return Console(soft_wrap=False)

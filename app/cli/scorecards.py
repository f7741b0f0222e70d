"""`kpi load`, `kpi schema`, `kpi show` and `kpi record`."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import (
    AsJson,
    ScorecardKey,
    a_console,
    print_json,
    read_instant,
    the_operator,
    with_store,
)
from app.documents.data import history_data, scorecard_data
from app.documents.text import metric_text, scorecard_text
from app.domain.values import parse_value
from app.files import read_scorecard_path, scorecard_schema
from app.files.fields import checked_channel
from app.services import loading, readings, scorecards
from app.services.callers import Surface
from app.store.engine import Store


def load(
    file: Annotated[Path, typer.Argument(help="A scorecard file in YAML; see kpi schema.")],
    channel: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The Slack channel that is the scorecard's home: C…"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
) -> None:
    """Load a scorecard from a file, or bring one up to its file.

    Loading the same file again changes nothing, and later readings stay.

    \b
    Examples:
      kpi load scorecard.yaml --channel C0123456789
      kpi load scorecard.yaml --dry-run
    """
    content = read_scorecard_path(file)
    home = checked_channel(channel) if channel is not None else None

    async def work(store: Store) -> loading.Loaded:
        caller = the_operator(Surface.FILE)
        return await loading.load(store, caller, content, channel=home, dry_run=dry_run)

    loaded = with_store(work)
    for revision in loaded.revisions:
        before = "" if revision.before is None else f" {revision.before} →"
        print(f"{revision.subject}: {revision.what}:{before} {revision.after}")
    count = len(loaded.revisions)
    changes = "1 change" if count == 1 else f"{count} changes"
    if not count:
        print(f"{loaded.scorecard.name}: nothing to change.")
    elif dry_run:
        print(f"{loaded.scorecard.name}: {changes} would be made; nothing was written.")
    else:
        print(f"{loaded.scorecard.name}: {changes} made.")


def schema() -> None:
    """Print the JSON Schema of scorecard files, for editors.

    \b
    Examples:
      kpi schema > scorecard.schema.json
    """
    print_json(scorecard_schema())


def show(
    metric: Annotated[
        str | None, typer.Argument(help="A metric by its key or name; all without one.")
    ] = None,
    scorecard: ScorecardKey = None,
    as_json: AsJson = False,
) -> None:
    """Show the scorecard, or one metric of it.

    \b
    Examples:
      kpi show
      kpi show rollbacks
      kpi show --json --scorecard billing
    """
    if metric is None:
        snapshot = with_store(lambda store: scorecards.show(store, the_operator(), scorecard))
        if as_json:
            print_json(scorecard_data(snapshot))
        else:
            a_console().print(scorecard_text(snapshot))
        return
    typed = metric
    history = with_store(
        lambda store: scorecards.show_metric(store, the_operator(), typed, scorecard)
    )
    if as_json:
        print_json(history_data(history))
    else:
        a_console().print(metric_text(history))


def record(
    metric: Annotated[str, typer.Argument(help="A metric by its key or name.")],
    value: Annotated[str, typer.Argument(help="Such as 12, ~12, 5+, 78%, 1,234 or 1.2k.")],
    at: Annotated[
        str | None, typer.Option(metavar="ISO", help="When it was true; now by default.")
    ] = None,
    note: Annotated[str, typer.Option(help="What should be remembered with it.")] = "",
    scorecard: ScorecardKey = None,
) -> None:
    """Record a reading of a metric.

    A time without a zone is in the scorecard's own.

    \b
    Examples:
      kpi record rollbacks 12
      kpi record rollbacks "~12" --note "after the fix"
      kpi record rollbacks 9+ --at 2026-03-16T09:30
    """

    async def work(store: Store) -> str:
        caller = the_operator()
        snapshot = await scorecards.show(store, caller, scorecard)
        known = snapshot.scorecard.metric(metric)
        recorded = await readings.record(
            store,
            caller,
            known.key,
            parse_value(value, known.unit),
            note=note,
            at=read_instant(at, snapshot.scorecard.zone) if at else None,
            key=snapshot.scorecard.key,
        )
        now = recorded.state.current
        later = "" if now and now.at <= recorded.reading.at else " (a later reading is current)"
        return f"{known.name}: {known.shown(recorded.reading.value)} recorded{later}."

    print(with_store(work))

"""The command line: the same services as in Slack, for the one who runs the bot."""

import asyncio
import json
import logging
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from app import doctor
from app.config import Settings, read_settings
from app.demo.run import run_demo
from app.documents.data import metric_data, reading_data, scorecard_data
from app.documents.text import metric_text, scorecard_text
from app.domain.errors import BadInput, KpiError
from app.domain.values import parse_value
from app.files import read_scorecard_path, scorecard_schema
from app.main import serve as serve_bot
from app.main import slack_client, utc_now
from app.playground.terminal import render_message
from app.services import deliveries, digests, loading, readings, scorecards
from app.services.callers import OPERATOR, Caller, Surface
from app.services.deliveries import State
from app.slack.blocks.digests import digest_post
from app.slack.outbox import Outbox
from app.slack.publish import SlackFailure
from app.store.engine import Store
from app.store.migrations import migrate as migrate_database
from app.store.migrations import prepare_database

Given = TypeVar("Given")

app = typer.Typer(
    help="KPI Trajectories keeps a team's scorecard honest, in Slack and here.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
digest_app = typer.Typer(help="Look ahead at the weekly digest, or post it.", no_args_is_help=True)
app.add_typer(digest_app, name="digest")

ScorecardKey = Annotated[
    str | None, typer.Option("--scorecard", metavar="KEY", help="Which scorecard, if several.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@app.command()
def serve() -> None:
    """Run the bot: listen to Slack, post digests on time. Stop it with Ctrl-C.

    Needs SLACK_BOT_TOKEN, and SLACK_APP_TOKEN for Socket Mode or
    SLACK_SIGNING_SECRET with KPI_TRANSPORT=http.
    """
    settings = read_settings()
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    prepare_database(settings.database_url)
    asyncio.run(serve_bot(settings))


@app.command()
def migrate() -> None:
    """Bring the database to the newest tables. Safe to repeat."""
    print(f"The database is at revision {migrate_database(read_settings().database_url)}.")


@app.command()
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
    """
    content = read_scorecard_path(file)

    async def work(store: Store) -> loading.Loaded:
        caller = _caller(Surface.FILE)
        return await loading.load(store, caller, content, channel=channel, dry_run=dry_run)

    loaded = _with_store(work)
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


@app.command()
def schema() -> None:
    """Print the JSON Schema of scorecard files, for editors and checks."""
    _print_json(scorecard_schema())


@app.command()
def show(
    metric: Annotated[
        str | None, typer.Argument(help="A metric by its key or name; all without one.")
    ] = None,
    scorecard: ScorecardKey = None,
    as_json: AsJson = False,
) -> None:
    """Show the scorecard, or one metric of it."""
    if metric is None:
        snapshot = _with_store(lambda store: scorecards.show(store, _caller(), scorecard))
        if as_json:
            _print_json(scorecard_data(snapshot))
        else:
            _console().print(scorecard_text(snapshot))
        return
    typed = metric
    history = _with_store(lambda store: scorecards.show_metric(store, _caller(), typed, scorecard))
    if as_json:
        _print_json(
            {
                **metric_data(history.state, history.snapshot.scorecard),
                "readings": [reading_data(reading) for reading in history.readings],
            }
        )
    else:
        _console().print(metric_text(history))


@app.command(context_settings={"ignore_unknown_options": True})
def record(
    metric: Annotated[str, typer.Argument(help="A metric by its key or name.")],
    value: Annotated[str, typer.Argument(help="Such as 12, ~12, 5+, 78%, 1,234 or 1.2k.")],
    at: Annotated[
        str | None, typer.Option(metavar="ISO", help="When it was true; now by default.")
    ] = None,
    note: Annotated[str, typer.Option(help="What should be remembered with it.")] = "",
    scorecard: ScorecardKey = None,
) -> None:
    """Record a reading of a metric. A time without a zone is in the scorecard's own."""

    async def work(store: Store) -> str:
        caller = _caller()
        snapshot = await scorecards.show(store, caller, scorecard)
        known = snapshot.scorecard.metric(metric)
        recorded = await readings.record(
            store,
            caller,
            known.key,
            parse_value(value, known.unit),
            note=note,
            at=_instant(at, snapshot.scorecard.zone) if at else None,
            key=snapshot.scorecard.key,
        )
        now = recorded.state.current
        later = "" if now and now.at <= recorded.reading.at else " (a later reading is current)"
        return f"{known.name}: {known.shown(recorded.reading.value)} recorded{later}."

    print(_with_store(work))


@digest_app.command("preview")
def preview(
    at: Annotated[
        str | None, typer.Option(metavar="ISO", help="As if it were posted then.")
    ] = None,
    scorecard: ScorecardKey = None,
    as_json: AsJson = False,
) -> None:
    """See the digest as it would be posted now, or at another time."""

    async def work(store: Store) -> Any:
        caller = _caller()
        snapshot = await scorecards.show(store, caller, scorecard)
        instant = _instant(at, snapshot.scorecard.zone) if at else None
        return await digests.preview(store, caller, at=instant, key=snapshot.scorecard.key)

    message = digest_post(_with_store(work))
    if as_json:
        _print_json(message.as_payload())
    else:
        _console().print(render_message(message.as_payload(), sender="KPI", channel="preview"))


@digest_app.command("post")
def post(scorecard: ScorecardKey = None) -> None:
    """Post this week's digest to the scorecard's channel. It is posted once a week."""
    settings = read_settings()
    client = slack_client(settings, settings.require_token())

    async def work(store: Store) -> tuple[State, str | None, str | None]:
        delivery = await digests.post_now(store, _caller(), key=scorecard)
        await Outbox(store, client, utc_now, "terminal").deliver_due()
        return await deliveries.state_of(store, delivery)

    state, _, error = _with_store(work)
    if state is not State.DELIVERED:
        raise SlackFailure("not_delivered", error or "Slack did not take the digest.")
    print("The digest is posted.")


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End after the run, instead of staying up.")
    ] = False,
) -> None:
    """See the bot at work: a local Slack, the real scorecard, the main job from start to end.

    Needs no Slack, no token and no network.
    """
    raise typer.Exit(asyncio.run(run_demo(stay=not once and sys.stdin.isatty())))


@app.command("doctor")
def examine() -> None:
    """Check settings, database, migrations, tokens, scopes and channels, and how to mend each."""
    findings = asyncio.run(doctor.examine())
    for finding in findings:
        print(f"{'ok  ' if finding.is_well else 'BAD '} {finding.what}: {finding.words}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


def _with_store(work: Callable[[Store], Coroutine[Any, Any, Given]]) -> Given:
    """Run one use case on the database that the settings name."""
    settings: Settings = read_settings()
    prepare_database(settings.database_url)

    async def run() -> Given:
        async with Store(settings.database_url) as store:
            return await work(store)

    return asyncio.run(run())


def _caller(surface: Surface = Surface.TERMINAL) -> Caller:
    return Caller(OPERATOR, surface, utc_now())


def _instant(text: str, zone: ZoneInfo) -> datetime:
    """An ISO date or date-time as an instant; one without a zone is in the scorecard's."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f"“{text[:40]}” isn't a time. Write 2026-03-16, 2026-03-16T09:30 or "
            "2026-03-16T09:30+01:00."
        ) from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=zone)
    return instant.astimezone(UTC)


def _print_json(content: dict[str, Any]) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=2))


def _console() -> Console:
    return Console(soft_wrap=False)


def main() -> None:
    """Run a command. Exit status 2 for bad input or settings, 1 for a failure, 0 otherwise."""
    try:
        app()
    except KpiError as error:
        _fail(error.message, 2)
    except SlackFailure as failure:
        _fail(f"Slack: {failure.remedy}", 1)
    except DBAPIError as error:
        _fail(f"The database can't be used: {_first_line(error)}", 1)


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0]


def _fail(message: str, status: int) -> None:
    print(f"kpi: {message}", file=sys.stderr)
    sys.exit(status)

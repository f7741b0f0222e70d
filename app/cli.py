"""The command line: the same services as in Slack, for the one who runs the bot."""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from app import backups, doctor
from app.charts.charts import Chart
from app.charts.looks import DARK, LIGHT
from app.charts.multiples import scorecard_chart
from app.charts.rendering import png, svg
from app.charts.timelines import roadmap_chart
from app.charts.trajectories import metric_chart
from app.config import Settings, read_settings
from app.demo.run import run_demo
from app.doctor import first_line, without_markup
from app.documents.data import history_data, scorecard_data
from app.documents.text import metric_text, scorecard_text
from app.domain.errors import BadInput, KpiError
from app.domain.values import parse_value
from app.files import read_scorecard_path, scorecard_schema
from app.files.fields import FIRST_YEAR, LAST_YEAR, checked_channel
from app.logs import set_up_logs
from app.main import serve as serve_bot
from app.main import slack_client, utc_now
from app.playground.manifests import ManifestError
from app.playground.run import Order, PlaygroundError, run_playground
from app.playground.terminal import render_message
from app.services import deliveries, digests, loading, readings, scorecards, trajectories
from app.services.callers import OPERATOR, Caller, Surface
from app.services.deliveries import State
from app.slack.blocks.digest_details import digest_details
from app.slack.blocks.digests import digest_post
from app.slack.identity import Identity
from app.slack.membership import Membership
from app.slack.outbox import Outbox
from app.slack.painting import Painter
from app.slack.pictures import Pictures
from app.slack.publish import SlackFailure
from app.store.engine import Store
from app.store.migrations import migrate as migrate_database
from app.store.migrations import prepare_database

Given = TypeVar("Given")

app = typer.Typer(
    help="KPI Trajectories keeps a team's scorecard honest, in Slack and here.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
digest_app = typer.Typer(help="Look ahead at the weekly digest, or post it.")
app.add_typer(digest_app, name="digest")
app.command()(backups.backup)
app.command()(backups.restore)

ScorecardKey = Annotated[
    str | None, typer.Option("--scorecard", metavar="KEY", help="Which scorecard, if several.")
]


class LookName(StrEnum):
    """The looks of a picture."""

    LIGHT = "light"
    DARK = "dark"


LOOKS = {LookName.LIGHT: LIGHT, LookName.DARK: DARK}
RENDERERS: dict[str, Callable[[Chart], bytes]] = {
    ".png": png,
    ".svg": lambda chart: svg(chart).encode(),
}
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@app.command()
def serve() -> None:
    """Run the bot: listen to Slack, post digests on time. Stop it with Ctrl-C.

    Needs SLACK_BOT_TOKEN, and SLACK_APP_TOKEN for Socket Mode or
    SLACK_SIGNING_SECRET with KPI_TRANSPORT=http.

    \b
    Examples:
      kpi serve
      KPI_TRANSPORT=http KPI_HOST=0.0.0.0 kpi serve
    """
    settings = read_settings()
    settings.require_secrets()
    set_up_logs(sys.stderr, settings.kpi_log_format, settings.secrets)
    # Bolt warns at every start that it doesn't need the token it finds in the environment.
    logging.getLogger("slack_bolt.AsyncApp").addFilter(
        lambda record: "`token` will be unused" not in record.getMessage()
    )
    prepare_database(settings.database_url)
    asyncio.run(serve_bot(settings))


@app.command()
def migrate() -> None:
    """Bring the database to the newest tables. Safe to repeat.

    \b
    Examples:
      kpi migrate
      DATABASE_URL=postgresql://user:password@host/name kpi migrate
    """
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

    \b
    Examples:
      kpi load scorecard.yaml --channel C0123456789
      kpi load scorecard.yaml --dry-run
    """
    content = read_scorecard_path(file)
    home = checked_channel(channel) if channel is not None else None

    async def work(store: Store) -> loading.Loaded:
        caller = _caller(Surface.FILE)
        return await loading.load(store, caller, content, channel=home, dry_run=dry_run)

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
    """Print the JSON Schema of scorecard files, for editors.

    \b
    Examples:
      kpi schema > scorecard.schema.json
    """
    _print_json(scorecard_schema())


@app.command()
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
        snapshot = _with_store(lambda store: scorecards.show(store, _caller(), scorecard))
        if as_json:
            _print_json(scorecard_data(snapshot))
        else:
            _console().print(scorecard_text(snapshot))
        return
    typed = metric
    history = _with_store(lambda store: scorecards.show_metric(store, _caller(), typed, scorecard))
    if as_json:
        _print_json(history_data(history))
    else:
        _console().print(metric_text(history))


@app.command()
def draw(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="METRIC|scorecard|roadmap", help="What to draw: a metric by its key or name."
        ),
    ] = "scorecard",
    *,
    out: Annotated[Path, typer.Option(metavar="FILE", help="A file that ends in .png or .svg.")],
    look: Annotated[LookName, typer.Option(help="For a light or a dark page.")] = LookName.LIGHT,
    scorecard: ScorecardKey = None,
) -> None:
    """Draw the scorecard, a metric or the roadmap into a file.

    It is the picture that Slack shows. A file of that name is replaced.

    \b
    Examples:
      kpi draw --out scorecard.png
      kpi draw rollbacks --out rollbacks.svg --look dark
      kpi draw roadmap --out roadmap.png --scorecard billing
    """
    render = RENDERERS.get(out.suffix.lower())
    if render is None:
        raise BadInput(f"“{out}” is no name of a picture. End it in .png or .svg.")
    if not out.parent.is_dir():
        raise BadInput(f"There is no folder “{out.parent}”. Make it first, or name another.")

    async def work(store: Store) -> Chart:
        caller = _caller()
        if subject == "scorecard":
            whole = await trajectories.of_scorecard(store, caller, scorecard)
            return scorecard_chart(*whole, LOOKS[look])
        if subject == "roadmap":
            return roadmap_chart(await scorecards.show(store, caller, scorecard), LOOKS[look])
        history = await trajectories.of_metric(store, caller, subject, scorecard)
        return metric_chart(history, LOOKS[look])

    chart = _with_store(work)
    try:
        out.write_bytes(render(chart))
    except OSError as error:
        raise BadInput(f"“{out}” can't be written: {error.strerror}.") from None
    print(f"{chart.title}: drawn into {out}.")


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
    """Record a reading of a metric.

    A time without a zone is in the scorecard's own.

    \b
    Examples:
      kpi record rollbacks 12
      kpi record rollbacks "~12" --note "after the fix"
      kpi record rollbacks 9+ --at 2026-03-16T09:30
    """

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
    """See the digest as it would be posted now, or at another time.

    \b
    Examples:
      kpi digest preview
      kpi digest preview --at 2026-03-16T09:00 --json
    """

    async def work(store: Store) -> Any:
        caller = _caller()
        snapshot = await scorecards.show(store, caller, scorecard)
        instant = _instant(at, snapshot.scorecard.zone) if at else None
        return await digests.preview(store, caller, at=instant, key=snapshot.scorecard.key)

    digest = _with_store(work)
    message = digest_post(digest)
    if as_json:
        _print_json(message.as_payload())
        return
    console = _console()
    console.print(render_message(message.as_payload(), sender="KPI", channel="preview"))
    for reply in digest_details(digest):
        console.print(render_message(reply.as_payload(), sender="KPI", channel="in its thread"))


@digest_app.command("post")
def post(scorecard: ScorecardKey = None) -> None:
    """Post this week's digest to the scorecard's channel, once a week.

    \b
    Examples:
      kpi digest post
      kpi digest post --scorecard billing
    """
    settings = read_settings()
    client = slack_client(settings, settings.require_token())

    async def work(store: Store) -> tuple[State, str | None, str | None]:
        delivery = await digests.post_now(store, _caller(), key=scorecard)
        membership = Membership(client, utc_now, Identity())
        pictures = Pictures(store, client, Painter().paint)
        await Outbox(
            store, client, utc_now, "terminal", membership, pictures=pictures
        ).deliver_due()
        return await deliveries.state_of(store, delivery)

    state, _, error = _with_store(work)
    if state is not State.DELIVERED:
        kept = " It is kept, and kpi serve posts it." if state is State.WAITING else ""
        raise SlackFailure("not_delivered", f"The digest could not be posted. {error}{kept}")
    print("The digest is posted.")


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End after the run, instead of staying up.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65_535, help="The page's port: 8765 by default, or one that is free."
        ),
    ] = None,
) -> None:
    """See the bot at work on a real scorecard, in a local Slack.

    It goes through the main job from start to end, and then stays up with the address of a page
    on which to try everything as several people. Needs no Slack, no token and no network.

    \b
    Examples:
      kpi demo
      kpi demo --port 9000
      kpi demo --once
    """
    # Asked to end, it clears up as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    raise typer.Exit(asyncio.run(run_demo(stay=not once, port=port)))


@app.command(context_settings={"allow_interspersed_args": False})
def playground(
    command: Annotated[
        list[str] | None,
        typer.Argument(metavar="-- COMMAND", help="Starts the app, led to the local Slack."),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The app's manifest, YAML or JSON; without it, it may do all."
        ),
    ] = None,
    port: Annotated[
        int,
        typer.Option(metavar="PORT", min=0, max=65535, help="The page's; 0 takes a free one."),
    ] = 8600,
    request_url: Annotated[
        str,
        typer.Option(metavar="URL", help="Where the app takes requests, without Socket Mode."),
    ] = "",
    env_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write there what the app needs.")
    ] = None,
) -> None:
    """Run a local Slack with a page to act in, for any Bolt app.

    Needs no Slack and no token, and forgets everything at the end. Stop it with Ctrl-C.

    \b
    Examples:
      kpi playground --manifest manifest.yml -- python app.py
      kpi playground --manifest manifest.yml --env-file .env.playground
      kpi playground --request-url http://127.0.0.1:3000/slack/events
    """
    order = Order(manifest, port, request_url, env_file, command or [])
    try:
        asyncio.run(run_playground(order, typer.echo))
    except (ManifestError, PlaygroundError) as refusal:
        raise BadInput(str(refusal)) from None


@app.command("doctor")
def examine() -> None:
    """Check all that a running bot needs.

    Looks at settings, database, tokens, scopes and channels, and says how to mend each.
    Changes nothing.

    \b
    Examples:
      kpi doctor
    """
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
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise BadInput(f"The year {instant.year} lies outside {FIRST_YEAR} to {LAST_YEAR}.")
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
        # Without arguments, the list of commands; a command's own status, or none for success.
        sys.exit(app(sys.argv[1:] or ["--help"], prog_name="kpi", standalone_mode=False))
    except KpiError as error:
        _fail(error.message, 2)
    except typer.TyperException as error:
        _fail(_usage_problem(error), error.exit_code)
    except SlackFailure as failure:
        _fail(f"Slack: {without_markup(failure.remedy)}", 1)
    except SQLAlchemyError as error:
        _fail(f"The database can't be used: {first_line(error)}", 1)


def _usage_problem(error: typer.TyperException) -> str:
    context: typer.Context | None = getattr(error, "ctx", None)
    command = context.command_path if context else "kpi"
    message = error.format_message()
    stop = "" if message.endswith((".", "?")) else "."
    return f"{message}{stop} See: {command} --help"


def _fail(message: str, status: int) -> None:
    print(f"kpi: {message}", file=sys.stderr)
    sys.exit(status)

"""The command line: the same services as in Slack, for the one who runs the bot."""

import sys

import typer
from sqlalchemy.exc import SQLAlchemyError

from app.cli import (
    backups,
    digests,
    links,
    pictures,
    playing,
    reports,
    running,
    scorecards,
    tables,
    tokens,
)
from app.doctor import first_line, without_markup
from app.domain.errors import KpiError
from app.slack.publish import SlackFailure

app = typer.Typer(
    help="KPI Trajectories keeps a team's scorecard honest, in Slack and here.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
digest_app = typer.Typer(help="Look ahead at the weekly digest, or post it.")
app.add_typer(digest_app, name="digest")
link_app = typer.Typer(help="Links to the progress page: make, list, revoke.")
app.add_typer(link_app, name="link")
token_app = typer.Typer(help="Make, list and revoke the tokens of the HTTP API.")
app.add_typer(token_app, name="token")

app.command()(running.serve)
app.command()(running.migrate)
app.command()(scorecards.load)
app.command()(scorecards.schema)
app.command()(scorecards.show)
app.command()(pictures.draw)
app.command()(reports.report)
app.command(context_settings={"ignore_unknown_options": True})(scorecards.record)
app.command("import")(tables.import_readings)
app.command()(tables.export)
digest_app.command()(digests.preview)
digest_app.command()(digests.post)
link_app.command()(links.create)
link_app.command("list")(links.show)
link_app.command()(links.revoke)
token_app.command()(tokens.create)
token_app.command("list")(tokens.list_tokens)
token_app.command()(tokens.revoke)
app.command()(playing.demo)
app.command(context_settings={"allow_interspersed_args": False})(playing.playground)
app.command("doctor")(running.examine)
app.command()(backups.backup)
app.command()(backups.restore)


def main() -> None:
    """Run a command. Exit status 2 for bad input or settings, 1 for a failure, 0 otherwise."""
    try:
        # Without arguments, the list of commands; a command's own status, or none for success.
        sys.exit(app(sys.argv[1:] or ["--help"], prog_name="kpi", standalone_mode=False))
    except KpiError as error:
        _fail(error.message, 2)
    except (KeyboardInterrupt, typer.Abort):
        _fail("stopped; what had not been finished was not done.", 130)
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

"""The command line: the same services as in Slack, for the one who runs the bot."""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from app.domain.errors import KpiError
from app.domain.sources import SourceFailure


class Commands(Mapping[str, Any]):
    """Commands by name, each read from its module when it is asked for: all of them take seconds.

    `places` tells where a command's function is, in this package, or what a group of them is for
    and where its own are.
    """

    def __init__(self, places: Mapping[str, "str | tuple[str, Mapping[str, str]]"]) -> None:
        self._places = places

    def __getitem__(self, name: str) -> Any:
        place = self._places[name]
        if not isinstance(place, str):
            purpose, places = place
            return _group(name, purpose, Commands(places))
        module, function = place.split(".")
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name, context_settings=_SETTINGS.get(name))(
            getattr(import_module(f"{__name__}.{module}"), function)
        )
        return typer.main.get_command(alone)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _group(name: str, purpose: str, commands: Commands) -> TyperGroup:
    # It wants a dict, and only ever reads it.
    return TyperGroup(name=name, help=purpose, commands=commands, rich_markup_mode=None)  # type: ignore[arg-type]


_SETTINGS = {
    "record": {"ignore_unknown_options": True},
    "playground": {"allow_interspersed_args": False},
}
kpi = _group(
    "kpi",
    "KPI Trajectories keeps a team's scorecard honest, in Slack and here.",
    Commands(
        {
            "serve": "running.serve",
            "migrate": "running.migrate",
            "load": "scorecards.load",
            "schema": "scorecards.schema",
            "show": "scorecards.show",
            "draw": "pictures.draw",
            "report": "reports.report",
            "record": "scorecards.record",
            "import": "tables.import_readings",
            "export": "tables.export",
            "demo": "playing.demo",
            "playground": "playing.playground",
            "mcp": "assistants.mcp",
            "doctor": "running.examine",
            "backup": "backups.backup",
            "restore": "backups.restore",
            "digest": (
                "Look ahead at the weekly digest, or post it.",
                {"preview": "digests.preview", "post": "digests.post"},
            ),
            "link": (
                "Links to the progress page: make, list, revoke.",
                {"create": "links.create", "list": "links.show", "revoke": "links.revoke"},
            ),
            "hook": (
                "Milestones from git: make, list, show, revoke hooks.",
                {
                    "new": "hooks.new",
                    "list": "hooks.list_hooks",
                    "show": "hooks.show",
                    "revoke": "hooks.revoke",
                },
            ),
            "source": (
                "Sources that feed metrics: list, try, ask now.",
                {
                    "list": "sources.list_sources",
                    "try": "sources.try_source",
                    "run": "sources.run_source",
                },
            ),
            "token": (
                "Make, list and revoke the tokens of the HTTP API.",
                {
                    "create": "tokens.create",
                    "list": "tokens.list_tokens",
                    "revoke": "tokens.revoke",
                },
            ),
        }
    ),
)


def main() -> None:
    """Run a command. Exit status 2 for bad input or settings, 1 for a failure, 0 otherwise."""
    try:
        # Without arguments, the list of commands; a command's own status, or none for success.
        sys.exit(kpi.main(sys.argv[1:] or ["--help"], prog_name="kpi", standalone_mode=False))
    except SourceFailure as error:
        _fail(error.message, 1)
    except KpiError as error:
        _fail(error.message, 2)
    except (KeyboardInterrupt, typer.Abort):
        _fail("stopped; what had not been finished was not done.", 130)
    except typer.TyperException as error:
        _fail(_usage_problem(error), error.exit_code)
    except Exception as error:
        # What knows Slack's failures and the database's takes a second to import.
        from app.cli.failures import in_a_line  # noqa: PLC0415

        line = in_a_line(error)
        if line is None:
            raise
        _fail(line, 1)


def _usage_problem(error: typer.TyperException) -> str:
    context: typer.Context | None = getattr(error, "ctx", None)
    command = context.command_path if context else "kpi"
    message = error.format_message()
    stop = "" if message.endswith((".", "?")) else "."
    return f"{message}{stop} See: {command} --help"


def _fail(message: str, status: int) -> None:
    print(f"kpi: {message}", file=sys.stderr)
    sys.exit(status)

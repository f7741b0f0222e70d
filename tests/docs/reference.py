"""The reference pages: what the code says of itself, as Markdown."""

from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from pydantic.fields import FieldInfo
from sqlalchemy import Column, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from app.cli import kpi as command_line
from app.config import Settings
from app.slack import grammar
from app.slack.blocks.notices import COMMANDS
from app.store.tables import metadata
from tests.cli.test_help import COMMANDS as TYPED_COMMANDS
from tests.docs.assistants import assistants
from tests.docs.file_format import file_format
from tests.docs.http_api import http_api
from tests.docs.markdown import code, listed, page, table
from tests.project.files import MANIFEST, ROOT

FOLDER = ROOT / "docs" / "reference"


def settings() -> str:
    rows = [
        (code(_variable(name, field)), _default(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    return page(
        "Settings",
        "From the environment, or from a file `.env` where the bot is started; the environment "
        "wins, and an empty variable counts as not set. A wrong setting ends every command with "
        "status 2 and a line that names it and says what can be set.",
        table(("variable", "default", "meaning"), rows),
    )


def _variable(name: str, field: FieldInfo) -> str:
    """The name of a variable; a mapping has one for each of its names."""
    return f"{name.upper()}_<NAME>" if field.default == {} else name.upper()


def _default(default: object) -> str:
    return "" if default in (None, "", {}) else code(default)


def commands() -> str:
    parts = [_help_of(command) for command in TYPED_COMMANDS]
    return page(
        "Commands",
        "What `kpi` does in a terminal. They work on the database that the "
        "[settings](settings.md) name. The exit status is 0 for success, 2 for bad input or "
        "settings, 1 for a failure; then one line on the standard error says why.",
        *parts,
    )


def _help_of(command: tuple[str, ...]) -> str:
    with redirect_stdout(StringIO()) as told:
        command_line.main(
            [*command, "--help"],
            prog_name="kpi",
            standalone_mode=False,
            terminal_width=80,
            max_content_width=80,
        )
    return f"## kpi {' '.join(command)}\n\n```text\n{told.getvalue().strip()}\n```"


def slack() -> str:
    """What people type, click and choose in Slack."""
    typed = [(code(line), meaning) for line, meaning in COMMANDS.items()]
    asked = [code(line) for line in COMMANDS if _is_answered_to_a_mention(line)]
    shortcuts = [
        (each["name"], "anywhere" if each["type"] == "global" else "the menu of a message",
         each["description"])
        for each in MANIFEST["features"]["shortcuts"]
    ]  # fmt: skip
    return page(
        "In Slack",
        "What `/kpi help` lists. Words in capitals stand for what you type, brackets for what may "
        "be left out.",
        table(("command", "what it does"), typed),
        f"These only show something, so a mention may ask for them too, as in `@KPI roadmap`: "
        f"{', '.join(asked)}.",
        "## Shortcuts",
        table(("shortcut", "where", "what it does"), shortcuts),
        "## Steps in Workflow Builder",
        *(_step(each) for each in MANIFEST["functions"].values()),
        "## What the app may do",
        f"Scopes of its token: {listed(MANIFEST['oauth_config']['scopes']['bot'])}.",
        "Events that it hears: "
        f"{listed(MANIFEST['settings']['event_subscriptions']['bot_events'])}.",
    )


def _is_answered_to_a_mention(line: str) -> bool:
    typed = line.removeprefix("/kpi").partition("[")[0]
    return isinstance(grammar.parse(typed), grammar.ReadOnly)


def _step(step: dict[str, Any]) -> str:
    rows = [
        (each["title"], way, "yes" if each["is_required"] else "", each["description"])
        for way, parameters in (("in", "input_parameters"), ("out", "output_parameters"))
        for each in step[parameters].values()
    ]
    return (
        f"### {step['title']}\n\n{step['description']}.\n\n"
        f"{table(('name', 'way', 'always', 'what it is'), rows)}"
    )


def tables() -> str:
    told = {
        mapper.local_table.name: (mapper.class_.__doc__ or "").strip()
        for mapper in SQLModel._sa_registry.mappers
        if isinstance(mapper.local_table, Table)
    }
    return page(
        "Tables",
        "What the database holds, for who reads it with other tools. Only the bot writes: each of "
        "its writes also raises the scorecard's version, by which other processes notice it. "
        "Instants are in UTC. Exact numbers are text on SQLite, which has no decimal type.",
        *(_table(each, told[each.name]) for each in metadata.sorted_tables),
    )


def _table(described: Table, words: str) -> str:
    rows = [
        (code(column.name), _type_of(column), "" if column.nullable else "yes", _refers_to(column))
        for column in described.columns
    ]
    unique = [
        f"Unique: {listed(column.name for column in each.columns)}."
        for each in sorted(described.constraints, key=lambda each: str(each.name))
        if isinstance(each, UniqueConstraint)
    ]
    is_told = bool(words) and not words.startswith(f"{described.name}(")
    parts = [
        f"## {described.name}",
        *([" ".join(words.split())] if is_told else []),
        table(("column", "type", "always", "refers to"), rows),
        *([" ".join(unique)] if unique else []),
    ]
    return "\n\n".join(parts)


def _type_of(column: Column[Any]) -> str:
    """The type on SQLite, and on PostgreSQL where that is another one."""
    names = [str(column.type.compile(dialect=each.dialect())) for each in (sqlite, postgresql)]
    return " / ".join(dict.fromkeys(names))


def _refers_to(column: Column[Any]) -> str:
    return listed(key.target_fullname for key in column.foreign_keys)


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings,
    "commands.md": commands,
    "slack.md": slack,
    "http-api.md": http_api,
    "assistants.md": assistants,
    "scorecard-file.md": file_format,
    "tables.md": tables,
}

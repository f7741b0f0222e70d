"""Every command teaches itself."""

from typing import Any

import pytest

from app.cli import kpi as all_commands
from tests.cli.conftest import Kpi


def _commands(group: Any, *path: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        found += _commands(command, *path, name) if inner else [(*path, name)]
    return found


COMMANDS = sorted(_commands(all_commands))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_shows_how_it_is_typed(kpi: Kpi, command: tuple[str, ...]) -> None:
    shown = kpi(*command, "--help")
    assert (shown.status, shown.err) == (0, "")
    typed = " ".join(("kpi", *command))
    assert shown.out.startswith(f"Usage: {typed} ")
    _, examples = shown.out.split("Examples:\n")
    assert f" {typed}" in examples


def test_without_a_command_all_are_listed_in_whole_sentences(kpi: Kpi) -> None:
    shown = kpi()
    assert shown.status == 0
    for command in COMMANDS:
        assert f"\n  {command[0]} " in shown.out
    assert "..." not in shown.out.partition("Commands:")[2]

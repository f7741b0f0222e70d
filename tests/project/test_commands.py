"""The commands are the same everywhere: README, /kpi help, the manifest's hint, and the grammar."""

import re

import pytest

from app.domain.names import RESERVED_WORDS
from app.slack import grammar
from app.slack.blocks.notices import COMMANDS, SHORTCUTS
from tests.project.files import MANIFEST, text_of

README = text_of("README.md")
TYPED = dict(re.findall(r"^\| `(/kpi[^`]*)` \| (.+) \|$", README, re.MULTILINE))
"""README's table of what people type."""
[COMMAND] = MANIFEST["features"]["slash_commands"]


def first_words(lines: list[str]) -> set[str]:
    """The subcommands that lines begin with; what is to be replaced stands in capitals."""
    words = [line.removeprefix("/kpi").split() for line in lines]
    return {first for first, *_ in filter(None, words) if first.islower()}


def test_readme_lists_the_commands_of_help_in_its_order() -> None:
    assert list(TYPED) == list(COMMANDS)


def test_help_lists_every_word_that_is_understood() -> None:
    assert first_words(list(COMMANDS)) == set(grammar.WORDS)


def test_help_lists_every_word_behind_digest() -> None:
    listed = {line.split()[2] for line in COMMANDS if line.startswith("/kpi digest ")}
    assert listed == set(filter(None, grammar.DIGEST_WORDS))


def test_the_manifest_hints_at_every_word_that_is_understood() -> None:
    hinted = COMMAND["usage_hint"].strip("[]").split(" | ")
    assert first_words(hinted) - {"metric"} == set(grammar.WORDS)


def test_every_word_that_is_understood_is_no_metrics_key() -> None:
    assert set(grammar.WORDS) == RESERVED_WORDS


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_help_is_understood(line: str) -> None:
    typed = re.sub(r"\[.*?\]", "", line.removeprefix("/kpi")).strip()
    asked = grammar.parse(typed)
    assert isinstance(asked, grammar.ShowMetric) == (line == "/kpi METRIC")


def test_every_command_that_the_grammar_knows_is_in_help() -> None:
    lines = [re.sub(r"\[.*?\]", "", line.removeprefix("/kpi")) for line in COMMANDS]
    asked = {type(grammar.parse(line)) for line in lines}
    assert asked == set(grammar.Command.__args__)


def test_readme_and_help_name_every_shortcut() -> None:
    for shortcut in MANIFEST["features"]["shortcuts"]:
        assert f"**{shortcut['name']}**" in " ".join(README.split())
        assert f"“{shortcut['name']}”" in SHORTCUTS


def test_readme_names_every_step() -> None:
    for step in MANIFEST["functions"].values():
        assert f"**{step['title']}**" in " ".join(README.split())

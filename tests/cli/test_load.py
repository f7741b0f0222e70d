"""`kpi load` and `kpi schema`: scorecard files from the command line."""

from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import Kpi
from tests.cli.terminal import BILLING


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The real scorecard's file, to be changed by a test."""
    path = tmp_path / "scorecard.yaml"
    path.write_text(BILLING.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_new_database_is_set_up_and_what_was_loaded_is_told(kpi: Kpi, file: Path) -> None:
    loaded = kpi("load", str(file), "--channel", "C0BILLING")
    assert loaded.status == 0
    assert "metric rollbacks: reading: ~12" in loaded.out
    assert "scorecard: channel: nothing → C0BILLING" in loaded.out
    assert loaded.out.endswith(" changes made.\n")


@pytest.mark.usefixtures("billing")
def test_loading_again_changes_nothing(kpi: Kpi, file: Path) -> None:
    assert kpi("load", str(file)).out == "Billing Platform: nothing to change.\n"


@pytest.mark.usefixtures("billing")
def test_a_dry_run_shows_what_would_change_and_changes_nothing(kpi: Kpi, file: Path) -> None:
    _change(file, "title: Shore Up", "title: Shore it up")
    dry = kpi("load", str(file), "--dry-run")
    assert dry.out == (
        "milestone shore-up: title: Shore Up → Shore it up\n"
        "Billing Platform: 1 change would be made; nothing was written.\n"
    )
    assert "Shore it up" not in kpi("show").out
    assert kpi("load", str(file)).out.endswith("Billing Platform: 1 change made.\n")
    assert "Shore it up" in kpi("show").out


@pytest.mark.usefixtures("billing")
def test_later_readings_stay_when_the_file_is_loaded_again(kpi: Kpi, file: Path) -> None:
    assert kpi("record", "rollbacks", "~9").status == 0
    assert kpi("load", str(file)).status == 0
    assert kpi("show", "rollbacks", "--json").data["current"]["value"] == "9"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("name: Billing Platform", "name: [Billing", "scorecard.yaml:"),
        ("target: 0", "target: 196", "target"),
        ("work_stream: pde", "work_stream: pdx", "did you mean “pde”?"),
        ("value: ~12", "value: lots", "isn't a value"),
        ("at: 2026-03-16", "at: 2026-02-30", "doesn't exist"),
        ("title: Shore Up", f"title: {'s' * 1000}", "1000 characters"),
        ("milestones: [shore-up]", "phases: [stripe-consolidation]", "in a circle"),
    ],
)
@pytest.mark.usefixtures("billing")
def test_a_file_that_is_wrong_is_refused_at_its_line(
    kpi: Kpi, file: Path, old: str, new: str, words: str
) -> None:
    before = kpi("show", "--json").out
    _change(file, old, new)
    refused = kpi("load", str(file))
    assert (refused.status, refused.out) == (2, "")
    assert words.casefold() in refused.err.casefold()
    assert "scorecard.yaml:" in refused.err
    assert "Traceback" not in refused.err
    assert kpi("show", "--json").out == before


def test_every_problem_of_a_file_has_a_line(kpi: Kpi, file: Path) -> None:
    _change(file, "target: 0", "target: 196")
    _change(file, "window: Q2 2026", "window: someday")
    refused = kpi("load", str(file))
    assert (refused.status, len(refused.err.splitlines())) == (2, 2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nothing.yaml",), "there is no such file"),
        (("/",), "this is a folder"),
        (("/dev/null",), "The file is empty"),
        ((str(BILLING), "--channel", "#billing"), "isn't a channel ID such as C024BE91L"),
        ((), "Missing argument"),
    ],
)
def test_what_cannot_be_loaded_is_refused_in_one_line(
    kpi: Kpi, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    kpi("load", *arguments).refused(words)
    assert list(tmp_path.iterdir()) == []


def test_the_schema_of_scorecard_files_is_printed(kpi: Kpi) -> None:
    schema = kpi("schema").data
    jsonschema.Draft202012Validator.check_schema(schema)
    assert {"key", "metrics", "phases"} <= schema["properties"].keys()

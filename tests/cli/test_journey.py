"""The command line as a process of its own, on both databases."""

from pathlib import Path

from tests.cli.terminal import BILLING, Shell


def test_from_nothing_to_a_scorecard_that_moves(shell: Shell) -> None:
    assert shell.kpi("load", str(BILLING)).out.endswith("Billing Platform: 37 changes made.\n")
    recorded = shell.kpi("record", "rollbacks", "-3", "--note", "counted twice")
    assert recorded.out == "Rollbacks / day: −3 recorded.\n"
    assert shell.kpi("show", "--json").data["at_target"] == 1
    shell.kpi("show", "rolbacks").refused("Did you mean rollbacks?")
    assert {path.stem for path in shell.folder.iterdir()} == {"kpi"}


def test_the_same_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    shell = Shell(tmp_path, {"DATABASE_URL": postgresql_url})
    assert shell.kpi("load", str(BILLING)).status == 0
    assert shell.kpi("show", "rollbacks", "--json").data["current"]["value"] == "12"
    assert list(tmp_path.iterdir()) == []

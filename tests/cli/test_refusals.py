"""What can't be done is refused in one line that names it and its remedy, and nothing changes."""

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Kpi
from tests.cli.terminal import BILLING

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("KPI_TRANSPORT", "carrier", "socket (Socket Mode) or http"),
        ("KPI_PORT", "abc", "a port number"),
        ("KPI_PORT", "65536", "a port number"),
        ("KPI_PORT", "-1", "a port number"),
        (
            "DATABASE_URL",
            f"mysql://root:{SECRET}@host/name",
            "postgresql://user:password@host/name",
        ),
        ("DATABASE_URL", "kpi.db", "sqlite:///kpi.db"),
        ("DATABASE_URL", "sqlite:///:memory:", "Name a file"),
        ("DATABASE_URL", f"postgresql://user:{SECRET}@host:port/name", "postgresql://user"),
        ("DATABASE_URL", f"postgresql://host:{SECRET}/name", "postgresql://user"),
        ("SLACK_API_URL", "slack.com/api", "https://slack.com/api/"),
        ("SLACK_BOT_TOKEN", f"xapp-1-{SECRET}", "xoxb-"),
        ("SLACK_APP_TOKEN", f"xoxb-{SECRET}", "xapp-"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(
    kpi: Kpi, monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    monkeypatch.setenv(name, value)
    for command in ("serve", "show"):
        refused = kpi(command)
        refused.refused(name, remedy)
        assert SECRET not in refused.err
    assert list(Path().iterdir()) == []


def test_several_wrong_settings_are_named_at_once(
    kpi: Kpi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_TRANSPORT", "carrier")
    monkeypatch.setenv("KPI_PORT", "abc")
    kpi("serve").refused("KPI_TRANSPORT", "KPI_PORT")


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "KPI_TRANSPORT": "http"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": ""}, "SLACK_APP_TOKEN"),
    ],
)
def test_what_serve_lacks_is_named_before_anything_is_touched(
    kpi: Kpi,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    given: dict[str, str],
    missing: str,
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    kpi("serve").refused(f"{missing} is not set: give it")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("shwo",), ("'shwo'", "'show'", "kpi --help")),
        (("show", "--jsno"), ("--jsno", "--json", "kpi show --help")),
        (("show", "rolbacks"), ("“rolbacks”", "Did you mean rollbacks?")),
        (("show", "happiness"), ("“happiness”", "rollbacks, bad-debt")),
        (("show", "--scorecard", "biling"), ("“biling”", "Did you mean billing?")),
        (("show", "one", "two"), ("two", "kpi show --help")),
        (("digest",), ("Missing command", "kpi digest --help")),
        (("digest", "now"), ("'now'", "kpi digest --help")),
        (("digest", "post"), ("SLACK_BOT_TOKEN is not set",)),
    ],
)
@pytest.mark.usefixtures("billing")
def test_a_mistyped_command_gets_a_suggestion(
    kpi: Kpi, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    kpi(*arguments).refused(*words)


def test_without_a_scorecard_the_way_to_one_is_told(kpi: Kpi, sqlite_url: str) -> None:
    kpi("show").refused("no scorecard yet", "kpi load FILE")


@pytest.mark.usefixtures("billing")
def test_of_several_scorecards_one_has_to_be_named(kpi: Kpi, tmp_path: Path) -> None:
    second = BILLING.read_text(encoding="utf-8").replace("key: billing", "key: second", 1)
    (tmp_path / "second.yaml").write_text(second, encoding="utf-8")
    assert kpi("load", "second.yaml").status == 0
    for command in (("show",), ("record", "rollbacks", "1"), ("digest", "preview")):
        kpi(*command).refused("billing, second", "--scorecard KEY")
    assert kpi("record", "rollbacks", "1", "--scorecard", "second").status == 0
    assert kpi("show", "--json", "--scorecard", "billing").data["at_target"] == 0
    assert (
        kpi("show", "rollbacks", "--json", "--scorecard", "second").data["current"]["value"] == "1"
    )


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://user:{SECRET}@127.0.0.1:1/name",
        "sqlite:////nowhere/at/all/kpi.db",
        "sqlite:///notes.txt",
        "sqlite:///.",
    ],
)
@pytest.mark.parametrize("command", ["show", "migrate"])
def test_a_database_that_cannot_be_opened_is_a_failure(
    kpi: Kpi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, command: str
) -> None:
    (tmp_path / "notes.txt").write_text("This is no database at all. " * 100)
    monkeypatch.setenv("DATABASE_URL", url)
    failed = kpi(command)
    failed.refused("The database can't be used", status=1)
    assert SECRET not in failed.err


@pytest.mark.parametrize(
    ("revision", "words"),
    [("9999", ("9999", "doesn't know", "Update the program")), ("0000", ("0000",))],
)
def test_a_database_of_another_revision_is_refused(
    kpi: Kpi, billing: Path, revision: str, words: tuple[str, ...]
) -> None:
    with sqlite3.connect(billing) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()
    kpi("show").refused(*words)
    kpi("migrate").refused(*words)

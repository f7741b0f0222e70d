"""`kpi doctor`: each finding, good and bad."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
import yaml

from app.doctor import Finding, examine
from app.domain.hooks import Forge, HookForm
from app.files import read_scorecard_path
from app.playground import Channel, LocalSlack
from app.services import deliveries, hooks
from app.services.callers import OPERATOR, Caller, Surface
from app.services.loading import load
from app.store.engine import Store, sync_url
from tests.builders import NOW
from tests.cli.conftest import Kpi
from tests.cli.terminal import BILLING, ROOT


def _manifest() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Installed:
    """An installation in which everything is well, for a test to spoil."""

    slack: LocalSlack
    channel: Channel
    url: str

    async def found(self, what: str) -> Finding:
        [finding] = [each for each in await examine() if each.what == what]
        return finding


@pytest.fixture
async def installed(
    sqlite_url: str, kpi: Kpi, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Installed]:
    async with LocalSlack(_manifest()) as slack:
        channel = slack.add_channel("billing")
        async with Store(sqlite_url) as store:
            caller = Caller(OPERATOR, Surface.FILE, NOW)
            await load(store, caller, read_scorecard_path(BILLING), channel=channel.id)
        monkeypatch.setenv("DATABASE_URL", sqlite_url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", slack.app_token)
        monkeypatch.setenv("SLACK_API_URL", slack.api_url)
        yield Installed(slack, channel, sqlite_url)


async def test_with_the_manifests_scopes_all_is_well(installed: Installed) -> None:
    findings = await examine()
    assert [finding.what for finding in findings] == [
        "settings",
        "progress page",
        "database",
        "bot token",
        "scopes",
        "app token",
        "home of billing",
    ]
    assert all(finding.is_well for finding in findings), findings
    assert findings[-1].words == "the bot is in #billing"


async def test_progress_pages_that_are_off_are_a_choice_and_half_of_it_a_mistake(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = await installed.found("progress page")
    assert off.is_well
    assert off.words.startswith("off. To turn it on, set KPI_PUBLIC_URL")
    monkeypatch.setenv("KPI_PUBLIC_URL", "https://kpi.example.com")
    assert not (await installed.found("progress page")).is_well
    monkeypatch.setenv("KPI_LINK_KEY", "k" * 32)
    on = await installed.found("progress page")
    assert (on.is_well, on.words) == (True, "links begin with https://kpi.example.com/progress/")


async def test_a_scope_that_is_missing_is_named(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = _manifest()
    manifest["oauth_config"]["scopes"]["bot"].remove("im:write")
    async with LocalSlack(manifest) as slack:
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        monkeypatch.setenv("SLACK_API_URL", slack.api_url)
        scopes = await installed.found("scopes")
    assert not scopes.is_well
    assert scopes.words.startswith("im:write missing.")
    assert "reinstall the app" in scopes.words


async def test_a_token_that_slack_refuses(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-s3cr3t")
    app_token = await installed.found("app token")
    assert not app_token.is_well
    assert "connections:write" in app_token.words
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-s3cr3t")
    bot_token = await installed.found("bot token")
    assert not bot_token.is_well
    assert "SLACK_BOT_TOKEN" in bot_token.words
    assert "s3cr3t" not in repr(await examine())


async def test_a_home_in_which_the_bot_is_not(installed: Installed) -> None:
    installed.channel.members.remove(installed.slack.bot_user_id)
    home = await installed.found("home of billing")
    assert (home.is_well, home.words) == (False, "invite the bot to #billing: /invite @KPI")


async def test_a_home_that_is_archived(installed: Installed) -> None:
    installed.channel.is_archived = True
    home = await installed.found("home of billing")
    assert (home.is_well, "#billing is archived" in home.words) == (False, True)


async def test_a_home_that_slack_does_not_show(installed: Installed) -> None:
    del installed.slack.workspace.channels[installed.channel.id]
    home = await installed.found("home of billing")
    assert not home.is_well
    assert f"the channel {installed.channel.id}" in home.words
    assert "<#" not in home.words


async def test_a_message_that_was_given_up(installed: Installed) -> None:
    async with Store(installed.url) as store:
        async with store.transaction() as session:
            channel, kind = installed.channel.id, deliveries.Kind.GOAL
            await deliveries.enqueue(session, 1, kind, "reached", channel=channel, now=NOW)
        (delivery,) = await deliveries.claim_due(store, "one", NOW)
        why = f"The channel <#{channel}> is archived."
        await deliveries.failed(store, delivery, "one", why, NOW)
    finding = await installed.found("messages of billing")
    assert not finding.is_well
    assert finding.words == (
        f"The post that the goal is reached could not be posted in {channel}. "
        f"The channel {channel} is archived. In Slack: /kpi setup"
    )


async def test_a_hook_whose_last_delivery_was_refused(
    installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Store(installed.url) as store:
        caller = Caller(OPERATOR, Surface.TERMINAL, NOW)
        hook = await hooks.make(store, caller, HookForm(Forge.GITHUB))
        what = f"GitHub hook {hook.id}"
        assert "KPI_LINK_KEY" in (await installed.found(what)).words
        monkeypatch.setenv("KPI_PUBLIC_URL", "https://kpi.example.com")
        monkeypatch.setenv("KPI_LINK_KEY", "k" * 32)
        finding = await installed.found(what)
        assert (finding.is_well, finding.words) == (True, "never called")
        await hooks.note_trouble(store, hook.id, "The secret is wrong.", NOW)
        finding = await installed.found(what)
        assert (finding.is_well, finding.words) == (
            False,
            "The secret is wrong. Refused so far: 1",
        )


async def test_no_scorecard_at_all_and_one_without_a_home(
    installed: Installed, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'homeless.db')}"
    monkeypatch.setenv("DATABASE_URL", url)
    assert "or: kpi load FILE" in (await installed.found("scorecards")).words
    async with Store(url) as store:
        await load(store, Caller(OPERATOR, Surface.FILE, NOW), read_scorecard_path(BILLING))
    assert "has no home channel" in (await installed.found("home of billing")).words


@pytest.mark.parametrize(
    ("revision", "remedy"), [("9999", "Update the program"), (None, "Run: kpi migrate")]
)
async def test_a_database_of_another_revision(
    installed: Installed, revision: str | None, remedy: str
) -> None:
    engine = sqlalchemy.create_engine(sync_url(installed.url))
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("DELETE FROM alembic_version"))
        if revision:
            insert = sqlalchemy.text("INSERT INTO alembic_version VALUES (:revision)")
            connection.execute(insert, {"revision": revision})
    engine.dispose()
    database = await installed.found("database")
    assert not database.is_well
    assert remedy in database.words


# --- the command -------------------------------------------------------------------


def test_what_is_missing_is_told_and_nothing_is_made(kpi: Kpi, tmp_path: Path) -> None:
    examined = kpi("doctor")
    assert (examined.status, examined.err) == (1, "")
    lines = [line for line in examined.out.splitlines() if not line.startswith("ok ")]
    assert [line[:4] for line in lines] == ["BAD "] * 3
    for line, word in zip(
        lines, ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "kpi migrate"), strict=True
    ):
        assert word in line
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_is_a_finding_too(kpi: Kpi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_PORT", "abc")
    examined = kpi("doctor")
    assert (examined.status, examined.err) == (1, "")
    assert examined.out.startswith("BAD  settings: KPI_PORT: write a port number")


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_when_the_database_is_away_the_rest_is_told(
    kpi: Kpi, monkeypatch: pytest.MonkeyPatch, transport: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:s3cr3t@127.0.0.1:1/name")
    monkeypatch.setenv("KPI_TRANSPORT", transport)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "secret")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1")
    examined = kpi("doctor")
    assert examined.status == 1
    assert f"ok   settings: transport {transport}" in examined.out
    assert "BAD  database: it can't be opened" in examined.out
    assert "BAD  bot token: Slack can't be reached." in examined.out
    assert "s3cr3t" not in examined.out

"""Settings: where they come from, and how they are checked."""

from pathlib import Path

import pytest

from app.config import Settings, Transport, read_settings, settings_for
from app.domain.errors import BadInput


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_the_defaults_hold() -> None:
    settings = read_settings()
    assert settings.database_url == "sqlite:///kpi.db"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.kpi_transport is Transport.SOCKET
    assert (settings.kpi_host, settings.kpi_port) == ("127.0.0.1", 3000)
    assert settings.slack_bot_token is None


def test_the_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("KPI_PORT=8080\nKPI_HOST=0.0.0.0\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("KPI_PORT", "9090")
    settings = read_settings()
    assert (settings.kpi_host, settings.kpi_port) == ("0.0.0.0", 9090)  # noqa: S104


def test_an_empty_value_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    assert read_settings() == settings_for()


def test_an_env_file_that_is_no_text_is_refused() -> None:
    Path(".env").write_bytes(b"KPI_HOST=\xff\xfe")
    with pytest.raises(BadInput, match=r"\.env.*UTF-8"):
        read_settings()


@pytest.mark.parametrize("given", ["https://slack.test/api", "https://slack.test/api/"])
def test_the_address_of_slack_may_end_with_a_slash(given: str) -> None:
    assert settings_for(slack_api_url=given).slack_api_url == "https://slack.test/api/"


def test_blanks_around_a_token_are_no_part_of_it() -> None:
    assert settings_for(slack_bot_token=" xoxb-1\n").require_token() == "xoxb-1"


def test_secrets_are_not_shown() -> None:
    settings = settings_for(
        slack_bot_token="xoxb-s3cr3t",
        slack_app_token="xapp-s3cr3t",
        slack_signing_secret="s3cr3t",
        database_url="postgresql://user:s3cr3t@host/name",
    )
    assert "s3cr3t" not in repr(settings)


@pytest.mark.parametrize("seconds", ["soon", "-1", "601", "nan"])
def test_the_time_to_stop_in_is_a_number_of_seconds(seconds: str) -> None:
    with pytest.raises(BadInput, match="KPI_STOP_SECONDS: write a number of seconds from 0 to 600"):
        settings_for(kpi_stop_seconds=seconds)


def test_a_log_is_written_in_one_of_its_formats() -> None:
    with pytest.raises(BadInput, match="KPI_LOG_FORMAT: write auto, json or text"):
        settings_for(kpi_log_format="xml")


def test_what_must_not_be_logged_is_known() -> None:
    settings = settings_for(
        slack_bot_token="xoxb-1",
        slack_signing_secret="8f74",
        database_url="postgresql://user:s3cr3t@host/name",
    )
    assert settings.secrets == ["xoxb-1", "8f74", "s3cr3t"]


@pytest.mark.parametrize(
    ("transport", "missing"),
    [("socket", "SLACK_APP_TOKEN"), ("http", "SLACK_SIGNING_SECRET")],
)
def test_each_transport_asks_for_its_own_secret(transport: str, missing: str) -> None:
    settings = settings_for(slack_bot_token="xoxb-1", kpi_transport=transport)
    with pytest.raises(BadInput, match=f"{missing} is not set: give it .* or set KPI_TRANSPORT"):
        settings.require_secrets()


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_progress_pages_take_an_address_and_a_key() -> None:
    assert settings_for(kpi_public_url="https://kpi.test/team/").link_addresses is None
    key = "s3cr3t" * 6
    settings = settings_for(kpi_public_url=" https://kpi.test/team/ ", kpi_link_key=f"{key}\n")
    assert settings.link_addresses is not None
    assert settings.link_addresses.of("0" * 16).startswith("https://kpi.test/team/progress/0000")
    assert "s3cr3t" not in repr((settings, settings.link_addresses))
    assert key in settings.secrets


@pytest.mark.parametrize(
    "address",
    [
        "kpi.test",
        "ftp://kpi.test",
        "https://",
        "https://u:p@kpi.test",
        "https://kpi.test/?a=1",
        "https://kpi.test/#a",
        "https://[kpi.test",
    ],
)
def test_another_kind_of_public_address_is_refused(address: str) -> None:
    with pytest.raises(BadInput, match="KPI_PUBLIC_URL: write where the bot is reached"):
        settings_for(kpi_public_url=address)


@pytest.mark.parametrize("key", ["short", "x" * 31, " " * 40])
def test_a_short_key_signs_nothing(key: str) -> None:
    with pytest.raises(BadInput, match="KPI_LINK_KEY: write a secret of at least 32 characters"):
        settings_for(kpi_link_key=key)


@pytest.mark.parametrize("is_file", [True, False])
def test_sources_reach_databases_and_secrets_by_the_ends_of_variables(
    is_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "KPI_SOURCE_ADDRESSES": "api.example.com, 10.0.0.0/8",
        "KPI_SOURCE_DATABASE_SHOP_EU": "postgresql://kpi:s3cr3t%2F@db/shop",
        "KPI_SOURCE_DATABASE_FILE": "sqlite:///shop.db",
        "KPI_SOURCE_SECRET_CI": '{"not": "json"}',
        "KPI_SOURCE_SECRET_API_KEY": "4711",
    }
    if is_file:
        Path(".env").write_text("".join(f"{name}='{value}'\n" for name, value in given.items()))
    else:
        for name, value in given.items():
            monkeypatch.setenv(name, value)
    settings = read_settings()
    places = settings.source_places
    assert places.addresses == "api.example.com, 10.0.0.0/8"
    assert dict(places.databases) == {
        "shop_eu": "postgresql://kpi:s3cr3t%2F@db/shop",
        "file": "sqlite:///shop.db",
    }
    assert dict(places.secrets) == {"CI": '{"not": "json"}', "API_KEY": "4711"}
    assert {"s3cr3t/", "s3cr3t%2F", "4711", '{"not": "json"}'} <= set(settings.secrets)
    assert "4711" not in repr((settings, places))
    assert "s3cr3t" not in repr((settings, places))


def test_a_password_may_stand_anywhere_in_the_address_of_a_database() -> None:
    address = "postgresql://db/shop?sslmode=require&password=s3cr3t%2F&sslpassword=k3y"
    settings = settings_for(kpi_source_database={"shop": address})
    assert {"s3cr3t/", "s3cr3t%2F", "k3y"} <= set(settings.secrets)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("KPI_SOURCE_DATABASE_SHOP", "mysql://shop", "KPI_SOURCE_DATABASE_SHOP: write postgresql"),
        ("KPI_SOURCE_DATABASE", "sqlite:///shop.db", "need a name behind them"),
        ("KPI_SOURCE_SECRET", "s3cr3t", "need a name behind them"),
        ("KPI_SOURCE_ADDRESSES", "https://x.test", "KPI_SOURCE_ADDRESSES: “https://x.test” isn't"),
    ],
)
def test_what_sources_could_not_use_is_refused(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput, match=reason) as refused:
        read_settings()
    assert "s3cr3t" not in refused.value.message

"""Settings, read once from the environment or `.env`."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from app.domain.errors import BadInput
from app.domain.hooks import HookAddresses
from app.domain.links import LinkAddresses
from app.sources.addresses import AllowList
from app.sources.places import Places
from app.store.engine import async_url

SLACK_API_URL = "https://slack.com/api/"
TOKENS = {
    "SLACK_BOT_TOKEN": "the Bot User OAuth Token of the Slack app",
    "SLACK_APP_TOKEN": "an app-level token with connections:write, or set KPI_TRANSPORT=http",
    "SLACK_SIGNING_SECRET": "the Signing Secret of the Slack app, or set KPI_TRANSPORT=socket",
    "KPI_TOKEN": "a token that kpi token create or /kpi setup, Tokens has made",
}
"""Where to get each."""


SHORTEST_LINK_KEY = 32


class Transport(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "socket"
    HTTP = "http"


class LogFormat(StrEnum):
    """How a line of the log is written."""

    AUTO = "auto"
    JSON = "json"
    TEXT = "text"


def _database_url(value: str) -> str:
    async_url(value)
    return value


def _api_url(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("write the base address of Slack's Web API, as https://slack.com/api/")
    return f"{value.rstrip('/')}/"


def _transport(value: str) -> str:
    if value not in set(Transport):
        raise ValueError("write socket (Socket Mode) or http (requests to /slack/events)")
    return value


def _port(value: str | int) -> int:
    port = int(value) if str(value).isdigit() else -1
    if not 0 <= port <= 65_535:
        raise ValueError("write a port number from 0 (any free one) to 65535")
    return port


def _log_format(value: str) -> str:
    if value not in set(LogFormat):
        raise ValueError("write auto, json or text")
    return value


def _seconds(value: str | float) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 600:
        raise ValueError("write a number of seconds from 0 to 600")
    return seconds


def _token(prefix: str, kind: str) -> BeforeValidator:
    def check(text: str) -> str:
        value = text.strip()
        if value.startswith("x") and not value.startswith(prefix):
            raise ValueError(f"this is another kind of token; {kind} begins with {prefix}")
        return value

    return BeforeValidator(check)


def _public_url(value: str) -> str:
    try:
        parts = urlsplit(value.strip())
        is_address = parts.scheme in {"https", "http"} and parts.hostname and parts.port != 0
    except ValueError:
        parts, is_address = urlsplit(""), False
    if not is_address or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            "write where the bot is reached from outside, as https://kpi.example.com or with a path"
        )
    return parts.geturl().rstrip("/")


def _link_key(value: str) -> str:
    if len(value.strip()) < SHORTEST_LINK_KEY:
        raise ValueError(
            f"write a secret of at least {SHORTEST_LINK_KEY} characters, such as what "
            "openssl rand -hex 32 prints"
        )
    return value.strip()


def _source_addresses(value: str) -> str:
    AllowList.of(value)
    return value


def _source_database(value: str) -> str:
    if not value.startswith(("postgresql://", "postgres://", "sqlite:///")):
        raise ValueError("write postgresql://USER:PASSWORD@HOST/NAME or sqlite:///FILE")
    return value


SourceDatabase = Annotated[SecretStr, BeforeValidator(_source_database)]


class Settings(BaseSettings):
    """What can be set; the names are those of the environment variables.

    A setting that is a mapping takes a variable for each of its names: `KPI_SOURCE_SECRET_CI`.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        extra="ignore",
        env_ignore_empty=True,
        env_nested_delimiter="_",
        env_nested_max_split=1,
    )

    database_url: Annotated[str, BeforeValidator(_database_url)] = Field(
        "sqlite:///kpi.db",
        repr=False,
        description="The database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`",
    )
    slack_bot_token: Annotated[SecretStr, _token("xoxb-", "the bot's token")] | None = Field(
        None, description="The bot's token, from OAuth & Permissions of the Slack app"
    )
    slack_app_token: Annotated[SecretStr, _token("xapp-", "the app-level token")] | None = Field(
        None, description="The app-level token with `connections:write`, for Socket Mode"
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="The signing secret, from Basic Information, for HTTP"
    )
    slack_api_url: Annotated[str, BeforeValidator(_api_url)] = Field(
        SLACK_API_URL, description="The base address of Slack's Web API"
    )
    kpi_transport: Annotated[Transport, BeforeValidator(_transport)] = Field(
        Transport.SOCKET, description="How Slack reaches the bot: `socket` or `http`"
    )
    kpi_host: str = Field("127.0.0.1", description="The address to listen on")
    kpi_port: Annotated[int, BeforeValidator(_port)] = Field(
        3000,
        description="The port for the API, health, metrics and, over HTTP, for Slack's requests",
    )
    kpi_log_format: Annotated[LogFormat, BeforeValidator(_log_format)] = Field(
        LogFormat.AUTO, description="`text`, `json`, or `auto`: text at a terminal, JSON elsewhere"
    )
    kpi_stop_seconds: Annotated[float, BeforeValidator(_seconds)] = Field(
        10, description="How long what was begun may take to finish when the bot is stopped"
    )

    kpi_public_url: Annotated[str, BeforeValidator(_public_url)] | None = Field(
        None,
        description="What the addresses of progress pages and hooks begin with, such as "
        "`https://kpi.example.com`",
    )
    kpi_link_key: Annotated[SecretStr, BeforeValidator(_link_key)] | None = Field(
        None,
        description="What signs these links and makes the hooks' secrets: a secret of at least 32 "
        "characters",
    )

    kpi_source_addresses: Annotated[str, BeforeValidator(_source_addresses)] = Field(
        "",
        description="Which addresses sources may ask: hosts and networks with commas between them, "
        "such as `api.example.com,metrics.internal:9090,10.1.0.0/16`",
    )
    kpi_source_database: dict[str, SourceDatabase] = Field(
        {},
        description="A database that sources may ask, under the name that ends the variable: "
        "`postgresql://USER:PASSWORD@HOST/NAME` or `sqlite:///FILE`",
    )
    kpi_source_secret: dict[str, SecretStr] = Field(
        {},
        description="A secret that a source's headers may have as `${NAME}`, by the name that ends "
        "the variable",
    )

    kpi_token: SecretStr | None = Field(
        None, description="The token with which `kpi mcp` serves an assistant: `kpi_…`"
    )

    @property
    def link_addresses(self) -> LinkAddresses | None:
        """The addresses of links to progress pages; None where these are off."""
        if self.kpi_public_url is None or self.kpi_link_key is None:
            return None
        return LinkAddresses(self.kpi_public_url, self.kpi_link_key.get_secret_value().encode())

    @property
    def source_places(self) -> Places:
        """What sources may reach. Databases are named in lower case, secrets in upper case."""
        databases, secrets = self.kpi_source_database, self.kpi_source_secret
        return Places(
            self.kpi_source_addresses,
            {name.lower(): url.get_secret_value() for name, url in databases.items()},
            {name.upper(): secret.get_secret_value().strip() for name, secret in secrets.items()},
        )

    @property
    def hook_addresses(self) -> HookAddresses | None:
        """The addresses of hooks; None where these are off, as links are."""
        if self.kpi_public_url is None or self.kpi_link_key is None:
            return None
        return HookAddresses(self.kpi_public_url, self.kpi_link_key.get_secret_value().encode())

    def require_token(self) -> str:
        """The bot's token; raises `BadInput` with where to get it."""
        return _required(self.slack_bot_token, "SLACK_BOT_TOKEN")

    def require_app_token(self) -> str:
        """The app-level token, which Socket Mode needs."""
        return _required(self.slack_app_token, "SLACK_APP_TOKEN")

    def require_signing_secret(self) -> str:
        """The signing secret, without which nothing that comes over HTTP can be trusted."""
        return _required(self.slack_signing_secret, "SLACK_SIGNING_SECRET")

    def require_kpi_token(self) -> str:
        """The token of an assistant."""
        return _required(self.kpi_token, "KPI_TOKEN").strip()

    @property
    def secrets(self) -> list[str]:
        """What must not stand in any log: tokens, secrets, passwords of databases."""
        given = (
            self.slack_bot_token,
            self.slack_app_token,
            self.slack_signing_secret,
            self.kpi_link_key,
            self.kpi_token,
        )
        secrets = [secret.get_secret_value() for secret in given if secret is not None]
        return [
            *secrets,
            async_url(self.database_url).password or "",
            *self.source_places.hidden,
        ]

    def require_secrets(self) -> None:
        """Raises `BadInput` unless all is set that the chosen transport needs."""
        self.require_token()
        if self.kpi_transport is Transport.HTTP:
            self.require_signing_secret()
        else:
            self.require_app_token()


def _required(secret: SecretStr | None, name: str) -> str:
    if secret is None or not secret.get_secret_value():
        raise BadInput(f"{name} is not set: give it {TOKENS[name]}.", field=name)
    return secret.get_secret_value()


def read_settings() -> Settings:
    """The settings; raises `BadInput` that names every wrong one and how to mend it."""
    return _checked(Settings)


def settings_for(**given: Any) -> Settings:
    """Settings given one by one, by the names of the fields; raises `BadInput` like the others."""
    return _checked(partial(Settings, _env_file=None, **given))


def _checked(read: Callable[[], Settings]) -> Settings:
    try:
        return read()
    except ValidationError as error:
        problems = [
            f"{'_'.join(map(str, problem['loc'])).upper()}: {_reason(problem['msg'])}"
            for problem in error.errors()
        ]
        raise BadInput("; ".join(problems)) from None
    except SettingsError as error:
        raise BadInput(
            "KPI_SOURCE_DATABASE and KPI_SOURCE_SECRET need a name behind them: "
            "KPI_SOURCE_SECRET_CI is the secret ${CI}."
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput("The file .env isn't UTF-8: save it as UTF-8.") from error


def _reason(message: str) -> str:
    return message.removeprefix("Value error, ")

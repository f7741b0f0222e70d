"""An examination of an installation: what is well, what isn't, and how to mend it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.config import Settings, Transport, read_settings
from app.domain.errors import KpiError
from app.domain.hooks import Hook
from app.domain.links import LINKS_OFF, PATH
from app.domain.outcomes import Stuck
from app.domain.scorecards import MetricState, Snapshot
from app.main import slack_client, utc_now
from app.services import hooks, scorecards, troubles
from app.services.callers import OPERATOR, Caller, Surface
from app.slack.publish import SlackFailure, call
from app.store.engine import Store
from app.store.migrations import current_revision, refuse_other_revision

SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:write",
        "usergroups:read",
        "users:read",
    }
)
"""The scopes that manifest.yml asks for."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    is_well: bool
    words: str


async def examine() -> list[Finding]:
    """Look at everything that a running bot needs; nothing is changed."""
    try:
        settings = read_settings()
    except KpiError as error:
        return [Finding("settings", is_well=False, words=error.message)]
    findings = [*_settings(settings), _progress_page(settings)]
    database = _database(settings)
    findings.append(database)
    if settings.slack_bot_token is not None:
        client = slack_client(settings, settings.require_token())
        token, scopes = await _token(client)
        findings.append(token)
        if token.is_well:
            findings.append(scopes)
            if settings.kpi_transport is Transport.SOCKET and settings.slack_app_token:
                findings.append(await _app_token(client, settings))
            if database.is_well:
                findings += await _channels(client, settings)
    if database.is_well:
        findings += [*await _stuck(settings), *await _hooks(settings), *await _sources(settings)]
    return findings


def _settings(settings: Settings) -> Iterator[Finding]:
    over_http = settings.kpi_transport is Transport.HTTP
    needed = [
        settings.require_token,
        settings.require_signing_secret if over_http else settings.require_app_token,
    ]
    missing = False
    for require in needed:
        try:
            require()
        except KpiError as error:
            missing = True
            yield Finding("settings", is_well=False, words=error.message)
    if not missing:
        yield Finding("settings", is_well=True, words=f"transport {settings.kpi_transport}")


def _progress_page(settings: Settings) -> Finding:
    """Whether progress pages are on; half of what they need is a mistake, none a choice."""
    what, addresses = "progress page", settings.link_addresses
    if addresses is not None:
        return Finding(what, is_well=True, words=f"links begin with {addresses.public_url}{PATH}")
    half = settings.kpi_public_url is not None or settings.kpi_link_key is not None
    return Finding(what, is_well=not half, words=LINKS_OFF)


def _database(settings: Settings) -> Finding:
    try:
        current = current_revision(settings.database_url)
        refuse_other_revision(current)
    except SQLAlchemyError as error:
        words = (
            f"it can't be opened ({first_line(error)}). Check DATABASE_URL and that it is running."
        )
        return Finding("database", is_well=False, words=words)
    except KpiError as error:
        return Finding("database", is_well=False, words=error.message)
    return Finding("database", is_well=True, words=f"at revision {current}")


async def _token(client: AsyncWebClient) -> tuple[Finding, Finding]:
    """The bot's token, and the scopes that Slack says it has."""
    try:
        response = await call(client.auth_test)
    except SlackFailure as failure:
        broken = Finding("bot token", is_well=False, words=without_markup(failure.remedy))
        return broken, broken
    team, user = response.get("team", "the workspace"), response.get("user", "the bot")
    token = Finding("bot token", is_well=True, words=f"{user} in {team}")
    granted = {scope.strip() for scope in response.headers.get("x-oauth-scopes", "").split(",")}
    missing = sorted(SCOPES - granted)
    if missing:
        words = f"{', '.join(missing)} missing. Add them as in manifest.yml, and reinstall the app."
        return token, Finding("scopes", is_well=False, words=words)
    return token, Finding("scopes", is_well=True, words="all that are needed")


async def _app_token(client: AsyncWebClient, settings: Settings) -> Finding:
    try:
        await call(client.apps_connections_open, app_token=settings.require_app_token())
    except SlackFailure as failure:
        words = f"Slack refuses it ({failure.code}). It needs the scope connections:write."
        return Finding("app token", is_well=False, words=words)
    return Finding("app token", is_well=True, words="Socket Mode can be opened")


async def _channels(client: AsyncWebClient, settings: Settings) -> list[Finding]:
    """Whether the bot is in the home channel of each scorecard."""
    caller = Caller(OPERATOR, Surface.TERMINAL, utc_now())
    async with Store(settings.database_url) as store:
        homes = await scorecards.homes(store, caller)
    if not homes:
        words = "there is none yet. Make one in Slack with /kpi setup, or: kpi load FILE"
        return [Finding("scorecards", is_well=False, words=words)]
    return [await _home(client, key, channel) for key, channel in homes.items()]


async def _stuck(settings: Settings) -> list[Finding]:
    """The messages that were given up, or that a person has to look for."""
    async with Store(settings.database_url) as store:
        found = await troubles.all_stuck(store)
    return [
        Finding(f"messages of {key}", is_well=False, words=_rest(stuck)) for key, stuck in found
    ]


async def _hooks(settings: Settings) -> list[Finding]:
    """The hooks, and what is wrong with the last that git servers have sent them."""
    caller = Caller(OPERATOR, Surface.TERMINAL, utc_now())
    async with Store(settings.database_url) as store:
        known = await hooks.all_of(store, caller)
    off = LINKS_OFF if settings.hook_addresses is None else ""
    return [_called(hook, off) for hook in known]


def _called(hook: Hook, off: str) -> Finding:
    what = f"{hook.form.forge.words} hook {hook.id}"
    if off:
        return Finding(what, is_well=False, words=off)
    if hook.is_troubled:
        words = f"{hook.trouble} Refused so far: {hook.troubles}"
        return Finding(what, is_well=False, words=words)
    return Finding(what, is_well=True, words=hook.told or "never called")


async def _sources(settings: Settings) -> list[Finding]:
    """What feeds metrics: one finding for all that answers, and one for each that fails."""
    caller = Caller(OPERATOR, Surface.TERMINAL, utc_now())
    async with Store(settings.database_url) as store:
        snapshots = await scorecards.show_all(store, caller)
    fed = [(each, state) for each in snapshots for state in each.metrics if state.metric.source]
    failing = [
        Finding(_of(each, state), is_well=False, words=state.source.words)
        for each, state in fed
        if state.source is not None and state.source.is_failing
    ]
    well = len(fed) - len(failing)
    told = Finding("sources", is_well=True, words=f"{well} of {len(fed)} are well")
    return [*([told] if well else []), *failing]


def _of(snapshot: Snapshot, state: MetricState) -> str:
    return f"source of {snapshot.scorecard.key} {state.metric.key}"


def _rest(stuck: Stuck) -> str:
    how = "may or may not stand" if stuck.is_unsure else "could not be posted"
    told = f"{stuck.what} {how} in {stuck.channel}. {without_markup(stuck.why)}"
    return f"{told} In Slack: /kpi setup"


async def _home(client: AsyncWebClient, key: str, channel: str | None) -> Finding:
    what = f"home of {key}"
    if channel is None:
        words = "it has no home channel, so no digest goes out. In Slack: /kpi digest schedule"
        return Finding(what, is_well=False, words=words)
    try:
        info = await call(client.conversations_info, channel=channel)
    except SlackFailure as failure:
        return Finding(what, is_well=False, words=f"{channel}: {without_markup(failure.remedy)}")
    found = info["channel"]
    name = f"#{found.get('name', channel)}"
    if found.get("is_archived"):
        return Finding(what, is_well=False, words=f"{name} is archived. Choose another home.")
    if not found.get("is_member"):
        return Finding(what, is_well=False, words=f"invite the bot to {name}: /invite @KPI")
    return Finding(what, is_well=True, words=f"the bot is in {name}")


def first_line(error: SQLAlchemyError) -> str:
    """What the database says, without the statement and its values."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return str(said).strip().partition("\n")[0]


def without_markup(remedy: str) -> str:
    """A remedy in which a channel is its id, as no terminal knows Slack's `<#C…>`."""
    return re.sub(r"<#(\w+)>", r"\1", remedy)

"""The demo's stage: a local Slack with its page, the real bot, the real scorecard loaded."""

import os
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from app.config import Settings, settings_for
from app.demo.arrivals import Arrivals
from app.demo.cast import Cast
from app.demo.clock import DemoClock
from app.demo.controls import controls_of
from app.demo.filling import Filling
from app.demo.production import LEDGER, Production
from app.demo.restarting import RestartableBot
from app.demo.time_machine import TimeMachine
from app.files import ScorecardFile, read_scorecard_path
from app.main import Running, running_bot
from app.playground import Channel, LocalSlack, Person, read_manifest
from app.playground.journal import PLENTY
from app.playground.page import Page
from app.services import editing, loading
from app.services.callers import OPERATOR, Caller, Surface
from app.store.engine import Store
from app.store.migrations import prepare_database

BILLING = Path(__file__).with_name("billing.yaml")
_MANIFESTS = (Path(__file__).parents[2] / "manifest.yml", Path(__file__).with_name("manifest.yml"))
"""Where the app's manifest is: beside the package, or in it where it was installed as a wheel."""


@dataclass(frozen=True)
class Stage:
    """Where the demo plays: the cast in #billing and around it, with the bot."""

    slack: LocalSlack
    clock: DemoClock
    bot: RestartableBot
    cast: Cast
    channel: Channel
    machine: TimeMachine
    production: Production
    arrivals: Arrivals

    @property
    def running(self) -> Running:
        """The bot in its present life. Raises LookupError while it is stopped."""
        return self.bot.running

    @property
    def ana(self) -> Person:
        """Whose day it is."""
        return self.cast.ana

    @property
    def names(self) -> dict[str, str]:
        """Display names by Slack id."""
        workspace = self.slack.workspace
        people = {user.id: user.name for user in workspace.users.values()}
        return people | {channel.id: channel.name for channel in workspace.channels.values()}


@asynccontextmanager
async def set_up(port: int = 0) -> AsyncIterator[Stage]:
    """Everything local and forgotten afterwards: a database in a temporary folder, free ports.

    The page is at `slack.url`, on a free port if none is given. Raises OSError when it is taken.
    """
    clock = DemoClock()
    with _without_proxies(), tempfile.TemporaryDirectory(prefix="kpi-demo-") as folder:
        database_url = f"sqlite:///{folder}/kpi.db"
        prepare_database(database_url)
        slack = LocalSlack(
            read_manifest(next(path for path in _MANIFESTS if path.exists())),
            clock=clock.timestamp,
            port=port,
            journal_length=PLENTY,
        )
        cast = Cast.of(slack)
        channel = slack.add_channel("billing", members=[cast.ana, cast.ben, cast.gus, cast.sam])
        slack.add_channel("onboarding", members=[cast.ana, cast.ben], private=True)
        slack.add_channel("general", members=[cast.ana, cast.ben])
        file = cast.owning_metrics(read_scorecard_path(BILLING))
        production, own_port, link_key = Production(Path(folder)), _free_port(), token_hex(32)

        def settings() -> Settings:
            return settings_for(
                database_url=database_url,
                slack_bot_token=slack.bot_token,
                slack_app_token=slack.app_token,
                slack_api_url=slack.api_url,
                kpi_transport="socket",
                kpi_host="127.0.0.1",
                kpi_port=own_port,
                kpi_public_url=f"http://127.0.0.1:{own_port}",
                kpi_link_key=link_key,
                kpi_source_addresses=production.host,
                kpi_source_database={LEDGER: production.database_url},
            )

        bot = RestartableBot(lambda: running_bot(settings(), clock.now))
        machine = TimeMachine(clock, slack, bot, file.key)
        arrivals = Arrivals(clock, bot, cast, machine, production, file.key, channel)
        # A page that is still open from the last run finds everything where it was.
        Page(slack, controls_of(slack, bot, machine, Filling(clock, bot, cast, file), arrivals))
        async with slack, production:
            await _load(
                database_url, Caller(OPERATOR, Surface.FILE, clock.now()), file, cast, channel
            )
            async with bot:
                await bot.running.schedule.run_due()
                yield Stage(slack, clock, bot, cast, channel, machine, production, arrivals)


async def _load(
    database_url: str, caller: Caller, file: ScorecardFile, cast: Cast, channel: Channel
) -> None:
    """Load the scorecard, and name those who may change it."""
    async with Store(database_url) as store:
        await loading.load(store, caller, file, channel=channel.id)
        await editing.edit_scorecard(store, caller, {"access": cast.access}, key=file.key)


def _free_port() -> int:
    """One that was free just now: the bot has to know its address before it listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def _without_proxies() -> Iterator[None]:
    """Slack's SDK would ask the environment's proxy for an address of this very machine."""
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)

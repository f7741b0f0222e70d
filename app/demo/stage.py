"""The demo's stage: a local Slack, the real bot connected to it, the real scorecard loaded."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.config import settings_for
from app.demo.clock import DemoClock
from app.files import read_scorecard_path
from app.main import Running, running_bot
from app.playground import Channel, LocalSlack, Person
from app.services import loading
from app.services.callers import OPERATOR, Caller, Surface
from app.store.engine import Store
from app.store.migrations import prepare_database

BILLING = Path(__file__).with_name("billing.yaml")


@dataclass(frozen=True)
class Stage:
    """Where the demo plays: Ana in #billing, with the bot."""

    slack: LocalSlack
    running: Running
    clock: DemoClock
    ana: Person
    channel: Channel

    @property
    def names(self) -> dict[str, str]:
        """Display names by Slack id."""
        workspace = self.slack.workspace
        people = {user.id: user.name for user in workspace.users.values()}
        return people | {channel.id: channel.name for channel in workspace.channels.values()}


@asynccontextmanager
async def set_up() -> AsyncIterator[Stage]:
    """Everything local and forgotten afterwards: free ports, a database in a temporary folder."""
    clock = DemoClock()
    with _without_proxies(), tempfile.TemporaryDirectory(prefix="kpi-demo-") as folder:
        database_url = f"sqlite:///{folder}/kpi.db"
        prepare_database(database_url)
        async with LocalSlack(clock=clock.timestamp) as slack:
            ana = slack.add_person("ana", real_name="Ana", admin=True)
            channel = slack.add_channel("billing", members=[ana])
            settings = settings_for(
                database_url=database_url,
                slack_bot_token=slack.bot_token,
                slack_app_token=slack.app_token,
                slack_api_url=slack.api_url,
                kpi_transport="socket",
                kpi_host="127.0.0.1",
                kpi_port=0,
            )
            async with Store(database_url) as store:
                caller = Caller(OPERATOR, Surface.FILE, clock.now())
                await loading.load(store, caller, read_scorecard_path(BILLING), channel=channel.id)
            async with running_bot(settings, clock.now) as running:
                await running.schedule.run_due()
                yield Stage(slack, running, clock, ana, channel)


@contextmanager
def _without_proxies() -> Iterator[None]:
    """Slack's SDK would ask the environment's proxy for an address of this very machine."""
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)

"""What the tests of the bot play on: people, channels, and the time."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from app.charts.charts import Chart
from app.config import settings_for
from app.files import read_scorecard_file
from app.main import Running, running_bot
from app.painting import Paint
from app.playground import Channel, LocalSlack, Message, Person, View
from app.playground.waiting import WAIT_SECONDS, until
from app.services import loading
from app.services.callers import OPERATOR, Caller, Surface
from tests.slack.rendering import DOT

MANIFEST: Mapping[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8")
)
START = datetime(2026, 3, 19, 15, 0, tzinfo=UTC)
"""A Thursday, three days after the values of the real scorecard."""

NO_PICTURES: Mapping[str, Any] = {
    **MANIFEST,
    "oauth_config": {
        "scopes": {
            "bot": [
                each for each in MANIFEST["oauth_config"]["scopes"]["bot"] if each != "files:write"
            ]
        }
    },
}
"""Of an app that was installed before it made pictures, and not again since."""

HOME = "C0000000002"
"""The id of the first channel that a workspace makes after its first person."""

OPERATING = Caller(OPERATOR, Surface.FILE, START)


@dataclass
class Clock:
    """The time of the bot and of Slack, which passes when a test says so."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def timestamp(self) -> float:
        return self.now.timestamp()

    def passes(self, **span: float) -> None:
        """Let time go by: `passes(days=7)`."""
        self.now += timedelta(**span)


async def a_dot(chart: Chart) -> bytes:
    """Paint at once what takes a process of its own a second to begin with."""
    return DOT


@dataclass(frozen=True)
class Staging:
    """How a stage is set: the database, how Slack reaches the bot, its manifest, its patience,
    who paints."""

    database: Path
    transport: str = "socket"
    manifest: Mapping[str, Any] = field(default_factory=lambda: MANIFEST)
    answer_seconds: float = 20.0
    paint: Paint = a_dot
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """A workspace with the bot in it, and Ana in #billing."""

    slack: LocalSlack
    running: Running
    clock: Clock
    database: Path
    ana: Person
    billing: Channel

    async def types(self, line: str, channel: Channel | None = None) -> Message:
        """Ana enters a command in #billing and sees its answer, which she alone sees."""
        reaction = await self.ana.types(line, channel or self.billing)
        assert reaction.error is None, reaction
        assert reaction.message is not None, f"{line} was not answered in its acknowledgement"
        assert reaction.message.visible_to == self.ana.id
        return reaction.message

    async def opens_form(self, line: str, channel: Channel | None = None) -> View:
        """Ana enters a command that opens a form."""
        reaction = await self.ana.types(line, channel or self.billing)
        assert reaction.error is None, reaction
        assert reaction.message is None, reaction.message
        return await self.ana.sees_view()

    async def sees_answer(self, containing: str, channel: Channel | None = None) -> Message:
        """A message that Ana alone sees arrives."""

        def whispered() -> Message | None:
            said = [each for each in self.whispers(channel) if each.visible_to == self.ana.id]
            return next((each for each in reversed(said) if containing in each.wording), None)

        return await until(whispered, WAIT_SECONDS, f"Ana was not told {containing!r}")

    def posts(self, channel: Channel | None = None) -> list[Message]:
        """What everybody in a channel sees of the bot, without what stands in threads."""
        return [message for message in self._of_the_bot(channel) if not message.is_reply]

    def replies(self, post: Message) -> list[Message]:
        """What everybody sees of the bot in the thread of a post."""
        channel = self.slack.workspace.channels[post.channel_id]
        said = self._of_the_bot(channel)
        return [each for each in said if each.is_reply and each.thread_ts == post.ts]

    def _of_the_bot(self, channel: Channel | None = None) -> list[Message]:
        messages = (channel or self.billing).messages
        return [message for message in messages if message.bot_id and not message.is_ephemeral]

    def whispers(self, channel: Channel | None = None) -> list[Message]:
        """What one person alone sees in a channel."""
        return [message for message in (channel or self.billing).messages if message.is_ephemeral]

    async def rests(self) -> None:
        """Wait until the bot has finished what it began."""
        for _ in range(5):  # one thing may begin another, and what fails is told
            await self.running.bot.tasks.drain(30.0)
        await self.slack.settled(quiet=0.01)

    async def run_due(self, **later: float) -> None:
        """Let time go by and do what is due then."""
        self.clock.passes(**later)
        await self.running.schedule.run_due()

    async def load(self, text: str, channel: Channel | None = None) -> None:
        """The operator loads a scorecard file."""
        caller = Caller(OPERATOR, Surface.FILE, self.clock.now)
        file = read_scorecard_file(text, "scorecard.yaml")
        await loading.load(
            self.running.bot.store, caller, file, channel=channel.id if channel else None
        )


@asynccontextmanager
async def set_up(staging: Staging) -> AsyncIterator[Stage]:
    """The bot, connected to a workspace of its own."""
    clock = Clock()
    async with LocalSlack(
        staging.manifest, clock=clock.timestamp, answer_seconds=staging.answer_seconds
    ) as slack:
        ana = slack.add_person("ana", real_name="Ana")
        billing = slack.add_channel("billing", members=[ana])
        assert billing.id == HOME
        settings = settings_for(
            database_url=f"sqlite:///{staging.database}",
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app_token,
            slack_signing_secret=slack.signing_secret,
            slack_api_url=slack.api_url,
            kpi_transport=staging.transport,
            kpi_port=0,
            **staging.settings,
        )
        async with running_bot(settings, clock, staging.paint) as running:
            if staging.transport == "http":
                await slack.deliver_to(f"http://127.0.0.1:{running.port}/slack/events")
            else:
                await slack.connected()
            for _ in range(2):  # after both, the run at the start is over and not amid the test
                await running.schedule.run_due()
            yield Stage(slack, running, clock, staging.database, ana, billing)


def read(message: Message | View) -> str:
    """What a message or a view says, as a person reads it."""
    return readable(message.wording)


def readable(text: str) -> str:
    return (
        text.replace("\u200b", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )

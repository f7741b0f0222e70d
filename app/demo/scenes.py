"""The main job as a person does it, scene by scene; each checks that she saw what she should."""

from collections.abc import Awaitable, Callable

from rich.console import Console
from rich.text import Text

from app.demo.forms import typed_in
from app.demo.stage import Stage
from app.playground import Message, View
from app.playground.terminal import render_message, render_view

BOT = "KPI"

Scene = Callable[["Play"], Awaitable[None]]


class SceneFailed(Exception):
    """The bot did not do what the scene shows."""


class Play:
    """One run through the scenes, shown on a console."""

    def __init__(self, stage: Stage, console: Console) -> None:
        self.stage = stage
        self._console = console
        self._shown: set[str] = set()

    def title(self, words: str) -> None:
        self._console.print()
        self._console.print(Text(words, style="bold reverse"))

    def says(self, words: str) -> None:
        self._console.print(Text(f"» {words}", style="cyan"))

    async def types(self, line: str, *, expects: str = "") -> None:
        """Ana types a command and sees its answer."""
        self.says(f"Ana types {line}")
        seen = await self.stage.ana.types(line, self.stage.channel)
        if seen.error is not None:
            raise SceneFailed(f"{line}: {seen.error}")
        if seen.message is not None:
            self.shows(seen.message)
        self._expect(expects, seen.message.wording if seen.message else "", line)
        self._console.print(Text(f"  answered in {seen.latency * 1000:.1f} ms", style="dim"))

    def shows(self, message: Message) -> None:
        self._shown.add(message.ts)
        self._console.print(
            render_message(
                {"text": message.text, "blocks": message.blocks},
                sender=BOT if message.bot_id or message.is_ephemeral else "ana",
                channel=self.stage.channel.name,
                ephemeral=message.is_ephemeral,
                names=self.stage.names,
            )
        )

    def shows_view(self, view: View, errors: dict[str, str] | None = None) -> None:
        self._console.print(
            render_view(
                view.content, values=typed_in(view), errors=errors or {}, names=self.stage.names
            )
        )

    async def rests(self) -> None:
        """The bot finishes what it began; what Slack has of it is on record only then."""
        await self.stage.running.bot.tasks.drain(10)
        await self.stage.slack.settled()

    async def sees(self, containing: str) -> None:
        """A message arrives in the channel."""
        self.shows(await self.stage.ana.sees_message(self.stage.channel, containing, timeout=10))

    def shows_news(self) -> None:
        """Everything in the channel that has not been shown yet."""
        for message in self.stage.ana.sees(self.stage.channel):
            if message.ts not in self._shown:
                self.shows(message)

    def _expect(self, words: str, seen: str, what: str) -> None:
        if words not in seen.replace("\u200b", ""):
            raise SceneFailed(f"{what}: “{words}” was not to be seen")


async def the_scorecard(play: Play) -> None:
    play.title("How do we stand?")
    await play.types("/kpi", expects="0 of 5 at target")
    await play.types("/kpi rollbacks", expects="remaining off-session flows")


async def an_update(play: Play) -> None:
    play.title("A new reading, as people type it")
    await play.types("/kpi update disagreeing lots", expects="isn't a value")
    await play.types("/kpi update disagreeing ~34 after the nightly backfill", expects="~40 → ~34")


async def a_milestone(play: Play) -> None:
    play.title("A milestone ships, and a metric moves with it")
    stage = play.stage
    await play.types("/kpi ship PDE step 2c")
    form = await stage.ana.sees_view("Log a milestone")
    stage.ana.fills(form, {"detail": "Trial conversions pay before they commit."})
    await stage.ana.dispatches(form, "metrics", ["rollbacks"])
    form = await stage.ana.sees_view("Rollbacks / day: new value")
    stage.ana.fills(form, {"value:rollbacks": "nine"})
    play.says("Ana fills in the form, chooses the metric it moved, and slips")
    refused = await stage.ana.submits(form)
    if "value:rollbacks" not in refused.errors:
        raise SceneFailed(f"a value that is no number was taken: {refused}")
    play.shows_view(form, refused.errors)
    stage.ana.fills(form, {"value:rollbacks": "~9"})
    play.says("She types ~9 and sends it")
    sent = await stage.ana.submits(form)
    if not sent.closed:
        raise SceneFailed(f"the form was refused: {sent.errors or sent.error}")
    await play.sees("shipped")


async def the_digest(play: Play) -> None:
    play.title("The weekly digest, with the movement it caused")
    await play.types("/kpi digest now")
    await play.sees("Movement is over")
    await play.rests()
    play.says("It is posted once a week, whoever asks again")
    await play.types("/kpi digest now", expects="once a week")


SCENES: tuple[Scene, ...] = (the_scorecard, an_update, a_milestone, the_digest)


async def perform(play: Play) -> None:
    """All scenes in order. Raises `SceneFailed`, or what the local Slack raises of its own."""
    for scene in SCENES:
        await scene(play)
    await play.rests()
    refused = [entry for entry in play.stage.slack.journal.entries if entry.problems]
    if refused:
        raise SceneFailed(
            f"Slack would have refused {len(refused)} messages: {refused[0].problems}"
        )

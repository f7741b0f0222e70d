"""A play on the demo's stage: what Ana does, and what she sees, shown on a console."""

from datetime import timedelta

from rich.console import Console
from rich.text import Text

from app.demo.forms import typed_in
from app.demo.stage import Stage
from app.playground import Channel, Message, View
from app.playground.terminal import render_message, render_view

BOT = "KPI"
SECONDS_TO_SEE = 30.0
"""The first picture takes a few."""


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

    async def types(
        self, line: str, *, expects: str = "", channel: Channel | None = None
    ) -> Message | None:
        """Ana types a command and sees its answer."""
        channel = channel or self.stage.channel
        self.says(f"Ana types {line} in #{channel.name}")
        seen = await self.stage.ana.types(line, channel)
        if seen.error is not None:
            raise SceneFailed(f"{line}: {seen.error}")
        if seen.message is not None:
            self.shows(seen.message)
        self._expect(expects, seen.message.wording if seen.message else "", line)
        self._console.print(Text(f"  answered in {seen.latency * 1000:.1f} ms", style="dim"))
        return seen.message

    async def clicks(self, message: Message | None, label: str, *, expects: str) -> None:
        """Ana clicks the button with this label; what she clicked in says something else then."""
        self.says(f"Ana clicks “{label}”")
        button = button_named(message, label) if message else None
        if message is None or button is None:
            raise SceneFailed(f"there is no button “{label}”")
        action, block = button
        await self.stage.ana.clicks(message, action, block_id=block)
        await self.rests()
        self.shows(message)
        self._expect(expects, message.wording, label)

    def shows(self, message: Message) -> None:
        self._shown.add(message.ts)
        where = self.stage.slack.workspace.channels[message.channel_id]
        self._console.print(
            render_message(
                {"text": message.text, "blocks": message.blocks},
                sender=BOT if message.bot_id or message.is_ephemeral else "ana",
                channel=where.name or "direct message",
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

    async def sees(self, containing: str, channel: Channel | None = None) -> None:
        """A message arrives in the channel."""
        channel = channel or self.stage.channel
        seen = await self.stage.ana.sees_message(channel, containing, timeout=SECONDS_TO_SEE)
        self.shows(seen)

    async def sends(self, form: View) -> None:
        """Ana sends a form, which is taken."""
        sent = await self.stage.ana.submits(form)
        if sent.error or sent.errors:
            raise SceneFailed(f"the form was refused: {sent.errors or sent.error}")
        await self.rests()

    async def time_passes(self, span: timedelta) -> None:
        """What is due meanwhile is done."""
        self.stage.clock.reaches(self.stage.clock.now() + span)
        await self.stage.running.schedule.run_due()
        await self.stage.running.feeding.ask_due()
        await self.rests()

    def shows_news(self) -> None:
        """Everything in the channel that has not been shown yet."""
        for message in self.stage.ana.sees(self.stage.channel):
            if message.ts not in self._shown:
                self.shows(message)

    def _expect(self, words: str, seen: str, what: str) -> None:
        if words not in seen.replace("\u200b", ""):
            raise SceneFailed(f"{what}: “{words}” was not to be seen")


def button_named(surface: Message | View, label: str) -> tuple[str, str] | None:
    """The action and the block of the first button with this label, whatever its case."""
    wanted = label.casefold()
    for block in surface.blocks:
        for element in [*block.get("elements", []), block.get("accessory", {})]:
            is_button = element.get("type") == "button"
            if is_button and element["text"]["text"].casefold() == wanted:
                return str(element["action_id"]), str(block["block_id"])
    return None

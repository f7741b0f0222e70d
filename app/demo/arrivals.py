"""What arrives by itself in the demo: readings from the team's systems, milestones from merges."""

from dataclasses import dataclass, field

from app.demo.cast import Cast
from app.demo.clock import DemoClock
from app.demo.forge import GitServer
from app.demo.production import Production
from app.demo.restarting import RestartableBot
from app.demo.time_machine import TimeMachine
from app.domain.errors import KpiError
from app.domain.hooks import Forge, Hook, HookForm
from app.playground import Channel
from app.playground.page import Tell
from app.services import editing, hooks, scorecards
from app.services.callers import Actor, Caller, Standing, Surface


@dataclass(frozen=True)
class Arrivals:
    """Connects the team's systems and its git server with one scorecard, when first asked to.

    `channel` is the scorecard's home, in which Ana asks for it.
    """

    clock: DemoClock
    bot: RestartableBot
    cast: Cast
    machine: TimeMachine
    production: Production
    scorecard: str
    channel: Channel
    git: GitServer = field(default_factory=GitServer)

    async def figures_move(self, tell: Tell) -> str:
        """A day in production, and its figures in the scorecard the next morning.

        Raises ValueError where the scorecard or one of its metrics is there no more.
        """
        try:
            fed = await self.connect()
        except KpiError as error:
            raise ValueError(error.message) from error
        self.production.goes_on()
        await self.machine.next_day(tell)
        return f"{fed} were read this morning where the figures live. See /kpi and /kpi history."

    async def connect(self) -> str:
        """Give three metrics a source each, where they have none; gives their names.

        What was never asked is asked at once. Raises `KpiError` where that can't be done.
        """
        store, caller = self.bot.running.bot.store, self._ana()
        metrics = (await scorecards.show(store, caller, self.scorecard)).scorecard.metrics_by_key
        for metric, source in self.production.sources.items():
            if metric in metrics and metrics[metric].source is None:
                await editing.edit_source(
                    store, caller, metric, source, seen={}, key=self.scorecard
                )
        await self.bot.running.feeding.ask_due()
        fed = [metrics[metric].name for metric in self.production.sources if metric in metrics]
        return f"{', '.join(fed[:-1])} and {fed[-1]}" if len(fed) > 1 else "".join(fed)

    async def merge(self, tell: Tell) -> str:
        """Merge the next change, of which the git server tells the bot by a hook.

        Raises ValueError where the bot turns it away.
        """
        addresses = self.bot.running.bot.hooks
        if addresses is None:
            raise ValueError("Hooks are off")
        try:
            hook = await self._hook()
        except KpiError as error:
            raise ValueError(error.message) from error
        tell("The change is merged …")
        change = await self.git.merge(addresses, hook.id, self.clock.now())
        return f"“{change.title}” is merged, and offered as a milestone in #billing."

    async def _hook(self) -> Hook:
        """The scorecard's hook for GitHub; made if there is none."""
        store, caller = self.bot.running.bot.store, self._ana()
        known = await hooks.of_scorecard(store, caller, self.scorecard)
        for hook in known:
            if hook.form.forge is Forge.GITHUB:
                return hook
        return await hooks.make(store, caller, HookForm(Forge.GITHUB), key=self.scorecard)

    def _ana(self) -> Caller:
        ana = Actor(self.cast.ana.id, channel=self.channel.id, standing=Standing.ADMIN)
        return Caller(ana, Surface.FORM, self.clock.now())

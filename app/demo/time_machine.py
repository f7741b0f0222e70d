"""The clock moved forward: what falls due on the way is done at its time."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from app.demo.clock import DemoClock
from app.demo.restarting import RestartableBot
from app.playground import LocalSlack
from app.playground.page import Tell
from app.services import deliveries, digests, sources
from app.services.deliveries import Delivery, Kind
from app.services.digests import Slot

DAY = timedelta(days=1)
DRAIN_SECONDS = 60.0


class TimeMachine:
    """Moves the clock of Slack and the bot, by the days and the digests of one scorecard."""

    def __init__(
        self, clock: DemoClock, slack: LocalSlack, bot: RestartableBot, scorecard: str
    ) -> None:
        self._clock = clock
        self._slack = slack
        self._bot = bot
        self._scorecard = scorecard

    async def next_day(self, tell: Tell) -> str:
        """Move to the same time of tomorrow in the scorecard's zone; gives what happened."""
        slot = await self._next_slot()
        tomorrow = self._clock.now().astimezone(slot.at.tzinfo if slot else UTC) + DAY
        return self._report(tomorrow, await self._move_to(tomorrow, tell))

    async def next_digest(self, tell: Tell) -> str:
        """Move to the scorecard's next digest; gives what happened.

        A week whose digest was posted by hand has no second one: then it is the week after.
        Raises ValueError where no digest is to come.
        """
        slot, arrived = await self._move_to_slot(tell)
        if (Kind.DIGEST, slot.channel) not in [(each.kind, each.channel) for each in arrived]:
            slot, later = await self._move_to_slot(tell)
            arrived += later
        return self._report(slot.at, arrived)

    async def _move_to_slot(self, tell: Tell) -> tuple[Slot, list[Delivery]]:
        slot = await self._next_slot()
        if slot is None:
            raise ValueError("No digest is to come: the scorecard has no channel")
        return slot, await self._move_to(slot.at, tell)

    async def _next_slot(self) -> Slot | None:
        slots = await digests.next_slots(self._bot.running.bot.store, self._clock.now())
        return next((slot for slot in slots if slot.scorecard == self._scorecard), None)

    async def _move_to(self, instant: datetime, tell: Tell) -> list[Delivery]:
        """Move to an instant, stopping wherever something is due; gives what reached Slack."""
        running = self._bot.running
        await running.bot.tasks.drain(DRAIN_SECONDS)  # what was begun before isn't on the way
        begun = self._clock.now()
        while self._clock.now() < instant:
            stop = await self._next_stop(instant)
            self._clock.reaches(stop)
            tell(f"{_day(stop.astimezone(instant.tzinfo))} …")
            await running.feeding.ask_due()
            await running.schedule.run_due()
            await running.feeding.ask_due()
            await running.bot.tasks.drain(DRAIN_SECONDS)
        return await deliveries.delivered_since(running.bot.store, begun)

    async def _next_stop(self, end: datetime) -> datetime:
        """The next instant at which the bot, left to itself, would have something to do.

        A day later it looks around in any case: what it owes days ahead isn't known before.
        """
        now, store = self._clock.now(), self._bot.running.bot.store
        slots = [slot.at for slot in await digests.next_slots(store, now)]
        waiting = [await deliveries.next_due(store), await sources.next_due(store)]
        stops = [end, now + DAY, *slots, *(each for each in waiting if each)]
        return min(stop for stop in stops if stop > now)

    def _report(self, instant: datetime, arrived: Sequence[Delivery]) -> str:
        """Where the clock stands, and what came on the way."""
        happened = "; ".join(self._told(arrived)) or "nothing was due"
        return f"{_day(instant)}, {instant:%H:%M %Z}. {happened[0].upper()}{happened[1:]}."

    def _told(self, arrived: Sequence[Delivery]) -> Iterator[str]:
        digests_in = [self._name(each.channel) for each in arrived if each.kind is Kind.DIGEST]
        reminders = sum(each.kind is Kind.REMINDER for each in arrived)
        if len(digests_in) == 1:
            yield f"the digest is posted in {digests_in[0]}"
        elif digests_in:
            yield f"digests are posted in {' and '.join(digests_in)}"
        if reminders:
            yield "1 reminder went out" if reminders == 1 else f"{reminders} reminders went out"

    def _name(self, channel: str) -> str:
        return f"#{self._slack.workspace.channels[channel].name}"


def _day(instant: datetime) -> str:
    return f"{instant:%A} {instant.day} {instant:%B}"
